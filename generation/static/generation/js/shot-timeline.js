/*
  <shot-timeline> is the time of a shot: play, scrub, and a lane with keys for each thing that moves.

  Events: animatic-play, animatic-seek {t}, animatic-key {lane, index} and what of it changes:
  {t}, {v}, {ease} or {remove}. `show` tells it what stands, `tick` only the time.
*/
import { EASES, sample } from "./animatic-compile.js";
import { between, button, clock, element, step, tell, tidy } from "./animatic-build.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = { play: "M7 4.500v15l12.500-7.500z", pause: "M6.500 5h4v14h-4zM13.500 5h4v14h-4z" };
const EASE_WORDS = { linear: "Even", in: "Starts gently", out: "Ends gently", "in-out": "Gentle both ways", hold: "Waits, then jumps" };
const LEAST_FULL = 3; // a lane is as high as its largest value, or as this
const FINE = 1 / 96; // of the shot, a step of a key by the keyboard

class ShotTimeline extends HTMLElement {
  connectedCallback() {
    if (this.scrub) return;
    this.seconds = 4;
    this.playing = null;
    this.play = element("button", { type: "button", class: "timeline-play" });
    this.play.addEventListener("click", () => tell(this, "play"));
    this.scrub = element("input", { type: "range", class: "timeline-scrub", min: 0, max: 1, step: "any", value: 0, "aria-label": "Position in the shot" });
    this.scrub.addEventListener("input", () => tell(this, "seek", { t: this.scrub.valueAsNumber }));
    this.scrub.addEventListener("keydown", (event) => this.stepFrames(event));
    this.now = element("span", { class: "timecode timeline-now" });
    this.lanes = element("div", { class: "timeline-lanes" });
    this.editor = element("div", { class: "timeline-key", hidden: true });
    this.append(element("div", { class: "timeline-row" }, element("div", { class: "timeline-head" }, this.play, this.now), this.scrub), this.lanes, this.editor);
    this.tick({ t: 0, playing: false });
  }

  stepFrames(event) {
    const way = step(event);
    if (!way) return;
    event.preventDefault();
    const frames = Math.sign(way[0] - way[1]) * (event.shiftKey ? 12 : 1);
    tell(this, "seek", { t: between(this.t + frames / (24 * this.seconds), 0, 1) });
  }

  // lanes: [{id, label, keys, curve}], curve: the dial's keys if its course can be drawn; chosen: {lane, index}.
  show({ lanes, seconds, chosen }) {
    this.seconds = seconds;
    this.shown = lanes;
    this.chosen = chosen;
    const shape = lanes.map((lane) => `${lane.id} ${lane.label} ${lane.keys.length}`).join("|");
    if (shape !== this.shape) this.build(lanes);
    this.shape = shape;
    lanes.forEach((lane, i) => this.drawLane(lane, this.built[i]));
    this.drawEditor();
  }

  tick({ t, playing, moving }) {
    this.t = t;
    this.scrub.value = t;
    this.scrub.style.setProperty("--to", `${100 * t}%`);
    this.lanes.style.setProperty("--now", t);
    this.now.textContent = clock(t * this.seconds);
    if (!moving) this.scrub.setAttribute("aria-valuetext", `${clock(t * this.seconds)} of ${clock(this.seconds)}`);
    if (playing === this.playing) return;
    this.playing = playing;
    this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.play.replaceChildren(icon(playing ? "pause" : "play"));
  }

  build(lanes) {
    const lit = document.activeElement?.closest?.(".timeline-diamond");
    const [laneId, index] = [lit?.dataset.lane, lit?.dataset.index];
    this.built = lanes.map((lane) => {
      const track = element("div", { class: "timeline-track" });
      const line = drawing("polyline", { "vector-effect": "non-scaling-stroke" });
      if (lane.curve) {
        const course = drawing("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" });
        course.append(line);
        track.append(course);
      }
      const keys = lane.keys.map((_, i) => this.diamond(lane, i, track));
      track.append(...keys);
      return { line, keys, row: element("div", { class: "timeline-lane" }, element("span", { class: "timeline-label small" }, lane.label), track) };
    });
    this.lanes.replaceChildren(...this.built.map((one) => one.row));
    if (!laneId) return;
    const lane = [...this.lanes.querySelectorAll(`[data-lane="${laneId}"]`)];
    (lane[index] ?? lane.at(-1) ?? this.scrub).focus();
  }

  diamond(lane, index, track) {
    const key = element("button", { type: "button", class: "timeline-diamond", "data-lane": lane.id, "data-index": index });
    const choose = () => tell(this, "key", { lane: lane.id, index });
    key.addEventListener("focus", choose);
    key.addEventListener("pointerdown", (event) => {
      choose();
      key.setPointerCapture(event.pointerId);
      const drag = (move) => {
        const { left, width } = track.getBoundingClientRect();
        tell(this, "key", { lane: lane.id, index, t: (move.clientX - left) / width });
      };
      key.addEventListener("pointermove", drag);
      key.addEventListener("pointerup", () => key.removeEventListener("pointermove", drag), { once: true });
    });
    key.addEventListener("keydown", (event) => {
      const way = step(event);
      const now = this.shown.find((one) => one.id === lane.id).keys[index];
      if (way) {
        event.preventDefault();
        const by = event.shiftKey ? 5 : 1;
        if (way[0]) tell(this, "key", { lane: lane.id, index, t: now.t + Math.sign(way[0]) * by * FINE });
        else if (lane.curve) tell(this, "key", { lane: lane.id, index, v: tidy(now.v - Math.sign(way[1]) * by * 0.1) });
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        tell(this, "key", { lane: lane.id, index, remove: true });
      }
    });
    return key;
  }

  drawLane(lane, { line, keys }) {
    const full = Math.max(LEAST_FULL, ...lane.keys.map((key) => Math.abs(key.v ?? 0)));
    keys.forEach((diamond, i) => {
      const { t, v } = lane.keys[i];
      diamond.style.setProperty("--at", t);
      if (lane.curve) diamond.style.setProperty("--up", (v + full) / (2 * full));
      const value = lane.curve ? `${tidy(v, 1)} ` : "";
      diamond.setAttribute("aria-label", `${lane.label}: ${value}at ${clock(t * this.seconds)}`);
      diamond.setAttribute("aria-pressed", String(this.chosen?.lane === lane.id && this.chosen.index === i));
    });
    if (!lane.curve) return;
    const points = Array.from({ length: 61 }, (_, i) => `${(100 * i) / 60},${tidy(22 - (10 * (sample(lane.keys, i / 60) + full)) / full)}`);
    line.setAttribute("points", points.join(" "));
  }

  drawEditor() {
    const lane = this.shown.find((one) => one.id === this.chosen?.lane);
    const key = lane?.keys[this.chosen.index];
    this.editor.hidden = !key;
    if (!key) {
      this.edited = "";
      return;
    }
    const [of, index] = [lane.id, this.chosen.index];
    if (this.edited !== `${of} ${index}`) {
      this.edited = `${of} ${index}`;
      const ease = element("select", {}, ...EASES.map((name) => new Option(EASE_WORDS[name], name)));
      ease.addEventListener("change", () => tell(this, "key", { lane: of, index, ease: ease.value }));
      const remove = button("Remove key");
      remove.addEventListener("click", () => tell(this, "key", { lane: of, index, remove: true }));
      this.words = element("span", { class: "small num" });
      this.ease = ease;
      const easing = key.ease ? [element("label", { class: "small" }, "To the next key ", ease)] : [];
      this.editor.replaceChildren(this.words, ...easing, remove);
    }
    this.ease.value = key.ease ?? "";
    this.words.textContent = `${lane.label} at ${clock(key.t * this.seconds)}`;
  }
}

function drawing(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function icon(name) {
  const picture = drawing("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  picture.append(drawing("path", { d: ICONS[name], fill: "currentColor" }));
  return picture;
}

customElements.define("shot-timeline", ShotTimeline);
