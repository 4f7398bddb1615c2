// Uploads one file with tus-js-client and tells what happens, a line of JSON each.
// node upload.mjs '{"endpoint": …, "file": …, "film": …, "token": …, "chunkSize": …, "pauseMs": …, "stopAfter": …}'
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import tus from "tus-js-client";

const asked = JSON.parse(process.argv[2]);
const tell = (what) => console.log(JSON.stringify(what));

const upload = new tus.Upload(createReadStream(asked.file), {
  endpoint: asked.endpoint,
  uploadUrl: asked.uploadUrl,
  chunkSize: asked.chunkSize ?? Infinity,
  retryDelays: asked.retryDelays ?? [0, 500, 1000, 1000, 2000, 2000, 2000, 3000, 3000, 3000],
  metadata: { film: asked.film, filename: basename(asked.file) },
  headers: { Authorization: `Token ${asked.token}` },
  onBeforeRequest: (request) => (request.getMethod() === "PATCH" ? pause(asked.pauseMs ?? 0) : undefined),
  onUploadUrlAvailable: () => tell({ url: upload.url }),
  onChunkComplete: (size, accepted, total) => {
    tell({ accepted, total });
    if (asked.stopAfter && accepted >= asked.stopAfter) {
      upload.abort().then(() => tell({ stopped: accepted }));
    }
  },
  onShouldRetry: (error) => {
    tell({ again: error.originalResponse?.getStatus() ?? "no answer" });
    return true;
  },
  onSuccess: () => tell({ done: true, seconds: (performance.now() - begun) / 1000 }),
  onError: (error) => tell({ error: error.message, status: error.originalResponse?.getStatus() }),
});
const begun = performance.now();
upload.start();
