/*
  <animatic-parts> lists the boxes and regions of a shot, and has the fields of the one that is chosen.

  Events: animatic-select {kind, index}, animatic-box {index, …}, animatic-stroke {index, …},
  animatic-remove {kind, index}, animatic-path {index}.
*/
import { COLOURS, between, button, element, tell } from "./animatic-build.js";
import { called } from "./animatic-keys.js";

const STROKE = [
  ["Across", -10, 10, (stroke) => stroke.push[0], (stroke, v) => ({ push: [v, stroke.push[1]] })],
  ["Down", -10, 10, (stroke) => stroke.push[1], (stroke, v) => ({ push: [stroke.push[0], v] })],
  ["Nearer", -10, 10, (stroke) => stroke.proximity ?? 0, (_, v) => ({ proximity: v })],
  ["Sway", 0, 10, (stroke) => stroke.ambient ?? 0, (_, v) => ({ ambient: v })],
];
let made = 0;

class AnimaticParts extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.list = element("div", { class: "chips parts__list", role: "group", "aria-label": "Boxes and regions" });
    this.fields = element("div", { class: "parts__fields" });
    this.append(this.list, this.fields);
  }

  show({ direction, chosen, seconds }) {
    this.state = { direction, chosen, seconds };
    this.drawList();
    const thing = chosen && direction[chosen.kind === "box" ? "boxes" : "strokes"][chosen.index];
    const shape = thing ? `${chosen.kind} ${chosen.index} ${Boolean(thing.path?.length)} ${seconds}` : "";
    if (shape !== this.shape) this.fields.replaceChildren(...(thing ? this[chosen.kind](chosen.index) : []));
    this.shape = shape;
    if (thing) for (const field of this.live) field(thing);
  }

  drawList() {
    const { direction, chosen } = this.state;
    const things = [
      ...direction.boxes.map((box, index) => ["box", index, called(box, index), COLOURS[index % COLOURS.length]]),
      ...direction.strokes.map((one, index) => ["stroke", index, one.name || `Region ${index + 1}`, COLOURS[(index + 4) % COLOURS.length]]),
    ];
    const shape = things.map((thing) => thing.join()).join("|");
    if (shape !== this.listed) {
      this.chips = things.map(([kind, index, words, colour]) => {
        const dot = element("span", { class: "parts__dot", "aria-hidden": "true" });
        dot.style.setProperty("--colour", colour);
        const chip = element("button", { type: "button" }, dot, words);
        chip.addEventListener("click", () => tell(this, "select", { kind, index }));
        return { chip, kind, index };
      });
      this.list.replaceChildren(...this.chips.map((one) => one.chip));
    }
    this.listed = shape;
    this.hidden = !things.length;
    for (const { chip, kind, index } of this.chips) {
      chip.setAttribute("aria-pressed", String(chosen?.kind === kind && chosen.index === index));
    }
  }

  box(index) {
    const change = (changes) => tell(this, "box", { index, ...changes });
    const { seconds } = this.state;
    this.live = [];
    return [
      this.text("Noun", 60, (box) => box.noun, (noun) => change({ noun: noun.trimStart() }), "a red boat"),
      element(
        "div",
        { class: "parts__pair" },
        this.number("Enters, s", seconds, (box) => (box.enters ?? 0) * seconds, (s, box) => s / seconds < (box.leaves ?? 1) && change({ enters: s / seconds })),
        this.number("Leaves, s", seconds, (box) => (box.leaves ?? 1) * seconds, (s, box) => s / seconds > (box.enters ?? 0) && change({ leaves: s / seconds })),
      ),
      this.remove("box", index, "Remove box"),
    ];
  }

  stroke(index) {
    const stroke = this.state.direction.strokes[index];
    const change = (changes) => tell(this, "stroke", { index, ...changes });
    this.live = [];
    const dials = stroke.path?.length ? STROKE.slice(2) : STROKE;
    const path = button(stroke.path?.length ? "Straight again" : "Draw its path");
    path.addEventListener("click", () => (stroke.path?.length ? change({ path: [] }) : tell(this, "path", { index })));
    return [
      this.text("Name", 60, (one) => one.name ?? "", (name) => change({ name })),
      ...dials.map(([words, low, high, read, write]) => this.dial(words, low, high, read, (value, one) => change(write(one, value)))),
      element("div", { class: "cluster" }, path, this.remove("stroke", index, "Remove region")),
    ];
  }

  thing() {
    const { direction, chosen } = this.state;
    return direction[chosen.kind === "box" ? "boxes" : "strokes"][chosen.index];
  }

  text(words, longest, read, write, such = "") {
    const input = element("input", { type: "text", maxlength: longest, autocomplete: "off", placeholder: such && `such as “${such}”` });
    input.addEventListener("input", () => write(input.value));
    return this.labelled("field", words, input, (thing) => read(thing));
  }

  number(words, most, read, write) {
    const input = element("input", { type: "number", min: 0, max: most, step: "any" });
    input.addEventListener("change", () => write(between(input.valueAsNumber || 0, 0, most), this.thing()));
    return this.labelled("field", words, input, (thing) => Number(read(thing).toFixed(2)));
  }

  dial(words, low, high, read, write) {
    const input = element("input", { type: "range", min: low, max: high, step: 0.1, class: "dial__range" });
    const said = element("output", { class: "dial__said" });
    input.addEventListener("input", () => write(input.valueAsNumber, this.thing()));
    const line = this.labelled("dial", words, input, (thing) => {
      const value = read(thing);
      const nought = (100 * -low) / (high - low);
      const share = (100 * (value - low)) / (high - low);
      input.style.setProperty("--nought", `${nought}%`);
      input.style.setProperty("--from", `${Math.min(nought, share)}%`);
      input.style.setProperty("--to", `${Math.max(nought, share)}%`);
      said.textContent = value.toFixed(1);
      return value;
    });
    line.append(said);
    return line;
  }

  labelled(name, words, input, read) {
    input.id = `part-${++made}`;
    this.live.push((thing) => {
      const value = String(read(thing));
      if (document.activeElement !== input || input.type === "range") input.value = value;
    });
    return element("div", { class: name }, element("label", { for: input.id }, words), input);
  }

  remove(kind, index, words) {
    const press = button(words);
    press.addEventListener("click", () => tell(this, "remove", { kind, index }));
    return press;
  }
}

customElements.define("animatic-parts", AnimaticParts);
