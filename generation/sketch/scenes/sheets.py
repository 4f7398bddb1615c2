"""The picture's sheets of paper, one behind the other, and what is needed to make them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generation.sketch.scenes import sky
from generation.sketch.scenes.light import light_of
from generation.sketch.scenes.raster import Canvas, look, taps
from generation.sketch.scenes.scene import Scene

STROKES = np.random.default_rng(5).normal(0, 1, (64, 96)).astype(np.float32)


@dataclass
class Layer:
    """One sheet of the picture.

    Args:
        nearness: how much a truck moves it, 0 (the sky) to 1.
        drift: how far it wanders to the right in a second, in frame heights.
        sway: how far it swings, x and y, in frame heights.
    """

    canvas: Canvas
    nearness: float
    drift: float = 0.0
    sway: tuple[float, float] = (0.0, 0.0)

    @property
    def stays(self) -> bool:
        return not self.drift and self.sway == (0.0, 0.0)


class Maker:
    """What a place's painter works with: the hour's light, chance, and fresh sheets."""

    def __init__(self, scene: Scene, span: Callable, density: float, aspect: float):
        self.scene, self.span, self.density, self.aspect = scene, span, density, aspect
        self.rng = np.random.default_rng(scene.seed)
        self.light = light_of(scene)
        self.sun = sky.sun_at(scene, self.rng, aspect)
        self.done: list[Layer] = []

    def sheet(self, nearness: float, top: float = -9.0, foot: float = 9.0, **life) -> Canvas:
        """A transparent sheet over all that the camera will see between two heights."""
        x0, y0, x1, y1 = self.span(nearness)
        snapped = y0 + np.floor(max(0.0, min(top, y1 - 0.05) - y0) * self.density) / self.density
        canvas = Canvas(
            (x0 - 0.1, float(snapped), x1 + 0.1, max(snapped + 0.05, min(y1, foot))), self.density
        )
        self.done.append(Layer(canvas, nearness, **life))
        return canvas

    def scatter(self, count: int, low: float = -2.5, high: float = 5.0) -> list[float]:
        """`count` places along the world, one in each equal stretch, so that none is bare."""
        even = np.linspace(low, high, count)
        return (even + self.rng.uniform(-0.4, 0.4, count) * (high - low) / count).tolist()


def paper(c: Canvas) -> None:
    """The paper's unevenness: broad, faint strokes that move with their sheet."""
    pixels = 0.11, 0.05  # a stroke's width and height, in frame heights
    rows = taps((c.y0 + 1.0) / pixels[1], 1 / c.density / pixels[1], c.height, 64)
    columns = taps((c.x0 + 3.0) / pixels[0], 1 / c.density / pixels[0], c.width, 96)
    strokes = look(STROKES[..., None], rows, columns)
    c.pixels[..., :3] *= 1 + 0.03 * strokes


def merged(sheets: list[Layer]) -> list[Layer]:
    """Fewer layers, for a camera to which all of them move alike: neighbours that stay are one."""
    done = sheets[:1]
    for sheet in sheets[1:]:
        if sheet.stays and done[-1].stays:
            _lay(done[-1].canvas, sheet.canvas)
        else:
            done.append(sheet)
    return done


def _lay(below: Canvas, above: Canvas) -> None:
    """Put one canvas on another of the same density that reaches at least as far up."""
    top = round((above.y0 - below.y0) * below.density)
    part = below.pixels[top : top + above.height, : above.width]
    part *= 1 - above.pixels[..., 4:]
    part += above.pixels
