"""Single pictures: the poster, the sheet of small pictures for scrubbing, and pictures people send."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import ffmpeg
import numpy as np
from av.video.reformatter import Colorspace
from PIL import Image

from festival.media import graph, runs, sandbox
from festival.media.errors import refusal

KINDS = {  # the first bytes of a picture, and the one reader it gets
    b"\x89PNG\r\n\x1a\n": ("png_pipe", "png"),
    b"\xff\xd8\xff": ("jpeg_pipe", "mjpeg"),
    b"RIFF": ("webp_pipe", "webp"),
}
MOST_PIXELS = 50_000_000
NOTHING_CHANGED = "Everything else is as it was."
SEND_JPEG = "Save it as a JPEG or PNG of at most 8,000 pixels on the longer side, and send that."
JPEG = {"q:v": 3, "pix_fmt": "yuvj420p", "frames:v": 1, "update": 1, "c:v": "mjpeg", "f": "image2"}
LEVEL = 8  # tones of a channel that count as one
TILE_LONG = 160  # pixels
COLUMNS, MOST_TILES = 10, 200


def picture(source: Path, target: Path, *, longest: int = 2400) -> tuple[int, int]:
    """Write the picture someone sent anew as the JPEG `target`, and return its width and height.

    Pixels are all that is taken over: no place, no camera, no comment, and nothing hidden behind the end.

    Raises:
        MediaProblem: it is no picture, or one too large.
    """
    reader, codec = _kind(source)
    sent = ffmpeg.input(
        f"file:{source.absolute()}",
        f=reader,
        protocol_whitelist="file",
        format_whitelist=reader,
        codec_whitelist=codec,
        max_pixels=MOST_PIXELS,
        max_streams=1,
    )
    size = {"w": f"min(iw,{longest})", "h": f"min(ih,{longest})", "force_original_aspect_ratio": "decrease"}
    still = sent["v"].filter("scale", flags="bicubic", **size)
    part = target.with_name(f"{target.stem}.part.jpg")
    out = ffmpeg.output(still, part.name, **JPEG, **graph.PUBLIC)
    try:
        runs.perform(out, folder=target.parent, reads=[source], wall_s=60)
    except sandbox.Failed as failed:
        part.unlink(missing_ok=True)
        if "max pixel count" in failed.said or "Picture size" in failed.said:
            what = f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels, the most we take."
        else:
            what = "This picture is damaged and could not be read."
        raise refusal(what, SEND_JPEG, kept=NOTHING_CHANGED) from failed
    part.replace(target)
    with Image.open(target) as written:
        return written.size


def _kind(source: Path) -> tuple[str, str]:
    with source.open("rb") as file:
        head = file.read(16)
    for magic, kind in KINDS.items():
        if head.startswith(magic) and (magic != b"RIFF" or head[8:12] == b"WEBP"):
            return kind
    raise refusal(
        "This file is not a JPEG, PNG or WebP picture, whatever its name says.",
        SEND_JPEG,
        kept=NOTHING_CHANGED,
    )


def poster(
    film: Path, target: Path, *, duration_s: float, on_progress: Callable[[int], None] = runs.ignore
) -> None:
    """Write the most telling of the film's earlier frames as the JPEG `target`; `film` is our own copy.

    A long film shows its keyframes of the first half, a short one all of its frames.
    """
    options: dict[str, Any] = {"t": f"{max(2.0, min(duration_s / 2, 900)):.3f}"}
    if duration_s > 40:
        options["skip_frame"] = "nokey"
    still = graph.ours(film, **options)["v"].filter("thumbnail", 120)
    out = ffmpeg.output(still, target.name, **JPEG, **graph.PUBLIC)
    runs.perform(out, folder=target.parent, reads=[film], wall_s=300, on_progress=on_progress)


def typical(frames: np.ndarray, target: Path) -> None:
    """Write the frame whose tones are most like those of all frames as the JPEG `target`.

    Args:
        frames: (t, h, w, 3) uint8 RGB.
    """
    levels = (frames[:, ::8, ::8] // LEVEL + np.arange(3) * (256 // LEVEL)).reshape(len(frames), -1)
    tones = np.stack([np.bincount(row, minlength=3 * 256 // LEVEL) for row in levels]).astype(float)
    likest = np.square(tones - tones.mean(axis=0)).sum(axis=1).argmin()
    Image.fromarray(frames[likest]).save(target, "JPEG", quality=90)


def edge(film: Path, target: Path, *, last: bool) -> None:
    """Write the last frame of our own short film, or its first, as the JPEG `target` of fine quality."""
    with av.open(str(film)) as opened:
        decoded = opened.decode(video=0)
        picture = deque(decoded, maxlen=1)[0] if last else next(decoded)
    rgb = picture.reformat(format="rgb24", src_colorspace=Colorspace.ITU709).to_ndarray()
    Image.fromarray(rgb).save(target, "JPEG", quality=95, subsampling=0)


def colour(path: Path) -> str:
    """The mean colour of our own picture at `path`, as #rrggbb."""
    with Image.open(path) as image:
        mean = np.asarray(image.convert("RGB"), dtype=np.float64).mean(axis=(0, 1))
    return "#" + "".join(f"{round(channel):02x}" for channel in mean)


@dataclass(frozen=True)
class Sheet:
    """How the small pictures for scrubbing lie on their sheet."""

    every_s: float
    count: int
    columns: int
    rows: int
    tile_width: int
    tile_height: int


def sheet(*, duration_s: float, width: int, height: int) -> Sheet:
    """The plan: a picture a second for a short film, never more than 200 for a long one."""
    every_s = max(1.0, duration_s / MOST_TILES)
    if every_s > 4:
        every_s = math.ceil(every_s / 4) * 4.0  # a multiple of the keyframes' distance
    count = max(1, min(MOST_TILES, math.ceil(duration_s / every_s - 0.01)))
    columns = min(COLUMNS, count)
    scale = TILE_LONG / max(width, height)
    tile = [max(2, round(side * scale / 2) * 2) for side in (width, height)]
    return Sheet(every_s, count, columns, math.ceil(count / columns), *tile)


def sprite(
    film: Path,
    folder: Path,
    *,
    duration_s: float,
    width: int,
    height: int,
    on_progress: Callable[[int], None] = runs.ignore,
) -> Sheet:
    """Write sprite.jpg and sprite.vtt, which says where on it each moment lies; `film` is our own copy."""
    plan = sheet(duration_s=duration_s, width=width, height=height)
    options = {"skip_frame": "nokey"} if plan.every_s >= 4 else {}
    tiles = (
        graph.ours(film, **options)["v"]
        .filter("fps", fps=f"1/{plan.every_s:g}", start_time=0, round="up")
        .filter("scale", plan.tile_width, plan.tile_height, flags="bicubic")
        .filter("tpad", stop=plan.count, stop_mode="clone")
        .filter("tile", f"{plan.columns}x{plan.rows}")
    )
    out = ffmpeg.output(tiles, "sprite.jpg", **(JPEG | {"q:v": 4}), **graph.PUBLIC)
    runs.perform(out, folder=folder, reads=[film], wall_s=300 + duration_s, on_progress=on_progress)
    (folder / "sprite.vtt").write_text(cues(plan, duration_s=duration_s))
    return plan


def cues(plan: Sheet, *, duration_s: float) -> str:
    """WebVTT that points each stretch of time to its rectangle on sprite.jpg."""
    blocks = ["WEBVTT"]
    for number in range(plan.count):
        start_s = number * plan.every_s
        end_s = duration_s if number == plan.count - 1 else (number + 1) * plan.every_s
        x = number % plan.columns * plan.tile_width
        y = number // plan.columns * plan.tile_height
        place = f"sprite.jpg#xywh={x},{y},{plan.tile_width},{plan.tile_height}"
        blocks.append(f"{_clock(start_s)} --> {_clock(end_s)}\n{place}")
    return "\n\n".join(blocks) + "\n"


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
