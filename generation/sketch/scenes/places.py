"""Places in parallax layers: cut paper in the light of the hour."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generation.sketch.scenes import room, sky
from generation.sketch.scenes.light import light_of
from generation.sketch.scenes.palette import mix, rgb
from generation.sketch.scenes.raster import Canvas, box, convex, disc, look, taps
from generation.sketch.scenes.scene import Scene


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


def layers(scene: Scene, span: Callable, density: float, aspect: float) -> list[Layer]:
    """The place's layers from back to front.

    Args:
        span: from nearness to the part of the world seen, (x0, y0, x1, y1) in frame heights.
        density: of the canvases, pixels per frame height.
    """
    make = Maker(scene, span, density, aspect)
    if scene.place == "room":
        room.furnish(make)
    else:
        heaven(make)
        PLACES[scene.place](make)
    return make.done


STROKES = np.random.default_rng(5).normal(0, 1, (64, 96)).astype(np.float32)


def paper(c: Canvas) -> None:
    """The paper's unevenness: broad, faint strokes that move with their sheet."""
    pixels = 0.11, 0.05  # a stroke's width and height, in frame heights
    rows = taps((c.y0 + 1.0) / pixels[1], 1 / c.density / pixels[1], c.height, 64)
    columns = taps((c.x0 + 3.0) / pixels[0], 1 / c.density / pixels[0], c.width, 96)
    strokes = look(STROKES[..., None], rows, columns)
    c.pixels[..., :3] *= 1 + 0.03 * strokes


def heaven(make: Maker) -> None:
    back = make.sheet(0.16)
    sky.gradient(back, make.light)
    if make.scene.time == "night" and make.scene.weather != "fog":
        sky.stars(back, make.rng, make.light)
    sky.sun(back, make.scene, make.light, *make.sun)
    above = make.sheet(0.2, foot=0.5, drift=0.016)
    sky.clouds(above, make.scene, make.rng, make.light)


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


def sea(make: Maker) -> None:
    light = make.light
    far = make.sheet(0.28, 0.3)
    for x, wide, tall in zip(
        make.scatter(6),
        make.rng.uniform(0.3, 0.7, 6).tolist(),
        make.rng.uniform(0.05, 0.13, 6).tolist(),
        strict=True,
    ):
        hump = 0.56 - tall * np.maximum(0, 1 - ((far.x - x) / wide) ** 2) ** 0.8
        w = far.window(x - wide, 0.4, x + wide, 0.6)
        if w is not None:
            left = round((w.x0 - far.x0) * far.density)
            line = hump[:, left : left + w.width]
            inside = np.minimum(w.y - line, 0.56 - w.y)
            w.paint(w.cover(inside - 0.002) * (line < 0.559), light.on("#5f86a0", 0.5), 0.95)
    water(make, make.sheet(0.6, 0.5), 0.55, "#7fc4cf", "#1d6f96", far=0.9, near=0.4)
    front = make.sheet(0.9, 0.75, sway=(0.02, 0.008))
    for k, (base, code) in enumerate((("0.88", "#2b86a6"), ("0.99", "#1a5f86"), ("1.14", "#124a70"))):
        swell = float(base) - 0.022 * np.abs(np.sin(front.x * (3.1 - 0.4 * k) + make.rng.uniform(0, 6.28)))
        swell = swell + 0.02 * np.sin(front.x * 1.3 + make.rng.uniform(0, 6.28))
        land(
            front,
            swell,
            light.on(code),
            mix(light.on(code), light.on("#e8f6f0"), 0.55),
            far=0.35,
            near=0.2,
            rim=0.016,
        )


def hills(make: Maker) -> None:
    light = make.light
    rows = (
        (0.28, 0.5, 0.05, "#7fa6a0", "#93b8a8", 0.62),
        (0.46, 0.6, 0.06, "#7fb072", "#a5c987", 0.36),
        (0.66, 0.7, 0.05, "#5d9a52", "#8cbc62", 0.16),
        (0.85, 0.82, 0.025, "#3f7f46", "#6fae57", 0.0),
    )
    for k, (near, base, rise, code, lit, distance) in enumerate(rows):
        c = make.sheet(near, base - 0.2)
        edge = ridge(c, make.rng, base, rise, pitch=2.2 + 0.3 * k, octaves=3)
        land(
            c,
            edge,
            light.on(code, distance),
            light.on(lit, distance),
            far=0.95 - 0.22 * k,
            near=0.75 - 0.2 * k,
        )
        if k == 3:
            cover(make, c, edge, (light.on("#86c062"), light.on("#2d6638"), light.on("#f0d36a")))
        if k in (1, 2):
            grove(
                make,
                c,
                edge,
                light.on("#4f8a52" if k == 1 else "#35703f", distance),
                0.9 - 0.22 * k,
                0.02 + 0.012 * k,
            )


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


def mountains(make: Maker) -> None:
    light = make.light
    back = make.sheet(0.24, 0.0)
    peaks(make, back, 11, (0.2, 0.4), 0.66, "#8499b8", 0.5, 0.95)
    front = make.sheet(0.44, 0.05)
    peaks(make, front, 8, (0.24, 0.46), 0.68, "#5f7798", 0.22, 0.8)
    edge = ridge(front, make.rng, 0.63, 0.018, pitch=4.0)
    land(front, edge, light.on("#4b7362", 0.22), light.on("#6b917a", 0.22), far=0.75, near=0.7)
    lake = make.sheet(0.6, 0.6)
    water(make, lake, 0.675, "#8fc3cf", "#3b7fa0", far=0.65, near=0.45)
    bank = make.sheet(0.85, 0.7)
    edge = ridge(bank, make.rng, 0.84, 0.012, pitch=2.6, octaves=3)
    land(bank, edge, light.on("#4f7a4a"), light.on("#8fae68"), far=0.4, near=0.1)
    cover(make, bank, edge, (light.on("#9aa08f"), light.on("#3b5f3c"), light.on("#b9bda8")), tuft=False)


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


def desert(make: Maker) -> None:
    light = make.light
    far = make.sheet(0.25, 0.25)
    for x, wide, tall in zip(
        make.scatter(8),
        make.rng.uniform(0.14, 0.34, 8).tolist(),
        make.rng.uniform(0.06, 0.16, 8).tolist(),
        strict=True,
    ):
        w = far.window(x - wide, 0.56 - tall, x + wide, 0.7)
        if w is not None:
            mesa = convex(
                w,
                (x - wide, 0.7),
                (x - wide * 0.7, 0.56 - tall),
                (x + wide * 0.66, 0.56 - tall),
                (x + wide, 0.7),
            )
            w.paint(w.cover(mesa), light.on("#c07a5c", 0.45), 0.95)
            w.paint(w.cover(mesa) * w.cover(w.x - x - wide * 0.2), light.on("#a5644e", 0.45), 0.95)
    rows = (
        (0.42, 0.57, 0.035, "#dfae74", "#f0cb92", 0.3, 1.9),
        (0.62, 0.68, 0.05, "#d3965a", "#efc183", 0.12, 1.5),
        (0.85, 0.82, 0.035, "#b9763f", "#e2a764", 0.0, 1.2),
    )
    for k, (near, base, rise, code, lit, distance, pitch) in enumerate(rows):
        c = make.sheet(near, base - 0.15)
        phase = make.rng.uniform(0, 6.28)
        u = c.x * pitch + phase
        edge = base - rise * (np.sin(u) + 0.35 * np.sin(2 * u + 0.6)) - 0.4 * rise * np.sin(u * 0.37)
        land(
            c,
            edge,
            light.on(code, distance),
            light.on(lit, distance),
            far=0.85 - 0.25 * k,
            near=0.6 - 0.22 * k,
        )
        lee(c, edge, np.clip(np.cos(u) * 1.6, 0, 1), light.on(code, distance) * 0.8)
        if k == 2:
            cover(make, c, edge, (light.on("#8f5a30"), light.on("#ecc18a")), count=36, tuft=False)
        if k == 1:
            for x in make.scatter(7):
                cactus(make, c, x, edge, make.rng.uniform(0.1, 0.16))


def lee(c: Canvas, edge: np.ndarray, share: np.ndarray, colour) -> None:
    """The dunes' side away from the light, a shadow that thins out downhill."""
    down = c.y - edge
    c.paint(c.cover(down - 0.008) * np.clip(1 - down / 0.2, 0, 1) * share, colour, 0.5)


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


def city(make: Maker) -> None:
    light = make.light
    rows = (
        (0.28, 26, (0.16, 0.4), ("#a9a5bd", "#b9b3c6", "#9d9cb8"), 0.5, 0.9, 0.0),
        (0.55, 19, (0.18, 0.5), ("#8d7f95", "#a08a90", "#7d8299", "#b0958c"), 0.18, 0.65, 1.0),
    )
    for near, count, tall, codes, distance, depth, windows in rows:
        c = make.sheet(near, 0.0)
        for x in make.scatter(count):
            wide, h = make.rng.uniform(0.1, 0.19), make.rng.uniform(*tall)
            code, on = codes[make.rng.integers(len(codes))], make.rng.random((12, 4))
            building(make, c, x, wide, 0.8 - h, light.on(code, distance), depth, on if windows else None)
    road = make.sheet(0.85, 0.6)
    edge = np.full_like(road.x, 0.77)
    land(road, edge, light.on("#b3a9a4"), light.on("#cfc5ba"), far=0.5, near=0.45, rim=0.012)
    edge = np.full_like(road.x, 0.815)
    land(road, edge, light.on("#5f5c69"), light.on("#7b7782"), far=0.42, near=0.05, rim=0.012)
    for x in make.scatter(16):
        w = road.window(x - 0.13, 0.93, x + 0.13, 0.97)
        if w is not None:
            w.paint(w.cover(box(w, x - 0.12, 0.938, x + 0.12, 0.962, 0.01)), light.on("#e8dfc4"), 0.25)


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


def forest(make: Maker) -> None:
    light = make.light
    rows = (
        (0.3, 30, (0.34, 0.5), "#7ea892", 0.5, 0.72, 0.9),
        (0.5, 20, (0.46, 0.64), "#4f8a6a", 0.24, 0.77, 0.7),
        (0.68, 11, (0.6, 0.85), "#2f6b4c", 0.06, 0.82, 0.5),
    )
    for near, count, tall, code, distance, foot, depth in rows:
        c = make.sheet(near, -0.1)
        edge = ridge(c, make.rng, foot - 0.03, 0.012, pitch=3.0, octaves=3)
        land(c, edge, light.on(code, distance) * 0.92, light.on(code, distance), far=depth, near=depth - 0.1)
        for x, h in zip(make.scatter(count), make.rng.uniform(*tall, count).tolist(), strict=True):
            fir(c, x, foot, h, light.on(code, distance), depth)
    floor = make.sheet(0.85, 0.7)
    edge = ridge(floor, make.rng, 0.83, 0.016, pitch=3.2, octaves=3)
    land(floor, edge, light.on("#3f6b3a"), light.on("#7c9f4e"), far=0.4, near=0.1)
    cover(make, floor, edge, (light.on("#79a552"), light.on("#2a5230"), light.on("#a8643c")))


TIERS = ((1.0, 0.1, 0.55), (0.8, 0.34, 0.78), (0.58, 0.58, 1.0))  # width, foot and tip, of a fir's


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


def snow(make: Maker) -> None:
    light = make.light
    white, blue = "#ffffff", "#dbe8f4"
    rows = (
        (0.3, 0.53, 0.045, "#b9cadd", "#ccdae8", 0.45),
        (0.55, 0.63, 0.04, "#d3e0ee", "#eaf1f8", 0.2),
        (0.85, 0.78, 0.03, blue, white, 0.0),
    )
    for k, (near, base, rise, code, lit, distance) in enumerate(rows):
        c = make.sheet(near, base - 0.45)
        edge = ridge(c, make.rng, base, rise, pitch=1.9, octaves=3)
        if k:
            for x, h in zip(
                make.scatter(8 + 5 * (k == 1)), make.rng.uniform(0.26, 0.4, 13).tolist(), strict=False
            ):
                column = int(np.clip((x - c.x0) * c.density, 0, c.width - 1))
                fir(
                    c,
                    x,
                    edge[0, column] + 0.03,
                    h * (0.75 + 0.5 * (k == 2)),
                    light.on("#4f7680", distance),
                    0.8 - 0.25 * k,
                    light.on(white, distance),
                )
        land(
            c,
            edge,
            light.on(code, distance),
            light.on(lit, distance),
            far=0.95 - 0.25 * k,
            near=0.7 - 0.28 * k,
            rim=0.06,
        )
        if k == 2:
            cover(make, c, edge, (light.on("#b9cbe0"), light.on("#ffffff"), light.on("#8fa6bf")), tuft=False)


PLACES: dict[str, Callable[[Maker], None]] = {
    "sea": sea,
    "hills": hills,
    "mountains": mountains,
    "desert": desert,
    "city": city,
    "forest": forest,
    "snow": snow,
}
