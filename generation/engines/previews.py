"""Previews: what a clip promises to become, as a small moving strip, while it is still being drawn.

Latents are looked at through a linear map to RGB, fitted by least squares to what the engine's own decoder
makes of smooth random latents, and to what was drawn when the engine was installed; it is kept with the
engine as JSON and costs nothing beside a denoising step.
An engine without latents gives small frames directly.
"""

import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

FILE = "preview.json"
FEWEST, MOST = 6, 8  # frames of a strip
LARGEST = 160  # pixels of its longer side
EVERY_S = 0.5  # at most twice a second
SHARE = 0.02  # of a worker's time that previews may take
SAMPLES = 6  # clips that the map is fitted to …
SIDE = 12  # … of so many latents in width and height


@dataclass(frozen=True, slots=True)
class Map:
    """From latents to RGB: rgb = latents · weights + bias, in 0..1."""

    weights: np.ndarray  # (channels, 3)
    bias: np.ndarray  # (3,)

    def pictures(self, latents: np.ndarray) -> np.ndarray:
        """(channels, t, h, w) latents as (t, h, w, 3) uint8."""
        rgb = np.einsum("cthw,cd->thwd", latents, self.weights, optimize=True) + self.bias
        return np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)

    def to_json(self) -> str:
        return json.dumps({"weights": self.weights.tolist(), "bias": self.bias.tolist()}) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Map":
        """Read a map. Raises ValueError if it is none."""
        try:
            facts = json.loads(text)
            found = cls(np.array(facts["weights"], np.float32), np.array(facts["bias"], np.float32))
        except (TypeError, KeyError) as error:
            raise ValueError(f"no map from latents to RGB: {error}") from error
        if found.weights.ndim != 2 or found.weights.shape[1] != 3 or found.bias.shape != (3,):
            raise ValueError("a map from latents to RGB has three columns and a bias")
        return found


def fit(latents: np.ndarray, rgb: np.ndarray) -> Map:
    """The linear map that comes nearest, by least squares.

    Args:
        latents: (n, channels), float.
        rgb: (n, 3), 0..1.
    """
    ones = np.ones((len(latents), 1))
    solved, *_ = np.linalg.lstsq(np.hstack([latents, ones]), rgb, rcond=None)
    return Map(solved[:-1].astype(np.float32), solved[-1].astype(np.float32))


def fitted(
    decode: Callable[[np.ndarray], list[np.ndarray]],
    channels: int,
    *,
    drawn: Sequence[tuple[np.ndarray, np.ndarray]] = (),
) -> Map:
    """The map for a decoder, from what it makes of smooth random latents; the same each time.

    Random ones go in all directions that latents can; those that the engine has drawn say which matter.

    Args:
        decode: latents (takes, channels, t, h, w) float32 to clips (F, H, W, 3) uint8.
        drawn: clean latents (channels, t, h, w) of takes, each with its clip (F, H, W, 3) uint8.
    """
    dice = np.random.default_rng(0)
    latents = dice.standard_normal((SAMPLES, channels, 1, SIDE, SIDE)).astype(np.float32)
    latents[::2] = _smooth(latents[::2])
    flat = dice.standard_normal((SAMPLES, channels, 1, 1, 1)).astype(np.float32)
    latents = 0.7 * latents + 0.7 * flat  # about as wide as latents are, which have unit variance
    pairs = [*zip(latents, (clip[:1] for clip in decode(latents)), strict=True), *drawn]
    return fit(*map(np.concatenate, zip(*(_rows(*pair) for pair in pairs), strict=True)))


def _rows(latents: np.ndarray, clip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, channels) latents of one take and what is seen where they lie, (n, 3) in 0..1."""
    times, height, width = latents.shape[1:]
    frames = clip[np.rint(np.linspace(0, len(clip) - 1, times)).astype(int)]
    pixels = _reduced(frames, (width, height)).reshape(-1, 3) / 255
    return latents.transpose(1, 2, 3, 0).reshape(-1, len(latents)), pixels


def _smooth(latents: np.ndarray) -> np.ndarray:
    """Blurred by a neighbour on each side, with the variance it had."""
    for axis in (-1, -2):
        latents = (np.roll(latents, 1, axis) + latents + np.roll(latents, -1, axis)) / np.sqrt(3)
    return latents


def of(engine: Any, *, drawn: Sequence[tuple[np.ndarray, np.ndarray]] = ()) -> Map | None:
    """The map that is kept with an engine, fitted and kept now if there is none; None without latents.

    Args:
        drawn: what it is fitted to besides; see `fitted`.
    """
    if not callable(getattr(engine, "decode", None)):
        return None
    kept = Path(engine.folder, FILE)
    if kept.is_file():
        return Map.from_json(kept.read_text())
    config = engine.pipe().vae.config
    channels = getattr(config, "z_dim", None) or config.latent_channels
    found = fitted(engine.decode, channels, drawn=[pair for pair in drawn if len(pair[0]) == channels])
    part = kept.with_name(f".{FILE}.{time.time_ns()}")
    try:
        part.write_text(found.to_json())
        part.replace(kept)
    except OSError:
        pass  # engines may lie on a disk that workers cannot write to; then each fits its own
    return found


def frames(seen: np.ndarray, map: Map | None) -> np.ndarray | None:
    """What an engine shows of one take after a step, as (t, h, w, 3) uint8; None where it shows nothing.

    Args:
        seen: (channels, t, h, w) float latents, or (t, h, w, 3) uint8 frames.
    """
    if seen.dtype == np.uint8:
        return seen if len(seen) else None
    if map is None or len(seen) != len(map.weights):
        return None
    return map.pictures(seen)


def strip(pictures: np.ndarray, *, size: tuple[int, int], duration_s: float) -> bytes:
    """Pictures (t, h, w, 3) uint8 as an animated WebP of 6 to 8 small frames that lasts `duration_s`.

    Where there are fewer than 6, those between are blended.

    Args:
        size: width and height of the clip; of pictures of another shape it becomes the middle.
    """
    pictures = _middle(pictures, size)
    count = min(max(len(pictures), FEWEST), MOST)
    at = np.linspace(0, len(pictures) - 1, count)
    before, part = np.floor(at).astype(int), (at % 1)[:, None, None, None]
    small = _reduced(pictures, _within(pictures.shape[2], pictures.shape[1]))
    after = small[np.minimum(before + 1, len(pictures) - 1)]
    blended = np.rint(small[before] * (1 - part) + after * part).astype(np.uint8)
    first, *rest = [Image.fromarray(frame) for frame in blended]
    file = io.BytesIO()
    first.save(
        file, "WEBP", save_all=True, append_images=rest, duration=round(1000 * duration_s / count), loop=0,
        quality=60, method=0, allow_mixed=False,
    )  # fmt: skip
    return file.getvalue()


def _middle(pictures: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The largest part in the middle of pictures (t, h, w, 3) that has the shape of `size`, to the pixel."""
    height, width = pictures.shape[1:3]
    scale = min(width / size[0], height / size[1])
    across, down = (max(round(side * scale), 1) for side in size)
    left, top = (width - across) // 2, (height - down) // 2
    return pictures[:, top : top + down, left : left + across]


def _within(width: int, height: int) -> tuple[int, int]:
    scale = min(LARGEST / max(width, height), 1)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _reduced(pictures: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(t, h, w, 3) at `size`, width and height."""
    if (pictures.shape[2], pictures.shape[1]) == size:
        return pictures
    return np.stack([np.asarray(Image.fromarray(p).resize(size, Image.Resampling.BOX)) for p in pictures])


class Pace:
    """When the next preview is due: at most twice a second, and never for more than its share of the time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self.clock = clock
        self._due = float("-inf")

    def due(self) -> bool:
        return self.clock() >= self._due

    def sent(self, *, began: float) -> None:
        """Note that a preview begun at `began` has been sent now."""
        now = self.clock()
        self._due = max(began + EVERY_S, now + (now - began) * (1 / SHARE - 1))
