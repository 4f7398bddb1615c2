"""Pictures in layers, so that what is near moves more than what is far: a still cut up, or a stand-in."""

from dataclasses import dataclass

import numpy as np

FAR, MIDDLE, NEAR = 4.0, 1.8, 1.0  # depths, in distances of the focus plane
RISES = (0.25, 0.9)  # a still is far above, near below, and comes nearer in between; down the picture
SKY, HAZE = (0.36, 0.42, 0.52), (0.72, 0.70, 0.66)
MARKS = 28  # from top to bottom of a control clip's ground
HILLS, GROUND = (0.33, 0.36, 0.37), (0.42, 0.40, 0.36)


@dataclass(frozen=True)
class Layer:
    """A picture at a depth, or with None as deep as `depth_at` says, row by row.

    Args:
        pixels: (h, w, 4) float32, 0..1, colours already weighed by the opacity behind them.
    """

    pixels: np.ndarray
    depth: float | None


def depth_at(y: np.ndarray | float) -> np.ndarray:
    """How deep what stands at a height of the first frame is, 0 top to 1: the lower, the nearer."""
    share = np.clip((np.asarray(y) - RISES[0]) / (RISES[1] - RISES[0]), 0, 1)
    return 1 / (1 / FAR + (1 - 1 / FAR) * share * share * (3 - 2 * share))


def cut(still: np.ndarray) -> list[Layer]:
    """A still, (h, w, 3) uint8, as one layer that comes nearer towards its foot."""
    return [Layer(_opaque(still[..., :3].astype(np.float32) / 255), None)]


def stand_in(width: int, height: int) -> list[Layer]:
    """A calm country where no still is: sky, hills, ground; enough is drawn on each for a move to be seen."""
    y, x = np.mgrid[0.5:height, 0.5:width].astype(np.float32) / height
    across = x * height / width
    sky = _blend(SKY, HAZE, np.clip(y / 0.5, 0, 1))
    sun = np.clip(1.2 - np.hypot(x - 0.7 * width / height, y - 0.24) / 0.06, 0, 1)[..., None]
    sky = sky * (1 - sun) + np.array([0.95, 0.88, 0.74], np.float32) * sun
    sky -= 0.05 * (_waves(across, y, 11) > 0.6)[..., None]
    ridge = 0.46 + 0.06 * np.sin(9 * across + 1) + 0.03 * np.sin(23 * across)
    hills = np.array(HILLS, np.float32) + 0.05 * (_waves(across, y, 26) > 0.2)[..., None]
    ground = np.array(GROUND, np.float32) + 0.07 * (_waves(across, y, 40) > 0)[..., None]
    meadow = 0.68 + 0.025 * np.sin(7 * across + 2)
    return [
        Layer(_opaque(sky), FAR),
        Layer(_opaque(hills) * _below(y, ridge, height), MIDDLE),
        Layer(_opaque(ground) * _below(y, meadow, height), NEAR),
    ]


def scheme(width: int, height: int) -> list[Layer]:
    """A grey ground with soft marks all over, at the focus: a control clip's backdrop, easy to track."""
    wide = round(MARKS * width / height)
    marks = np.random.default_rng(0).random((MARKS, wide))
    down = np.linspace(0, MARKS - 1, height)
    across = np.linspace(0, wide - 1, width)
    rows = np.stack([np.interp(across, np.arange(wide), row) for row in marks])
    grey = 0.25 + 0.5 * np.stack([np.interp(down, np.arange(MARKS), column) for column in rows.T], axis=1)
    return [Layer(_opaque(np.repeat(grey[..., None], 3, axis=2)), NEAR)]


def flattened(layers: list[Layer]) -> np.ndarray:
    """(h, w, 3) float32: the layers over each other, as the first frame shows them."""
    picture = layers[0].pixels[..., :3].copy()
    for layer in layers[1:]:
        picture = picture * (1 - layer.pixels[..., 3:]) + layer.pixels[..., :3]
    return picture


def mended(layers: list[Layer], covered: np.ndarray) -> list[Layer]:
    """The layers without what `covered`, (h, w) bool, marks: each row is bridged from side to side."""
    return [Layer(_bridged(layer.pixels, covered), layer.depth) for layer in layers]


def _bridged(pixels: np.ndarray, covered: np.ndarray) -> np.ndarray:
    out, columns = pixels.copy(), np.arange(pixels.shape[1])
    for row in np.flatnonzero(covered.any(axis=1) & ~covered.all(axis=1)):
        hole = covered[row]
        for channel in range(pixels.shape[2]):
            out[row, hole, channel] = np.interp(columns[hole], columns[~hole], pixels[row, ~hole, channel])
    return out


def _opaque(picture: np.ndarray) -> np.ndarray:
    return np.concatenate([picture, np.ones_like(picture[..., :1])], axis=2).astype(np.float32)


def _blend(low: tuple[float, ...], high: tuple[float, ...], share: np.ndarray) -> np.ndarray:
    a, b = np.array(low, np.float32), np.array(high, np.float32)
    return a * (1 - share[..., None]) + b * share[..., None]


def _below(y: np.ndarray, edge: np.ndarray, height: int) -> np.ndarray:
    return np.clip((y - edge) * height + 0.5, 0, 1)[..., None].astype(np.float32)


def _waves(x: np.ndarray, y: np.ndarray, pitch: float) -> np.ndarray:
    """(h, w) -1..1: a texture that looks nowhere the same within a frame, so that its motion can be told."""
    return np.sin(pitch * x + 3 * np.sin(7.3 * y)) * np.sin(0.83 * pitch * y + 2 * np.sin(5.1 * x + 1))
