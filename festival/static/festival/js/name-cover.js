// <name-cover ranges="0.000-4.200,50.000-60.000">: a card over the picture, and silence, while names would be
// seen or heard. Stands beside a <film-player>, and moves into it, so that it fills the screen with it.

const AHEAD_S = 0.3; // a picture may be drawn a little before the clock has moved

class NameCover extends HTMLElement {
  connectedCallback() {
    if (this.video) return;
    const player = this.parentElement.querySelector("film-player");
    this.video = player.querySelector("video");
    this.ranges = this.getAttribute("ranges").split(",").map((pair) => pair.split("-").map(Number));
    player.append(this);
    for (const event of ["timeupdate", "seeking", "seeked", "playing", "volumechange"]) {
      this.video.addEventListener(event, () => this.draw());
    }
    this.video.addEventListener("waiting", () => this.#step());
    this.#watchFrames();
    this.draw();
  }

  // What is covered may not be sent at all: where nothing comes, go on behind it, or end with it.
  #step() {
    const at = this.video.currentTime;
    const range = this.ranges.find(([start, end]) => at >= start - AHEAD_S && at < end);
    if (!range) return;
    if (range[1] >= this.video.duration - AHEAD_S) this.video.pause();
    else this.video.currentTime = range[1];
  }

  // With every picture where the browser tells of each; `timeupdate` alone comes four times a second.
  #watchFrames() {
    this.video.requestVideoFrameCallback?.(() => {
      this.draw();
      this.#watchFrames();
    });
  }

  draw() {
    const at = this.video.currentTime;
    const covers = this.ranges.some(([start, end]) => at >= start - AHEAD_S && at < end);
    if (covers && !this.video.muted) {
      this.video.muted = true;
      this.silenced = true;
    }
    if (!covers && this.silenced) {
      this.video.muted = false;
      this.silenced = false;
    }
    this.hidden = !covers;
  }
}

customElements.define("name-cover", NameCover);
