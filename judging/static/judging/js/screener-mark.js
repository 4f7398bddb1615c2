// <screener-mark data-words="Amara · 3F0A9C">: whose copy this is, faint over the picture, never in one place.
// It drifts; for those who want less motion it jumps. Moves into the <film-player>, to fill the screen with it.

const EVERY_MS = 20_000; // as long as the drift in screening.css

class ScreenerMark extends HTMLElement {
  connectedCallback() {
    if (this.timer) return;
    this.timer = setInterval(() => this.#wander(), EVERY_MS);
    this.parentElement.querySelector("film-player").append(this);
    this.#wander();
    requestAnimationFrame(() => requestAnimationFrame(() => this.#wander())); // set off at once
  }

  #wander() {
    this.style.setProperty("--across", Math.random().toFixed(3));
    this.style.setProperty("--down", Math.random().toFixed(3));
  }
}

customElements.define("screener-mark", ScreenerMark);
