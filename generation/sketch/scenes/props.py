"""What stands in a landscape: groves, peaks, cacti, buildings and firs."""

import numpy as np

from generation.sketch.scenes.palette import mix, rgb
from generation.sketch.scenes.raster import Canvas, box, convex, disc
from generation.sketch.scenes.sheets import Maker

TIERS = ((1.0, 0.1, 0.55), (0.8, 0.34, 0.78), (0.58, 0.58, 1.0))  # width, foot and tip, of a fir's


def grove(make: Maker, c: Canvas, edge: np.ndarray, colour, depth: float, size: float) -> None:
    """Small round trees along an outline, in groups."""
    for x in make.scatter(15):
        for shift in make.rng.uniform(-0.07, 0.07, 2).tolist():
            r = size * make.rng.uniform(0.8, 1.5)
            column = int((x + shift - c.x0) * c.density)
            if not 0 <= column < c.width:
                continue
            y = edge[0, column] - r * 0.6
            w = c.window(x + shift - r, y - r, x + shift + r, y + r)
            if w is not None:
                w.paint(w.cover(disc(w, x + shift, y, r)), colour, depth)


def peaks(
    make: Maker,
    c: Canvas,
    count: int,
    tall: tuple[float, float],
    foot: float,
    code: str,
    distance: float,
    depth: float,
):
    """Facetted mountains: a lit and a shaded side, and snow on top."""
    light = make.light
    stone, shade = light.on(code, distance), light.on(code, distance) * 0.8
    snow, blue = light.on("#fbfdff", distance * 0.6), light.on("#c3d3e6", distance * 0.6)
    for x, h, lean in zip(
        make.scatter(count),
        make.rng.uniform(*tall, count).tolist(),
        make.rng.uniform(0.75, 1.15, count).tolist(),
        strict=True,
    ):
        top, wide = foot - h, h * lean
        w = c.window(x - wide, top, x + wide, foot)
        if w is None:
            continue
        body = convex(w, (x - wide, foot), (x, top), (x + wide, foot))
        mask = w.cover(body)
        right = w.cover(w.x - x - (w.y - top) * 0.18)
        w.paint(mask, stone, depth)
        w.paint(mask * right, shade, depth)
        zig = top + h * (0.3 + 0.09 * np.abs(((w.x - x) / wide * 5) % 2 - 1))
        cap = mask * w.cover(zig - w.y)
        w.paint(cap, snow, depth)
        w.paint(cap * right, blue, depth)


def cactus(make: Maker, c: Canvas, x: float, edge: np.ndarray, h: float) -> None:
    column = int((x - c.x0) * c.density)
    if not 0 <= column < c.width:
        return
    foot = edge[0, column] + 0.01
    w = c.window(x - h, foot - h, x + h, foot)
    if w is None:
        return
    r = h * 0.13
    shape = box(w, x - r, foot - h, x + r, foot + r, r)
    for side, up in ((-1, 0.45), (1, 0.6)):
        arm = x + side * h * 0.34
        shape = np.maximum(
            shape, box(w, min(x, arm), foot - h * up, max(x, arm), foot - h * up + r * 1.5, r * 0.7)
        )
        shape = np.maximum(
            shape,
            box(w, arm - r * 0.8, foot - h * (up + 0.28), arm + r * 0.8, foot - h * up + r * 1.5, r * 0.8),
        )
    w.paint(w.cover(shape), make.light.on("#5d7f52", 0.1), 0.6)


def building(make: Maker, c: Canvas, x: float, wide: float, top: float, colour, depth: float, on) -> None:
    w = c.window(x - wide, top - 0.06, x + wide, 0.85)
    if w is None:
        return
    w.paint(w.cover(box(w, x - wide, top, x + wide, 1.0)), colour, depth)
    w.paint(w.cover(box(w, x + wide * 0.55, top, x + wide, 1.0)), colour * 0.86, depth)
    if on is None:
        return
    lamps, dark, glow = make.light.lamps, colour * 0.72, mix(colour, rgb("#ffd27a"), 0.9)
    for row in range(12):
        for column in range(3):
            left, y = x - wide * 0.82 + column * wide * 0.48, top + 0.035 + row * 0.065
            if y > 0.76:
                break
            part = c.window(left, y, left + wide * 0.32, y + 0.036)
            if part is not None:
                colour_now = glow if on[row, column] < 0.65 * lamps else dark
                part.paint(part.cover(box(part, left, y, left + wide * 0.3, y + 0.034)), colour_now, depth)


def fir(c: Canvas, x: float, foot: float, h: float, colour, depth: float, cap=None) -> None:
    """A fir of three tiers, its right side in shade, snow on it if `cap` is a colour."""
    half = h * 0.24
    w = c.window(x - half, foot - h, x + half, foot)
    if w is None:
        return
    w.paint(w.cover(box(w, x - h * 0.025, foot - h * 0.2, x + h * 0.025, foot)), colour * 0.6, depth)
    tiers = [
        convex(w, (x - half * s, foot - h * low), (x, foot - h * high), (x + half * s, foot - h * low))
        for s, low, high in TIERS
    ]
    shape = w.cover(np.maximum.reduce(tiers))
    w.paint(shape, colour, depth)
    w.paint(shape * w.cover(w.x - x), colour * 0.84, depth)
    if cap is not None:
        for tier, (_, low, high) in zip(tiers, TIERS, strict=True):
            hem = foot - h * (low + (high - low) * 0.42)
            w.paint(w.cover(np.minimum(tier, hem - w.y)), cap, depth)
