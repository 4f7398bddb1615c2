// From a direction to numbers: the same arithmetic as generation/animatic in Python, to the last digits that
// doubles share, so that what is seen here is what an engine is given.

export const DIALS = ["truck", "pedestal", "dolly", "pan", "tilt", "roll", "zoom"];
export const EASES = ["linear", "in", "out", "in-out", "hold"];
export const FULL = 10;
export const MOST = { keys: 24, strokes: 8, points: 400, boxes: 8, keyframes: 12, references: 3 };
export const FOCAL = 0.5 / Math.tan((18 * Math.PI) / 180); // frame heights: 36 degrees from top to bottom
export const NEAR = 1; // depth of the focus plane
export const FAR = 4;
const RISES = [0.25, 0.9]; // a still is far above, near below, and comes nearer in between
const MOST_ROLL = Math.PI / 4;
const NEAREST = 0.05;
const SWAY = 0.03;
const SWAYS = [3, 2];

const EASED = {
  linear: (u) => u,
  in: (u) => u * u,
  out: (u) => u * (2 - u),
  "in-out": (u) => u * u * (3 - 2 * u),
  hold: Math.floor,
};

export const timeOf = (frame, frames) => (frames > 1 ? frame / (frames - 1) : 0);

// The values of a key's fields at a time: those of the keys themselves, and between them along the easing.
export function follow(keys, valuesOf, t, ease = "linear") {
  const last = keys[keys.length - 1];
  if (t >= last.t) return valuesOf(last);
  const i = keys.findLastIndex((key) => key.t <= t);
  if (i < 0) return valuesOf(keys[0]);
  const share = EASED[keys[i].ease ?? ease]((t - keys[i].t) / (keys[i + 1].t - keys[i].t));
  const [from, to] = [valuesOf(keys[i]), valuesOf(keys[i + 1])];
  return from.map((value, n) => value * (1 - share) + to[n] * share);
}

export function sample(curve, t) {
  return curve?.length ? follow(curve, (key) => [key.v], t, "in-out")[0] : 0;
}

// Each dial of DIALS as a share of the full dial, counted from the first frame.
export function dialsAt(camera, t) {
  if (camera?.lock) return DIALS.map(() => 0);
  return DIALS.map((dial) => {
    const curve = camera?.curves?.[dial];
    return (sample(curve, t) - sample(curve, 0)) / FULL;
  });
}

// What the camera sees of a plane: right, down in the plane's frames, the size of what is seen, roll in radians.
export function view([truck, pedestal, dolly, pan, tilt, roll, zoom], depth) {
  const distance = Math.max(depth - 1 + 2 ** -dolly, NEAREST);
  return [
    (truck + distance * pan) / depth,
    -(pedestal + distance * tilt) / depth,
    (distance / depth) * 2 ** -zoom,
    roll * MOST_ROLL,
  ];
}

export function path(dials) {
  const [x, y, size] = view(dials, NEAR);
  return [x + 0, y + 0, -Math.log2(size) + 0];
}

// Camera to world, 4 x 4: right, down, forward, place; the unit is the distance of the focus plane.
export function pose([truck, pedestal, dolly, pan, tilt, roll], aspect) {
  const forward = unit([(pan * aspect) / FOCAL, -tilt / FOCAL, 1]);
  const right = unit([forward[2], 0, -forward[0]]);
  const down = cross(forward, right);
  const [cos, sin] = [Math.cos(roll * MOST_ROLL), Math.sin(roll * MOST_ROLL)];
  const place = [(truck * aspect) / FOCAL, -pedestal / FOCAL, 1 - 2 ** -dolly];
  const rows = [0, 1, 2].map((i) => [cos * right[i] + sin * down[i], cos * down[i] - sin * right[i], forward[i], place[i]]);
  return [...rows, [0, 0, 0, 1]];
}

const unit = (v) => v.map((part) => part / Math.hypot(...v));
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

export function toPlane([px, py], [x, y, size, roll], aspect) {
  const [u, v, cos, sin] = [(px - 0.5) * aspect * size, (py - 0.5) * size, Math.cos(roll), Math.sin(roll)];
  return [0.5 + x + (u * cos - v * sin) / aspect, 0.5 + y + u * sin + v * cos];
}

export function toFrame([px, py], [x, y, size, roll], aspect) {
  const [u, v] = [((px - 0.5 - x) * aspect) / size, (py - 0.5 - y) / size];
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  return [0.5 + (u * cos + v * sin) / aspect, 0.5 + v * cos - u * sin];
}

// A box's corners at a time as they were drawn, also beyond the frame; null while it is not there.
export function placeAt(box, t) {
  if (t < (box.enters ?? 0) || t > (box.leaves ?? 1)) return null;
  return follow(box.keys, (key) => key.box, t);
}

export function clipped(corners) {
  const [x0, y0, x1, y1] = corners.map((side) => Math.min(1, Math.max(0, side)));
  return x0 < x1 && y0 < y1 ? [x0, y0, x1, y1] : null;
}

export function centre(stroke) {
  return [0, 1].map((axis) => stroke.points.reduce((sum, point) => sum + point[axis], 0) / stroke.points.length);
}

// The view of the plane on which a region lies, as deep as what stands at its middle.
export function sight(stroke, dials) {
  return view(dials, depthAt(centre(stroke)[1]));
}

// How deep what stands at a height of the first frame is, 0 top to 1: the lower, the nearer.
export function depthAt(y) {
  const share = Math.min(1, Math.max(0, (y - RISES[0]) / (RISES[1] - RISES[0])));
  return 1 / (1 / FAR + (1 - 1 / FAR) * share * share * (3 - 2 * share));
}

// How far a region has gone across and down, in frames, and log2 of how much it has grown.
export function drift(stroke, t) {
  let gone = (stroke.push ?? [0, 0]).map((push) => (t * push) / FULL);
  if (stroke.path?.length) {
    const stops = stroke.path.map((stop) => ({ ...stop, ease: "linear" }));
    const [start, now] = [0, t].map((when) => follow(stops, (stop) => [stop.x, stop.y], when));
    gone = [now[0] - start[0], now[1] - start[1]];
  }
  const sway = ((stroke.ambient ?? 0) / FULL) * SWAY;
  gone = gone.map((value, axis) => value + sway * Math.sin(2 * Math.PI * SWAYS[axis] * t));
  return [...gone, (t * (stroke.proximity ?? 0)) / FULL];
}

export function moves(stroke) {
  return Boolean(stroke.path?.length || stroke.push?.some(Boolean) || stroke.proximity || stroke.ambient);
}

export function compile(direction, frames, aspect = 16 / 9) {
  const when = Array.from({ length: frames }, (_, frame) => timeOf(frame, frames));
  const dials = when.map((t) => dialsAt(direction.camera, t));
  const tracks = (direction.strokes ?? []).map((stroke) =>
    when.map((t, f) => {
      const [[x, y], [right, down]] = [centre(stroke), drift(stroke, t)];
      return toFrame([x + right, y + down], sight(stroke, dials[f]), aspect);
    }),
  );
  return {
    dials,
    camera: dials.map(path),
    poses: dials.map((row) => pose(row, aspect)),
    boxes: (direction.boxes ?? []).map((box) => when.map((t) => clippedAt(box, t))),
    tracks,
  };
}

function clippedAt(box, t) {
  const corners = placeAt(box, t);
  return corners && clipped(corners);
}
