/*
  <take-compare> lays the second video inside it over the first and shows as much of it as the slider says;
  both play as one, from one button, at the same moment. Arrow keys move the slider. Without it they stand
  side by side, each with the browser's controls.
*/
const DRIFT_S = 0.04; // about a frame: more apart than this, the second is set right

class TakeCompare extends HTMLElement {
  connectedCallback() {
    const [a, b] = this.querySelectorAll("video");
    if (!a || !b || this.wipe) return;
    this.videos = [a, b];
    this.toggleAttribute("over", true);
    for (const video of this.videos) video.controls = false;
    this.append(this.bar());
    this.show(50);
    a.addEventListener("play", () => b.play().catch(() => {}));
    a.addEventListener("pause", () => b.pause());
    for (const event of ["seeking", "timeupdate"]) a.addEventListener(event, () => this.follow());
    for (const event of ["play", "pause"]) a.addEventListener(event, () => this.say());
    this.say();
  }

  bar() {
    const bar = document.createElement("div");
    bar.className = "compare__bar";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button--quiet";
    this.button.addEventListener("click", () => {
      const [a] = this.videos;
      a.paused ? a.play().catch(() => {}) : a.pause();
    });
    const label = document.createElement("label");
    label.className = "compare__wipe";
    label.textContent = "Wipe from B to A";
    this.wipe = document.createElement("input");
    this.wipe.type = "range";
    this.wipe.min = 0;
    this.wipe.max = 100;
    this.wipe.addEventListener("input", () => this.show(Number(this.wipe.value)));
    label.append(this.wipe);
    bar.append(this.button, label);
    return bar;
  }

  show(share) {
    this.wipe.value = share;
    this.style.setProperty("--wipe", `${share}%`);
  }

  follow() {
    const [a, b] = this.videos;
    const there = b.duration ? a.currentTime % b.duration : a.currentTime;
    if (Math.abs(b.currentTime - there) > DRIFT_S) b.currentTime = there;
  }

  say() {
    this.button.textContent = this.videos[0].paused ? "Play both" : "Pause both";
  }
}

customElements.define("take-compare", TakeCompare);
