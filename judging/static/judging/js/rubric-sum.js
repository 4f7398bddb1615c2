// <rubric-sum> adds the weights up while they are typed. Without JavaScript the sum is that of the last save.

class RubricSum extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => this.add());
    this.add();
  }

  add() {
    const lines = [...this.querySelectorAll("[data-rows] > *")];
    const kept = lines.filter((line) => !line.querySelector("input[name$='-DELETE']")?.checked);
    const weights = kept.map((line) => Number(line.querySelector("input[name$='-weight']").value) || 0);
    this.querySelector("[data-sum]").textContent = weights.reduce((sum, weight) => sum + weight, 0);
  }
}

customElements.define("rubric-sum", RubricSum);
