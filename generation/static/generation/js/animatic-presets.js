// Moves that a director knows by name, written out as curves: generation/animatic/presets.py in the browser.

import { FOCAL, FULL, MOST } from "./animatic-compile.js";

const STOPS = 9;
const MOST_TURN = Math.PI / 4;
const SHAKES_S = 3;
const HAND = { truck: 0.35, pedestal: 0.3, pan: 0.2, tilt: 0.2, roll: 0.5 };
const LATER = 0x9e3779b9;

const way = (amount) => [{ t: 0, v: 0, ease: "in-out" }, { t: 1, v: amount, ease: "in-out" }];

const MOVES = {
  orbit(amount, { aspect }) {
    const turn = (Math.min(MOST_TURN, Math.atan(aspect / FOCAL)) * amount) / FULL;
    const frames = (FULL * FOCAL) / aspect;
    const curves = { truck: [], dolly: [], pan: [] };
    for (let i = 0; i < STOPS; i++) {
      const t = i / (STOPS - 1);
      const angle = turn * t * t * (3 - 2 * t);
      curves.truck.push({ t, v: frames * Math.sin(angle), ease: "linear" });
      curves.dolly.push({ t, v: -FULL * Math.log2(Math.cos(angle)), ease: "linear" });
      curves.pan.push({ t, v: -frames * Math.tan(angle), ease: "linear" });
    }
    return curves;
  },
  crane: (amount) => ({ pedestal: way(amount), tilt: way(-amount / 2) }),
  "dolly zoom": (amount) => ({ dolly: way(amount), zoom: way(-amount) }),
  "hand-held"(amount, { seconds, seed }) {
    const count = Math.max(4, Math.min(MOST.keys, Math.round(seconds * SHAKES_S) + 1));
    const curves = {};
    Object.entries(HAND).forEach(([dial, share], number) => {
      const random = mulberry32((seed + LATER * number) >>> 0);
      curves[dial] = Array.from({ length: count }, (_, i) => ({
        t: i / (count - 1),
        v: i === 0 ? 0 : share * amount * (2 * random() - 1),
        ease: "in-out",
      }));
    });
    return curves;
  },
};

export const NAMES = Object.keys(MOVES);

export function expand(name, { amount, aspect, seconds = 4, seed = 1 }) {
  return MOVES[name](amount, { aspect, seconds, seed });
}

function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
