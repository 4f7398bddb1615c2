/*
  <shot-animatic aspect="16:9" seconds="4" first="…" inputs="text camera"> directs a shot: its camera, boxes and
  brush strokes, seen at once as they move, drawn here and now. It keeps the direction as JSON in a hidden field
  `direction` of its form, and reads the one it begins with from the JSON script inside it. `inputs` are what the
  chosen engine takes; what it leaves out is said. Where scripts are off, the fields inside it stay.
*/
import { DIALS, MOST, moves, sample } from "./animatic-compile.js";
import { expand } from "./animatic-presets.js";
import { ignored } from "./animatic-omissions.js";
import { mended, sizeFor } from "./animatic-plates.js";
import { Seen } from "./animatic-seen.js";
import { draw, lift, masked } from "./animatic-drawing.js";
import { SAME, keysOf, lanes, paced, put, shifted, trace } from "./animatic-keys.js";
import { between, button, clock, element, kept, tidy } from "./animatic-build.js";
import "./animatic-marks.js";
import "./animatic-parts.js";
import "./animatic-pictures.js";
import "./camera-dials.js";
import "./shot-timeline.js";

const PRESET = 4; // the amount of a named move, until the dials say otherwise
const BRUSH = 0.06; // radius in frame heights
const STEPS_BACK = 100; // that Undo remembers
const BEAT_MS = 25; // between two frames at least: 30 a second where the screen has 60
const still = matchMedia("(prefers-reduced-motion: reduce)");

class ShotAnimatic extends HTMLElement {
  static observedAttributes = ["seconds", "inputs"];

  connectedCallback() {
    if (this.canvas) return;
    const [wide, high] = (this.getAttribute("aspect") || "16:9").split(":").map(Number);
    this.aspect = wide / high;
    this.direction = this.read();
    this.offered = { stills: kept(this.querySelector("[data-stills]"), []), clips: kept(this.querySelector("[data-clips]"), []) };
    this.t = 0;
    this.tool = "";
    this.signs = {};
    this.build();
    this.listen();
    const size = [this.canvas.width, this.canvas.height];
    this.seen = new Seen({ ...this.offered, size, first: this.getAttribute("first"), arrived: () => this.refresh() });
    this.refresh();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.frame);
    this.mode = null;
  }

  attributeChangedCallback() {
    if (this.canvas) this.refresh();
  }

  get seconds() {
    return Number(this.getAttribute("seconds")) || 4;
  }

  read() {
    const { camera = {}, strokes = [], boxes = [], keyframes = [], references = [], source = null } = kept(this.querySelector("[data-direction]"), {});
    const { curves = {}, lock = false } = camera;
    for (const key of Object.values(curves).flat()) key.ease ??= "in-out";
    for (const key of boxes.flatMap((box) => box.keys)) key.ease ??= "linear";
    const whole = strokes.map((stroke) => ({ push: [0, 0], ...stroke }));
    return { camera: { curves, lock }, strokes: whole, boxes, keyframes, references, source };
  }

  build() {
    const [width, height] = sizeFor(this.aspect);
    this.canvas = element("canvas", { width, height, role: "img", class: "animatic__canvas" });
    this.pen = this.canvas.getContext("2d", { alpha: false });
    this.marks = element("animatic-marks");
    this.stage = element("div", { class: "animatic__stage" }, this.canvas, this.marks);
    this.stage.style.setProperty("--aspect", this.aspect);
    this.brush = button("Brush", { "aria-pressed": "false", title: "Paint what shall move" });
    this.outline = button("Outline", { "aria-pressed": "false", title: "Draw round what shall move" });
    this.addBox = button("Box", { title: "Say where something is" });
    this.back = button("Undo", { disabled: true });
    this.said = element("p", { class: "animatic__said quiet small", role: "status" });
    this.timeline = element("shot-timeline");
    this.dials = element("camera-dials");
    this.parts = element("animatic-parts");
    this.gallery = element("animatic-pictures");
    this.gallery.offer(this.offered);
    this.left = element("div", { class: "animatic__left", hidden: true });
    this.field = element("input", { type: "hidden", name: "direction" });
    const tools = element("div", { class: "animatic__tools", role: "group", "aria-label": "Tools" }, this.brush, this.outline, this.addBox, this.back, this.said);
    const desk = element("div", { class: "animatic__desk" }, this.stage, this.timeline, tools, this.gallery);
    const side = element("div", { class: "animatic__side" }, this.dials, this.parts, this.left);
    this.replaceChildren(desk, side, this.field);
    this.past = [];
  }

  listen() {
    const on = (name, act) => this.addEventListener(`animatic-${name}`, (event) => act.call(this, event.detail));
    on("dial", this.turn);
    on("release", this.letGo);
    on("lock", () => this.change((d) => (d.camera.lock = !d.camera.lock)));
    on("rest", () => this.change((d) => (d.camera = { curves: {}, lock: false })));
    on("preset", this.preset);
    on("play", () => (this.mode === "playing" ? this.stop() : this.run("playing")));
    on("seek", ({ t }) => this.seek(t));
    on("key", this.changeKey);
    on("select", ({ kind, index }) => this.refresh({ chosen: { kind, index } }));
    on("place", this.place);
    on("box", ({ index, ...changes }) => this.change((d) => Object.assign(d.boxes[index], changes), `box ${index}`));
    on("stroke", this.changeStroke);
    on("remove", this.remove);
    on("path", ({ index }) => this.arm("path", `Draw on the picture where it goes. Your pace is its pace.`, index));
    on("picture", this.placePicture);
    on("keyframe", this.changeKeyframe);
    on("reference", this.refer);
    on("referred", ({ index, ...changes }) => this.change((d) => Object.assign(d.references[index], changes), `reference ${index}`));
    on("source", ({ clip, ...more }) => this.change((d) => (d.source = clip ? { clip, ...more } : null), "source"));
    this.addBox.addEventListener("click", () => this.newBox());
    this.brush.addEventListener("click", (event) => this.pressBrush(event, "brush", "Paint on the picture what shall move."));
    this.outline.addEventListener("click", (event) => this.pressBrush(event, "outline", "Draw round what shall move."));
    this.back.addEventListener("click", () => this.undo());
    this.canvas.addEventListener("pointerdown", (event) => this.paint(event));
    this.addEventListener("pointerdown", () => (this.changing = ""), { capture: true });
    still.addEventListener("change", () => this.stop());
  }

  // Change the direction; what follows at once under the same name is one step for Undo.
  change(act, name = "") {
    const before = JSON.stringify(this.direction);
    act(this.direction);
    if (!name || name !== this.changing) this.past = [...this.past.slice(-STEPS_BACK), before];
    this.changing = name;
    this.refresh();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.direction = JSON.parse(before);
    this.changing = "";
    this.refresh({ chosen: null, key: null });
    this.say("One step back.");
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The time for which a dial is set: the playhead's, or from the first frame the end.
  get target() {
    return this.mode || this.t === 0 ? 1 : this.t;
  }

  turn({ dial, value, held }) {
    const t = this.target;
    this.change(({ camera }) => {
      const curve = (camera.curves[dial] ??= []);
      if (!curve.length) curve.push({ t: 0, v: 0, ease: "in-out" });
      put(curve, t, { v: value }, { ease: "in-out" });
      if (curve.every((key) => key.v === 0)) delete camera.curves[dial];
      camera.lock = false;
    }, `dial ${dial}`);
    this.try(held, t);
  }

  // Show what a dial does while it is moved: the shot plays, or stands at the dial's moment for those who asked for rest.
  try(held, t) {
    this.holding = held;
    if (still.matches) this.refresh({ peek: t });
    else if (!this.mode) this.run("trying");
  }

  letGo() {
    this.holding = false;
    this.changing = "";
    if (this.peek !== undefined) this.refresh({ peek: undefined });
  }

  preset({ name }) {
    const sign = (this.signs[name] = -(this.signs[name] ?? -1));
    this.change((d) => {
      d.camera = { curves: expand(name, { amount: sign * PRESET, aspect: this.aspect, seconds: this.seconds }), lock: false };
    });
    this.say(name === "hand-held" ? "A hand-held camera." : `${name[0].toUpperCase()}${name.slice(1)}. Press again for the other way.`);
    this.try(false, 1);
  }

  run(mode) {
    cancelAnimationFrame(this.frame);
    if (mode === "playing" && this.t === 1) this.t = 0;
    this.mode = mode;
    this.drawn = 0;
    this.from = this.t;
    this.began = performance.now() - (mode === "playing" ? this.t * this.seconds * 1000 : 0);
    const beat = (now) => {
      if (!this.mode) return;
      const gone = Math.max(0, now - this.began) / (this.seconds * 1000);
      if (this.mode === "trying" && gone >= 1 && !this.holding) return this.stop(this.from);
      this.frame = requestAnimationFrame(beat);
      if (now - this.drawn < BEAT_MS) return;
      this.drawn = now;
      this.t = Math.max(gone % 1, 1e-6);
      this.tick();
    };
    this.frame = requestAnimationFrame(beat);
    this.refresh();
  }

  stop(t = this.t) {
    cancelAnimationFrame(this.frame);
    this.mode = null;
    this.refresh({ t });
  }

  seek(t) {
    cancelAnimationFrame(this.frame);
    this.mode = null;
    this.refresh({ t: tidy(t, 4), peek: undefined });
  }

  place({ index, box }) {
    const t = this.mode ? 0 : this.t;
    this.change((d) => put(d.boxes[index].keys, t, { box }, { ease: "linear" }), `place ${index} ${t}`);
  }

  changeStroke({ index, by, ...changes }) {
    this.change(({ strokes }) => {
      const stroke = strokes[index];
      if (by) stroke.points = shifted(stroke.points, by);
      Object.assign(stroke, changes);
    }, `stroke ${index}`);
  }

  changeKey({ lane, index, remove, ...changes }) {
    const keys = keysOf(this.direction, lane);
    if (!keys?.[index]) return;
    if (!remove && !Object.keys(changes).length) return this.refresh({ key: { lane, index } });
    this.change((d) => {
      const key = keys[index];
      if (remove) keys.splice(index, 1);
      if ("t" in changes) changes.t = between(tidy(changes.t, 4), index ? keys[index - 1].t + SAME : 0, keys[index + 1] ? keys[index + 1].t - SAME : 1);
      if ("v" in changes) changes.v = between(changes.v, -10, 10);
      Object.assign(key, changes);
      const [kind, number] = lane.split(" ");
      if (kind === "dial" && keys.length < 2) delete d.camera.curves[number];
      if (kind === "box" && !keys.length) d.boxes.splice(Number(number), 1);
    }, remove ? "" : `key ${lane} ${index}`);
    if (remove) this.refresh({ key: null, chosen: null });
  }

  placePicture({ still }) {
    const t = this.mode ? 0 : this.t;
    if (this.direction.keyframes.length >= MOST.keyframes) return this.say(`${MOST.keyframes} pictures at most. Remove one first.`);
    this.change((d) => put(d.keyframes, t, { still }, { strength: 1 }));
    this.say(`The picture is shown at ${clock(t * this.seconds)}.`);
  }

  changeKeyframe({ index, strength, remove }) {
    this.change(({ keyframes }) => (remove ? keyframes.splice(index, 1) : (keyframes[index].strength = strength)), remove ? "" : `keyframe ${index}`);
  }

  refer({ still }) {
    const { references } = this.direction;
    const there = references.findIndex((one) => one.still === still);
    if (there < 0 && references.length >= MOST.references) return this.say(`${MOST.references} references at most. Release one first.`);
    this.change((d) => (there < 0 ? d.references.push({ still, kind: "cast", name: "" }) : d.references.splice(there, 1)));
  }

  remove({ kind, index }) {
    this.chosen = null;
    this.key = null;
    this.change((d) => d[kind === "box" ? "boxes" : "strokes"].splice(index, 1));
    this.say(kind === "box" ? "The box is gone." : "The region is gone.");
    (kind === "box" ? this.addBox : this.brush).focus();
  }

  newBox() {
    const { boxes } = this.direction;
    if (boxes.length >= MOST.boxes) return this.say(`${MOST.boxes} boxes at most. Remove one first.`);
    const away = 0.06 * boxes.length;
    this.stop();
    this.change((d) => d.boxes.push({ noun: "", keys: [{ t: 0, box: [0.34 + away, 0.42, 0.52 + away, 0.74], ease: "linear" }] }));
    this.refresh({ chosen: { kind: "box", index: boxes.length - 1 } });
    const noun = this.parts.querySelector("input");
    noun?.focus();
    this.say("Say what it is: a noun, or a few words.");
  }

  pressBrush(event, tool, words) {
    if (this.direction.strokes.length >= MOST.strokes) return this.say(`${MOST.strokes} regions at most. Remove one first.`);
    if (event.detail === 0) return this.newStroke([[0.5, 0.6]], 0.12); // by a key: there is nothing to paint with
    this.tool === tool ? this.arm("", "") : this.arm(tool, words);
  }

  newStroke(points, radius = BRUSH) {
    this.change((d) => d.strokes.push({ points, radius, push: [2, 0], proximity: 0, ambient: 0, path: [], name: "" }));
    this.refresh({ chosen: { kind: "stroke", index: this.direction.strokes.length - 1 } });
    this.arm("", "It moves to the right. Drag its arrow to say otherwise.");
  }

  arm(tool, words, index) {
    this.tool = tool;
    this.painted = index;
    if (tool && this.mode) this.stop(0);
    this.brush.setAttribute("aria-pressed", String(tool === "brush"));
    this.outline.setAttribute("aria-pressed", String(tool === "outline"));
    this.stage.toggleAttribute("data-painting", Boolean(tool));
    this.say(words);
  }

  paint(event) {
    if (!this.tool) return;
    if (this.t !== 0) this.seek(0);
    const radius = (this.tool === "brush" ? BRUSH : 0.008) * this.canvas.height;
    trace(this.canvas, event, {
      dab: (x, y) => {
        this.pen.fillStyle = "rgb(255 255 255 / 0.5)";
        this.pen.beginPath();
        this.pen.arc(x, y, radius, 0, 2 * Math.PI);
        this.pen.fill();
      },
      done: (points) => this.painting(points),
    });
  }

  painting(points) {
    const places = points.map(({ x, y }) => [x, y]);
    if (this.tool === "brush") return this.newStroke(places);
    if (this.tool === "outline") return places.length > 2 ? this.newStroke(places, 0) : this.arm("", "That was no outline. Draw a line round it.");
    const path = paced(points);
    const index = this.painted;
    this.arm("", path.length > 1 ? "It follows your path." : "That was one point. Press the button and draw a line.");
    if (path.length > 1) this.change((d) => (d.strokes[index].path = path));
    else this.refresh();
  }

  say(words) {
    this.said.textContent = words;
  }

  refresh(changes = {}) {
    Object.assign(this, changes);
    const { direction, seconds, chosen } = this;
    const at = this.peek ?? this.target;
    this.plate = this.seen.plate(direction);
    this.lift();
    const values = Object.fromEntries(DIALS.map((dial) => [dial, sample(direction.camera.curves[dial], at)]));
    this.dials.show({ values, locked: direction.camera.lock, at: this.target === 1 ? null : this.target * seconds });
    this.timeline.show({ lanes: lanes(direction), seconds, chosen: this.key });
    this.parts.show({ direction, chosen, seconds });
    this.gallery.show({ direction, t: this.mode ? 0 : this.t, seconds });
    this.back.disabled = !this.past.length;
    this.field.value = JSON.stringify(direction);
    this.tellOmissions();
    if (!this.mode || !this.drawn) this.tick();
  }

  // Regions are cut out anew only when they were painted anew.
  lift() {
    const shape = JSON.stringify(this.direction.strokes.map((stroke) => [stroke.points, stroke.radius, moves(stroke)]));
    if (shape === this.lifted?.shape && this.lifted.plate === this.plate) return;
    this.lifted = { shape, plate: this.plate };
    const moving = this.direction.strokes.filter(moves);
    this.patches = lift(this.plate, this.direction.strokes);
    this.ground = moving.length ? mended(this.plate, masked(this.plate, moving)) : this.plate;
  }

  tellOmissions() {
    const inputs = this.getAttribute("inputs");
    const left = inputs ? ignored(this.direction, inputs.split(" ")) : [];
    this.left.hidden = !left.length;
    if (left.join() === this.told) return;
    this.told = left.join();
    const lines = left.map((sentence) => element("li", {}, sentence));
    this.left.replaceChildren(element("h3", {}, "This engine leaves out"), element("ul", { class: "animatic__omissions small" }, ...lines));
  }

  tick() {
    const t = this.peek ?? this.t;
    const { ground: plate, patches, direction, aspect, chosen } = this;
    const unit = between(this.canvas.width / (this.canvas.clientWidth || this.canvas.width), 0.5, 3);
    draw(this.pen, { plate, patches, direction, aspect, t, shown: this.seen.at(direction, t, this.seconds), marks: !this.mode, chosen, unit });
    this.marks.show({ direction, t, aspect, chosen });
    this.marks.toggleAttribute("data-quiet", Boolean(this.mode));
    this.timeline.tick({ t, playing: this.mode === "playing", moving: Boolean(this.mode) });
    if (!this.mode) this.canvas.setAttribute("aria-label", `The shot at ${clock(t * this.seconds)}`);
  }
}

customElements.define("shot-animatic", ShotAnimatic);
