"""Rendered clips on disk: drawn once by all cores, then read as memory-mapped arrays.

A folder is named after what the renderer draws, so that a changed renderer never mixes with clips it drew
before. It holds shards of `SHARD` clips, each put in place whole, so that a set can be drawn in several
sittings and grow.
"""

import hashlib
import json
import os
from dataclasses import asdict, replace
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from generation.sketch import scenes
from generation.sketch.config import MOST_SUBJECTS, PARAPHRASES, Config

SHARD = 200
HELD_OUT_SEED = 1_000_003
ARRAYS = ("video", "masks", "boxes", "camera")


class Rows:
    """Arrays end to end, read row by row."""

    def __init__(self, files: list[Path]):
        self.parts = [np.load(file, mmap_mode="r") for file in files]
        self.starts = np.cumsum([0, *(len(part) for part in self.parts)])

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self), *self.parts[0].shape[1:])

    def __getitem__(self, wanted: Any) -> np.ndarray:
        """A row by its number; a copy of several by a slice or an array of numbers."""
        if isinstance(wanted, slice):
            wanted = np.arange(*wanted.indices(len(self)))
        if isinstance(wanted, np.ndarray):
            return np.stack([self[int(row)] for row in wanted])
        part = int(np.searchsorted(self.starts, wanted, "right")) - 1
        return self.parts[part][wanted - self.starts[part]]


class Clips:
    """A set of rendered clips with their truth, N clips of F frames.

    Attributes:
        video: (N, F, H, W, 3) uint8.
        masks: (N, 2, F, H · W / 8) uint8, bits of where each subject is seen.
        boxes: (N, 2, F, 4) float32, x0 y0 x1 y1 in 0..1; NaN where there is no subject.
        camera: (N, F, 3) float32, pan x, pan y, log2 zoom from frame 0.
    """

    video: Rows
    masks: Rows
    boxes: Rows
    camera: Rows

    def __init__(self, shards: list[Path], count: int):
        self.shards, self.count = shards, count
        for name in ARRAYS:
            setattr(self, name, Rows([shard / f"{name}.npy" for shard in shards]))

    def __len__(self) -> int:
        return self.count

    @cached_property
    def captions(self) -> list[list[str]]:
        """Several sentences for each clip."""
        return [row["captions"] for row in self._rows]

    @cached_property
    def scenes(self) -> list[dict[str, Any]]:
        """What each clip shows, as `scenes.Scene` in plain data."""
        return [row["scene"] for row in self._rows]

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        lines = [line for shard in self.shards for line in (shard / "scenes.jsonl").read_text().splitlines()]
        return [json.loads(line) for line in lines]

    def subject_mask(self, clip: int, frames: slice = slice(None)) -> np.ndarray:
        """(F, H, W) bool: where any subject is seen."""
        height, width = self.video.shape[2:4]
        seen = np.bitwise_or.reduce(self.masks[clip][:, frames], axis=0)
        return np.unpackbits(seen, axis=-1).reshape(-1, height, width).astype(bool)


def prepare(
    work: Path, config: Config, count: int, *, held_out: bool = False, workers: int | None = None
) -> Clips:
    """The first `count` clips of a configuration; what is not there yet is drawn now."""
    folder = work / f"clips-{fingerprint(config)}" / ("held-out" if held_out else "training")
    shard = min(SHARD, config.held_out) if held_out else min(SHARD, config.clips)
    shards = [folder / f"{at:06d}" for at in range(0, count, shard)]
    todo = [place for place in shards if not place.exists()]
    draw = partial(_draw, config, shard, held_out)
    workers = min(len(todo), workers or os.cpu_count() or 1)
    if workers > 1:
        with get_context("spawn").Pool(workers) as pool:
            pool.map(draw, todo, chunksize=1)
    else:
        for place in todo:
            draw(place)
    return Clips(shards, count)


def fingerprint(config: Config) -> str:
    """Eight letters that change when the renderer, its sentences or the size of the pictures do."""
    total = hashlib.sha256()
    for index in range(4):
        scene, clip = _clip(config, index, held_out=False)
        total.update(clip.video.tobytes())
        total.update(" ".join(_captions(config, index, scene)).encode())
    return total.hexdigest()[:8]


def filmed(scene: scenes.Scene, config: Config) -> scenes.Clip:
    """A scene as Sketch sees it: at the configuration's size, through a soft lens."""
    clip = scenes.render(
        scene, frames=config.frames, width=config.width, height=config.height, fps=config.fps
    )
    return replace(clip, video=soft(clip.video))


def soft(video: np.ndarray) -> np.ndarray:
    """Blur (F, H, W, 3) uint8 by 1 2 1 across and down, a deviation of .7 pixels.

    The renderer's edges are as sharp as a pixel. Enlarging turns that detail into steps, and half of the
    autoencoder's error was in it.
    """
    total = video.astype(np.uint16)
    for axis in (1, 2):
        ends = [(0, 0)] * 4
        ends[axis] = (1, 1)
        wide = np.pad(total, ends, mode="edge")
        size = video.shape[axis]
        before, here, after = (wide.take(range(at, at + size), axis) for at in range(3))
        total = before + 2 * here + after
    return ((total + 8) // 16).astype(np.uint8)


def _clip(config: Config, index: int, *, held_out: bool) -> tuple[scenes.Scene, scenes.Clip]:
    rng = np.random.default_rng([config.seed + HELD_OUT_SEED * held_out, index])
    scene = scenes.sample(rng, held_out=held_out)
    return scene, filmed(scene, config)


def _captions(config: Config, index: int, scene: scenes.Scene) -> list[str]:
    rng = np.random.default_rng([config.seed, index, 1])
    return [scenes.caption(scene, rng) for _ in range(PARAPHRASES)]


def _draw(config: Config, count: int, held_out: bool, place: Path) -> None:
    """Draw one shard of `count` clips into its folder."""
    f, h, w = config.frames, config.height, config.width
    video = np.empty((count, f, h, w, 3), np.uint8)
    masks = np.zeros((count, MOST_SUBJECTS, f, h * w // 8), np.uint8)
    boxes = np.full((count, MOST_SUBJECTS, f, 4), np.nan, np.float32)
    camera = np.empty((count, f, 3), np.float32)
    rows = []
    for row in range(count):
        index = int(place.name) + row
        scene, clip = _clip(config, index, held_out=held_out)
        subjects = len(clip.boxes)
        video[row], camera[row], boxes[row, :subjects] = clip.video, clip.camera, clip.boxes
        masks[row, :subjects] = np.packbits(clip.masks.reshape(subjects, f, h * w), axis=-1)
        rows.append({"scene": asdict(scene), "captions": _captions(config, index, scene)})
    part = place.with_suffix(f".{os.getpid()}.tmp")
    part.mkdir(parents=True, exist_ok=True)
    arrays: tuple[np.ndarray, ...] = (video, masks, boxes, camera)
    for name, array in zip(ARRAYS, arrays, strict=True):
        np.save(part / f"{name}.npy", array)
    (part / "scenes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    part.rename(place)
