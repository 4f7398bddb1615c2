/*
  <animatic-marks> lies over the stage: boxes with their nouns and corners, regions with their arrows, all of
  them to be dragged, and moved by the arrow keys.

  Events: animatic-select {kind, index}, animatic-place {index, box}, animatic-stroke {index, by | push},
  animatic-remove {kind, index}.
*/
import { FULL, centre, dialsAt, placeAt, sight, toPlane } from "./animatic-compile.js";
import { COLOURS, between, element, step, tell, tidy } from "./animatic-build.js";
import { whereabouts } from "./animatic-drawing.js";
import { called } from "./animatic-keys.js";

const LEAST = 0.03; // frames: no box gets smaller

class AnimaticMarks extends HTMLElement {
  show(state) {
    this.state = state;
    const { boxes, strokes } = state.direction;
    const shape = `${boxes.length} ${strokes.map((stroke) => (stroke.path?.length ? "p" : "a")).join("")}`;
    if (shape !== this.shape) this.build(boxes, strokes);
    this.shape = shape;
    this.dials = dialsAt(state.direction.camera, state.t);
    boxes.forEach((box, i) => this.drawBox(box, i));
    strokes.forEach((stroke, i) => this.drawStroke(stroke, i));
  }

  build(boxes, strokes) {
    this.boxes = boxes.map((_, i) => this.makeBox(i));
    this.strokes = strokes.map((stroke, i) => this.makeStroke(i, !stroke.path?.length));
    this.replaceChildren(...[...this.boxes, ...this.strokes].flatMap((one) => Object.values(one)).filter(Boolean));
  }

  makeBox(index) {
    const body = handle("animatic-box", COLOURS[index % COLOURS.length]);
    const grip = handle("animatic-grip", COLOURS[index % COLOURS.length]);
    const corners = () => placeAt(this.state.direction.boxes[index], this.state.t);
    const place = (box) => tell(this, "place", { index, box: box.map((side) => tidy(side, 4)) });
    const shift = ([x0, y0, x1, y1], [dx, dy]) => {
      const [right, down] = [within(dx, x0, x1), within(dy, y0, y1)];
      place([x0 + right, y0 + down, x1 + right, y1 + down]);
    };
    const stretch = ([x0, y0, x1, y1], [dx, dy]) => place([x0, y0, between(x1 + dx, x0 + LEAST, 1.5), between(y1 + dy, y0 + LEAST, 1.5)]);
    this.moved(body, { kind: "box", index }, corners, shift);
    this.moved(grip, { kind: "box", index }, corners, stretch);
    return { body, grip };
  }

  makeStroke(index, arrow) {
    const colour = COLOURS[(index + 4) % COLOURS.length];
    const spot = handle("animatic-spot", colour);
    const what = { kind: "stroke", index };
    let last;
    this.moved(spot, what, () => (last = [0, 0]), (_, by) => {
      tell(this, "stroke", { index, by: [by[0] - last[0], by[1] - last[1]] });
      last = by;
    });
    if (!arrow) return { spot };
    const tip = handle("animatic-tip", colour);
    const start = () => whereabouts(this.state.direction.strokes[index], 1, this.dials, this.state.aspect);
    this.moved(tip, what, start, ([x, y], [dx, dy]) => {
      const stroke = this.state.direction.strokes[index];
      const there = toPlane([x + dx, y + dy], sight(stroke, this.dials), this.state.aspect);
      const push = there.map((side, axis) => (side - centre(stroke)[axis]) * FULL);
      tell(this, "stroke", { index, push: push.map((way) => tidy(between(way, -FULL, FULL))) });
    });
    return { spot, tip };
  }

  // Let a handle be dragged and stepped: `start()` is what it begins from, `move(start, [dx, dy])` says how far.
  moved(made, what, start, move) {
    made.addEventListener("focus", () => tell(this, "select", what));
    made.addEventListener("pointerdown", (event) => {
      made.focus();
      made.setPointerCapture(event.pointerId);
      event.preventDefault();
      const [from, { width, height }] = [start(), this.getBoundingClientRect()];
      const drag = (now) => move(from, [(now.clientX - event.clientX) / width, (now.clientY - event.clientY) / height]);
      made.addEventListener("pointermove", drag);
      made.addEventListener("lostpointercapture", () => made.removeEventListener("pointermove", drag), { once: true });
    });
    made.addEventListener("keydown", (event) => {
      const way = step(event);
      if (way) {
        event.preventDefault();
        move(start(), way);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        tell(this, "remove", what);
      }
    });
  }

  drawBox(box, index) {
    const { body, grip } = this.boxes[index];
    const corners = placeAt(box, this.state.t);
    body.hidden = grip.hidden = !corners;
    if (!corners) return;
    const [x0, y0, x1, y1] = corners;
    Object.assign(body.style, { left: `${x0 * 100}%`, top: `${y0 * 100}%`, width: `${(x1 - x0) * 100}%`, height: `${(y1 - y0) * 100}%` });
    Object.assign(grip.style, { left: `${between(x1, 0.01, 0.99) * 100}%`, top: `${between(y1, 0.01, 0.99) * 100}%` });
    const noun = called(box, index);
    if (body.textContent !== noun) body.replaceChildren(element("span", {}, noun));
    body.setAttribute("aria-label", `${noun}, ${percent(x0)} from the left, ${percent(y0)} from the top. Arrow keys move it.`);
    grip.setAttribute("aria-label", `Size of ${noun}: ${percent(x1 - x0)} by ${percent(y1 - y0)}. Arrow keys change it.`);
    body.toggleAttribute("data-chosen", this.chosen("box", index));
  }

  drawStroke(stroke, index) {
    const { spot, tip } = this.strokes[index];
    const name = stroke.name || `Region ${index + 1}`;
    at(spot, whereabouts(stroke, this.state.t, this.dials, this.state.aspect));
    spot.setAttribute("aria-label", `${name}. Arrow keys move it.`);
    spot.toggleAttribute("data-chosen", this.chosen("stroke", index));
    if (!tip) return;
    at(tip, whereabouts(stroke, 1, this.dials, this.state.aspect));
    tip.setAttribute("aria-label", `Where ${name} goes: ${stroke.push.join(" across, ")} down. Arrow keys point it.`);
  }

  chosen(kind, index) {
    const { chosen } = this.state;
    return chosen?.kind === kind && chosen.index === index;
  }
}

// How far something from `low` to `high` can go: a little of it stays in the frame, and none gets out of reach.
function within(by, low, high) {
  return between(by, Math.max(LEAST - high, -1 - low), Math.min(1 - LEAST - low, 2 - high));
}

function handle(name, colour) {
  const made = element("button", { type: "button", class: name });
  made.style.setProperty("--colour", colour);
  return made;
}

function at(made, [x, y]) {
  Object.assign(made.style, { left: `${between(x, 0.01, 0.99) * 100}%`, top: `${between(y, 0.01, 0.99) * 100}%` });
}

const percent = (share) => `${Math.round(share * 100)} %`;

customElements.define("animatic-marks", AnimaticMarks);
