/*
  <animatic-pictures> has the production's stills, to be shown at a moment of the shot or kept to as references,
  and its clips, one of which may be drawn over.

  Events: animatic-picture {still}, animatic-keyframe {index, strength | remove}, animatic-reference {still},
  animatic-source {clip, strength}.
*/
import { button, clock, element, tell } from "./animatic-build.js";

let made = 0;

class AnimaticPictures extends HTMLElement {
  // stills: [{sha256, url, words}], clips: [{id, words}]; both for good.
  offer({ stills, clips }) {
    this.hidden = !stills.length && !clips.length;
    if (this.hidden) return;
    this.stills = stills.map((still) => this.still(still));
    this.keys = element("ul", { class: "pictures__keys" });
    const parts = [];
    if (stills.length) parts.push(element("div", { class: "pictures__stills" }, ...this.stills.map((one) => one.card)), this.keys);
    if (clips.length) parts.push(this.source(clips));
    this.replaceChildren(element("details", {}, element("summary", {}, "Pictures and clips"), ...parts));
  }

  still({ sha256, url, words }) {
    const place = button("Place");
    place.addEventListener("click", () => tell(this, "picture", { still: sha256 }));
    const keep = button("Refer", { "aria-pressed": "false", title: "Keep to who and what is seen here" });
    keep.addEventListener("click", () => tell(this, "reference", { still: sha256 }));
    const card = element("div", { class: "pictures__still" }, element("img", { src: url, alt: words, loading: "lazy" }), place, keep);
    return { sha256, words, place, keep, card };
  }

  source(clips) {
    const id = `source-${++made}`;
    this.clip = element("select", { id }, new Option("Nothing", ""), ...clips.map((clip) => new Option(clip.words, clip.id)));
    this.far = element("input", { type: "range", min: 0, max: 1, step: 0.05, class: "dial__range" });
    this.apart = element("label", { class: "pictures__apart small" }, "How far it may go from it", this.far);
    const said = () => tell(this, "source", { clip: this.clip.value, strength: this.far.valueAsNumber });
    this.clip.addEventListener("change", said);
    this.far.addEventListener("input", said);
    return element("div", { class: "field" }, element("label", { for: id }, "Draw over"), this.clip, this.apart);
  }

  show({ direction, t, seconds }) {
    if (this.hidden || !this.stills) return;
    const { keyframes, references, source } = direction;
    const at = clock(t * seconds);
    for (const { sha256, words, place, keep } of this.stills) {
      place.setAttribute("aria-label", `Place ${words} at ${at}`);
      place.title = `Show it at ${at}`;
      keep.setAttribute("aria-label", `Keep to ${words}`);
      keep.setAttribute("aria-pressed", String(references.some((one) => one.still === sha256)));
    }
    if (this.clip) {
      this.clip.value = source?.clip ?? "";
      this.far.value = source?.strength ?? 0.6;
      this.apart.hidden = !source;
      this.far.style.setProperty("--nought", "0%");
      this.far.style.setProperty("--from", "0%");
      this.far.style.setProperty("--to", `${100 * (source?.strength ?? 0.6)}%`);
    }
    const shape = keyframes.map((key) => `${key.still}${clock(key.t * seconds)}`).join();
    if (shape !== this.shape) this.keys.replaceChildren(...keyframes.map((key, index) => this.key(key, index, seconds)));
    this.shape = shape;
  }

  key(key, index, seconds) {
    const words = this.stills.find((one) => one.sha256 === key.still)?.words ?? "a picture";
    const id = `strength-${++made}`;
    const strength = element("input", { type: "range", id, min: 0, max: 1, step: 0.05, value: key.strength, class: "dial__range" });
    const fill = () => strength.style.setProperty("--to", `${100 * strength.valueAsNumber}%`);
    strength.style.setProperty("--nought", "0%");
    strength.style.setProperty("--from", "0%");
    fill();
    strength.addEventListener("input", () => {
      fill();
      tell(this, "keyframe", { index, strength: strength.valueAsNumber });
    });
    const remove = button("Remove", { "aria-label": `Remove ${words} at ${clock(key.t * seconds)}` });
    remove.addEventListener("click", () => tell(this, "keyframe", { index, remove: true }));
    return element("li", {}, element("label", { for: id, class: "small" }, `${words}, ${clock(key.t * seconds)}`), strength, remove);
  }
}

customElements.define("animatic-pictures", AnimaticPictures);
