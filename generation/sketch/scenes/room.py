"""A room: wallpaper, a window on the sky of the hour, a picture, a lamp and floorboards."""

import numpy as np

from generation.sketch.scenes import sky
from generation.sketch.scenes.light import SKY_AT
from generation.sketch.scenes.palette import mix, rgb
from generation.sketch.scenes.raster import Canvas, box, convex, disc

WALLS = ("#e3c9a8", "#c9d3bd", "#d9bdb4")
INDOORS = {"dawn": "#f4dcd6", "day": "#ffffff", "sunset": "#efae90", "night": "#77709c"}
FLOOR = 0.74


def furnish(make) -> None:
    """The room as one sheet: a truck moves it as a wall would."""
    rng, shine = make.rng, rgb(INDOORS[make.scene.time])
    wall = rgb(WALLS[rng.integers(3)])
    c = make.sheet(0.6)
    whole = np.ones((c.height, c.width), np.float32)
    c.paint(whole, wall * shine, 0.9)
    stripes = np.clip(np.sin(c.x * 2 * np.pi / 0.22) * 4, 0, 1) * (c.y < FLOOR)
    c.paint(np.broadcast_to(stripes * 0.35, whole.shape), wall * shine * 0.93, 0.9)
    things = [window, picture, lamp, shelf]
    start = int(rng.integers(4))
    for k, x in enumerate(np.arange(-3.0, 5.0, 0.62) + rng.uniform(-0.08, 0.08)):
        things[(k + start) % 4](make, c, float(x), shine)
    floor(make, c, shine)
    if make.scene.time == "night":
        glow = np.exp(-(((c.x - 0.8) / 0.9) ** 2) - ((c.y - 0.4) / 0.6) ** 2)
        c.light(glow * 0.1, rgb("#ffb45c"))


def floor(make, c: Canvas, shine) -> None:
    w = c.window(c.x0, FLOOR - 0.04, c.x0 + c.width / c.density, 9)
    if w is None:
        return
    down = np.clip((w.y - FLOOR) / 0.4, 0, 1)
    w.paint(w.cover(w.y - FLOOR + 0.035 + 0 * w.x), rgb("#f3e8d6") * shine, 0.85)
    boards = rgb("#a9744a") * shine * (1.05 - 0.3 * down[..., None])
    w.paint(
        w.cover(w.y - FLOOR + 0 * w.x), np.broadcast_to(boards, (w.height, w.width, 3)), 0.85 - 0.7 * down
    )
    for x in make.scatter(3):
        rug = disc(w, x, 0.93, 0.62, 0.1)
        code = ("#b5564a", "#4f7a86", "#8a6a9a")[make.rng.integers(3)]
        w.paint(w.cover(rug), rgb(code) * shine, 0.4)
        w.paint(w.cover(rug - 0.03), mix(rgb(code), rgb("#f3e8d6"), 0.35) * shine, 0.4)


def window(make, c: Canvas, x: float, shine) -> None:
    """A window on the sky of the hour, with the sun or the moon in it."""
    x0, y0, x1, y1 = x - 0.2, 0.12, x + 0.2, 0.56
    w = c.window(x0 - 0.05, y0 - 0.05, x1 + 0.05, y1 + 0.08)
    if w is None:
        return
    light = make.light
    w.paint(w.cover(box(w, x0 - 0.03, y0 - 0.03, x1 + 0.03, y1 + 0.03, 0.01)), rgb("#f7efe0") * shine, 0.88)
    height = (w.y[:, 0] - y0) / (y1 - y0) * 0.75 - 0.1
    column = np.stack([np.interp(height, SKY_AT, [stop[i] for stop in light.sky]) for i in range(3)], -1)
    pane = w.cover(box(w, x0, y0, x1, y1))
    w.paint(pane, np.broadcast_to(column[:, None].astype(np.float32), (w.height, w.width, 3)), 1.0)
    code, glow, r, _, _ = sky.SUN[make.scene.time]
    ball = disc(w, x + 0.07, y0 + 0.14, r * 0.7)
    w.paint(pane * np.clip(1 + ball / 0.12, 0, 1) ** 2 * 0.5, rgb(glow), 1.0)
    w.paint(pane * w.cover(ball), rgb(code), 1.0)
    hill = 0.5 - 0.03 * np.sin((w.x - x) * 9 + 1)
    w.paint(pane * w.cover(w.y - hill), light.on("#6f9a70", 0.3), 1.0)
    for bar in (box(w, x - 0.012, y0, x + 0.012, y1), box(w, x0, 0.33, x1, 0.354)):
        w.paint(w.cover(bar), rgb("#f7efe0") * shine, 0.88)
    w.paint(w.cover(box(w, x0 - 0.05, y1 + 0.02, x1 + 0.05, y1 + 0.06, 0.01)), rgb("#e4d5bd") * shine, 0.86)


def picture(make, c: Canvas, x: float, shine) -> None:
    w = c.window(x - 0.16, 0.2, x + 0.16, 0.5)
    paint = ("#c9665a", "#5f8fa0", "#d6a24f")[make.rng.integers(3)]
    if w is None:
        return
    w.paint(w.cover(box(w, x - 0.14, 0.2, x + 0.14, 0.48, 0.01)), rgb("#6b4a35") * shine, 0.88)
    w.paint(w.cover(box(w, x - 0.11, 0.23, x + 0.11, 0.45)), rgb("#f1e6cf") * shine, 0.88)
    w.paint(w.cover(np.minimum(disc(w, x, 0.47, 0.1), 0.45 - w.y)), rgb(paint) * shine, 0.88)
    w.paint(w.cover(disc(w, x + 0.04, 0.3, 0.03)), rgb("#e0b04f") * shine, 0.88)


def lamp(make, c: Canvas, x: float, shine) -> None:
    """A standing lamp, lit in the evening and at night."""
    lit = make.scene.time in ("sunset", "night")
    w = c.window(x - 0.4, 0.05, x + 0.4, 0.9)
    if w is None:
        return
    w.paint(w.cover(box(w, x - 0.011, 0.35, x + 0.011, 0.8)), rgb("#5b4636") * shine, 0.8)
    w.paint(w.cover(disc(w, x, 0.8, 0.08, 0.02)), rgb("#5b4636") * shine, 0.8)
    shade = convex(w, (x - 0.06, 0.22), (x + 0.06, 0.22), (x + 0.11, 0.38), (x - 0.11, 0.38))
    if lit:
        near = np.exp(-(((w.x - x) / 0.17) ** 2) - ((w.y - 0.34) / 0.17) ** 2) * 0.5
        w.paint(near, rgb("#ffc873"), 0.85)
    w.paint(w.cover(shade), rgb("#ffe2a0") if lit else rgb("#e9dcc0") * shine, 0.8)


def shelf(make, c: Canvas, x: float, shine) -> None:
    """A shelf with books."""
    widths, codes = make.rng.uniform(0.03, 0.05, 7).tolist(), make.rng.integers(4, size=7)
    heights = make.rng.uniform(0.1, 0.16, 7).tolist()
    w = c.window(x - 0.2, 0.2, x + 0.2, 0.48)
    if w is None:
        return
    left = x - 0.15
    for wide, code, tall in zip(widths, codes, heights, strict=True):
        book = box(w, left, 0.43 - tall, left + wide, 0.43)
        w.paint(w.cover(book), rgb(("#a8554a", "#4f7480", "#c49a55", "#6f6a8a")[code]) * shine, 0.8)
        left += wide
    w.paint(w.cover(box(w, x - 0.19, 0.43, x + 0.19, 0.455)), rgb("#7a5a42") * shine, 0.8)
