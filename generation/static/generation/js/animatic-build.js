// Small things that the parts of the animatic are built with.

export const COLOURS = ["#e2604e", "#569ce2", "#f0be50", "#78be6e", "#be78d2", "#5ac8c8", "#e68caa", "#9696f0"];

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function button(words, attributes = {}) {
  return element("button", { type: "button", class: "button button--quiet button--small", ...attributes }, words);
}

export function tell(from, name, detail = {}) {
  from.dispatchEvent(new CustomEvent(`animatic-${name}`, { bubbles: true, detail }));
}

// "0:01.50"
export function clock(seconds) {
  const hundredths = Math.round(seconds * 100);
  const whole = Math.floor(hundredths / 100);
  const pad = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 60)}:${pad(whole % 60)}.${pad(hundredths % 100)}`;
}

// The JSON that stands in a script inside an element, or what there is otherwise.
export function kept(within, otherwise) {
  return JSON.parse(within?.querySelector('script[type="application/json"]')?.textContent || "null") || otherwise;
}

export const tidy = (value, digits = 2) => Number(value.toFixed(digits));
export const between = (value, low, high) => Math.min(high, Math.max(low, value));

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// What an arrow key asks for, in hundredths of the frame, five times that with Shift; null for other keys.
export function step(event) {
  const way = STEPS[event.key];
  return way && way.map((part) => (part * (event.shiftKey ? 5 : 1)) / 100);
}
