"""Which part of a clip is drawn anew, as a mask: white is drawn, black is kept."""

import numpy as np

from generation.animatic import layout
from generation.animatic.direction import Direction, Stroke

GREY = 127  # what stands where nothing is known


def redrawn(direction: Direction, frames: int, size: tuple[int, int]) -> np.ndarray:
    """(F, H, W) uint8: what the direction has drawn anew of its source; all of it without one."""
    width, height = size
    redraw = direction.source.redraw if direction.source else "all"
    if redraw not in ("inside", "outside"):
        return np.full((frames, height, width), 255, np.uint8)
    inside = covered(direction, frames, size)
    return np.where(inside if redraw == "inside" else ~inside, 255, 0).astype(np.uint8)


def covered(direction: Direction, frames: int, size: tuple[int, int]) -> np.ndarray:
    """(F, H, W) bool: what boxes and brushed regions cover, as they go their ways."""
    width, height = size
    inside = np.zeros((frames, height, width), bool)
    for box in direction.boxes:
        for f, place in enumerate(layout.way(box, frames)):
            if place:
                sides = np.array(place) * [width, height, width, height]
                left, top, right, bottom = np.rint(sides).astype(int)
                inside[f, top:bottom, left:right] = True
    for stroke in direction.strokes:
        inside |= _carried(stroke, frames, size)
    return inside


def _carried(stroke: Stroke, frames: int, size: tuple[int, int]) -> np.ndarray:
    """(F, H, W) bool: the region of the first frame where it has gone; the source's own camera is unknown."""
    width, height = size
    region, middle = layout.covered(stroke, width, height), layout.centre(stroke)
    y, x = np.mgrid[0.5:height, 0.5:width]
    points = np.stack([x / width, y / height], axis=-1)
    return np.stack(
        [
            looked_up(region, middle + (points - middle - gone) * 2.0**-growth)
            for *gone, growth in layout.drift(stroke, frames)
        ]
    )


def looked_up(mask: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whether the mask, (h, w) bool, holds each point, 0..1; none beyond its edges."""
    height, width = mask.shape
    x, y = np.floor(points[..., 0] * width).astype(int), np.floor(points[..., 1] * height).astype(int)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return inside & mask[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]


def around(clip: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A clip (f, h, w, 3) whole in the middle of a larger picture, and what lies around it.

    Args:
        size: width and height of the larger picture, in pixels.

    Returns:
        (f, H, W, 3) uint8, grey around the clip, and (H, W) uint8, white there.
    """
    width, height = size
    scale = min(width / clip.shape[2], height / clip.shape[1])
    wide, high = round(clip.shape[2] * scale), round(clip.shape[1] * scale)
    left, top = (width - wide) // 2, (height - high) // 2
    rows = ((np.arange(high) + 0.5) * clip.shape[1] / high).astype(int)
    columns = ((np.arange(wide) + 0.5) * clip.shape[2] / wide).astype(int)
    larger = np.full((len(clip), height, width, 3), GREY, np.uint8)
    larger[:, top : top + high, left : left + wide] = clip[:, rows][:, :, columns]
    mask = np.full((height, width), 255, np.uint8)
    mask[top : top + high, left : left + wide] = 0
    return larger, mask
