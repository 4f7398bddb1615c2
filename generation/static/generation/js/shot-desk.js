/*
  <shot-desk keep="/studio/shots/…/desk/"> keeps what is typed and directed in the form inside it: some
  moments after the last change it is sent to `keep`, so that whatever else is pressed on the page, nothing
  on the desk is lost; the answer, what a take would cost, is shown in [data-quote]. The stage is told of
  another length or engine, and built anew for another shape. Pictures that are chosen go with the form alone.
  A draft is offered where a first look would be another picture than the take itself.
  The finer dials are one engine's: another one is chosen without them, and says where its own stand.
  Without it the form has a button that keeps, [data-keep]; with it [data-kept] says how it stands.
*/
const PAUSE_MS = 500;
const KEPT = "Kept on the desk.";
const WRONG = "Not kept as it stands: first mend what is said above.";
const DIALS = ["steps", "guidance"];
const LOST = "Not kept yet: the house cannot be reached. The next change sends it all.";
const LATER = "Not kept yet: too much was sent at once. It is sent again by itself in a moment.";
const SIGNED_OUT = "Not kept: you are signed out. Sign in in another tab, then change anything here to keep it.";
const REFUSED = { 403: SIGNED_OUT, 429: LATER };
const AGAIN_MS = 10_000; // before it is sent again, where the answer does not say
const OURS = "data-inputs"; // stands in every answer, and on no other page, such as that for signing in

/* What a form must send along; whoever signs in anew, in another tab, has another one. */
function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
}

class ShotDesk extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.answer = this.querySelector("[data-quote]");
    for (const event of ["input", "change"]) {
      this.form.addEventListener(event, ({ target }) => {
        if (target.name === "aspect") this.reshaped = true;
        if (target.name === "engine") for (const dial of this.dials()) dial.value = "";
        this.keepSoon();
      });
    }
    this.said = this.querySelector("[data-kept]");
    this.said.hidden = false;
    this.querySelector("[data-keep]").hidden = true; // it is kept as one goes
    this.form.addEventListener("submit", () => clearTimeout(this.soon));
    this.away = () => this.soon && this.keep({ keepalive: true });
    window.addEventListener("pagehide", this.away);
  }

  disconnectedCallback() {
    clearTimeout(this.soon);
    window.removeEventListener("pagehide", this.away);
  }

  dials() {
    return DIALS.map((name) => this.form.elements[name]).filter(Boolean);
  }

  keepSoon() {
    this.toggleAttribute("keeping", true);
    this.said.textContent = "Keeping …";
    this.keepIn(PAUSE_MS);
  }

  keepIn(wait_ms) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.keep(), wait_ms);
  }

  show(said) {
    this.answer.innerHTML = said;
    const stage = this.querySelector("shot-animatic");
    const card = this.answer.querySelector("[data-inputs]")?.dataset ?? {};
    const { inputs = "" } = card;
    this.querySelector("[data-draft]").hidden = !this.answer.querySelector("[data-first-look]");
    for (const dial of this.dials()) dial.placeholder = card[dial.name] ?? "";
    const { value } = this.form.elements.seconds;
    if (stage && stage.getAttribute("inputs") !== inputs) stage.setAttribute("inputs", inputs);
    if (stage && Number(value) > 0 && stage.getAttribute("seconds") !== value) stage.setAttribute("seconds", value);
  }

  async keep(options = {}) {
    clearTimeout(this.soon);
    this.soon = null;
    this.asking?.abort();
    this.asking = new AbortController();
    this.form.elements.csrfmiddlewaretoken.value = token() ?? this.form.elements.csrfmiddlewaretoken.value;
    const body = new FormData(this.form);
    for (const field of this.form.querySelectorAll("input[type=file]")) body.delete(field.name);
    try {
      const signal = options.keepalive ? undefined : this.asking.signal;
      const response = await fetch(this.getAttribute("keep"), { method: "POST", body, signal, ...options });
      const said = await response.text();
      const there = response.ok && !response.redirected && said.includes(OURS);
      if (there) this.show(said);
      this.removeAttribute("keeping");
      const lost = response.redirected ? SIGNED_OUT : (REFUSED[response.status] ?? LOST);
      if (lost === LATER) this.keepIn(response.headers.get("Retry-After") * 1000 || AGAIN_MS);
      const wrong = this.answer.querySelector("[role=alert]");
      this.said.textContent = !there ? lost : wrong ? WRONG : KEPT;
      // not reload(): after a refused drawing that would send the refused desk once more
      if (there && this.reshaped) window.location.replace(window.location.pathname);
    } catch (fault) {
      if (fault.name !== "AbortError") this.said.textContent = LOST; // overtaken by a later change otherwise
    }
  }
}

customElements.define("shot-desk", ShotDesk);
