// Where the pictures come from: hls.js, the browser's own HLS, or the one progressive file, in that order.
// Another engine would replace this file only.

export async function attach(video, { hls, mp4 }, { onHeights, onHeight, onBroken }) {
  const Hls = hls && (await engine());
  if (Hls) return ladder(Hls, video, { hls, mp4 }, { onHeights, onHeight, onBroken });
  const native = hls && video.canPlayType("application/vnd.apple.mpegurl");
  return progressive(video, native ? hls : mp4, onBroken);
}

async function engine() {
  try {
    const { default: Hls } = await import("../vendor/hls/hls.min.mjs");
    return Hls.isSupported() ? Hls : null;
  } catch {
    return null;
  }
}

function progressive(video, address, onBroken) {
  const at = video.currentTime;
  video.addEventListener("error", onBroken, { once: true });
  if (address) video.src = address;
  if (at) video.currentTime = at;
  return { kind: "file", choose() {}, stop() {} };
}

function ladder(Hls, video, { hls, mp4 }, { onHeights, onHeight, onBroken }) {
  const engine = new Hls({ enableWorker: false, capLevelToPlayerSize: true, maxBufferLength: 30 });
  const rung = (level) => Math.min(level.width || Infinity, level.height) || 0;
  let mended = false;
  const source = {
    kind: "hls",
    choose: (index) => (engine.nextLevel = index),
    stop: () => engine.destroy(),
  };
  engine.on(Hls.Events.MANIFEST_PARSED, () => onHeights(engine.levels.map(rung)));
  engine.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => onHeight(rung(engine.levels[level])));
  engine.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      engine.recoverMediaError();
      return;
    }
    const { currentTime, paused } = video;
    engine.destroy();
    Object.assign(source, progressive(video, mp4, onBroken));
    video.currentTime = currentTime;
    if (!paused) video.play().catch(onBroken);
  });
  engine.loadSource(hls);
  engine.attachMedia(video);
  return source;
}
