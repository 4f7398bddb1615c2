// Draws one moment of an animatic on a canvas: layers through the camera, lifted regions, boxes, and the marks
// that say where things go.

import { NEAR, centre, clipped, depthAt, dialsAt, drift, moves, placeAt, sight, toFrame, toPlane, view } from "./animatic-compile.js";
import { COLOURS, between } from "./animatic-build.js";

const TRAIL = 24; // points of a way that is drawn
const ROWS = 2; // pixels painted at one depth
const SETTLES = 4;

// From the canvas to a plane's own pixels, both as large as the frame.
function through([x, y, size, roll], width, height) {
  const [cos, sin] = [size * Math.cos(roll), size * Math.sin(roll)];
  const right = width * (0.5 + x) - (cos * width - sin * height) / 2;
  const down = height * (0.5 + y) - (sin * width + cos * height) / 2;
  return new DOMMatrix([cos, sin, -sin, cos, right, down]);
}

// A layer in the rows from `top` to `foot` of the canvas, or in all rows in which it holds anything.
function paint(pen, layer, seen, plate, aspect, top = upper(layer.edge, seen, aspect) * plate.height, foot = plate.height) {
  const matrix = through(seen, plate.width, plate.height);
  matrix.f += plate.height; // on the tile, the picture begins below its sky
  layer.pattern.setTransform(matrix.inverse());
  pen.fillStyle = layer.pattern;
  pen.fillRect(0, top, plate.width, foot - top);
}

// A still row by row, each as deep as what it shows; where two rows are as deep they are painted as one.
function relief(pen, layer, dials, plate, aspect) {
  let [from, last] = [0, null];
  for (let row = 0; row <= plate.height; row += ROWS) {
    const depth = row < plate.height ? settled(dials, (row + ROWS / 2) / plate.height) : null;
    if (last !== null && Math.abs(depth - last) < 1e-9) continue;
    if (last !== null) paint(pen, layer, view(dials, last), plate, aspect, from, Math.min(row, plate.height));
    [from, last] = [row, depth];
  }
}

// How deep what a row of the frame shows is, once it is as deep as it was taken to be.
function settled(dials, y) {
  let depth = depthAt(y);
  for (let turn = 0; turn < SETTLES; turn++) {
    const [, down, size, roll] = view(dials, depth);
    depth = depthAt(0.5 + down + (y - 0.5) * size * Math.cos(roll));
  }
  return depth;
}

// From where in the frame, 0 to 1, a layer is seen that holds nothing above `edge`: less to paint is quicker.
function upper(edge, [, y, size, roll], aspect) {
  if (edge === -Infinity) return 0;
  const tops = [-0.5, 0.5].map((x) => (edge - 0.5 - y - x * aspect * size * Math.sin(roll)) / (size * Math.cos(roll)));
  return between(0.5 + Math.min(...tops), 0, 1);
}

// What regions cover, together.
export function masked(plate, strokes) {
  const mask = Object.assign(document.createElement("canvas"), { width: plate.width, height: plate.height });
  for (const stroke of strokes) region(mask.getContext("2d", { willReadFrequently: true }), stroke, plate, "#000");
  return mask;
}

// The part of the plate that each moving region lifts off it.
export function lift(plate, strokes) {
  return strokes.map((stroke) => {
    if (!moves(stroke)) return null;
    const patch = Object.assign(document.createElement("canvas"), { width: plate.width, height: plate.height });
    const pen = patch.getContext("2d");
    region(pen, stroke, plate, "#000");
    pen.globalCompositeOperation = "source-in";
    pen.drawImage(plate.flat, 0, 0);
    return patch;
  });
}

function region(pen, stroke, { width, height }, paint) {
  pen.beginPath();
  stroke.points.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x * width, y * height));
  pen.fillStyle = pen.strokeStyle = paint;
  if (stroke.radius === 0) {
    pen.closePath();
    pen.fill();
    return;
  }
  pen.lineWidth = 2 * (stroke.radius ?? 0.06) * height;
  pen.lineCap = pen.lineJoin = "round";
  if (stroke.points.length === 1) pen.lineTo(stroke.points[0][0] * width, stroke.points[0][1] * height);
  pen.stroke();
}

function carried(stroke, t, dials, { width, height }) {
  const [[x, y], [right, down, growth]] = [centre(stroke), drift(stroke, t)];
  return through(sight(stroke, dials), width, height)
    .inverse()
    .translate((x + right) * width, (y + down) * height)
    .scale(2 ** growth)
    .translate(-x * width, -y * height);
}

// shown: pictures over the plate, [{picture, strength}]; marks: whether to draw where things go; chosen: {kind, index}; unit: canvas pixels to a pixel of the page.
export function draw(pen, { plate, patches, shown = [], direction, aspect, t, marks, chosen, unit }) {
  const dials = dialsAt(direction.camera, t);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  for (const layer of plate.layers) {
    if (layer.depth !== null) paint(pen, layer, view(dials, layer.depth), plate, aspect);
    else if (dials.slice(0, 3).some(Boolean)) relief(pen, layer, dials, plate, aspect);
    else paint(pen, layer, view(dials, NEAR), plate, aspect);
  }
  direction.strokes.forEach((stroke, i) => {
    pen.setTransform(carried(stroke, t, dials, plate));
    if (patches[i]) pen.drawImage(patches[i], 0, 0);
    if (marks) {
      const lit = chosen?.kind === "stroke" && chosen.index === i;
      pen.globalAlpha = lit ? 0.42 : 0.26;
      region(pen, stroke, plate, COLOURS[(i + 4) % COLOURS.length]);
      pen.globalAlpha = 1;
    }
  });
  pen.setTransform(1, 0, 0, 1, 0, 0);
  for (const { picture, strength } of shown) {
    pen.globalAlpha = strength;
    pen.drawImage(picture, 0, 0);
    pen.globalAlpha = 1;
  }
  direction.boxes.forEach((box, i) => fill(pen, placeAt(box, t), COLOURS[i % COLOURS.length], plate, unit));
  if (!marks) return;
  direction.boxes.forEach((box) => trail(pen, (when) => middle(placeAt(box, when)), plate, unit));
  direction.strokes.forEach((stroke) => trail(pen, (when) => whereabouts(stroke, when, dials, aspect), plate, unit));
  if (t === 0) framing(pen, direction, aspect, plate, unit);
}

const middle = (corners) => corners && [(corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2];

export function whereabouts(stroke, t, dials, aspect) {
  const [[x, y], [right, down]] = [centre(stroke), drift(stroke, t)];
  return toFrame([x + right, y + down], sight(stroke, dials), aspect);
}

function fill(pen, corners, colour, { width, height }, unit) {
  const inside = corners && clipped(corners);
  if (!inside) return;
  const [x0, y0, x1, y1] = inside;
  const sides = [x0 * width, y0 * height, (x1 - x0) * width, (y1 - y0) * height];
  pen.globalAlpha = 0.4;
  pen.fillStyle = colour;
  pen.fillRect(...sides);
  pen.globalAlpha = 1;
  pen.strokeStyle = colour;
  pen.lineWidth = 2 * unit;
  pen.strokeRect(...sides);
}

// The way of something over the shot, with a head where it ends.
function trail(pen, where, { width, height }, unit) {
  const points = Array.from({ length: TRAIL + 1 }, (_, i) => where(i / TRAIL)).filter(Boolean);
  if (points.length < 2) return;
  const [start, end] = [points[0], points.at(-1)].map(([x, y]) => [x * width, y * height]);
  const before = points.findLast(([x, y]) => Math.hypot(x * width - end[0], y * height - end[1]) > 3);
  if (!before) return;
  pen.lineCap = pen.lineJoin = "round";
  for (const [thick, paint] of [[5, "rgb(20 16 10 / 0.55)"], [2, "#fff"]]) {
    pen.lineWidth = thick * unit;
    pen.strokeStyle = paint;
    pen.beginPath();
    pen.moveTo(...start);
    for (const [x, y] of points) pen.lineTo(x * width, y * height);
    const turn = Math.atan2(end[1] - before[1] * height, end[0] - before[0] * width);
    for (const side of [2.6, -2.6]) {
      pen.moveTo(end[0] + 11 * unit * Math.cos(turn + side), end[1] + 11 * unit * Math.sin(turn + side));
      pen.lineTo(...end);
    }
    pen.stroke();
  }
}

// In the first frame: what the last one will show.
function framing(pen, direction, aspect, { width, height }, unit) {
  const [first, last] = [0, 1].map((t) => view(dialsAt(direction.camera, t), NEAR));
  if (last.every((value, i) => Math.abs(value - first[i]) < 1e-6)) return;
  const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map((corner) => toFrame(toPlane(corner, last, aspect), first, aspect));
  pen.beginPath();
  corners.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x * width, y * height));
  pen.closePath();
  for (const [thick, paint, dashes] of [[4, "rgb(20 16 10 / 0.5)", []], [1.5, "#fff", [10, 7]]]) {
    pen.setLineDash(dashes.map((long) => long * unit));
    pen.lineWidth = thick * unit;
    pen.strokeStyle = paint;
    pen.stroke();
  }
  pen.setLineDash([]);
}
