/*
  <live-row topic="footage:<id>" status="examining" refresh="/entries/…/row/"> keeps what stands inside it
  up to date while the page is open: text of [data-live="stage"] (and of any other name the event carries),
  value of <progress data-live="progress">, picture of <img data-live="preview">. When the row comes to rest, its `refresh` address is fetched in
  its place, or the page is loaded anew. `status` is what the page shows; without it, a <progress> inside
  counts as “under way”. All rows of a page share one connection, which rests while the page is hidden.
*/
const UNDER_WAY = new Set(["waiting", "examining", "queued", "running"]);
const ADDRESS = "/events/";

const rows = new Map(); // topic → set of elements
const known = new Map(); // topic → last payload
let stream = null;

function listen() {
  if (stream || rows.size === 0 || document.hidden) return;
  stream = new EventSource(ADDRESS);
  stream.addEventListener("snapshot", (event) => JSON.parse(event.data).forEach(tell));
  stream.addEventListener("change", (event) => tell(JSON.parse(event.data)));
}

function rest() {
  stream?.close();
  stream = null;
}

function tell(payload) {
  known.set(payload.topic, payload);
  rows.get(payload.topic)?.forEach((row) => row.take(payload));
}

document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
window.addEventListener("pagehide", rest);
window.addEventListener("pageshow", listen);

class LiveRow extends HTMLElement {
  connectedCallback() {
    const shown = this.getAttribute("status");
    this.underWay = shown ? UNDER_WAY.has(shown) : this.querySelector("progress[data-live]") !== null;
    const { topic } = this;
    if (!rows.has(topic)) rows.set(topic, new Set());
    rows.get(topic).add(this);
    if (known.has(topic)) this.take(known.get(topic));
    listen();
  }

  disconnectedCallback() {
    const here = [...rows].find(([, elements]) => elements.has(this));
    if (!here) return;
    here[1].delete(this);
    if (here[1].size === 0) rows.delete(here[0]);
    if (rows.size === 0) rest();
  }

  get topic() {
    return this.getAttribute("topic");
  }

  take(payload) {
    for (const [name, value] of Object.entries(payload)) {
      this.querySelectorAll(`[data-live="${name}"]`).forEach((element) => show(element, value));
    }
    if (payload.status) this.setAttribute("status", payload.status); // pages show and hide by it
    if (UNDER_WAY.has(payload.status)) {
      this.underWay = true;
      sessionStorage.removeItem(this.mark);
    } else if (this.underWay) {
      this.settle(payload.status);
    }
  }

  settle(status) {
    this.underWay = false;
    const address = this.getAttribute("refresh");
    if (address && window.htmx) {
      window.htmx.ajax("GET", address, { target: this, swap: "outerHTML" });
    } else if (sessionStorage.getItem(this.mark) !== status) {
      sessionStorage.setItem(this.mark, status); // once is enough, should the page still claim otherwise
      window.location.reload();
    }
  }

  get mark() {
    return `live-row ${this.topic}`;
  }
}

function show(element, value) {
  if (element instanceof HTMLProgressElement) {
    element.value = Number(value);
  } else if (element instanceof HTMLImageElement) {
    if (value && element.getAttribute("src") !== value) element.src = value;
    element.hidden = !value;
  } else {
    element.textContent = value ?? "";
  }
}

customElements.define("live-row", LiveRow);
