"""From a direction to everything an engine may be given."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from generation.animatic import camera, drawing, layout, masks, phrases, plates, steering
from generation.animatic.direction import Direction, Stroke
from generation.animatic.layout import Corners
from generation.engines.inputs import INPUTS, MOST_BOXES

FLOW_STEP = 8  # pixels to a cell of the flow


@dataclass(frozen=True)
class Compiled:
    """A direction worked out for a shot of a length and a size; pictures are drawn when asked for.

    Args:
        size: width and height in pixels.
        first: the still it begins with, (h, w, 3) uint8 of any size; None for the stand-in.
        stills: SHA-256 → (h, w, 3) uint8, those of the keyframes that are at hand.
    """

    direction: Direction
    frames: int
    size: tuple[int, int]
    first: np.ndarray | None = None
    stills: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def aspect(self) -> float:
        return self.size[0] / self.size[1]

    @cached_property
    def dials(self) -> np.ndarray:
        """(F, 7): see `camera.dials`."""
        return camera.dials(self.direction.camera, self.frames)

    @cached_property
    def camera(self) -> np.ndarray:
        """(F, 3): pan x and y in frame widths and heights, log2 zoom, all 0 at first: `Brief.camera`."""
        return camera.path(self.dials)

    @cached_property
    def poses(self) -> np.ndarray:
        """(F, 4, 4): camera to world, OpenCV axes, relative to the first frame; unit: the focus distance."""
        return camera.poses(self.dials, self.aspect)

    @cached_property
    def focal(self) -> np.ndarray:
        """(F,): focal length in frame heights; 36 degrees from top to bottom in the first frame."""
        return camera.focal(self.dials)

    @cached_property
    def boxes(self) -> tuple[tuple[Corners | None, ...], ...]:
        """A subject, a frame: x0 y0 x1 y1 in 0..1, None while it is not seen: `Brief.boxes`."""
        return tuple(layout.way(box, self.frames) for box in self.direction.boxes)

    @cached_property
    def tracks(self) -> np.ndarray:
        """(K, F, 2): where the middle of each brushed region is carried, in 0..1 of the frame."""
        ways = [layout.track(stroke, self.dials, self.aspect) for stroke in self.direction.strokes]
        return np.stack(ways) if ways else np.zeros((0, self.frames, 2))

    @property
    def words(self) -> str:
        """What the direction says, in words for a prompt; "" if it says nothing."""
        return phrases.words(self.direction)

    def words_for(self, inputs: Collection[str], prompt: str = "") -> str:
        """What an engine with these inputs must be told in words besides `prompt`; "" if nothing."""
        return phrases.left(self.direction, steering.followed(self.direction, inputs), prompt)

    @cached_property
    def init(self) -> np.ndarray:
        """(F, H, W, 3) uint8: the first still or the stand-in as it moves; video-to-video begins there."""
        layers = plates.stand_in(*self.size) if self.first is None else plates.cut(self._fitted(self.first))
        return self._film(layers)

    @cached_property
    def control(self) -> np.ndarray:
        """(F, H, W, 3) uint8: a grey ground that moves as the camera asks, regions and coloured boxes on it.

        A keyframe of full strength whose still is at hand stands there itself.
        """
        film = self._film(plates.scheme(*self.size))
        for f, still in self._kept.items():
            film[f] = self._fitted(still)
        return film

    @cached_property
    def mask(self) -> np.ndarray:
        """(F, H, W) uint8: 255 where the engine draws, 0 where control clip or source stand as they are.

        What lies around a source depends on its shape: see `masks.around`.
        """
        mask = masks.redrawn(self.direction, self.frames, self.size)
        mask[list(self._kept)] = 0
        return mask

    @cached_property
    def flow(self) -> np.ndarray:
        """(F-1, H/8, W/8, 2) float32: how far what a cell shows goes by the next frame, in frames."""
        width, height = (max(1, side // FLOW_STEP) for side in self.size)
        y, x = np.mgrid[0.5:height, 0.5:width]
        cells = np.stack([x / width, y / height], axis=-1)
        seen = camera.view(self.dials, plates.NEAR)
        carried = [self._carried(stroke, layout.covered(stroke, width, height)) for stroke in self._moving]
        flow = np.empty((max(0, self.frames - 1), height, width, 2), np.float32)
        for f in range(len(flow)):
            there = camera.to_plane(cells, seen[f], self.aspect)
            ahead = camera.to_frame(there, seen[f + 1], self.aspect)
            for one in carried:
                (now, later), (here, next_) = one.drift[f : f + 2], one.sight[f : f + 2]
                there = camera.to_plane(cells, here, self.aspect)
                origin = one.centre + (there - one.centre - now[:2]) * 2.0 ** -now[2]
                on = masks.looked_up(one.pixels, origin)
                gone = one.centre + later[:2] + (origin - one.centre) * 2.0 ** later[2]
                ahead[on] = camera.to_frame(gone, next_, self.aspect)[on]
            flow[f] = ahead - cells
        return flow

    def given(self, inputs: Collection[str]) -> dict[str, Any]:
        """The fields of a `Brief` that an engine with these inputs takes from the direction.

        A camera without keys is left to the words; a locked one stands still. A control clip says all of
        camera, boxes and strokes; its file, a mask's and a source's are the caller's to keep and to name.
        """
        asked = self.direction
        moves = asked.camera.moves or asked.camera.lock
        said: dict[str, Any] = {
            "camera": tuple(map(tuple, self.camera.tolist())) if moves else (),
            "poses": tuple(map(tuple, self.poses.reshape(-1, 16).tolist())) if moves else (),
            "boxes": self.boxes[:MOST_BOXES],
            "strokes": tuple(
                tuple(map(tuple, track))
                for stroke, track in zip(asked.strokes, self.tracks.tolist(), strict=True)
                if stroke.moves
            ),
            "keyframes": tuple((key.t, key.still, key.strength) for key in asked.keyframes),
            "references": tuple(one.still for one in asked.references),
        }
        if "keyframes" not in inputs:
            ends = {key.t: key.still for key in asked.keyframes if key.t in (0, 1)}
            said |= {"first_frame": ends.get(0, ""), "last_frame": ends.get(1, "")}
        taken = set(inputs) - (steering.NUMBERS if "control" in inputs else set())
        return {INPUTS[name][0]: value for name, value in said.items() if value and name in taken}

    @cached_property
    def _kept(self) -> dict[int, np.ndarray]:
        """Frame → the still that is shown there exactly."""
        return {
            round(key.t * (self.frames - 1)): self.stills[key.still]
            for key in self.direction.keyframes
            if key.strength == 1 and key.still in self.stills
        }

    def _film(self, layers: list[plates.Layer]) -> np.ndarray:
        width, height = self.size
        covered = [layout.covered(stroke, width, height) for stroke in self._moving]
        patches = [
            self._carried(stroke, drawing.lifted(layers, mask))
            for stroke, mask in zip(self._moving, covered, strict=True)
        ]
        if covered:
            layers = plates.mended(layers, np.logical_or.reduce(covered))
        film = np.empty((self.frames, height, width, 3), np.uint8)
        for f in range(self.frames):
            film[f] = drawing.frame(layers, patches, self.boxes, self.dials, f)
        return film

    @property
    def _moving(self) -> list[Stroke]:
        return [stroke for stroke in self.direction.strokes if stroke.moves]

    def _carried(self, stroke: Stroke, pixels: np.ndarray) -> drawing.Patch:
        drift, sight = layout.drift(stroke, self.frames), layout.sight(stroke, self.dials)
        return drawing.Patch(pixels, layout.centre(stroke), drift, sight)

    def _fitted(self, still: np.ndarray) -> np.ndarray:
        """The middle of a still in the shot's shape, at its size."""
        width, height = self.size
        scale = min(still.shape[1] / width, still.shape[0] / height)
        rows = ((np.arange(height) + 0.5 - height / 2) * scale + still.shape[0] / 2).astype(int)
        columns = ((np.arange(width) + 0.5 - width / 2) * scale + still.shape[1] / 2).astype(int)
        return still[rows][:, columns, :3]


def compile(
    direction: Direction,
    *,
    frames: int,
    size: tuple[int, int],
    first: np.ndarray | None = None,
    stills: Mapping[str, np.ndarray] | None = None,
) -> Compiled:
    """Work a direction out for a shot.

    Args:
        frames: 1 or more; size: width and height in pixels.
        first: the still it begins with, (h, w, 3) uint8; stills: those of keyframes, by SHA-256.

    Raises:
        ValueError: the number of frames or the size is none.
    """
    if frames < 1 or min(size) < 1:
        raise ValueError("An animatic has one frame or more, each of one pixel or more.")
    return Compiled(direction, frames, size, first, stills or {})
