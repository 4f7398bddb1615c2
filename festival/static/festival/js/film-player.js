// <film-player>: a film with its controls. The video inside it plays by itself where scripts are off.
//
// Attributes: hls, sprite (addresses), duration-s, frame-rate ("24000/1001"), marking (I and O mark a range).
// Events: film-mark {edge: "in" | "out", time}. Methods: seek(seconds), toggle().

import { controls } from "./player-controls.js";
import { attach } from "./player-source.js";
import { previews } from "./player-previews.js";
import { timecode } from "./timecode.js";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

class FilmPlayer extends HTMLElement {
  connectedCallback() {
    if (this.video) return;
    this.video = this.querySelector("video");
    this.video.controls = false;
    this.ui = controls({ marking: this.hasAttribute("marking"), captions: this.tracks.length, speeds: SPEEDS });
    this.append(this.ui.stage, this.ui.bar);
    this.previews = previews(this.getAttribute("sprite"), this.ui.preview);
    this.#listen();
    this.#offerCaptions();
    this.#draw();
    this.ready = this.#begin();
  }

  disconnectedCallback() {
    this.source?.stop();
  }

  get duration() {
    return Number.isFinite(this.video.duration) ? this.video.duration : Number(this.getAttribute("duration-s")) || 0;
  }

  get frame() {
    const [over, under = 1] = (this.getAttribute("frame-rate") || "25").split("/").map(Number);
    return under / over || 0.04;
  }

  get tracks() {
    return [...this.video.textTracks].filter((track) => ["captions", "subtitles"].includes(track.kind));
  }

  seek(seconds) {
    this.video.currentTime = Math.min(Math.max(0, seconds), this.duration || seconds);
    this.#draw();
  }

  toggle() {
    this.wanted = this.video.paused;
    if (this.wanted) this.#play();
    else this.video.pause();
  }

  #play() {
    this.video.play().catch((error) => {
      if (error.name !== "AbortError") this.say("The film cannot start here. Reload the page, or try another browser.");
    });
  }

  say(words) {
    this.ui.status.textContent = words;
  }

  async #begin() {
    const source = { hls: this.getAttribute("hls"), mp4: this.querySelector("source")?.src };
    this.source = await attach(this.video, source, {
      onHeights: (heights) => this.ui.offerQuality(heights),
      onHeight: (height) => this.ui.showQuality(height),
      onBroken: () => this.say("The film stopped loading. Reload the page to go on from here."),
    });
    if (this.wanted && this.video.paused) this.#play(); // taking its source stopped what had begun before
  }

  #listen() {
    const { ui, video } = this;
    const redraw = ["timeupdate", "durationchange", "play", "pause", "seeking", "progress", "volumechange", "ended"];
    for (const event of redraw) video.addEventListener(event, () => this.#draw());
    video.addEventListener("waiting", () => this.toggleAttribute("data-waiting", true));
    video.addEventListener("playing", () => this.toggleAttribute("data-waiting", false));
    ui.stage.addEventListener("click", () => this.toggle());
    ui.on("play", () => this.toggle());
    ui.on("back", () => this.seek(video.currentTime - 10));
    ui.on("forward", () => this.seek(video.currentTime + 10));
    ui.on("mute", () => (video.muted = !video.muted));
    ui.on("captions", () => this.#toggleCaptions());
    ui.on("fullscreen", () => this.#toggleFullscreen());
    ui.on("in", () => this.#mark("in"));
    ui.on("out", () => this.#mark("out"));
    ui.volume.addEventListener("input", () => {
      video.volume = Number(ui.volume.value);
      video.muted = false;
    });
    ui.speed.addEventListener("change", () => (video.playbackRate = Number(ui.speed.value)));
    ui.quality.addEventListener("change", () => this.source?.choose(Number(ui.quality.value)));
    ui.language?.addEventListener("change", () => this.#showCaptions(Number(ui.language.value)));
    ui.scrub.addEventListener("input", () => this.seek(Number(ui.scrub.value)));
    ui.scrub.addEventListener("pointermove", (event) => this.#previewAt(event));
    ui.scrub.addEventListener("pointerleave", () => this.previews.hide());
    ui.scrub.addEventListener("blur", () => this.previews.hide());
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  #previewAt(event) {
    const box = this.ui.scrub.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    this.previews.show(share * this.duration, share);
  }

  // Keys work while the focus is in the player, so that they never take letters from a text elsewhere.
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    const act = this.#act(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #act({ key, target }) {
    const { video } = this;
    const step = (seconds) => () => {
      this.seek(video.currentTime + seconds);
      if (target === this.ui.scrub) this.previews.show(video.currentTime, video.currentTime / (this.duration || 1));
    };
    const frame = (n) => () => {
      video.pause();
      this.seek(video.currentTime + n * this.frame);
    };
    if (key === " " && target.matches("button") && target !== this.ui.stage) return null;
    if (key.startsWith("Arrow") && target === this.ui.volume) return null;
    const acts = {
      " ": () => this.toggle(),
      k: () => this.toggle(),
      j: step(-10),
      l: step(10),
      ArrowLeft: step(-5),
      ArrowRight: step(5),
      ",": frame(-1),
      ".": frame(1),
      f: () => this.#toggleFullscreen(),
      m: () => (video.muted = !video.muted),
      c: () => this.#toggleCaptions(),
    };
    if (this.hasAttribute("marking")) Object.assign(acts, { i: () => this.#mark("in"), o: () => this.#mark("out") });
    return acts[key.length === 1 ? key.toLowerCase() : key];
  }

  #mark(edge) {
    const time = this.video.currentTime;
    this.say(`${edge === "in" ? "In" : "Out"} marked at ${timecode(time)}.`);
    this.dispatchEvent(new CustomEvent("film-mark", { bubbles: true, detail: { edge, time } }));
  }

  #toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.requestFullscreen?.().catch(() => this.say("This browser does not let the film fill the screen."));
  }

  #offerCaptions() {
    this.chosen = Math.max(0, this.tracks.findIndex((track) => track.mode === "showing"));
    this.ui.offerLanguages(this.tracks.map((track) => track.label || track.language));
    const shown = this.tracks.findIndex((track) => track.mode === "showing");
    this.#showCaptions(shown);
  }

  #toggleCaptions() {
    if (!this.tracks.length) return;
    const shown = this.tracks.some((track) => track.mode === "showing");
    this.#showCaptions(shown ? -1 : this.chosen);
  }

  #showCaptions(index) {
    this.tracks.forEach((track, i) => (track.mode = i === index ? "showing" : "disabled"));
    if (index >= 0) this.chosen = index;
    this.ui.showCaptions(index);
  }

  #draw() {
    const { video, duration } = this;
    const ends = video.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0;
    this.toggleAttribute("data-playing", !video.paused);
    this.ui.draw({
      now: timecode(video.currentTime),
      length: timecode(duration),
      time: video.currentTime,
      duration,
      buffered: duration ? ends / duration : 0,
      paused: video.paused,
      silent: video.muted || video.volume === 0,
      volume: video.volume,
    });
  }
}

customElements.define("film-player", FilmPlayer);
