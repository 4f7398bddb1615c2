"""Rain and snow as a sheet of its own that falls past the camera."""

import numpy as np

from generation.sketch.scenes.raster import FINENESS, Canvas, across, disc, down, line, taps

TILE = 1.25  # the sheet repeats after so many frame heights
FALLS = {"rain": (0.16, 1.5, 30, 0.4), "snow": (0.05, 0.3, 26, 0.85)}  # lean, heights a second, count, alpha
WHITE = {"rain": np.array([0.84, 0.9, 0.97], np.float32), "snow": np.array([1, 1, 1], np.float32)}


class Fall:
    """A tile of drops or flakes, moved down a little more in each frame.

    Args:
        pan: how far the camera has moved, in frame heights: the fall hangs in the world, not on the lens.
    """

    def __init__(self, weather: str, seed: int, width: int, height: int, brightness: float):
        self.weather, self.height, self.width = weather, height, width
        self.lean, self.speed, count, self.alpha = FALLS[weather]
        self.colour = WHITE[weather] * np.float32(brightness)
        rng = np.random.default_rng(seed + 1)
        self.wide = float(np.ceil(width / height / TILE)) * TILE
        c = Canvas((0, 0, self.wide, TILE), height * FINENESS)
        mask = np.zeros((c.height, c.width), np.float32)
        for x, y, size in rng.random((int(count * self.wide), 3)).tolist():
            for dx in (-self.wide, 0, self.wide):
                for dy in (-TILE, 0, TILE):
                    self._one(c, mask, x * self.wide + dx, y * TILE + dy, size)
        self.mask = mask[..., None]
        self.density = c.density

    def _one(self, c: Canvas, mask: np.ndarray, x: float, y: float, size: float) -> None:
        long = 0.12 + 0.07 * size if self.weather == "rain" else 0.018 + 0.016 * size
        w = c.window(x - long, y - long, x + long, y + long)
        if w is None:
            return
        if self.weather == "rain":
            drop = line(w, x, y - long / 2, x - self.lean * long / 2, y + long / 2, 0.0075)
        else:
            drop = disc(w, x, y, long)
        top, left = round((w.y0 - c.y0) * c.density), round((w.x0 - c.x0) * c.density)
        part = mask[top : top + w.height, left : left + w.width]
        np.maximum(part, w.cover(drop), out=part)

    def draw(self, picture: np.ndarray, seconds: float, pan: tuple[float, float]) -> None:
        """Lay the fall over a picture (height, width, 5)."""
        y = pan[1] - seconds * self.speed
        x = pan[0] + seconds * self.speed * self.lean
        if self.weather == "snow":
            x += 0.03 * np.sin(seconds * 2.5)
        size = self.mask.shape
        rows = taps(y * self.density, FINENESS, self.height, 10**9, wrap=size[0])
        columns = taps(x * self.density, FINENESS, self.width, 10**9, wrap=size[1])
        seen = across(down(self.mask, rows), columns) * self.alpha
        picture[..., :3] += (self.colour - picture[..., :3]) * seen
