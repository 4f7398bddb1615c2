// <focal-point>: press the point of a picture that must never be cropped away. It writes the per cents
// into the two number fields of the form it stands in, which work without it.

class FocalPoint extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form");
    this.x = form.querySelector("[name$=focus_x]");
    this.y = form.querySelector("[name$=focus_y]");
    this.mark = document.createElement("span");
    this.mark.className = "focal-point__mark";
    this.mark.setAttribute("aria-hidden", "true");
    this.append(this.mark);
    this.addEventListener("click", (event) => this.take(event));
    for (const field of [this.x, this.y]) field.addEventListener("input", () => this.draw());
    this.draw();
  }

  take({ clientX, clientY }) {
    const box = this.querySelector("img").getBoundingClientRect();
    const share = (part, whole) => Math.round(100 * Math.min(1, Math.max(0, part / whole)));
    this.x.value = share(clientX - box.left, box.width);
    this.y.value = share(clientY - box.top, box.height);
    this.draw();
  }

  draw() {
    this.mark.style.left = `${this.x.value}%`;
    this.mark.style.top = `${this.y.value}%`;
  }
}

customElements.define("focal-point", FocalPoint);
