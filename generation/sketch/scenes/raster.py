"""Smooth pictures in unit coordinates: canvases of any fineness, shapes on them, and views of them.

A canvas has five channels, float32: red, green, blue and depth, each multiplied by alpha, and alpha.
Coordinates are in frame heights: x to the right, y down, (0, 0) the upper left corner of frame 0.
"""

import math

import numpy as np

FINENESS = 1.3  # canvas pixels per output pixel: views at any fraction of a pixel look equally sharp


class Canvas:
    """A transparent picture over part of the world.

    Args:
        box: x0, y0, x1, y1 in frame heights.
        density: pixels per frame height.
    """

    def __init__(self, box: tuple[float, float, float, float], density: float):
        self.x0, self.y0, x1, y1 = box
        self.density = density
        self.width = max(2, int(np.ceil((x1 - self.x0) * density)))
        self.height = max(2, int(np.ceil((y1 - self.y0) * density)))
        self.x = (self.x0 + (np.arange(self.width, dtype=np.float32)[None, :] + 0.5) / density).astype(
            np.float32
        )
        self.y = (self.y0 + (np.arange(self.height, dtype=np.float32)[:, None] + 0.5) / density).astype(
            np.float32
        )
        self.pixels = np.zeros((self.height, self.width, 5), np.float32)

    def window(self, x0: float, y0: float, x1: float, y1: float) -> "Canvas | None":
        """The part of this canvas around a shape, sharing its pixels; None when it lies outside."""
        left, right = self._pixels(x0 - self.x0, self.width), self._pixels(x1 - self.x0, self.width, 2)
        top, bottom = self._pixels(y0 - self.y0, self.height), self._pixels(y1 - self.y0, self.height, 2)
        if left >= right or top >= bottom:
            return None
        part = object.__new__(Canvas)
        part.x0, part.y0, part.density = (
            self.x0 + left / self.density,
            self.y0 + top / self.density,
            self.density,
        )
        part.width, part.height = right - left, bottom - top
        part.x, part.y = self.x[:, left:right], self.y[top:bottom]
        part.pixels = self.pixels[top:bottom, left:right]
        return part

    def _pixels(self, length: float, most: int, more: int = 0) -> int:
        return min(max(int(length * self.density) + more, 0), most)

    def cover(self, inside: np.ndarray) -> np.ndarray:
        """How much of each pixel lies in a shape, given the signed distance to its edge (positive inside)."""
        return np.minimum(np.maximum(inside * self.density + 0.5, 0), 1)

    def paint(self, mask: np.ndarray, colour: np.ndarray, depth=0.0) -> None:
        """Lay a colour (3,) or (height, width, 3) over the picture where `mask` is 1."""
        if np.ndim(colour) == 1 and np.ndim(depth) == 0:
            self.pixels += (np.array([*colour, depth, 1], np.float32) - self.pixels) * mask[..., None]
            return
        self.pixels[..., 4] += (1 - self.pixels[..., 4]) * mask
        self.pixels[..., :3] += (colour - self.pixels[..., :3]) * mask[..., None]
        self.pixels[..., 3] += (depth - self.pixels[..., 3]) * mask

    def light(self, mask: np.ndarray, colour: np.ndarray) -> None:
        """Add light where there is something to be lit."""
        self.pixels[..., :3] += mask[..., None] * colour * self.pixels[..., 4:]


def taps(start: float, step: float, count: int, size: int, *, wrap: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """For `count` output pixels, which source pixels (taps, count) to add up and with what weights.

    A tent as wide as an output pixel on either side, and never narrower than a source pixel's. `start` and
    `step` are in source pixels. Beyond the edges the last pixels go on for ever, or come round again after
    `wrap`.
    """
    radius = max(1.0, step)
    centre = start + (np.arange(count) + 0.5) * step
    reach = np.arange(int(np.ceil(2 * radius)))[:, None]
    index = np.floor(centre - (radius - 0.5)).astype(int) + reach
    weight = np.maximum(1 - np.abs(index - (centre - 0.5)) / radius, 0)
    weight /= weight.sum(0)
    inside = index % wrap if wrap else np.minimum(np.maximum(index, 0), size - 1)
    return inside, weight.astype(np.float32)


def look(pixels: np.ndarray, rows, columns) -> np.ndarray:
    """Resample rows, then columns; each of them `taps`."""
    return across(down(pixels, rows), columns)


def down(pixels: np.ndarray, rows) -> np.ndarray:
    index, weight = rows
    total = pixels.take(index[0], 0) * weight[0][:, None, None]
    for k in range(1, len(index)):
        total += pixels.take(index[k], 0) * weight[k][:, None, None]
    return total


def across(pixels: np.ndarray, columns) -> np.ndarray:
    index, weight = columns
    height, width, channels = pixels.shape
    flat = pixels.reshape(height, width * channels)  # long inner loops: a third faster than by pixel
    places = (index[..., None] * channels + np.arange(channels)).reshape(len(index), -1)
    weights = np.repeat(weight, channels, 1)
    total = flat.take(places[0], 1) * weights[0]
    for k in range(1, len(index)):
        total += flat.take(places[k], 1) * weights[k]
    return total.reshape(height, -1, channels)


def disc(c: Canvas, x: float, y: float, rx: float, ry: float | None = None) -> np.ndarray:
    """Signed distance into an ellipse (exact for a disc, close for others)."""
    ry = ry or rx
    d = np.sqrt(((c.x - x) / rx) ** 2 + ((c.y - y) / ry) ** 2)
    return (1 - d) * min(rx, ry)


def convex(c: Canvas, *points: tuple[float, float]) -> np.ndarray:
    """Signed distance into a convex polygon, its points in either order."""
    pairs = list(zip(points, points[1:] + points[:1], strict=True))
    turn = 1 if sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) > 0 else -1
    inside = np.full((c.height, c.width), np.inf, np.float32)
    for (ax, ay), (bx, by) in pairs:
        length = math.hypot(bx - ax, by - ay) * turn
        side = ((bx - ax) / length) * (c.y - ay) - ((by - ay) / length) * (c.x - ax)
        np.minimum(inside, side, out=inside)
    return inside


def box(c: Canvas, x0: float, y0: float, x1: float, y1: float, r: float = 0.0) -> np.ndarray:
    """Signed distance into a rectangle with corners rounded by `r`."""
    dx = np.abs(c.x - (x0 + x1) / 2) - (x1 - x0) / 2 + r
    dy = np.abs(c.y - (y0 + y1) / 2) - (y1 - y0) / 2 + r
    return r - np.sqrt(np.maximum(dx, 0) ** 2 + np.maximum(dy, 0) ** 2) - np.minimum(np.maximum(dx, dy), 0)


def line(c: Canvas, ax: float, ay: float, bx: float, by: float, r: float) -> np.ndarray:
    """Signed distance into a stroke with round ends, `r` half its width."""
    vx, vy = bx - ax, by - ay
    along = np.clip(((c.x - ax) * vx + (c.y - ay) * vy) / (vx * vx + vy * vy), 0, 1)
    return r - np.sqrt((c.x - ax - along * vx) ** 2 + (c.y - ay - along * vy) ** 2)
