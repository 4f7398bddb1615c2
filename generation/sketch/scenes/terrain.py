"""Ground and water: outlines filled with light and shade."""

import numpy as np

from generation.sketch.scenes import sky
from generation.sketch.scenes.palette import mix, rgb
from generation.sketch.scenes.raster import Canvas, convex, disc
from generation.sketch.scenes.sheets import Maker


def ridge(
    c: Canvas, rng, base: float, rise: float, *, pitch: float = 2.4, octaves: int = 4, rough: float = 0.5
):
    """The height of an outline made of waves, (1, width)."""
    y = np.full_like(c.x, base)
    for k in range(octaves):
        y -= rise * rough**k * np.sin(c.x * pitch * 1.83**k + rng.uniform(0, 6.28))
    return y


def land(c: Canvas, edge: np.ndarray, colour, lit, *, far: float, near: float, rim: float = 0.035) -> None:
    """Fill below an outline: a lit rim along it, its own colour, and a shade darker further down."""
    w = c.window(c.x0, float(edge.min()) - 0.02, c.x0 + c.width / c.density, 9)
    if w is None:
        return
    down = w.y - edge
    depth = np.clip(far + (near - far) * down / 0.4, min(near, far), max(near, far))
    w.paint(w.cover(down), lit, depth)
    body = np.clip((down - rim) * 30, 0, 1)
    shade = np.clip(down / 0.5, 0, 1)[..., None] * 0.22
    w.paint(body * w.cover(down), colour * (1 - shade), depth)


def lee(c: Canvas, edge: np.ndarray, share: np.ndarray, colour) -> None:
    """The dunes' side away from the light, a shadow that thins out downhill."""
    down = c.y - edge
    c.paint(c.cover(down - 0.008) * np.clip(1 - down / 0.2, 0, 1) * share, colour, 0.5)


def cover(make: Maker, c: Canvas, edge: np.ndarray, colours, *, count: int = 44, tuft: bool = True) -> None:
    """Tufts of grass or flat stones strewn on the near ground, larger towards us."""
    rng = make.rng
    for x, down, tone in zip(
        make.scatter(count), rng.random(count).tolist(), rng.integers(len(colours), size=count), strict=True
    ):
        column = int((x - c.x0) * c.density)
        if not 0 <= column < c.width:
            continue
        y, r = float(edge[0, column]) + 0.04 + 0.4 * down, 0.018 + 0.03 * down
        w = c.window(x - 2.2 * r, y - 1.4 * r, x + 2.2 * r, y + r)
        if w is None:
            continue
        if tuft:
            blades = [
                convex(w, (x + k * 0.5 * r, y), (x + k * 0.9 * r, y), (x + k * 1.3 * r, y - 1.2 * r))
                for k in (-1, 1)
            ]
            shape = np.maximum.reduce(
                [*blades, convex(w, (x - 0.4 * r, y), (x + 0.4 * r, y), (x, y - 1.4 * r))]
            )
        else:
            shape = np.minimum(disc(w, x, y, 2 * r, 0.8 * r), y + 0.35 * r - w.y)
        w.paint(w.cover(shape) * 0.85, colours[tone], 0.3 - 0.2 * down)


def water(make: Maker, c: Canvas, top: float, shallow: str, deep: str, *, far: float, near: float) -> None:
    """Water from `top` down: lighter at the horizon, with the sun's path on it and the crests of waves."""
    w = c.window(c.x0, top, c.x0 + c.width / c.density, 9)
    if w is None:
        return
    light = make.light
    down = np.clip((w.y - top) / 0.45, 0, 1)[..., None]
    horizon = mix(light.on(shallow), light.sky[3], 0.35)
    colour = horizon + (light.on(deep) - horizon) * down**0.7
    w.paint(w.cover(w.y - top + 0 * w.x), colour, far + (near - far) * down[..., 0])
    if light.disc and make.scene.weather != "fog":
        x, spread = make.sun[0], 0.05 + 0.3 * down[..., 0]
        dashes = 0.5 + 0.5 * np.sin(np.maximum(0, w.y - top) ** 0.6 * 90)
        path = np.exp(-(((w.x - x) / spread) ** 2)) * dashes * (0.6 - 0.35 * down[..., 0]) * light.disc
        w.paint(path, rgb(sky.SUN[make.scene.time][1]), far)
    crests(make, c, top + 0.05, 0.9 if top < 0.6 else 0.12)


def crests(make: Maker, c: Canvas, top: float, reach: float) -> None:
    """Short strokes of light on water, broader the nearer they are."""
    light, rng = make.light, make.rng
    pale = mix(light.on("#eef7f2"), light.sky[3], 0.3)
    for x, share, length in zip(
        make.scatter(70), rng.random(70).tolist(), rng.uniform(0.6, 1.4, 70).tolist(), strict=True
    ):
        y = top + share * reach
        half, thick = (0.05 + 0.12 * share) * length, 0.006 + 0.012 * share
        w = c.window(x - half, y - thick, x + half, y + thick)
        if w is not None:
            w.paint(w.cover(disc(w, x, y, half, thick)) * 0.5, pale, 0.6)
