// What an engine leaves out of a direction: generation/animatic/omissions.py in the browser, word for word.

import { dialsAt, moves, path, timeOf } from "./animatic-compile.js";

const MOST_BOXES = 2;
const FRAMES = 25;
const STANDS = 0.02;
const DEEP = ["truck", "pedestal", "dolly"];

export function ignored(direction, inputs) {
  const takes = (name) => inputs.includes(name);
  const left = pictures(direction, takes);
  if (steeredByClip(direction, takes)) return [...besideClip(direction), ...left];
  if (takes("control")) return left;
  return [...camera(direction.camera ?? {}, takes), ...layout(direction, takes), ...left];
}

// A clip that is drawn over whole takes the place of the control clip.
function steeredByClip({ source }, takes) {
  const whole = source && ((source.redraw ?? "all") === "all" || !takes("mask"));
  return whole && takes("source_video") && takes("control");
}

function besideClip({ camera: asked = {}, boxes = [], strokes = [] }) {
  const said = ["How far it may go from the clip is left out: this engine keeps to what moves in it."];
  if (asked.lock || moving(asked).length || boxes.length || strokes.some(moves)) {
    said.push("Camera, boxes and strokes are said in words alone: the clip that is drawn over steers.");
  }
  return said;
}

export function moving({ lock, curves = {} }) {
  if (lock) return [];
  return Object.keys(curves).filter((dial) => new Set(curves[dial].map((key) => key.v)).size > 1);
}

function camera(asked, takes) {
  const moved = moving(asked);
  if (!moved.length || takes("poses")) return [];
  if (takes("camera")) {
    const said = [];
    if (moved.includes("roll")) said.push("Roll is left out: this engine follows pan, tilt and zoom.");
    const flat = DEEP.filter((dial) => moved.includes(dial));
    if (flat.length && stands(asked)) {
      said.push("This is a move of depth, which this engine does not know: it would stand still.");
    } else if (flat.length) {
      const names = listed(flat);
      const are = flat.length === 1 ? "is" : "are";
      said.push(`${names[0].toUpperCase()}${names.slice(1)} ${are} drawn as a move in the picture: near and far may move alike.`);
    }
    return said;
  }
  return ["The camera's path is left out: its direction goes into the words, its speed does not."];
}

function stands(asked) {
  const paths = Array.from({ length: FRAMES }, (_, frame) => path(dialsAt(asked, timeOf(frame, FRAMES))));
  return [0, 1, 2].every((part) => {
    const values = paths.map((row) => row[part]);
    return !(Math.max(...values) - Math.min(...values) > STANDS);
  });
}

function layout({ boxes = [], strokes = [] }, takes) {
  const said = [];
  if (boxes.length && !takes("boxes")) {
    said.push("Boxes are left out: what they hold and which way it goes is said in words.");
  } else if (boxes.length > MOST_BOXES) {
    const left = listed(boxes.slice(MOST_BOXES).map((box, i) => (box.noun ? `“${box.noun}”` : `box ${MOST_BOXES + i + 1}`)));
    said.push(`This engine places ${MOST_BOXES} boxes: ${left} is left to the words.`);
  }
  const live = strokes.filter(moves);
  if (live.length && !takes("strokes")) {
    said.push(
      live.every((stroke) => stroke.name)
        ? "Brush strokes are left out: they are said in words alone."
        : "Brush strokes are left out. Give each a name, and the words can speak of it.",
    );
  } else if (live.some((stroke) => stroke.proximity)) {
    said.push("Of brush strokes only their way is followed, not how near they come.");
  }
  return said;
}

function pictures({ keyframes = [], source, references = [] }, takes) {
  const said = [];
  if (!takes("keyframes")) {
    for (const [t, name, which] of [[0, "first_frame", "first"], [1, "last_frame", "last"]]) {
      if (keyframes.some((key) => key.t === t) && !takes(name)) {
        said.push(`The picture for the ${which} frame is left out: this engine takes none there.`);
      }
    }
    if (keyframes.some((key) => key.t > 0 && key.t < 1)) {
      said.push("Pictures between the first frame and the last are left out.");
    }
  }
  if (source && !takes("source_video")) said.push("The source clip is left out: this engine does not draw over another.");
  else if (source && (source.redraw ?? "all") !== "all" && !takes("mask")) said.push("All of the clip is drawn anew: this engine keeps no part of one.");
  if (references.length && !takes("references")) said.push("Reference pictures are left out.");
  return said;
}

function listed(words) {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];
}
