// The pictures a shot is directed by, each fetched once: what the stage begins with, and what is seen when.

import { fitted, fromStill, standIn } from "./animatic-plates.js";

const DISSOLVE_S = 0.35; // how long a picture comes and goes

export class Seen {
  // stills: [{sha256, url}], clips: [{id, poster}]; first: a still's address or ""; arrived: called with each picture.
  constructor({ size, stills, clips, first, arrived }) {
    Object.assign(this, { size, stills, clips, first, arrived });
    this.ready = new Map();
    this.empty = standIn(size);
  }

  // The clip that is drawn over, or the still the shot begins with, or a stand-in, in layers.
  plate({ source }) {
    const address = this.clips.find((clip) => clip.id === source?.clip)?.poster || this.first;
    return (address && this.fetched(`plate ${address}`, () => fromStill(address, this.size))) || this.empty;
  }

  // The pictures that are seen at a time, each for a moment before and after its own.
  at({ keyframes }, t, seconds) {
    return keyframes.flatMap(({ t: own, still, strength }) => {
      const near = 1 - (Math.abs(t - own) * seconds) / DISSOLVE_S;
      const address = this.stills.find((one) => one.sha256 === still)?.url;
      const picture = near > 0 && address && this.fetched(address, () => fitted(address, this.size));
      return picture ? [{ picture, strength: strength * near }] : [];
    });
  }

  fetched(name, fetch) {
    if (!this.ready.has(name)) {
      this.ready.set(name, null);
      fetch().then((picture) => this.arrived(this.ready.set(name, picture)), () => {});
    }
    return this.ready.get(name);
  }
}
