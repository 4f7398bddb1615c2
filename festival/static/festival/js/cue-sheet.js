// <cue-sheet prefix="ranges" duration-s sprite waveform>: marks ranges of a film with the player's in and
// out keys. Around it stands a Django formset whose times can as well be typed, with or without scripts.

import { strip } from "./cue-strip.js";
import { exact, read, span } from "./cue-times.js";

const AFTER = "Say below how it was made, or press I for the next one.";

class CueSheet extends HTMLElement {
  connectedCallback() {
    this.player = this.querySelector("film-player");
    this.rows = this.querySelector("[data-rows]");
    this.open = null; // the row that has its in, and waits for its out
    const add = this.querySelector("[data-add]");
    add.hidden = false;
    add.addEventListener("click", () => this.add().querySelector("input.timecode").focus());
    this.addEventListener("film-mark", ({ detail }) => this[detail.edge](detail.time));
    this.addEventListener("click", ({ target }) => target.closest("[data-play]") && this.play(target.closest("[data-range]")));
    for (const event of ["input", "change"]) this.rows.addEventListener(event, () => this.draw());
    this.strip = this.player && strip(this.querySelector("[data-strip]"), {
      length: Number(this.getAttribute("duration-s")),
      sprite: this.getAttribute("sprite"),
      waveform: this.getAttribute("waveform"),
      video: this.player.querySelector("video"),
      seek: (time) => this.player.seek(time),
    });
    this.draw();
  }

  // Keys

  in(time) {
    this.open ??= this.blank() ?? this.add();
    field(this.open, "start_s").value = exact(time);
    this.say(`In at ${exact(time)}. Press O where it ends.`);
    this.draw();
  }

  out(time) {
    if (!this.open) return this.say("Press I first, where the range begins.");
    const start = read(field(this.open, "start_s").value);
    if (time <= start) return this.say(`A range ends after it begins. This one begins at ${exact(start)}.`);
    field(this.open, "end_s").value = exact(time);
    this.say(`Marked ${span(start, time)}. ${this.getAttribute("after") ?? AFTER}`);
    this.open = null;
    this.draw();
  }

  play(row) {
    const { start, end } = times(row);
    const video = this.player?.querySelector("video");
    if (!video || !(end > start)) return;
    this.player.seek(start);
    const stop = () => {
      if (video.currentTime < end) return;
      video.pause();
      video.removeEventListener("timeupdate", stop);
    };
    video.addEventListener("timeupdate", stop);
    this.player.toggle();
  }

  // Rows

  blank() {
    return [...this.rows.children].find((row) => ["start_s", "end_s"].every((name) => field(row, name)?.value === ""));
  }

  add() {
    const total = this.closest("form").elements[`${this.getAttribute("prefix")}-TOTAL_FORMS`];
    const holder = document.createElement("ol");
    holder.innerHTML = this.querySelector("[data-blank]").innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    this.rows.append(holder.firstElementChild);
    this.draw();
    return this.rows.lastElementChild;
  }

  draw() {
    const rows = [...this.rows.querySelectorAll("[data-range]")];
    for (const row of rows) {
      const { start, end } = times(row);
      row.querySelector("[data-play]").hidden = !this.player || !(end > start);
      row.toggleAttribute("data-open", row === this.open);
    }
    this.strip?.draw(rows.map((row) => ({ ...times(row), ...look(row) })));
  }

  say(words) {
    this.querySelector("[data-status]").textContent = words;
  }
}

function field(row, name) {
  return row.querySelector(`[name$="-${name}"]`);
}

function times(row) {
  return { start: read(field(row, "start_s").value), end: read(field(row, "end_s").value) };
}

// A clip made here has no fields for these: it is generated picture.
function look(row) {
  return { kind: field(row, "kind")?.value ?? "generated", track: field(row, "track")?.value ?? "picture" };
}

customElements.define("cue-sheet", CueSheet);
