/*
  <engine-reach> lets the form it stands in say how far the chosen engine goes: what lengths and shapes it draws
  stands with these fields, a shape it does not draw can no longer be chosen, and what is chosen already and lies
  beyond is marked. The engine's <option>s say it: data-lengths, data-shapes (sentences), data-shortest,
  data-longest (seconds), data-aspects ("16:9 1:1"). Without it the form says so once it is sent.
*/
class EngineReach extends HTMLElement {
  connectedCallback() {
    this.fields = this.closest("form").elements;
    if (!(this.fields.engine instanceof HTMLSelectElement)) return; // there is but one, and the page speaks of it
    for (const name of ["engine", "aspect", "seconds"]) {
      this.fields[name].addEventListener("input", () => this.say());
    }
    this.say();
  }

  say() {
    const { engine, aspect, seconds } = this.fields;
    const { lengths, shapes, aspects, shortest, longest } = engine.selectedOptions[0]?.dataset ?? {};
    if (!aspects) return; // it is not here any more
    const drawn = aspects.split(" ");
    for (const option of aspect.options) option.disabled = !drawn.includes(option.value) && !option.selected;
    note(aspect, shapes, drawn.includes(aspect.value));
    const length = Number(seconds.value);
    Object.assign(seconds, { min: shortest, max: longest });
    note(seconds, lengths, !seconds.value || (Number(shortest) <= length && length <= Number(longest)));
  }
}

function note(field, sentence, fits) {
  const help = field.closest(".field").querySelector(".field__help");
  if (help) help.textContent = sentence;
  field.setAttribute("aria-invalid", String(!fits));
}

customElements.define("engine-reach", EngineReach);
