/*
  <engine-reach> lets the form it stands in say how far the chosen engine goes: what lengths and shapes it draws
  stands with these fields, a shape it does not draw can no longer be chosen, and what lies beyond is marked as
  soon as somebody changes it or the engine. The engine's <option>s say it: data-lengths, data-shapes (sentences),
  data-shortest, data-longest (seconds), data-aspects ("16:9 1:1"). Without it the form says so once it is sent.
*/
const help = (field) => field.closest(".field").querySelector(".field__help");

class EngineReach extends HTMLElement {
  connectedCallback() {
    const { engine, aspect, seconds } = this.closest("form").elements;
    if (!(engine instanceof HTMLSelectElement)) return; // there is but one, and the page speaks of it
    Object.assign(this, { engine, aspect, seconds });
    const { min, max } = seconds;
    this.plain = { lengths: help(seconds)?.textContent, shapes: help(aspect)?.textContent, shortest: min, longest: max };
    for (const field of [engine, aspect, seconds]) {
      field.addEventListener("input", () => {
        this.say();
        this.mark(field === engine ? [aspect, seconds] : [field]);
      });
    }
    this.say(); // marks nothing: what a page says of fields as it comes is the house's to say
  }

  get reach() {
    return { ...this.plain, ...this.engine.selectedOptions[0]?.dataset };
  }

  say() {
    const { lengths, shapes, aspects, shortest, longest } = this.reach;
    for (const option of this.aspect.options) {
      option.disabled = Boolean(aspects) && !aspects.split(" ").includes(option.value) && !option.selected;
    }
    Object.assign(this.seconds, { min: shortest, max: longest });
    if (help(this.seconds)) help(this.seconds).textContent = lengths;
    if (help(this.aspect)) help(this.aspect).textContent = shapes;
  }

  mark(fields) {
    const { aspects, shortest, longest } = this.reach;
    const fits = {
      aspect: !aspects || aspects.split(" ").includes(this.aspect.value),
      seconds: !aspects || (Number(shortest) <= Number(this.seconds.value) && Number(this.seconds.value) <= Number(longest)),
    };
    for (const field of fields) field.setAttribute("aria-invalid", String(!fits[field.name]));
  }
}

customElements.define("engine-reach", EngineReach);
