/*
  <play-clip> takes the browser's controls off the video inside it, which would hide half of a small picture,
  and puts one button in their place: the picture plays, silent and in a loop, until it is pressed again.
*/
class PlayClip extends HTMLElement {
  connectedCallback() {
    const video = this.querySelector("video");
    if (!video || this.querySelector(".play-clip__button")) return;
    video.controls = false;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "play-clip__button";
    const say = () => {
      button.setAttribute("aria-label", `${video.paused ? "Play" : "Pause"}: ${video.getAttribute("aria-label")}`);
      this.toggleAttribute("playing", !video.paused);
    };
    button.addEventListener("click", () => (video.paused ? video.play().catch(say) : video.pause()));
    for (const event of ["play", "pause"]) video.addEventListener(event, say);
    say();
    this.append(button);
  }
}

customElements.define("play-clip", PlayClip);
