"""Drawing an animatic's frames: layers through the camera, brushed regions on their ways, boxes on top."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.animatic import plates
from generation.animatic.camera import view
from generation.animatic.layout import Corners
from generation.animatic.plates import Layer, depth_at

COLOURS = ((226, 96, 78), (86, 156, 226), (240, 190, 80), (120, 190, 110),
           (190, 120, 210), (90, 200, 200), (230, 140, 170), (150, 150, 240))  # fmt: skip
SETTLES = 4  # turns until a row shows what is as deep as it was taken to be
EDGE = 0.006  # of a box, in frame heights


@dataclass(frozen=True)
class Patch:
    """A brushed region: its picture, as in `Layer`, and its way.

    Args:
        centre: (2,); drift: (F, 3), as in `layout`; sight: (F, 4), the view of the plane on which it lies.
    """

    pixels: np.ndarray
    centre: np.ndarray
    drift: np.ndarray
    sight: np.ndarray


def lifted(layers: list[Layer], covered: np.ndarray) -> np.ndarray:
    """The part of the first frame that `covered`, (h, w) bool, marks, as a layer's pixels."""
    picture = np.concatenate([plates.flattened(layers), np.ones((*covered.shape, 1), np.float32)], axis=2)
    return picture * _softened(covered)[..., None]


def _softened(covered: np.ndarray) -> np.ndarray:
    """The mask with an edge two pixels wide."""
    soft = covered.astype(np.float32)
    for axis in (0, 1):
        soft[:] = (np.roll(soft, 1, axis) + 2 * soft + np.roll(soft, -1, axis)) / 4
    return soft


def frame(
    layers: list[Layer],
    patches: Sequence[Patch],
    boxes: Sequence[tuple[Corners | None, ...]],
    dials: np.ndarray,
    f: int,
) -> np.ndarray:
    """(h, w, 3) uint8: frame `f`.

    Args:
        boxes: each subject's place in each frame; dials: (F, 7).
    """
    height, width = layers[0].pixels.shape[:2]
    aspect = width / height
    picture = np.zeros((height, width, 3), np.float32)
    for layer in layers:
        _over(picture, seen(layer.pixels, _look(layer, dials[f : f + 1], aspect), edges=True))
    for one in patches:
        _over(picture, seen(one.pixels, _carried(one, aspect, f), edges=False))
    for box, colour in zip((way[f] for way in boxes), COLOURS, strict=False):
        if box:
            _box(picture, box, np.array(colour, np.float32) / 255)
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _look(layer: Layer, dials: np.ndarray, aspect: float) -> np.ndarray:
    """(2, 3) or one for each row, (h, 2, 3): from the frame to the layer."""
    if layer.depth is not None:
        return affine(view(dials, layer.depth), aspect)[0]
    rows = (np.arange(len(layer.pixels)) + 0.5) / len(layer.pixels)
    depth = depth_at(rows)
    for _ in range(SETTLES):
        sight = view(dials, depth)
        depth = depth_at(0.5 + sight[:, 1] + (rows - 0.5) * sight[:, 2] * np.cos(sight[:, 3]))
    return affine(view(dials, depth), aspect)


def _over(picture: np.ndarray, upper: np.ndarray) -> None:
    picture *= 1 - upper[..., 3:]
    picture += upper[..., :3]


def affine(sight: np.ndarray, aspect: float) -> np.ndarray:
    """(n, 2, 3): from a point of the frame, 0..1, to the point of a plane there, for each row of its view."""
    x, y, size, roll = sight.T
    cos, sin = size * np.cos(roll), size * np.sin(roll)
    turn = np.stack([cos, -sin / aspect, sin * aspect, cos], axis=1).reshape(-1, 2, 2)
    shift = np.stack([0.5 + x, 0.5 + y], axis=1) - turn.sum(axis=2) / 2
    return np.concatenate([turn, shift[..., None]], axis=2)


def _carried(one: Patch, aspect: float, f: int) -> np.ndarray:
    """The same for a region that has gone its way: back along it, to where its picture was."""
    *gone, growth = one.drift[f]
    shrink = 2.0**-growth
    through = affine(one.sight[f : f + 1], aspect)[0] * shrink
    through[:, 2] += one.centre - (one.centre + gone) * shrink
    return through


def seen(pixels: np.ndarray, through: np.ndarray, *, edges: bool) -> np.ndarray:
    """(h, w, c): a picture through an affine view, between its pixels in straight lines.

    Args:
        through: (2, 3) as from `affine`, or one for each row of the frame, (h, 2, 3).
        edges: mirror the picture beyond its sides; else nothing is there.
    """
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0.5:height, 0.5:width] / np.array([height, width])[:, None, None]
    (xx, xy, xo), (yx, yy, yo) = np.moveaxis(through, (-2, -1), (0, 1))[..., None]
    sx = (xx * x + xy * y + xo).astype(np.float32) * width - 0.5
    sy = (yx * x + yy * y + yo).astype(np.float32) * height - 0.5
    x0, y0 = np.floor(sx).astype(np.int32), np.floor(sy).astype(np.int32)
    fx, fy = (sx - x0)[..., None], (sy - y0)[..., None]
    columns = [_mirrored(x0 + i, width) for i in (0, 1)]
    rows = [np.clip(_below_mirrored(y0 + i, height), 0, height - 1) for i in (0, 1)]
    upper = pixels[rows[0], columns[0]] * (1 - fx) + pixels[rows[0], columns[1]] * fx
    lower = pixels[rows[1], columns[0]] * (1 - fx) + pixels[rows[1], columns[1]] * fx
    out = upper * (1 - fy) + lower * fy
    if not edges:
        outside = (sx < 0) | (sx > width - 1) | (sy < 0) | (sy > height - 1)
        out[outside] = 0
    return out


def _mirrored(index: np.ndarray, count: int) -> np.ndarray:
    """To and fro, for ever."""
    around = index % (2 * count)
    return np.where(around < count, around, 2 * count - 1 - around)


def _below_mirrored(index: np.ndarray, count: int) -> np.ndarray:
    """Mirrored at the foot alone: above the picture its top row goes on, which is sky."""
    return np.where(index < count, index, 2 * count - 1 - index)


def _box(picture: np.ndarray, box: Corners, colour: np.ndarray) -> None:
    """A filled box with a darker edge, on the pixels nearest to it."""
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = (round(side * n) for side, n in zip(box, (width, height) * 2, strict=True))
    edge = max(1, round(EDGE * height))
    picture[y0:y1, x0:x1] = colour * 0.6
    picture[y0 + edge : y1 - edge, x0 + edge : x1 - edge] = colour
