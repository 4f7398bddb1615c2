"""Pictures by arithmetic: skies, ridges, water, weather and lights, in parallax layers.

Every picture is (height, width, 3) float32, linear in sRGB code values, 0 to 1. Time runs from 0 to 1
over a shot. Nothing here is AI, and the pages that show these films say so.
"""

from dataclasses import dataclass, field

import numpy as np


def rgb(code: str) -> np.ndarray:
    """ "#f4a261" → three floats."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


@dataclass(frozen=True)
class Canvas:
    """The frame's size in pixels, with the coordinates every painter needs, 0 to 1."""

    width: int
    height: int
    x: np.ndarray = field(init=False, repr=False)
    y: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        x = np.linspace(0, self.width / self.height, self.width, dtype=np.float32)[None, :]
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", np.linspace(0, 1, self.height, dtype=np.float32)[:, None])

    @property
    def aspect(self) -> float:
        return self.width / self.height


def gradient(c: Canvas, *stops: tuple[float, str]) -> np.ndarray:
    """A vertical gradient through `stops` of (height from the top, colour)."""
    at = [s[0] for s in stops]
    colours = np.stack([rgb(s[1]) for s in stops])
    column = np.stack([np.interp(c.y[:, 0], at, colours[:, i]) for i in range(3)], -1)
    return np.repeat(column[:, None, :], c.width, axis=1).astype(np.float32)


def over(picture: np.ndarray, mask: np.ndarray, colour: str) -> np.ndarray:
    """Lay `colour` over `picture` where `mask` (height, width) is 1."""
    picture += (rgb(colour) - picture) * mask[..., None]
    return picture


def light(picture: np.ndarray, mask: np.ndarray, colour: str, *, strength: float = 1.0) -> np.ndarray:
    """Add light of `colour` where `mask` (height, width) is above 0."""
    picture += rgb(colour) * (mask * strength)[..., None]
    return picture


def disc(c: Canvas, x: float, y: float, r: float, *, soft: float = 0.004) -> np.ndarray:
    """A disc's mask; x in units of the height, like r."""
    d = np.sqrt((c.x - x) ** 2 + (c.y - y) ** 2)
    return np.clip((r - d) / soft, 0, 1)


def glow(c: Canvas, x: float, y: float, r: float) -> np.ndarray:
    """Light falling off from a point, 1 at the centre."""
    return 1 / (1 + ((c.x - x) ** 2 + (c.y - y) ** 2) / r**2) ** 1.5


def ridge(c: Canvas, *, seed: int, base: float, rise: float, shift: float, rough: float = 1.0) -> np.ndarray:
    """The mask of a mountain's or dune's outline: everything below a sum of waves.

    Args:
        base: height of the outline from the top, 0 to 1.
        rise: how far it goes up and down.
        shift: how far the camera has moved along it, in heights; moves the outline to the left.
        rough: how strong the short waves are.
    """
    rng = np.random.default_rng(seed)
    x = c.x[0] + shift
    line = np.full_like(x, base)
    for octave in range(1, 7):
        wave = np.sin(x * 1.3 * 1.9**octave + rng.uniform(0, 6.28))
        line -= rise * wave * (0.55 / rough) ** octave
    return np.clip((c.y - line[None, :]) * c.height / 1.5, 0, 1)


def lamp(c: Canvas, picture: np.ndarray, x: float, y: float, r: float, colour: str) -> None:
    """Add a small light's glow, painted only near it: many lamps stay cheap."""
    reach = r * 9
    rows = slice(max(0, int((y - reach) * c.height)), max(0, int((y + reach) * c.height)))
    columns = slice(max(0, int((x - reach) * c.height)), max(0, int((x + reach) * c.height)))
    d2 = (c.x[:, columns] - x) ** 2 + (c.y[rows] - y) ** 2
    falling = 1 / (1 + d2 / r**2) ** 1.5 * np.clip(1 - np.sqrt(d2) / reach, 0, 1)
    picture[rows, columns] += rgb(colour) * falling[..., None] * 0.8


def stars(c: Canvas, *, seed: int, count: int, t: float, below: float = 0.6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mask = np.zeros((c.height, c.width), np.float32)
    ys, xs = (rng.random(count) ** 1.6 * below * c.height).astype(int), rng.integers(0, c.width, count)
    mask[ys, xs] = 0.35 + 0.5 * np.abs(np.sin(rng.uniform(0, 6.28, count) + t * 9 * rng.random(count)))
    return mask


def fall(c: Canvas, *, seed: int, count: int, t: float, speed: float, lean: float, long: int) -> np.ndarray:
    """Rain or snow: `long` is a drop's length in pixels, `speed` in frame heights over the shot."""
    rng = np.random.default_rng(seed)
    depth = 0.4 + 0.6 * rng.random(count)
    y = (rng.random(count) + t * speed * depth) % 1.1
    x = (rng.random(count) + lean * y + 0.02 * np.sin(t * 9 + rng.uniform(0, 6.28, count))) % 1.0
    mask = np.zeros((c.height, c.width), np.float32)
    for step in range(long):
        ys = np.clip(y * c.height + step, 0, c.height - 1).astype(int)
        xs = np.clip(x * c.width + lean * step * 0.6, 0, c.width - 1).astype(int)
        mask[ys, xs] = np.maximum(mask[ys, xs], depth)
        if long < 4:  # snow is round
            mask[ys, np.minimum(xs + 1, c.width - 1)] = depth
    return mask


def skyline(c: Canvas, *, seed: int, base: float, tall: float, shift: float, lit: float):
    """Houses along a street: their mask, and the mask of the windows with light in them."""
    rng = np.random.default_rng(seed)
    pitch = 0.11
    place = (c.x[0] + shift) / pitch
    number = np.floor(place).astype(int) % 64
    tops = base - tall * rng.random(64) ** 0.8
    house = np.clip((c.y - tops[number][None, :]) * c.height, 0, 1)
    columns, rows = ((place % 1) * 5), c.y * 42
    window = ((columns % 1 > 0.35) & (columns > 0.6) & (columns < 4.6))[None, :] & (rows % 1 > 0.45)
    lamp = rng.random((64, 64, 8)) < lit
    on = lamp[number[None, :], np.floor(rows).astype(int) % 64, np.floor(columns).astype(int)[None, :] % 8]
    return house, (window & on & (house > 0.99) & (c.y < base + 0.12)).astype(np.float32)


def water(c: Canvas, picture: np.ndarray, *, horizon: float, t: float, tint: str, sun: float = -1):
    """Mirror what is above `horizon` into moving water below it, with a glitter path under x=`sun`."""
    top = int(horizon * c.height)
    rows = np.arange(top, c.height)
    depth = (rows - top) / max(1, c.height - top)
    ripple = np.sin(rows * 0.9 / (0.25 + depth) + t * 30) * (1 + 9 * depth)
    source = np.clip(top - (rows - top) * 0.9 + ripple * 0.7, 0, top - 1).astype(int)
    mirrored = picture[source] * 0.72
    mirrored += (rgb(tint) - mirrored) * (0.25 + 0.4 * depth)[:, None, None]
    if sun >= 0:
        row = rows[:, None]
        dash = np.sin(c.x * 70 / (0.4 + depth[:, None]) + row**2 * 12.9 + t * 20) * np.sin(row * 1.9 + t * 12)
        path = np.exp(-(((c.x - sun) / (0.04 + 0.16 * depth[:, None])) ** 2))
        mirrored += (np.clip(dash - 0.2, 0, 1) * path * 0.9)[..., None] * rgb("#ffe3b0")
    picture[top:] = mirrored
    return picture


def finish(c: Canvas, picture: np.ndarray, *, seed: int, fade: float = 1.0) -> np.ndarray:
    """Vignette, grain and fade; then eight bits: (height, width, 3) uint8."""
    corner = 1 - 0.35 * (((c.x / c.aspect - 0.5) ** 2 + (c.y - 0.5) ** 2) * 2)
    rng = np.random.default_rng(seed)
    grain = rng.standard_normal((c.height // 2 + 1, c.width // 2 + 1), dtype=np.float32) * 0.012
    grain = grain.repeat(2, 0).repeat(2, 1)[: c.height, : c.width]
    done = (picture * corner[..., None] + grain[..., None]) * fade
    return (np.clip(done, 0, 1) * 255 + 0.5).astype(np.uint8)
