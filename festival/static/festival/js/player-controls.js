// The player's controls: native buttons, ranges and lists, so that every hand and every reader knows them.

const ICONS = {
  play: "M7 4.500v15l12.500-7.500z",
  pause: "M6.500 5h4v14h-4zM13.500 5h4v14h-4z",
  back: "M12 5V1.500L6.500 6l5.500 4.500V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  forward: "M12 5V1.500L17.500 6 12 10.500V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z",
  loud: "M4 9v6h4l5 4.500v-15L8 9zM15.500 8.200v7.600a4.200 4.200 0 0 0 0-7.600zM15.500 4v2.100a6.200 6.200 0 0 1 0 11.800V20a8.200 8.200 0 0 0 0-16z",
  silent: "M4 9v6h4l5 4.500v-15L8 9zM15 9.400l1.400-1.400 2.100 2.100L20.600 8 22 9.400 19.900 11.500 22 13.600 20.600 15l-2.100-2.100L16.400 15 15 13.600l2.100-2.100z",
  captions: "M3 5h18v14H3zM5 7v10h14V7zM7 10.500h4v1.500H8.500v1.500H11V15H7zM13 10.500h4v1.500h-2.500v1.500H17V15h-4z",
  fullscreen: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
};

const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  drawing.append(path);
  return drawing;
}

function button(act, words, ...children) {
  return element("button", { type: "button", class: "player__button", "data-act": act, "aria-label": words, title: words }, ...children);
}

function list(words, options) {
  const select = element("select", { class: "player__list", "aria-label": words });
  for (const [value, text] of options) select.append(new Option(text, value));
  return select;
}

export function controls({ marking, captions, speeds }) {
  const buttons = {
    play: button("play", "Play (K)", icon("play")),
    back: button("back", "10 seconds back (J)", icon("back")),
    forward: button("forward", "10 seconds on (L)", icon("forward")),
    mute: button("mute", "Mute (M)", icon("loud")),
    fullscreen: button("fullscreen", "Fill the screen (F)", icon("fullscreen")),
  };
  if (captions) buttons.captions = button("captions", "Captions (C)", icon("captions"));
  if (marking) {
    buttons.in = button("in", "Mark in (I)", "In");
    buttons.out = button("out", "Mark out (O)", "Out");
  }
  const stage = element("button", { type: "button", class: "player__stage", "aria-label": "Play" }, icon("play"));
  const scrub = element("input", { type: "range", class: "player__scrub", min: 0, max: 0, step: 0.01, value: 0, "aria-label": "Position in the film" });
  const fill = element("progress", { class: "player__buffered", max: 1, value: 0, "aria-hidden": "true", tabindex: -1 });
  const volume = element("input", { type: "range", class: "player__volume", min: 0, max: 1, step: 0.05, value: 1, "aria-label": "Volume" });
  const now = element("span", { class: "timecode player__time" });
  const speed = list("Speed", speeds.map((rate) => [rate, `${rate}×`]));
  speed.value = 1;
  const quality = list("Quality", [[-1, "Auto"]]);
  const language = captions > 1 ? list("Captions in", []) : null;
  const preview = element("div", { class: "player__preview", hidden: "", "aria-hidden": "true" }, element("div", { class: "player__picture" }), element("span", { class: "timecode" }));
  const status = element("p", { class: "player__status", role: "status" });
  const left = element("div", { class: "player__group" }, buttons.play, buttons.back, buttons.forward, now);
  const middle = element("div", { class: "player__group player__marks" }, ...[buttons.in, buttons.out].filter(Boolean));
  const right = element("div", { class: "player__group" }, ...[buttons.captions, language, speed, quality, buttons.mute, volume, buttons.fullscreen].filter(Boolean));
  const strip = element("div", { class: "player__strip" }, fill, scrub, preview);
  const bar = element("div", { class: "player__bar", role: "group", "aria-label": "Player controls" }, strip, element("div", { class: "player__row" }, left, middle, right), status);

  return {
    stage, bar, scrub, volume, speed, quality, language, preview, status,

    on(act, then) {
      buttons[act]?.addEventListener("click", then);
    },

    draw({ now: at, length, time, duration, buffered, paused, silent, volume: level }) {
      now.textContent = `${at} / ${length}`;
      scrub.max = duration || 0;
      scrub.value = time;
      scrub.setAttribute("aria-valuetext", `${at} of ${length}`);
      fill.value = Math.min(1, buffered);
      scrub.style.setProperty("--at", `${duration ? (100 * time) / duration : 0}%`);
      name(buttons.play, paused ? "Play (K)" : "Pause (K)", paused ? "play" : "pause");
      stage.setAttribute("aria-label", paused ? "Play" : "Pause");
      name(buttons.mute, silent ? "Sound on (M)" : "Mute (M)", silent ? "silent" : "loud");
      volume.value = silent ? 0 : level;
    },

    offerQuality(heights) {
      const options = heights.map((height, index) => [index, height]).sort((a, b) => b[1] - a[1]);
      quality.replaceChildren(new Option("Auto", -1), ...options.map(([index, height]) => new Option(`${height}p`, index)));
    },

    showQuality(height) {
      quality.options[0].text = `Auto, ${height}p`;
    },

    offerLanguages(labels) {
      language?.replaceChildren(new Option("No captions", -1), ...labels.map((label, index) => new Option(label, index)));
    },

    showCaptions(index) {
      buttons.captions?.setAttribute("aria-pressed", String(index >= 0));
      if (language) language.value = index;
    },
  };
}

function name(button, words, drawing) {
  if (button.getAttribute("aria-label") === words) return;
  button.setAttribute("aria-label", words);
  button.title = words;
  button.replaceChildren(icon(drawing));
}
