/*
  <upload-drop endpoint="/uploads/" film="<uuid>" next="…" max-bytes="…" max-seconds="…"> sends a film by tus
  1.0: dropped or chosen, looked at before a byte leaves, paused, and taken up again after a closed page or a
  restarted server. Without max-… there is no such limit. The CSRF token is the attribute `csrf`, or the one
  of any form on the page. When the last byte has arrived the page goes to `next`.
*/
import "../vendor/tus-js-client-4.3.1/tus.min.js";
import { duration, kind, size, time, Pace } from "./upload-figures.js";

const { tus } = window;
const PIECE = 64 * 1024 ** 2; // a proxy's limits and time-outs see no more than this at once
const DELAYS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 60000, 60000, 60000]; // ms; progress starts them anew
const FINAL = new Set([507]); // server errors that waiting a few seconds does not mend
const STYLE = new URL("../css/upload-drop.css", import.meta.url).href;

const FORM = `
  <label class="drop__door">
    <span class="title">Drop the film here</span>
    <span class="button">Choose a file</span>
    <input type="file" class="drop__input" accept="video/*,.mxf,.mkv,.mov,.avi,.m4v,.ts,.m2ts">
  </label>
  <div class="drop__work panel" hidden>
    <p class="drop__name"><strong data-name></strong> <span class="quiet" data-size></span></p>
    <progress class="progress" max="1" value="0" aria-label="Sent so far"></progress>
    <p class="drop__figures" data-figures></p>
    <div class="cluster">
      <button type="button" class="button button--quiet button--small" data-pause>Pause</button>
      <button type="button" class="button button--small" data-resume hidden>Resume</button>
      <button type="button" class="button button--danger button--small" data-cancel>Cancel upload</button>
    </div>
  </div>
  <div class="cluster" data-doubt hidden>
    <button type="button" class="button button--small" data-anyway>Send it all the same</button>
  </div>
  <p class="notice" role="status" data-says hidden></p>`;

class UploadDrop extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    if (!document.querySelector(`link[href="${STYLE}"]`)) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE }));
    }
    this.form = document.createElement("div");
    this.form.className = "drop";
    this.form.innerHTML = FORM;
    this.append(this.form);
    this.door = this.part(".drop__door");
    this.part("input").addEventListener("change", ({ target }) => target.files[0] && this.look(target.files[0]));
    for (const event of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.addEventListener(event, (drag) => this.drag(drag));
    }
    this.part("[data-pause]").addEventListener("click", () => this.pause());
    this.part("[data-resume]").addEventListener("click", () => this.resume());
    this.part("[data-cancel]").addEventListener("click", () => this.cancel());
    this.part("[data-anyway]").addEventListener("click", () => this.send(this.doubted));
    this.stay = (event) => this.running && event.preventDefault();
    this.back = () => this.waiting && this.resume();
    window.addEventListener("beforeunload", this.stay);
    window.addEventListener("online", this.back);
    this.remember();
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.stay);
    window.removeEventListener("online", this.back);
    this.upload?.abort();
  }

  part(selector) {
    return this.form.querySelector(selector);
  }

  // Before a byte is sent

  drag(event) {
    event.preventDefault();
    this.door.toggleAttribute("data-over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop" && !this.upload && event.dataTransfer.files[0]) this.look(event.dataTransfer.files[0]);
  }

  async look(file) {
    this.doubted = null;
    this.part("[data-doubt]").hidden = true;
    const most = Number(this.getAttribute("max-bytes"));
    const longest = Number(this.getAttribute("max-seconds"));
    if (file.size === 0) return this.refuse(`“${file.name}” is empty. Export the film again and choose the new file.`);
    if (!kind(file)) return this.refuse(`“${file.name}” is not a film we can read. Send MP4, MOV, MKV, MXF or WebM.`);
    if (most && file.size > most) {
      return this.refuse(`“${file.name}” has ${size(file.size)}; a film may have ${size(most)} at most.`);
    }
    const seconds = longest ? await duration(file) : null; // null: this browser cannot read it, so we will see
    if (seconds && seconds > longest + 0.5) {
      this.doubted = file;
      this.part("[data-doubt]").hidden = false;
      const runs = `“${file.name}” runs ${time(seconds)}, and the section takes films up to ${time(longest)}.`;
      return this.say(`${runs} Choose a shorter cut, or change the section afterwards.`, "bad");
    }
    this.send(file);
  }

  refuse(sentence) {
    this.say(sentence, "bad");
    this.part("input").value = "";
  }

  // On its way

  async send(file) {
    this.part("[data-doubt]").hidden = true;
    const film = this.getAttribute("film") ?? this.getAttribute("film-id");
    this.upload = new tus.Upload(file, {
      endpoint: this.getAttribute("endpoint"),
      chunkSize: PIECE,
      retryDelays: DELAYS,
      removeFingerprintOnSuccess: true,
      metadata: { film, filename: file.name },
      headers: { "X-CSRFToken": this.csrf() },
      fingerprint: async () => ["marquee", film, file.name, file.size, file.lastModified].join("|"),
      onProgress: (sent, total) => this.progress(sent, total),
      onShouldRetry: (error) => this.again(error),
      onError: (error) => this.stop(error),
      onSuccess: () => this.arrived(file),
    });
    this.pace = new Pace();
    this.part("[data-name]").textContent = file.name;
    this.part("[data-size]").textContent = size(file.size);
    this.part(".drop__work").hidden = false;
    this.door.hidden = true;
    const [begun] = await this.upload.findPreviousUploads();
    if (begun) this.upload.resumeFromPreviousUpload(begun);
    this.resume(begun ? "Going on where the upload stopped." : "Sending. You can pause, or close the page and go on later.");
  }

  csrf() {
    return this.getAttribute("csrf") ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  progress(sent, total) {
    const { rate, left } = this.pace.at(sent, total);
    this.part("progress").value = sent / total;
    const figures = [`${Math.floor((100 * sent) / total)} %`, `${size(sent)} of ${size(total)}`];
    if (rate) figures.push(`${size(rate)}/s`, `${left} left`);
    this.part("[data-figures]").textContent = figures.join(" · ");
    if (this.waiting) this.say("The connection is back. Sending.");
    this.waiting = false;
  }

  pause() {
    this.upload.abort();
    this.show({ running: false });
    this.say("Paused. What has arrived is kept for some days.");
    this.part("[data-resume]").focus();
  }

  resume(sentence = "Sending.") {
    this.pace.rest();
    this.show({ running: true });
    this.say(sentence);
    this.upload.start();
  }

  async cancel() {
    const { url } = this.upload;
    this.part("[data-cancel]").disabled = true;
    await this.upload.abort(Boolean(url)).catch(() => null); // what could not be told to the server expires there
    this.part("[data-cancel]").disabled = false;
    this.upload = null;
    this.show({ running: false });
    this.part(".drop__work").hidden = true;
    this.door.hidden = false;
    this.part("input").value = "";
    this.part("input").focus();
    this.say("Upload cancelled. Nothing of it is kept.");
  }

  again(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    const worthIt = !FINAL.has(status) && (status === 0 || status >= 500 || [408, 409, 423, 460].includes(status));
    if (worthIt && !this.waiting) this.say("The connection broke. Trying again; what has arrived is kept.");
    this.waiting = worthIt;
    return worthIt;
  }

  stop(error) {
    this.show({ running: false });
    this.waiting = !error.originalResponse; // no answer: go on by itself when the network is back
    this.say(this.waiting ? "No connection. The upload goes on as soon as there is one, or press Resume." : sentence(error), "bad");
  }

  arrived(file) {
    this.show({ running: false });
    this.part("[data-resume]").hidden = true;
    this.part("[data-cancel]").hidden = true;
    this.part("progress").value = 1;
    this.say(`“${file.name}” has arrived. Now it is examined.`, "good");
    const next = this.getAttribute("next");
    if (next) window.location.assign(next);
  }

  // What is seen

  show({ running }) {
    this.running = running;
    this.part("[data-pause]").hidden = !running;
    this.part("[data-resume]").hidden = running;
  }

  say(sentence, tone = "") {
    const line = this.part("[data-says]");
    line.className = tone ? `notice notice--${tone}` : "notice";
    line.hidden = false;
    line.textContent = sentence;
  }

  async remember() {
    const film = this.getAttribute("film") ?? this.getAttribute("film-id");
    const begun = await tus.defaultOptions.urlStorage.findAllUploads();
    const mine = begun.find(({ metadata }) => metadata?.film === film);
    if (mine && !this.upload) {
      this.say(`“${mine.metadata.filename}” is on its way and not all here yet. Choose the same file to go on.`);
    }
  }
}

// The sentence our server sent with its refusal, or one of our own.
function sentence(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).detail;
  } catch {
    return "The upload stopped on our side. Press Resume, and write to the festival office if it stops again.";
  }
}

customElements.define("upload-drop", UploadDrop);
