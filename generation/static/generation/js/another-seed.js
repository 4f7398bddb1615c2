/*
  <another-seed> puts a button under the seed field inside it that picks another seed. Without it the field
  may be typed in, or left empty.
*/
class AnotherSeed extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    if (!field || this.querySelector(".another")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "another button button--quiet button--small";
    button.textContent = "Another seed";
    button.addEventListener("click", () => {
      field.value = crypto.getRandomValues(new Uint32Array(1))[0];
    });
    field.after(button);
  }
}

customElements.define("another-seed", AnotherSeed);
