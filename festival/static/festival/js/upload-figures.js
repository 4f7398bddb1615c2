// Figures around an upload: what a file is, how long it runs, how fast it goes.

const NAMES = /\.(mp4|m4v|mov|mkv|webm|avi|mxf|mpe?g|ts|m2ts|mts|ogv)$/i;
const UNITS = ["bytes", "KB", "MB", "GB", "TB"];
const WINDOW = 10_000; // ms over which the rate is taken

// Whether the file's name or type is a film's; what is really in it, the server finds out.
export function kind(file) {
  return file.type.startsWith("video/") || NAMES.test(file.name);
}

// Seconds the film runs, or null where this browser cannot read it.
export function duration(file) {
  return new Promise((tell) => {
    const video = document.createElement("video");
    const address = URL.createObjectURL(file);
    const done = (seconds) => {
      clearTimeout(late);
      video.removeAttribute("src");
      URL.revokeObjectURL(address);
      tell(Number.isFinite(seconds) ? seconds : null);
    };
    const late = setTimeout(() => done(null), 5000);
    video.preload = "metadata";
    video.addEventListener("loadedmetadata", () => done(video.duration));
    video.addEventListener("error", () => done(null));
    video.src = address;
  });
}

export function size(bytes) {
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), UNITS.length - 1);
  const number = bytes / 1024 ** power;
  return `${number < 10 && power > 0 ? number.toFixed(1) : Math.round(number)} ${UNITS[power]}`;
}

// A running time: “4:09”, “1:02:30”.
export function time(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

function remaining(seconds) {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "a minute" : `${minutes} minutes`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// The rate over the last seconds, and what is left at that rate.
export class Pace {
  points = [];

  rest() {
    this.points = [];
  }

  at(sent, total, now = performance.now()) {
    if (this.points.length && sent < this.points.at(-1).sent) this.rest();
    this.points.push({ now, sent });
    while (this.points.length > 2 && now - this.points[0].now > WINDOW) this.points.shift();
    const [first] = this.points;
    const rate = now - first.now > 500 ? (1000 * (sent - first.sent)) / (now - first.now) : 0;
    return { rate, left: rate ? remaining((total - sent) / rate) : "" };
  }
}
