// Small pictures over the scrub strip, cut from one sheet as its WebVTT says: "sprite.jpg#xywh=x,y,w,h".

import { timecode } from "./timecode.js";

const LINE = /^([\d:.]+)\s+-->\s+([\d:.]+)/;

const seconds = (stamp) => stamp.split(":").reduce((total, part) => total * 60 + Number(part), 0);

export function parse(text, base) {
  const cues = [];
  const lines = text.split(/\r?\n/);
  lines.forEach((line, i) => {
    const times = line.match(LINE);
    const where = times && lines[i + 1]?.match(/^(.*)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)/);
    if (!where) return;
    const [x, y, w, h] = where.slice(2).map(Number);
    cues.push({ start: seconds(times[1]), end: seconds(times[2]), sheet: new URL(where[1], base).href, x, y, w, h });
  });
  return cues;
}

export function previews(address, box) {
  let cues;
  const load = () =>
    (cues ??= fetch(address)
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((text) => parse(text, new URL(address, location.href)))
      .catch(() => []));
  return {
    async show(time, share) {
      box.querySelector(".timecode").textContent = timecode(time);
      box.style.left = `clamp(5.25rem, ${share * 100}%, 100% - 5.25rem)`; // never out of the page
      box.hidden = false;
      const cue = address && (await load()).find(({ start, end }) => time >= start && time < end);
      const picture = box.querySelector(".player__picture");
      picture.hidden = !cue;
      if (!cue) return;
      picture.style.width = `${cue.w}px`;
      picture.style.height = `${cue.h}px`;
      picture.style.backgroundImage = `url("${cue.sheet}")`;
      picture.style.backgroundPosition = `-${cue.x}px -${cue.y}px`;
    },
    hide() {
      box.hidden = true;
    },
  };
}
