/*
  <prompt-guide check="/studio/words/"> makes buttons of the words listed inside it: each puts its words where
  the caret stands in the textarea. As one types, it asks at `check`, where it has one, which words the chosen engine would leave
  out, and shows the answer in [data-unread]. On a narrow page the words wait folded up. Without it the words
  can be read, and the post asks.
*/
const PAUSE_MS = 400;
const NARROW = "(max-width: 40rem)";

class PromptGuide extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.answer = this.querySelector("[data-unread]");
    this.form = this.closest("form");
    if (!this.text || this.said) return;
    const end = this.text.value.length;
    this.text.setSelectionRange(end, end);
    this.said = document.createElement("p");
    this.said.className = "visually-hidden";
    this.said.setAttribute("aria-live", "polite");
    this.append(this.said);
    if (matchMedia(NARROW).matches) this.querySelector("details")?.removeAttribute("open");
    this.querySelectorAll(".chips span").forEach((word) => word.replaceWith(this.chip(word.textContent)));
    if (!this.hasAttribute("check")) return;
    this.form.addEventListener("input", (event) => {
      if (event.target === this.text || event.target.name === "engine") this.askSoon();
    });
  }

  disconnectedCallback() {
    clearTimeout(this.soon);
  }

  chip(words) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => this.insert(words));
    return button;
  }

  insert(words) {
    const { selectionStart: from, selectionEnd: to, value, maxLength } = this.text;
    const before = /(^|\s)$/.test(value.slice(0, from)) ? "" : " ";
    const after = /^($|[\s,.;])/.test(value.slice(to)) ? "" : " ";
    const added = before + words + after;
    if (maxLength >= 0 && value.length - (to - from) + added.length > maxLength) return;
    this.text.setRangeText(added, from, to, "end");
    this.said.textContent = `“${words}” added.`;
    this.text.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  askSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "engine", "prompt"]) {
      body.set(name, this.form.elements[name].value);
    }
    try {
      const response = await fetch(this.getAttribute("check"), { method: "POST", body, signal: this.asking.signal });
      const found = (await response.text()).trim();
      if (!response.ok || response.redirected) return; // signed out: the post says so
      if (found !== this.answer.innerHTML.trim()) this.answer.innerHTML = found;
    } catch {
      // overtaken by later words, or out of reach: the post asks again
    }
  }
}

customElements.define("prompt-guide", PromptGuide);
