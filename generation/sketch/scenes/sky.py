"""Skies: a gradient, the sun or the moon, stars, and clouds cut from paper."""

import numpy as np

from generation.sketch.scenes.light import SKY_AT, Light
from generation.sketch.scenes.palette import rgb
from generation.sketch.scenes.raster import Canvas, box, disc
from generation.sketch.scenes.scene import Scene

SUN = {  # colour, glow, radius, height from and to
    "dawn": ("#fff6dc", "#ffd9a8", 0.085, 0.3, 0.46),
    "day": ("#fffbe2", "#fff3c4", 0.075, 0.1, 0.24),
    "sunset": ("#ffe08a", "#ff8a4a", 0.12, 0.36, 0.5),
    "night": ("#f4f1dc", "#9db4e8", 0.085, 0.12, 0.28),
}
CLOUDS = {"clear": 4, "cloudy": 13, "rain": 14, "snow": 8, "fog": 0}


def sun_at(scene: Scene, rng: np.random.Generator, aspect: float) -> tuple[float, float]:
    """Where the sun or the moon stands, in frame heights."""
    low, high = SUN[scene.time][3:]
    return float(aspect * rng.uniform(0.14, 0.86)), float(rng.uniform(low, high))


def gradient(c: Canvas, light: Light) -> None:
    column = np.stack([np.interp(c.y[:, 0], SKY_AT, [stop[i] for stop in light.sky]) for i in range(3)], -1)
    c.pixels[..., :3] = column[:, None]
    c.pixels[..., 3:] = 1.0


def sun(c: Canvas, scene: Scene, light: Light, x: float, y: float) -> None:
    """The sun with its glow, or the moon with a bite of shadow."""
    code, glow, r, _, _ = SUN[scene.time]
    if not light.disc:
        return
    w = c.window(x - 5 * r, y - 5 * r, x + 5 * r, y + 5 * r)
    if w is None:
        return
    near = np.maximum(0, 1 - np.sqrt((w.x - x) ** 2 + (w.y - y) ** 2) / (5 * r))
    w.paint(near**2 * 0.55 * light.disc, rgb(glow), 1.0)
    w.paint(w.cover(disc(w, x, y, r)) * light.disc, rgb(code), 1.0)
    if scene.time == "night":
        w.paint(w.cover(disc(w, x + r * 0.2, y - r * 0.3, r * 0.3)) * 0.25 * light.disc, rgb("#9aa5c8"), 1.0)
        w.paint(w.cover(disc(w, x - r * 0.4, y + r * 0.35, r * 0.2)) * 0.25 * light.disc, rgb("#9aa5c8"), 1.0)


def stars(c: Canvas, rng: np.random.Generator, light: Light) -> None:
    """Stars as soft dots, large enough for the smallest frame and crisper in a large one."""
    soft = min(1.0, 256 / c.density)
    count = 260
    spots = zip(
        rng.uniform(-2.5, 5, count).tolist(),
        (-0.4 + 0.85 * rng.random(count) ** 1.3).tolist(),
        rng.random(count).tolist(),
        strict=True,
    )
    for x, y, size in spots:
        r = 0.006 + 0.007 * size
        w = c.window(x - r * 2, y - r * 2, x + r * 2, y + r * 2)
        if w is not None:
            w.paint(
                np.clip(disc(w, x, y, (1 + soft) * r) / (soft * r), 0, 1) * (0.35 + 0.6 * size) * light.disc,
                rgb("#fff8e0"),
                1.0,
            )


def clouds(c: Canvas, scene: Scene, rng: np.random.Generator, light: Light) -> None:
    """Clouds of overlapping discs with flat bottoms: a body, and a lighter crest on it."""
    full = scene.weather in ("cloudy", "rain", "snow")
    for _ in range(CLOUDS[scene.weather] * 3):
        x, y = rng.uniform(-2.5, 4.5), rng.uniform(-0.3, 0.32)
        size = rng.uniform(0.75, 1.3) * (1.25 if full else 1.0)
        middle = rng.uniform(-0.05, 0.05)
        puffs = ((-0.15, 0.045), (middle, 0.085), (middle + 0.1, 0.06), (0.17, 0.035))
        w = c.window(x - 0.26 * size, y - 0.14 * size, x + 0.26 * size, y + 0.04 * size)
        if w is None:
            continue
        discs = [disc(w, x + px * size, y - r * size * 0.5, r * size) for px, r in puffs]
        slab = box(w, x - 0.2 * size, y - 0.03 * size, x + 0.21 * size, y + 0.022 * size, 0.02 * size)
        body = np.minimum(np.maximum.reduce([*discs, slab]), y + 0.022 * size - w.y)
        w.paint(w.cover(body) * 0.95, light.crest, 1.0)
        low = np.clip((w.y - y + 0.05 * size) / (0.06 * size), 0, 1)
        w.paint(w.cover(body) * low * 0.85, light.cloud, 1.0)
