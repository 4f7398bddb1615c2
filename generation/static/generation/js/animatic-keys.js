// Keys at times, and lines that a hand draws.

import { DIALS, MOST, follow } from "./animatic-compile.js";
import { between, tidy } from "./animatic-build.js";

export const SAME = 1 / 240; // of the shot: keys nearer than this are one
const FARTHER = 0.012; // frames between two points of a line

// The keys of a lane of the timeline.
export function keysOf(direction, lane) {
  const [kind, which] = lane.split(" ");
  if (kind === "picture") return direction.keyframes;
  return kind === "dial" ? direction.camera.curves[which] : direction.boxes[which]?.keys;
}

// What a box is called while nobody has said what it holds.
export const called = (box, index) => box.noun || `Box ${index + 1}`;

// A lane for each dial that moves and for each box, and one for all pictures.
export function lanes({ camera, boxes, keyframes }) {
  const dials = DIALS.filter((dial) => camera.curves[dial]?.length > 1);
  return [
    ...dials.map((dial) => ({ id: `dial ${dial}`, label: dial[0].toUpperCase() + dial.slice(1), keys: camera.curves[dial], curve: true })),
    ...boxes.map((box, i) => ({ id: `box ${i}`, label: called(box, i), keys: box.keys, curve: false })),
    ...(keyframes.length ? [{ id: "picture all", label: "Pictures", keys: keyframes, curve: false }] : []),
  ];
}

// Put a key at a time, or change the one that is there already.
export function put(keys, t, values, fresh) {
  const found = keys.find((key) => Math.abs(key.t - t) < SAME);
  if (found) Object.assign(found, values);
  else if (keys.length < MOST.keys) keys.splice(keys.filter((key) => key.t < t).length, 0, { t, ...fresh, ...values });
}

// All points moved alike, as far as the frame allows.
export function shifted(points, by) {
  const way = by.map((part, axis) => {
    const sides = points.map((point) => point[axis]);
    return between(part, -Math.min(...sides), 1 - Math.max(...sides));
  });
  return points.map(([x, y]) => [tidy(x + way[0], 4), tidy(y + way[1], 4)]);
}

// A drawn line as a path of a few stops, in the time it took.
export function paced(points) {
  const whole = points.at(-1).at;
  if (!whole) return [];
  const keys = points.map(({ x, y, at }) => ({ t: at / whole, x, y, ease: "linear" })).filter((key, i, all) => !i || key.t > all[i - 1].t);
  const count = Math.min(MOST.keys, keys.length);
  if (count < 2) return [];
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    const [x, y] = follow(keys, (key) => [key.x, key.y], t);
    return { t: tidy(t, 4), x: tidy(x, 4), y: tidy(y, 4) };
  });
}

// Follow the pointer from where it was pressed on the canvas: `dab(x, y)` in its pixels on the way, and at the
// end `done(points)`, each {x, y, at}: 0 to 1 of the frame, milliseconds since the press.
export function trace(canvas, event, { dab, done }) {
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const points = [];
  const add = (now) => {
    const [x, y] = [(now.clientX - left) / width, (now.clientY - top) / height].map((side) => tidy(between(side, 0, 1), 4));
    const last = points.at(-1);
    const far = !last || Math.hypot(x - last.x, y - last.y) > FARTHER;
    if (far && points.length < MOST.points) points.push({ x, y, at: now.timeStamp - event.timeStamp });
    dab(x * canvas.width, y * canvas.height);
  };
  add(event);
  canvas.addEventListener("pointermove", add);
  const end = () => {
    canvas.removeEventListener("pointermove", add);
    done(points);
  };
  canvas.addEventListener("lostpointercapture", end, { once: true });
}
