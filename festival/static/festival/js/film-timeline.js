// <film-timeline>: shows where the film is, and takes it to the second that is pressed.

class FilmTimeline extends HTMLElement {
  connectedCallback() {
    const player = document.querySelector("film-player");
    const video = player?.querySelector("video");
    const length = Number(this.getAttribute("duration-s"));
    if (!video || !length) return;
    const marks = this.querySelectorAll(".timeline__now");
    const draw = () => {
      for (const mark of marks) mark.style.transform = `translateX(${(100 * video.currentTime) / length}%)`;
    };
    for (const mark of marks) mark.hidden = false;
    for (const event of ["timeupdate", "seeking"]) video.addEventListener(event, draw);
    for (const button of this.querySelectorAll(".timeline__seek")) button.disabled = false;
    this.addEventListener("click", ({ target, clientX }) => {
      const button = target.closest("[data-seek]");
      const track = target.closest(".timeline__track");
      if (button) player.seek(Number(button.dataset.seek));
      else if (track) {
        const box = track.getBoundingClientRect();
        player.seek((length * (clientX - box.left)) / box.width);
      }
    });
    draw();
  }
}

customElements.define("film-timeline", FilmTimeline);
