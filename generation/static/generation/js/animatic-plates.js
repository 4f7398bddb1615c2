// The pictures an animatic is made of: a still, or a calm country drawn in its place, in layers.
// Each layer is painted once on a tile that carries it on beyond the frame: mirrored at the sides and at the
// foot, and above with its top row.

import { FAR, NEAR } from "./animatic-compile.js";

export const WIDTH = 640; // pixels of the longer side: enough to judge a move by, quick on any machine; both are even
const MIDDLE = 1.8;
const EDGES = { [FAR]: -Infinity, [MIDDLE]: 0.36, [NEAR]: 0.6 }; // above it a layer holds nothing

export function sizeFor(aspect) {
  const shorter = 2 * Math.round((WIDTH * Math.min(aspect, 1 / aspect)) / 2);
  return aspect >= 1 ? [WIDTH, shorter] : [shorter, WIDTH];
}

export async function fromStill(address, size) {
  const whole = await fitted(address, size);
  return plate([{ picture: whole, depth: null }]); // no one depth: it comes nearer towards its foot
}

// The middle of a picture in the shape of the shot, as a canvas.
export async function fitted(address, [width, height]) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const whole = canvas(width, height);
  const scale = Math.max(width / image.naturalWidth, height / image.naturalHeight);
  const [wide, tall] = [image.naturalWidth * scale, image.naturalHeight * scale];
  whole.getContext("2d").drawImage(image, (width - wide) / 2, (height - tall) / 2, wide, tall);
  return whole;
}

export function standIn(size) {
  const [width, height] = size;
  return plate([
    { picture: sky(width, height), depth: FAR },
    { picture: hills(width, height), depth: MIDDLE },
    { picture: ground(width, height), depth: NEAR },
  ]);
}

function plate(layers) {
  const { width, height } = layers[0].picture;
  const flat = canvas(width, height);
  for (const { picture } of layers) flat.getContext("2d").drawImage(picture, 0, 0);
  return { width, height, flat, layers: layers.map(({ picture, depth }) => ({ picture, depth, edge: EDGES[depth] ?? -Infinity, pattern: tile(picture) })) };
}

// The plate without what the mask (a canvas) covers: there each row goes from one side to the other.
export function mended(whole, mask) {
  const { width, height } = whole;
  const holes = mask.getContext("2d").getImageData(0, 0, width, height).data;
  const layers = whole.layers.map((layer) => {
    const picture = canvas(width, height);
    const pen = picture.getContext("2d");
    const pixels = layer.picture.getContext("2d").getImageData(0, 0, width, height);
    for (let row = 0; row < height; row++) bridge(pixels.data, holes, 4 * row * width, width);
    pen.putImageData(pixels, 0, 0);
    return { ...layer, pattern: tile(picture) };
  });
  return { ...whole, layers };
}

function bridge(pixels, holes, start, width) {
  const open = (x) => holes[start + 4 * x + 3] < 16;
  for (let x = 0; x < width; x++) {
    if (open(x)) continue;
    const first = x;
    while (x < width && !open(x)) x++;
    const [left, right] = [first ? first - 1 : x, x < width ? x : first - 1];
    if (left >= width || right < 0) return; // a hole from side to side
    for (let hole = first; hole < x; hole++) {
      const share = (hole - first + 1) / (x - first + 1);
      for (let part = 0; part < 4; part++) {
        const [from, to] = [pixels[start + 4 * left + part], pixels[start + 4 * right + part]];
        pixels[start + 4 * hole + part] = from + (to - from) * share;
      }
    }
  }
}

function canvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

function tile(picture) {
  const { width, height } = picture;
  const made = canvas(2 * width, 3 * height);
  const pen = made.getContext("2d");
  for (const side of [1, -1]) {
    for (const [top, tall, source, sourceTall, foot] of [[0, height, 0, 1, 1], [height, height, 0, height, 1], [2 * height, height, 0, height, -1]]) {
      pen.setTransform(side, 0, 0, foot, side > 0 ? 0 : 2 * width, foot > 0 ? top : top + tall);
      pen.drawImage(picture, 0, source, width, sourceTall, 0, 0, width, tall);
    }
  }
  return pen.createPattern(made, "repeat-x");
}

function sky(width, height) {
  const layer = canvas(width, height);
  const pen = layer.getContext("2d");
  const light = pen.createLinearGradient(0, 0, 0, 0.56 * height);
  light.addColorStop(0, "#56657f");
  light.addColorStop(0.6, "#9b9a9a");
  light.addColorStop(1, "#c8b9a2");
  pen.fillStyle = light;
  pen.fillRect(0, 0, width, height);
  const [x, y, radius] = [0.72 * width, 0.25 * height, 0.05 * height];
  const sun = pen.createRadialGradient(x, y, radius * 0.7, x, y, radius * 3);
  sun.addColorStop(0, "#fbeecb");
  sun.addColorStop(0.12, "rgb(251 226 180 / 0.35)");
  sun.addColorStop(1, "rgb(251 226 180 / 0)");
  pen.fillStyle = sun;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "rgb(240 232 220 / 0.22)";
  for (const [cx, cy, long, thin] of [[0.2, 0.2, 0.15, 0.013], [0.27, 0.225, 0.1, 0.01], [0.52, 0.12, 0.12, 0.01], [0.9, 0.36, 0.13, 0.011], [0.45, 0.36, 0.08, 0.008]]) {
    pen.beginPath();
    pen.ellipse(cx * width, cy * height, long * height, thin * height, 0, 0, 2 * Math.PI);
    pen.fill();
  }
  return layer;
}

// A silhouette whose upper edge is edge(x), both in frame heights.
function silhouette(pen, width, height, edge, fill) {
  pen.beginPath();
  pen.moveTo(0, height);
  for (let x = 0; x <= width; x += 2) pen.lineTo(x, edge(x / height) * height);
  pen.lineTo(width, height);
  pen.fillStyle = fill;
  pen.fill();
}

function hills(width, height) {
  const layer = canvas(width, height);
  const pen = layer.getContext("2d");
  silhouette(pen, width, height, (x) => 0.46 + 0.05 * Math.sin(5 * x + 1) + 0.02 * Math.sin(13 * x), "#66717a");
  silhouette(pen, width, height, (x) => 0.54 + 0.04 * Math.sin(4 * x + 3.4) + 0.015 * Math.sin(11 * x + 2), "#4d595c");
  pen.fillStyle = "#3f4a4b";
  for (let i = 0; i < 26; i++) {
    const x = ((i * 0.618) % 1) * width;
    const foot = (0.6 + 0.05 * ((i * 0.377) % 1)) * height;
    const tall = (0.045 + 0.03 * ((i * 0.731) % 1)) * height;
    pen.beginPath();
    pen.moveTo(x - tall * 0.28, foot);
    pen.lineTo(x, foot - tall);
    pen.lineTo(x + tall * 0.28, foot);
    pen.fill();
  }
  return layer;
}

function ground(width, height) {
  const layer = canvas(width, height);
  const pen = layer.getContext("2d");
  const edge = (x) => 0.66 + 0.018 * Math.sin(4 * x + 2);
  silhouette(pen, width, height, edge, "#77705f");
  pen.save();
  pen.globalCompositeOperation = "source-atop";
  const shade = pen.createLinearGradient(0, 0.64 * height, 0, height);
  shade.addColorStop(0, "rgb(255 240 210 / 0.16)");
  shade.addColorStop(1, "rgb(20 16 10 / 0.34)");
  pen.fillStyle = shade;
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = "rgb(28 24 18 / 0.20)";
  pen.lineWidth = height / 300;
  for (let i = -14; i <= 14; i++) {
    pen.beginPath();
    pen.moveTo(width / 2 + i * 0.05 * width, 0.6 * height);
    pen.lineTo(width / 2 + i * 0.2 * width, height);
    pen.stroke();
  }
  for (let i = 1; i <= 7; i++) {
    const y = (0.66 + 0.34 * (i / 7) ** 1.8) * height;
    pen.beginPath();
    pen.moveTo(0, y);
    pen.lineTo(width, y);
    pen.stroke();
  }
  pen.restore();
  for (const [x, tall] of [[0.06, 0.16], [0.3, 0.12], [0.83, 0.19], [0.96, 0.13]]) post(pen, x * width, 0.79 * height, tall * height);
  return layer;
}

// A marker as a surveyor sets it: something upright and near by which a move is judged.
function post(pen, x, foot, tall) {
  for (let part = 0; part < 5; part++) {
    pen.fillStyle = part % 2 ? "#e8dfcd" : "#8d3f33";
    pen.fillRect(x - tall * 0.035, foot - ((part + 1) * tall) / 5, tall * 0.07, tall / 5);
  }
  pen.fillStyle = "rgb(20 16 10 / 0.25)";
  pen.fillRect(x - tall * 0.035, foot, tall * 0.5, tall * 0.03);
}
