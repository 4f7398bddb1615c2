// <watch-log address>: tells the server what has been played, and shows how much of it counts.
//
// Each report holds everything played since the page was opened, so one that is lost, late or sent twice does
// no harm. Sends “film-watched” {percent, enough} on the document after each.

const EVERY_MS = 5000;
const HASTE_MS = 1000;
const TOO_QUICK = 429; // the house takes only so much in a minute

class WatchLog extends HTMLElement {
  connectedCallback() {
    this.video = document.querySelector("film-player video");
    if (!this.video || !this.hasAttribute("address")) return;
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    for (const event of ["pause", "ended", "seeking"]) {
      this.video.addEventListener(event, () => this.#report(), { signal });
    }
    document.addEventListener("visibilitychange", () => document.hidden && this.#report(), { signal });
    window.addEventListener("pagehide", () => this.#report({ last: true }), { signal });
    this.timer = setInterval(() => (this.again || !this.video.paused) && this.#report(), EVERY_MS);
  }

  disconnectedCallback() {
    this.leaving?.abort();
    clearInterval(this.timer);
  }

  get #played() {
    const { played } = this.video;
    const ranges = Array.from(played, (_, i) => [played.start(i), played.end(i)]);
    return ranges.map((pair) => pair.map((seconds) => Math.round(seconds * 1000))).filter(([start, end]) => end > start);
  }

  async #report({ last = false } = {}) {
    const played = this.#played.slice(-1000).map((pair) => pair.join("-")).join(",");
    if (!played || this.refused) return;
    const hasty = this.sending || performance.now() - this.sentAt < HASTE_MS; // somebody drags the scrub strip
    if (hasty && !last) {
      this.again = true;
      return;
    }
    this.sending = true;
    this.sentAt = performance.now();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("played", played);
    try {
      const headers = { Accept: "application/json" };
      await this.#heard(await fetch(this.getAttribute("address"), { method: "POST", body, headers, keepalive: true }));
    } catch {
      this.again = true; // no connection; the next report says it all once more
    } finally {
      this.sending = false;
    }
  }

  async #heard(answer) {
    if (answer.status === TOO_QUICK) {
      this.again = true;
      return;
    }
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (!answer.ok || told.percent === undefined) {
      this.refused = true;
      this.querySelector("[data-said]").textContent =
        told.detail ?? "You are signed out, so nothing more counts. Sign in again and reload this page; what has counted is kept.";
      return;
    }
    this.again = told.again;
    this.querySelector("[data-percent]").textContent = told.percent;
    this.querySelector("[data-bar]").value = told.percent;
    this.querySelector("[data-rest]").hidden = !told.rest;
    document.dispatchEvent(new CustomEvent("film-watched", { detail: told }));
  }
}

customElements.define("watch-log", WatchLog);
