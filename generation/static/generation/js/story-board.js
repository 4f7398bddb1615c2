/*
  <story-board> lets shots be dragged to another place, in their scene or another: [data-shot] within
  [data-scene]. Where one is dropped is sent to its data-place, and the page comes again in the new order.
  Without it, and by keyboard, the buttons at each shot move it.
*/
class StoryBoard extends HTMLElement {
  connectedCallback() {
    for (const shot of this.querySelectorAll("[data-shot]")) shot.draggable = true;
    this.addEventListener("dragstart", (event) => this.lift(event));
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("drop", (event) => this.drop(event));
    this.addEventListener("dragend", () => this.lay());
  }

  lift(event) {
    this.held = event.target.closest("[data-shot]");
    if (!this.held) return;
    this.held.setAttribute("held", "");
    event.dataTransfer.effectAllowed = "move";
  }

  over(event) {
    const scene = event.target.closest("[data-scene]");
    if (!this.held || !scene) return;
    event.preventDefault();
    const shots = [...scene.querySelectorAll("[data-shot]")].filter((shot) => shot !== this.held);
    const after = shots.find((shot) => {
      const box = shot.getBoundingClientRect();
      return event.clientY < box.bottom && event.clientX < box.left + box.width / 2;
    });
    scene.querySelector("ol").insertBefore(this.held, after ?? scene.querySelector(".frame--add"));
  }

  async drop(event) {
    const scene = this.held?.closest("[data-scene]");
    if (!scene) return;
    event.preventDefault();
    const shots = [...scene.querySelectorAll("[data-shot]")];
    const form = this.held.querySelector("form").cloneNode(true);
    const place = { do: "to", scene: scene.dataset.scene, to: shots.indexOf(this.held) };
    for (const [name, value] of Object.entries(place)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    const body = new FormData(form);
    const answer = await fetch(this.held.dataset.place, { method: "POST", body }).catch(() => null);
    if (!answer || answer.ok) return window.location.reload();
    form.hidden = true;
    document.body.append(form);
    form.submit(); // as a page, a refusal can be read
  }

  lay() {
    this.held?.removeAttribute("held");
    this.held = null;
  }
}

customElements.define("story-board", StoryBoard);
