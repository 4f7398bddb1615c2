// <ranked-list>: films in the order of their numbers, moved by arrows, by Alt and arrow keys, or by dragging.
// The numbers are the ballot; without this script they are typed, and the ballot is the same.

class RankedList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.said = this.querySelector("[data-said]");
    for (const hidden of this.querySelectorAll("[data-grip], [data-verbs], [data-hint]")) hidden.hidden = false;
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("change", (event) => this.settle(event.target.closest("[data-film]")));
    this.addEventListener("pointerdown", (event) => this.grip(event));
    this.sort();
  }

  get films() {
    return [...this.list.querySelectorAll("[data-film]")];
  }

  number(film) {
    return Number(film.querySelector("input").value) || Infinity;
  }

  press(event) {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    this.move(button.closest("[data-film]"), button.matches("[data-up]") ? -1 : 1);
    button.focus();
  }

  key(event) {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const film = event.target.closest("[data-film]");
    if (!film) return;
    event.preventDefault();
    const focus = event.target;
    this.move(film, event.key === "ArrowUp" ? -1 : 1);
    focus.focus();
  }

  move(film, by) {
    const films = this.films;
    const to = films.indexOf(film) + by;
    if (to < 0 || to >= films.length) return;
    films[to][by < 0 ? "before" : "after"](film);
    this.count(film);
  }

  // Places follow from the order, all of them: whoever moves films ranks them.
  count(moved) {
    this.films.forEach((film, place) => {
      film.querySelector("input").value = place + 1;
    });
    this.tell(moved);
  }

  // A number was typed: the order follows, and equal numbers stay as they are, tied.
  settle(film) {
    if (!film) return;
    const focus = document.activeElement;
    this.sort();
    focus?.focus();
    this.tell(film);
  }

  sort() {
    const before = this.films;
    const after = [...before].sort((one, other) => {
      const [a, b] = [this.number(one), this.number(other)];
      return a === b ? before.indexOf(one) - before.indexOf(other) : a - b;
    });
    if (after.some((film, place) => film !== before[place])) this.list.append(...after);
  }

  tell(film) {
    const place = film.querySelector("input").value;
    const name = film.querySelector("label").textContent;
    this.said.textContent = place ? `${name}: ${place}` : `${name}: no place`;
  }

  grip(event) {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    event.preventDefault();
    const film = grip.closest("[data-film]");
    film.toggleAttribute("data-carried", true);
    const carry = (moved) => {
      const over = this.films.find((one) => {
        const box = one.getBoundingClientRect();
        return one !== film && moved.clientY > box.top && moved.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      over[moved.clientY < box.top + box.height / 2 ? "before" : "after"](film);
    };
    const drop = () => {
      film.removeAttribute("data-carried");
      window.removeEventListener("pointermove", carry);
      this.count(film);
    };
    window.addEventListener("pointermove", carry);
    window.addEventListener("pointerup", drop, { once: true });
    window.addEventListener("pointercancel", drop, { once: true });
  }
}

customElements.define("ranked-list", RankedList);
