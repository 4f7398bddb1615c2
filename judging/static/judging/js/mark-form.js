// <mark-form>: the rubric beside the picture. Keeps marks as they are given, shows what a mark means,
// and takes the keys 1 to 9 and 0 (for 10) for the lit criterion. Marks given before enough of the film has
// been seen wait here until it has; see <watch-log>. Without scripts the form posts itself.

const PAUSE_MS = 600; // after the last change, before it is sent
const AGAIN_MS = 5000; // before a failed save is tried once more
const TOO_QUICK = 429; // the house takes only so much in a minute
const WAITING = "Your marks wait here, and are kept as soon as you have seen enough of the film.";

class MarkForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.rows = [...this.querySelectorAll("[data-criterion]")];
    this.said = this.querySelector("[data-saved]");
    this.enough = !this.hasAttribute("data-unseen");
    if (!this.form || this.form.querySelector("fieldset").disabled) return;
    this.querySelector("[data-hint]")?.removeAttribute("hidden"); // in a ballot there is nothing to mark
    this.querySelector("[data-save]").hidden = true;
    this.rows.forEach((row) => this.#dress(row));
    this.#light(this.rows.find((row) => !checked(row)) ?? this.rows[0]);
    this.#listen();
  }

  disconnectedCallback() {
    this.leaving?.abort();
  }

  #listen() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.#flush(), { signal });
    window.addEventListener("pagehide", () => this.#flush(), { signal });
    window.addEventListener("online", () => this.#flush(), { signal });
    this.form.addEventListener("input", () => this.#soon());
    document.addEventListener("film-watched", ({ detail }) => this.#seen(detail), { signal });
    this.form.addEventListener("submit", (event) => this.#leave(event));
    this.form.addEventListener("focusin", ({ target }) => this.#light(target.closest("[data-criterion]")));
  }

  // Words of the mark under the pointer, else of the mark that is set, else what to look for.
  #dress(row) {
    const words = row.querySelector("[data-anchor]");
    const help = words.textContent;
    const show = (label) => {
      const value = label?.textContent.trim();
      words.textContent = label?.dataset.words ? `${value}: ${label.dataset.words}` : help;
    };
    const showSet = () => show(checked(row)?.closest("label"));
    row.addEventListener("change", showSet);
    row.addEventListener("pointerover", ({ target }) => target.closest("label") && show(target.closest("label")));
    row.addEventListener("pointerleave", showSet);
    showSet();
  }

  #light(row) {
    if (!row) return;
    this.lit = row;
    this.rows.forEach((other) => other.toggleAttribute("data-current", other === row));
  }

  // Digits belong to the rubric wherever the focus is, except where one writes.
  #key(event) {
    const { key, target } = event;
    if (!this.lit || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(key)) return;
    if (target.matches("textarea, select, input:not([type=radio], [type=range], [type=checkbox])")) return;
    event.preventDefault();
    this.#mark(key === "0" ? 10 : Number(key));
  }

  #mark(value) {
    const row = this.lit;
    const radio = row.querySelector(`input[type=radio][value="${value}"]`);
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const within = this.form.contains(document.activeElement);
    const next = this.rows[this.rows.indexOf(row) + 1] ?? row;
    this.#light(next);
    if (within) (checked(next) ?? next.querySelector("input[type=radio]")).focus();
    next.scrollIntoView({ block: "nearest" });
    this.#soon();
  }

  #soon() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#save(), PAUSE_MS);
  }

  #seen({ enough }) {
    const now = enough && !this.enough;
    this.enough = enough;
    this.toggleAttribute("data-unseen", !enough);
    if (now && this.rows.some(checked)) this.#soon();
  }

  // Marks that cannot be kept yet would be refused by a page that has lost the place in the film.
  #leave(event) {
    clearTimeout(this.timer);
    if (this.enough || !this.rows.some(checked)) return;
    event.preventDefault();
    this.#save();
  }

  #flush() {
    if (!this.dirty) return;
    clearTimeout(this.timer);
    this.#save();
  }

  async #save() {
    if (this.saving) return this.#soon();
    this.saving = true;
    this.dirty = false;
    const body = new FormData(this.form);
    if (!this.enough) this.#withhold(body);
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        keepalive: true, // a save begun as the page is left still arrives
      });
      await this.#heard(answer, body);
    } catch {
      this.#again("there is no connection", AGAIN_MS);
    } finally {
      this.saving = false;
    }
  }

  #again(why, wait_ms) {
    this.#say(`Not saved yet: ${why}. Your marks stay here, and are sent again.`);
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#save(), wait_ms);
  }

  async #heard(answer, body) {
    if (answer.status === TOO_QUICK) {
      this.#again("too much was sent at once", answer.headers.get("Retry-After") * 1000 || AGAIN_MS);
      return;
    }
    if (!answer.headers.get("Content-Type")?.includes("json")) {
      this.#say("Not saved: you are signed out. Sign in in another tab, then change a mark here.");
      return;
    }
    const told = await answer.json();
    if (!answer.ok) {
      this.#say(told.detail);
      return;
    }
    this.#remember(body);
    const time = new Date(told.saved_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.#say(this.waiting ? `Note saved ${time}. ${WAITING}` : `Saved ${time}`);
  }

  // A post with marks would be refused as a whole, and the note with it.
  #withhold(body) {
    for (const radio of this.form.querySelectorAll("input[type=radio]")) body.delete(radio.name);
  }

  get waiting() {
    return !this.enough && this.rows.some(checked);
  }

  // What was sent is now what the page had shown; only what changes from here on is a change.
  #remember(body) {
    for (const field of this.form.querySelectorAll("input[type=hidden][name^='initial-']")) {
      field.value = body.get(field.name.slice("initial-".length)) ?? "";
    }
  }

  #say(words) {
    this.said.textContent = words;
  }
}

function checked(row) {
  return row.querySelector("input[type=radio]:checked");
}

customElements.define("mark-form", MarkForm);
