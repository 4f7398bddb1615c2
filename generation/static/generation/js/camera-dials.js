/*
  <camera-dials> is the camera's panel: named moves as buttons, and a dial for each axis from -10 to 10.

  It tells what is asked for by events, and is told what stands by `show`:
  animatic-dial {dial, value, held}, animatic-preset {name}, animatic-lock, animatic-rest, animatic-release.
*/
import { DIALS } from "./animatic-compile.js";
import { NAMES } from "./animatic-presets.js";
import { button, clock, element, tell, tidy } from "./animatic-build.js";

const WAYS = {
  truck: ["left", "right"],
  pedestal: ["down", "up"],
  dolly: ["out", "in"],
  pan: ["left", "right"],
  tilt: ["down", "up"],
  roll: ["counterclockwise", "clockwise"],
  zoom: ["out", "in"],
};
const title = (word) => word[0].toUpperCase() + word.slice(1);
let made = 0;

class CameraDials extends HTMLElement {
  connectedCallback() {
    if (this.rows) return;
    this.number = ++made;
    this.rows = Object.fromEntries(DIALS.map((dial) => [dial, this.row(dial)]));
    this.lock = button("Lock", { "aria-pressed": "false", title: "The camera stands still; the dials are kept" });
    this.lock.addEventListener("click", () => tell(this, "lock"));
    const presets = NAMES.map((name) => {
      const press = button(title(name), { "data-preset": name });
      press.addEventListener("click", () => tell(this, "preset", { name }));
      return press;
    });
    const rest = button("Reset", { title: "All dials back to nought" });
    rest.addEventListener("click", () => tell(this, "rest"));
    this.target = element("p", { class: "dials__target quiet small" });
    this.append(
      element("div", { class: "dials__head" }, element("h3", {}, "Camera"), this.target),
      element("div", { class: "dials__presets", role: "group", "aria-label": "Camera moves" }, ...presets, this.lock, rest),
      ...Object.values(this.rows).map((row) => row.line),
    );
    this.addEventListener("focusout", () => tell(this, "release"));
  }

  row(dial) {
    const id = `dial-${dial}-${this.number}`;
    const [low, high] = WAYS[dial];
    const range = element("input", { type: "range", id, min: -10, max: 10, step: 0.1, value: 0, "data-dial": dial, class: "dial__range" });
    const number = element("input", { type: "number", min: -10, max: 10, step: "any", value: 0, class: "dial__number", "aria-label": `${title(dial)}, as a number` });
    const line = element("div", { class: "dial" }, element("label", { for: id }, title(dial)), range, number);
    line.title = `${title(dial)}: ${low} or ${high}`;
    range.addEventListener("pointerdown", () => (this.held = dial));
    for (const end of ["pointerup", "pointercancel"]) range.addEventListener(end, () => this.letGo());
    range.addEventListener("input", () => this.turn(dial, range.valueAsNumber));
    number.addEventListener("input", () => number.validity.valid && number.value && this.turn(dial, number.valueAsNumber));
    number.addEventListener("change", () => this.draw(dial, this.values[dial]));
    return { line, range, number, low, high };
  }

  turn(dial, value) {
    tell(this, "dial", { dial, value: tidy(value), held: this.held === dial });
  }

  letGo() {
    this.held = null;
    tell(this, "release");
  }

  // values: dial → number; at: the second that dials set, null for the end.
  show({ values, locked, at }) {
    this.values = values;
    for (const dial of DIALS) this.draw(dial, values[dial]);
    this.lock.setAttribute("aria-pressed", String(locked));
    this.toggleAttribute("locked", locked);
    const words = at === null ? "Dials set where the move ends" : `Dials set a key at ${clock(at)}`;
    if (this.target.textContent !== words) this.target.textContent = words;
  }

  draw(dial, value) {
    const { range, number, line, low, high } = this.rows[dial];
    const said = tidy(value, 1);
    range.value = value;
    range.setAttribute("aria-valuetext", said ? `${Math.abs(said)} ${said < 0 ? low : high}` : "at rest");
    if (document.activeElement !== number) number.value = said;
    const share = (value + 10) * 5;
    range.style.setProperty("--from", `${Math.min(50, share)}%`);
    range.style.setProperty("--to", `${Math.max(50, share)}%`);
    line.toggleAttribute("data-moves", Math.abs(said) > 0);
  }
}

customElements.define("camera-dials", CameraDials);
