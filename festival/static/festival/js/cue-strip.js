// The film laid out from left to right: small pictures, the sound, the ranges marked, and where it is now.

const PICTURES = 14;
const TRACKS = ["picture", "sound", "text"]; // from top to bottom
const SVG = "http://www.w3.org/2000/svg";

export function strip(element, { length, sprite, waveform, video, seek }) {
  if (!length) return null;
  element.hidden = false;
  const frames = part("cue-strip__frames");
  const ranges = document.createElementNS(SVG, "svg");
  ranges.setAttribute("class", "cue-strip__ranges");
  const now = part("cue-strip__now");
  element.setAttribute("aria-hidden", "true"); // the rows below say the same in words
  element.append(frames);
  if (waveform) element.append(sound(waveform));
  element.append(ranges, now);
  element.addEventListener("click", ({ clientX }) => {
    const box = element.getBoundingClientRect();
    seek((length * (clientX - box.left)) / box.width);
  });
  for (const event of ["timeupdate", "seeking"]) {
    video.addEventListener(event, () => (now.style.left = `${(100 * video.currentTime) / length}%`));
  }
  pictures(frames, sprite, length);
  return { draw: (marked) => ranges.replaceChildren(...marked.filter(({ start, end }) => end > start).map(range)) };

  function range({ start, end, kind, track }) {
    const rect = document.createElementNS(SVG, "foreignObject");
    rect.setAttribute("y", `${(100 * TRACKS.indexOf(track)) / TRACKS.length}%`);
    rect.setAttribute("x", `${(100 * start) / length}%`);
    rect.setAttribute("width", `${(100 * (end - start)) / length}%`);
    rect.setAttribute("height", `${92 / TRACKS.length}%`);
    rect.append(part(`range kind--${kind}`));
    return rect;
  }
}

function part(className) {
  const made = document.createElement("div");
  made.className = className;
  return made;
}

function sound(address) {
  const image = new Image();
  image.className = "cue-strip__sound";
  image.alt = "";
  image.addEventListener("error", () => image.remove());
  image.src = address;
  return image;
}

// Cut PICTURES tiles, evenly spread, out of the sprite sheet that its WebVTT describes.
async function pictures(frames, sprite, length) {
  const answer = await fetch(sprite).catch(() => null);
  if (!answer?.ok) return;
  const tiles = [...(await answer.text()).matchAll(/(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g)];
  if (!tiles.length) return;
  const sheet = new Image();
  sheet.src = new URL(tiles[0][1], new URL(sprite, location.href));
  await sheet.decode().catch(() => null);
  for (let i = 0; i < PICTURES; i += 1) {
    const [, , x, y, width, height] = tiles[Math.floor(((i + 0.5) / PICTURES) * tiles.length)].map(Number);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    canvas.getContext("2d").drawImage(sheet, x, y, width, height, 0, 0, width, height);
    frames.append(canvas);
  }
}
