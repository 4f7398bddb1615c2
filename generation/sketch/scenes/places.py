"""Places in parallax layers: cut paper in the light of the hour."""

from collections.abc import Callable

import numpy as np

from generation.sketch.scenes import room, sky
from generation.sketch.scenes.palette import mix
from generation.sketch.scenes.props import building, cactus, fir, grove, peaks
from generation.sketch.scenes.raster import box, convex
from generation.sketch.scenes.scene import Scene
from generation.sketch.scenes.sheets import Layer, Maker
from generation.sketch.scenes.terrain import cover, land, lee, ridge, water


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


def heaven(make: Maker) -> None:
    back = make.sheet(0.16)
    sky.gradient(back, make.light)
    if make.scene.time == "night" and make.scene.weather != "fog":
        sky.stars(back, make.rng, make.light)
    sky.sun(back, make.scene, make.light, *make.sun)
    above = make.sheet(0.2, foot=0.5, drift=0.016)
    sky.clouds(above, make.scene, make.rng, make.light)


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
