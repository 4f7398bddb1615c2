"""An engine with a memory of its own that can run out, at any stage, as torch does."""

from pathlib import Path

import numpy as np

from generation.engines.base import Brief, Card, telling

CARD = Card(
    name="tight",
    title="Tight",
    family="tight",
    revision="r1",
    licence="CC0-1.0",
    summary="Draws plain colours in a memory that can be too small.",
    procedural=True,
    batchable=True,
    fps=8,
    shortest_s=0.5,
    longest_s=2,
    sizes={"4:3": (64, 48)},
    steps=3,
)


class Vae:
    tiled = False

    def enable_tiling(self):
        self.tiled = True

    def disable_tiling(self):
        self.tiled = False


class Pipe:
    def __init__(self):
        self.vae = Vae()
        self.offloaded = False

    def enable_group_offload(self, **how):
        assert how["offload_type"] == "leaf_level"
        self.offloaded = True


class TightEngine:
    """Encoding takes 1 unit, denoising 2 a take and decoding 4 a take; the parts themselves take 4.

    In tiles decoding takes 1 a take; with parts loaded in turn they take 1. What was put into the cache
    before lies there until somebody frees it.
    """

    budget = 100.0
    cached = 0.0
    calls: list[list[int]] = []  # the seeds of each call that got as far as its end

    def __init__(self, folder: Path, card: Card):
        self.folder, self.card = folder, card
        self._pipe = Pipe()

    def software(self) -> str:
        return "tight 1"

    def pipe(self) -> Pipe:
        return self._pipe

    def draw(self, brief: Brief, *, on_step) -> np.ndarray:
        return self.draw_many([brief], on_step=on_step)[0]

    def draw_many(self, briefs, *, on_step, pictures=()) -> list[np.ndarray]:
        tell, takes = telling(on_step), len(briefs)
        self._need(1)
        for step in range(briefs[0].steps):
            self._need(2 * takes)
            tell(step, None)
        self._need(takes * (1 if self._pipe.vae.tiled else 4))
        type(self).calls.append([brief.seed for brief in briefs])
        return [np.full((b.frames, b.height, b.width, 3), b.seed % 256, np.uint8) for b in briefs]

    def _need(self, units: float) -> None:
        import torch

        parts = 1 if self._pipe.offloaded else 4
        if units + parts + self.cached > self.budget:
            type(self).cached = 0.0  # torch gives its cache back before it says so
            raise torch.OutOfMemoryError("Tried to allocate more than there is.")
