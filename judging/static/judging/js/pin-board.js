// <pin-board>: notes pinned to moments of the film. N takes the moment one sees; a timecode goes back to it.
// Without scripts the time is typed, and the form posts itself.

import { exact } from "../../festival/js/cue-times.js";

class PinBoard extends HTMLElement {
  connectedCallback() {
    this.player = document.querySelector("film-player");
    this.form = this.querySelector(".pin-form");
    this.list = this.querySelector("[data-pins]");
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.addEventListener("click", (event) => this.#goTo(event));
    this.addEventListener("submit", (event) => this.#post(event));
    if (!this.form || !this.player) return;
    this.querySelector("[data-hint]").hidden = false;
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.words.addEventListener("input", () => this.#takeMoment());
  }

  disconnectedCallback() {
    this.leaving?.abort();
  }

  get words() {
    return this.form.elements.words;
  }

  get video() {
    return this.player.querySelector("video");
  }

  #key(event) {
    const { key, target } = event;
    if (key.toLowerCase() !== "n" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("textarea, select, input:not([type=radio], [type=range], [type=checkbox])")) return;
    event.preventDefault();
    this.form.elements.at_s.value = exact(this.video.currentTime);
    this.words.focus();
  }

  // The moment one begins to write at, unless a time stands there already.
  #takeMoment() {
    const at = this.form.elements.at_s;
    if (!at.value) at.value = exact(this.video.currentTime);
  }

  #goTo(event) {
    const link = event.target.closest("[data-seek]");
    if (!link || !this.player) return;
    event.preventDefault();
    this.player.seek(Number(link.dataset.seek));
    this.player.scrollIntoView({ block: "nearest" });
    if (this.video.paused) this.player.toggle();
  }

  async #post(event) {
    event.preventDefault();
    const form = event.target;
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers }).catch(() => null);
    const told = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    this.querySelector("[data-wrong]").textContent =
      told.pins === undefined ? (told.detail ?? "Not kept: there is no connection, or you are signed out. Your words are still here.") : "";
    if (told.pins === undefined) return;
    this.list.innerHTML = told.pins;
    if (form === this.form) {
      form.reset();
      this.words.blur();
    }
  }
}

customElements.define("pin-board", PinBoard);
