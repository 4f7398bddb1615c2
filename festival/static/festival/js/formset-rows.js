// <formset-rows prefix="sections"> adds rows to a Django formset from its <template>.
// Without JavaScript the page still has one empty row, and another after each save.

class FormsetRows extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-add]");
    button.hidden = false;
    button.addEventListener("click", () => this.add());
  }

  add() {
    const total = this.closest("form").elements[`${this.getAttribute("prefix")}-TOTAL_FORMS`];
    const holder = document.createElement("div");
    holder.innerHTML = this.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.firstElementChild;
    total.value = Number(total.value) + 1;
    this.querySelector("[data-rows]").append(row);
    row.querySelector("input:not([type=hidden])")?.focus();
  }
}

customElements.define("formset-rows", FormsetRows);
