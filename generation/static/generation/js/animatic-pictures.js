/*
  <animatic-pictures> has the production's stills, to be shown at a moment of the shot or kept to as references,
  and the clips one may use, one of which may be drawn over, whole or in part.

  Events: animatic-picture {still}, animatic-keyframe {index, strength | remove}, animatic-reference {still},
  animatic-referred {index, kind | name}, animatic-source {clip, strength, redraw}.
*/
import { button, clock, element, tell } from "./animatic-build.js";

const KINDS = { cast: "Somebody", prop: "A thing", place: "A place", style: "A look" };
const REDRAWN = {
  all: "All of it",
  inside: "What boxes and regions cover",
  outside: "All but what boxes and regions cover",
  around: "What lies around it, in this shot's shape",
};
const ABOUT = "Place shows a picture where the playhead stands. Keep to holds on to who and what is seen in it.";
let made = 0;
const id = (name) => `${name}-${++made}`;

class AnimaticPictures extends HTMLElement {
  // stills: [{sha256, url, words}], clips: [{id, words, group}]; both for good.
  offer({ stills, clips }) {
    this.hidden = !stills.length && !clips.length;
    if (this.hidden) return;
    this.stills = stills.map((still) => this.still(still));
    this.keys = element("ul", { class: "pictures__keys" });
    this.kept = element("ul", { class: "pictures__keys" });
    const parts = [];
    if (stills.length) parts.push(element("p", { class: "quiet small" }, ABOUT), element("div", { class: "pictures__stills" }, ...this.stills.map((one) => one.card)), this.keys, this.kept);
    if (clips.length) parts.push(this.source(clips));
    this.fold = element("details", {}, element("summary", {}, "Pictures and clips"), ...parts);
    this.replaceChildren(this.fold);
  }

  still({ sha256, url, words }) {
    const place = button("Place");
    place.addEventListener("click", () => tell(this, "picture", { still: sha256 }));
    const keep = button("Keep to", { "aria-pressed": "false", title: "Keep to who and what is seen here" });
    keep.addEventListener("click", () => tell(this, "reference", { still: sha256 }));
    const card = element("div", { class: "pictures__still" }, element("img", { src: url, alt: words, loading: "lazy" }), place, keep);
    return { sha256, words, place, keep, card };
  }

  source(clips) {
    const groups = grouped(clips);
    const choices = [...groups].map(([label, some]) => element("optgroup", { label: label || "Clips" }, ...some.map((clip) => new Option(clip.words, clip.id))));
    this.clip = element("select", { id: id("source") }, new Option("Nothing", ""), ...choices);
    this.redraw = element("select", { id: id("redraw") }, ...Object.entries(REDRAWN).map(([name, words]) => new Option(words, name)));
    this.far = element("input", { type: "range", min: 0, max: 1, step: 0.05, class: "dial__range" });
    this.apart = element("label", { class: "pictures__apart small" }, "How far it may go from it", this.far);
    this.anew = element("div", { class: "field" }, element("label", { for: this.redraw.id }, "Drawn anew"), this.redraw);
    const said = () => tell(this, "source", { clip: this.clip.value, strength: this.far.valueAsNumber, redraw: this.redraw.value });
    for (const [field, event] of [[this.clip, "change"], [this.redraw, "change"], [this.far, "input"]]) field.addEventListener(event, said);
    const over = element("div", { class: "field" }, element("label", { for: this.clip.id }, "Draw over"), this.clip);
    return element("div", { class: "pictures__source" }, over, this.anew, this.apart);
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
    if (this.clip) this.showSource(source);
    this.list(this.keys, keyframes.map((key) => `${key.still}${clock(key.t * seconds)}`), () => keyframes.map((key, index) => this.key(key, index, seconds)));
    this.list(this.kept, references.map((one) => one.still), () => references.map((one, index) => this.reference(one, index)));
    if (!this.shown && (source || keyframes.length || references.length)) this.fold.open = true;
    this.shown = true;
  }

  showSource(source) {
    const strength = source?.strength ?? 0.6;
    this.clip.value = source?.clip ?? "";
    if (source && !this.clip.value) {
      this.clip.add(new Option("The clip that was chosen", source.clip)); // an older one, or one of somebody who shares the shot
      this.clip.value = source.clip;
    }
    this.redraw.value = source?.redraw ?? "all";
    this.far.value = strength;
    this.anew.hidden = !source;
    this.apart.hidden = !source || this.redraw.value !== "all";
    this.far.style.setProperty("--nought", "0%");
    this.far.style.setProperty("--from", "0%");
    this.far.style.setProperty("--to", `${100 * strength}%`);
  }

  // Build the rows anew only where others are to be shown, so that fields keep the hand that is in them.
  list(rows, names, build) {
    const shape = names.join();
    if (shape !== rows.shape) rows.replaceChildren(...build());
    rows.shape = shape;
  }

  named(still) {
    return this.stills.find((one) => one.sha256 === still)?.words ?? "a picture";
  }

  key(key, index, seconds) {
    const words = this.named(key.still);
    const strength = element("input", { type: "range", id: id("strength"), min: 0, max: 1, step: 0.05, value: key.strength, class: "dial__range" });
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
    return element("li", {}, element("label", { for: strength.id, class: "small" }, `${words}, ${clock(key.t * seconds)}: how closely it is kept to`), strength, remove);
  }

  reference({ still, kind, name }, index) {
    const words = this.named(still);
    const what = element("select", { "aria-label": `What ${words} shows` }, ...Object.entries(KINDS).map(([value, said]) => new Option(said, value)));
    what.value = kind ?? "cast";
    what.addEventListener("change", () => tell(this, "referred", { index, kind: what.value }));
    const called = element("input", { type: "text", maxlength: 60, autocomplete: "off", "aria-label": `Name of what ${words} shows`, placeholder: "in words" });
    called.value = name ?? "";
    called.addEventListener("input", () => tell(this, "referred", { index, name: called.value }));
    return element("li", { class: "pictures__reference" }, element("span", { class: "small" }, `Keep to ${words}`), what, called);
  }
}

function grouped(clips) {
  const groups = new Map();
  for (const clip of clips) groups.set(clip.group, [...(groups.get(clip.group) ?? []), clip]);
  return groups;
}

customElements.define("animatic-pictures", AnimaticPictures);
