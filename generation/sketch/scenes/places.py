"""Places in parallax layers, and the light of hours and weathers on them."""

from dataclasses import dataclass

import numpy as np

from generation.sketch.scenes.palette import mix, rgb
from generation.sketch.scenes.raster import FINENESS, Canvas, disc
from generation.sketch.scenes.scene import Scene


@dataclass
class Layer:
    """One sheet of the picture; a truck moves it by its `nearness`, 0 (the sky) to 1."""

    canvas: Canvas
    nearness: float


SKY = {
    "dawn": ("#6b86b5", "#e9a9b0", "#fde0b8"),
    "day": ("#3f8fd0", "#8cc6e8", "#e6f1e4"),
    "sunset": ("#3d2f68", "#d0586a", "#fbb565"),
    "night": ("#070d26", "#14244e", "#2f4a78"),
}
LIGHT = {"dawn": "#e6c8cc", "day": "#ffffff", "sunset": "#d99a84", "night": "#3a4a78"}
GROUND = {
    "sea": ("#4f86a0", "#2f7f9a", "#1f6685"),
    "hills": ("#9dbf95", "#7aa86a", "#4f8a48"),
    "mountains": ("#9fb0c4", "#6f86a0", "#5f8560"),
    "desert": ("#e0b080", "#d69a5c", "#c07c42"),
    "city": ("#a8a6ba", "#7c7a94", "#5c5a6a"),
    "forest": ("#7fa58a", "#4f7f62", "#2f5f44"),
    "snow": ("#c4d4e2", "#dde7ef", "#f4f7f9"),
    "room": ("#e9d3b0", "#e9d3b0", "#a8744c"),
}


def layers(scene: Scene, spans, density: float) -> list[Layer]:
    """The place's layers from back to front.

    Args:
        spans: nearness → the part of the world seen, (x0, y0, x1, y1) in frame heights.
        density: of the canvases, pixels per frame height.
    """
    rng = np.random.default_rng(scene.seed)
    stops = [rgb(code) for code in SKY[scene.time]]
    light = rgb(LIGHT[scene.time])
    sky = Canvas(spans(0.05), density)
    column = np.stack(
        [np.interp(sky.y[:, 0], (-0.4, 0.25, 0.62), [s[i] for s in stops]) for i in range(3)], -1
    )
    sky.paint(np.ones((sky.height, sky.width), np.float32), column[:, None].astype(np.float32), 1.0)
    sky.paint(sky.cover(disc(sky, rng.uniform(0.3, 1.2), rng.uniform(0.14, 0.4), 0.09)), rgb("#fff3cf"), 1.0)
    done = [Layer(sky, 0.05)]
    for number, code in enumerate(GROUND[scene.place]):
        near = (0.25, 0.5, 0.8)[number]
        c = Canvas(spans(near), density)
        waves = sum(np.sin(c.x * 2.1 * 1.9**k + rng.uniform(0, 6.28)) * 0.05 * 0.55**k for k in range(5)) * (
            0.1 if scene.place in ("sea", "room") else 1
        )
        edge = c.y - (0.52, 0.6, 0.74)[number] - waves
        c.paint(c.cover(edge), mix(rgb(code) * light, stops[2], 0.4 - 0.2 * number), 0.8 - 0.3 * number)
        done.append(Layer(c, near))
    return done


def fineness(density: float) -> float:
    return density * FINENESS
