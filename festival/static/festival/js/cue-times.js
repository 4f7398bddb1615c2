// Timecodes as the cue sheet writes them, h:mm:ss.cc, and back to seconds; NaN for what is none.

export function exact(seconds) {
  const hundredths = Math.round(seconds * 100);
  const two = (n) => String(n).padStart(2, "0");
  const whole = Math.floor(hundredths / 100);
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${two(hundredths % 100)}`;
}

export function read(text) {
  const found = text.trim().match(/^(?:(?:(\d+):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/);
  if (!found) return NaN;
  const [, hours = 0, minutes = 0, seconds, fraction = 0] = found;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`);
}

export function span(start, end) {
  return `${exact(start)} to ${exact(end)}`;
}
