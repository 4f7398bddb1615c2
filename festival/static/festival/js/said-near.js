/*
  Says things where people look. A button on a long page leads back to the part of it that the address names, such
  as #takes, far below the messages: they move to the head of that part. Where a form came back with something
  wrong, its first wrong field takes the focus. Without it messages stand above the page, errors beside their fields.
*/
const main = document.querySelector("main");
const wrong = main.querySelector("[aria-invalid=true]") ?? main.querySelector(".notice--bad[role=alert]");
const said = document.querySelector(".messages");
const part = document.getElementById(location.hash.slice(1));

function bring() {
  wrong.scrollIntoView({ block: "center" });
  if (wrong.hasAttribute("aria-invalid")) wrong.focus({ preventScroll: true });
}

if (wrong) {
  window.addEventListener("load", bring, { once: true }); // by then the browser has gone to the part itself
} else if (said && part) {
  if (/^H\d$/.test(part.tagName)) part.after(said);
  else part.prepend(said);
  part.scrollIntoView();
}
