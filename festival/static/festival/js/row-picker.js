// <row-picker> ticks all rows at once, ranges with shift, and says how many are ticked.
// Without JavaScript every row still has its own box, and the verbs act on those ticked.

class RowPicker extends HTMLElement {
  connectedCallback() {
    this.all = this.querySelector("[data-all]");
    this.boxes = [...this.querySelectorAll("input[name=films]")];
    this.asks = this.querySelector("[data-count]").textContent; // the page's own word for its rows
    this.all.hidden = false;
    this.querySelector("[data-all-words]")?.remove();
    this.all.addEventListener("change", () => this.tickAll(this.all.checked));
    this.addEventListener("click", (event) => this.pick(event));
    this.addEventListener("change", () => this.count());
    this.count();
  }

  tickAll(checked) {
    for (const box of this.boxes) box.checked = checked;
  }

  pick(event) {
    const here = this.boxes.indexOf(event.target);
    if (here < 0) return;
    if (event.shiftKey && this.last !== undefined) {
      const [from, to] = [Math.min(this.last, here), Math.max(this.last, here)];
      for (const box of this.boxes.slice(from, to + 1)) box.checked = event.target.checked;
    }
    this.last = here;
  }

  count() {
    const ticked = this.boxes.filter((box) => box.checked).length;
    this.all.checked = ticked > 0 && ticked === this.boxes.length;
    this.all.indeterminate = ticked > 0 && ticked < this.boxes.length;
    this.toggleAttribute("picked", ticked > 0);
    const words = ticked === 0 ? this.asks : `${ticked} ticked`;
    this.querySelector("[data-count]").textContent = words;
    for (const button of this.querySelectorAll(".verbs button")) button.disabled = ticked === 0;
  }
}

customElements.define("row-picker", RowPicker);
