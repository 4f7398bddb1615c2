"""Steering by arrays: where the camera goes, where things stand, how they are pushed, how it ends.

Control is added to the transformer's patch embedding, which is the same as more input channels with weights
of their own; so the transformer keeps Wan's shape, any stock pipeline reads the folder, and without this
module or with nothing asked for, nothing is added.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from generation.sketch.config import MOST_SUBJECTS

BOXES = 2 * MOST_SUBJECTS + 1  # share of a cell within each box, over a latent frame and at its end; given
CAMERA = 7  # pan x, pan y and zoom since the first frame, the same since the latent frame before; given
STROKES = 3  # push right and down, in frames a latent frame; given
CHANNELS = BOXES + CAMERA + STROKES + 1  # + the latent of the last frame, and that it is given
FILE = "control.safetensors"
REACH = 0.08  # of the frame: how far around a stroke its push is felt


@dataclass(frozen=True)
class Asked:
    """What is steered; what is None is left to the words.

    Args:
        camera: (F, 3) pan x, pan y in frame widths and heights, log2 zoom, from frame 0.
        boxes: (S, F, 4) x0 y0 x1 y1, 0..1 of the frame, S ≤ 2 in the order of the words; NaN while absent.
        strokes: (K, F, 2) x, y, 0..1 of the frame: where K points are carried.
        last: (z, h, w) normalised latent of the frame it shall end with.
    """

    camera: np.ndarray | None = None
    boxes: np.ndarray | None = None
    strokes: np.ndarray | None = None
    last: Tensor | None = None


@dataclass(frozen=True)
class Grid:
    """The latent cells of a clip: T latent frames of `step` frames each (the first of one), h × w cells."""

    frames: int
    step: int
    height: int
    width: int
    z_dim: int

    @property
    def latent_frames(self) -> int:
        return 1 + (self.frames - 1) // self.step

    @property
    def ends(self) -> np.ndarray:
        """The frame with which each latent frame ends."""
        return np.arange(self.latent_frames) * self.step

    def channels(self, asked: Asked) -> np.ndarray:
        """(CHANNELS + z, T, h, w) float32: what the control module reads."""
        out = np.zeros((CHANNELS + self.z_dim, self.latent_frames, self.height, self.width), np.float32)
        if asked.boxes is not None:
            out[:BOXES] = self._boxes(asked.boxes)
        if asked.camera is not None:
            out[BOXES : BOXES + CAMERA] = self._camera(asked.camera)[:, :, None, None]
        if asked.strokes is not None:
            out[BOXES + CAMERA : CHANNELS - 1] = self._strokes(asked.strokes)
        if asked.last is not None:
            out[CHANNELS - 1, -1] = 1
            out[CHANNELS:, -1] = np.asarray(asked.last, np.float32)
        return out

    def _boxes(self, boxes: np.ndarray) -> np.ndarray:
        out = np.zeros((BOXES, self.latent_frames, self.height, self.width), np.float32)
        out[-1] = 1
        for number, box in enumerate(boxes[:MOST_SUBJECTS]):
            cover = np.stack([self._cover(place) for place in box])  # (F, h, w)
            for t, end in enumerate(self.ends):
                out[2 * number, t] = cover[max(0, end - self.step + 1) : end + 1].mean(0)
                out[2 * number + 1, t] = cover[end]
        return out

    def _cover(self, box: np.ndarray) -> np.ndarray:
        """(h, w): the share of each cell that lies within the box."""
        if np.isnan(box).any():
            return np.zeros((self.height, self.width), np.float32)
        across, down = (
            np.clip(np.minimum(high * n, np.arange(n) + 1) - np.maximum(low * n, np.arange(n)), 0, 1)
            for low, high, n in ((box[0], box[2], self.width), (box[1], box[3], self.height))
        )
        return down[:, None] * across[None]

    def _camera(self, path: np.ndarray) -> np.ndarray:
        at = np.asarray(path, np.float32)[self.ends].T  # (3, T)
        since = np.diff(at, axis=1, prepend=at[:, :1]) * (self.latent_frames - 1)
        return np.concatenate([at, since, np.ones((1, self.latent_frames), np.float32)])

    def _strokes(self, strokes: np.ndarray) -> np.ndarray:
        out = np.zeros((STROKES, self.latent_frames, self.height, self.width), np.float32)
        middle_y, middle_x = np.mgrid[0.5 : self.height, 0.5 : self.width]
        for points in np.asarray(strokes, np.float32):
            for t, end in enumerate(self.ends):
                x, y = points[end]
                push = points[end] - points[max(0, end - self.step)]
                near = np.hypot(middle_x / self.width - x, middle_y / self.height - y) < REACH
                near |= (np.floor(middle_x) == int(x * self.width)) & (
                    np.floor(middle_y) == int(y * self.height)
                )
                out[:, t, near] = np.array([*(push * (self.latent_frames - 1)), 1])[:, None]
        return out


class Control(nn.Module):
    """Turns control channels into what is added to the patch embedding; nothing in gives nothing out."""

    def __init__(self, z_dim: int, width: int):
        super().__init__()
        self.cells = nn.Conv3d(CHANNELS + z_dim, width, (1, 2, 2), stride=(1, 2, 2), bias=False)
        self.out = nn.Conv3d(width, width, 1, bias=False)
        nn.init.zeros_(self.out.weight)

    def forward(self, channels: Tensor) -> Tensor:
        return self.out(nn.functional.silu(self.cells(channels)))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file({k: v.half().contiguous() for k, v in self.state_dict().items()}, folder / FILE)

    @classmethod
    def load(cls, folder: Path) -> "Control":
        """Read the module from its folder beside the pipeline's parts."""
        with safe_open(folder / FILE, "pt") as kept:
            weights = {name: kept.get_tensor(name).float() for name in kept.keys()}  # noqa: SIM118 (no mapping)
        width, channels = weights["cells.weight"].shape[:2]
        control = cls(channels - CHANNELS, width)
        control.load_state_dict(weights)
        return control.eval()


@contextmanager
def steering(transformer: Any, control: Control, channels: Tensor | None) -> Iterator[None]:
    """While open, the transformer is steered by `channels` (B, CHANNELS + z, T, h, w)."""
    if channels is None:
        yield
        return

    def add(_module: nn.Module, _inputs: tuple[Tensor, ...], embedded: Tensor) -> Tensor:
        return embedded + control(channels).to(embedded.dtype)

    hook = transformer.patch_embedding.register_forward_hook(add)
    try:
        yield
    finally:
        hook.remove()


def stack(grid: Grid, asked: list[Asked]) -> Tensor:
    """(B, CHANNELS + z, T, h, w) for a batch."""
    return torch.from_numpy(np.stack([grid.channels(one) for one in asked]))
