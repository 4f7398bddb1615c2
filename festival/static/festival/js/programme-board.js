// <programme-board> lets films be dragged into a screening, between screenings and out again.
// It fills in and sends the same form as the buttons, which do all of it without a mouse.

class ProgrammeBoard extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("[data-form]");
    for (const film of this.querySelectorAll("[data-film], [data-slot]")) film.draggable = true;
    for (const link of this.querySelectorAll("[draggable] a")) link.draggable = false;
    this.addEventListener("dragstart", (event) => this.lift(event));
    this.addEventListener("dragover", (event) => this.hover(event));
    this.addEventListener("drop", (event) => this.drop(event));
    this.addEventListener("dragend", () => this.rest());
  }

  lift(event) {
    this.film = event.target.closest("[data-film], [data-slot]");
    if (!this.film) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.film.textContent.trim());
    this.film.classList.add("lifted");
  }

  hover(event) {
    const target = this.target(event);
    if (!this.film || !target) return;
    event.preventDefault();
    this.mark(target, this.before(target, event.clientY));
  }

  drop(event) {
    const target = this.target(event);
    if (!this.film || !target) return;
    event.preventDefault();
    const fields = this.form.elements;
    const before = this.before(target, event.clientY);
    const others = this.slots(target).filter((slot) => slot !== this.film);
    fields.film.value = this.film.dataset.film ?? "";
    fields.slot.value = this.film.dataset.slot ?? "";
    fields.screening.value = target.dataset.screening ?? "";
    fields.position.value = before ? others.indexOf(before) : others.length;
    if (fields.screening.value || fields.slot.value) this.form.submit();
  }

  rest() {
    this.film?.classList.remove("lifted");
    this.film = undefined;
    this.mark(null, null);
  }

  target(event) {
    return event.target.closest("[data-screening], [data-unplaced]");
  }

  slots(target) {
    return [...target.querySelectorAll("[data-slot]")];
  }

  // The slot before which the film would come to stand; none means last.
  before(target, y) {
    return this.slots(target).find((slot) => {
      const box = slot.getBoundingClientRect();
      return slot !== this.film && y < box.top + box.height / 2;
    });
  }

  mark(target, before) {
    for (const old of this.querySelectorAll(".drop-here, .drop-before")) {
      old.classList.remove("drop-here", "drop-before");
    }
    target?.classList.add("drop-here");
    before?.classList.add("drop-before");
  }
}

customElements.define("programme-board", ProgrammeBoard);
