"""The demo films' shots: each a function of the canvas and of time, 0 to 1."""

import numpy as np

from festival.demo.drawing import (
    Canvas,
    disc,
    fall,
    glow,
    gradient,
    lamp,
    light,
    over,
    ridge,
    skyline,
    stars,
    water,
)


def sea(c: Canvas, t: float) -> np.ndarray:
    """Evening at sea: a sinking sun, a boat, gulls."""
    p = gradient(c, (0, "#1d2a55"), (0.3, "#7a4a78"), (0.5, "#e8825a"), (0.58, "#ffc37a"), (1, "#ffc37a"))
    sun = c.aspect * (0.62 - 0.08 * t)
    light(p, glow(c, sun, 0.52 + 0.05 * t, 0.16), "#ff9a4a", strength=0.7)
    over(p, disc(c, sun, 0.5 + 0.07 * t, 0.085), "#fff0c4")
    over(p, ridge(c, seed=4, base=0.57, rise=0.05, shift=0.25 * t, rough=1.3), "#5a3a63")
    water(c, p, horizon=0.6, t=t, tint="#3a2f5c", sun=sun)
    x, y = c.aspect * (0.2 + 0.28 * t), 0.66 + 0.006 * np.sin(t * 22)
    hull = (np.abs(c.x - x) < 0.062 - (c.y - y) * 0.8) & (c.y > y) & (c.y < y + 0.026)
    sail = (c.x > x - 0.045 + (y - c.y) * 0.28) & (c.x < x) & (c.y < y - 0.006) & (c.y > y - 0.16)
    jib = (c.x > x + 0.006) & (c.x < x + 0.055 - (y - c.y) * 0.36) & (c.y < y - 0.01) & (c.y > y - 0.14)
    over(p, (hull | sail | jib).astype(np.float32), "#1c1530")
    return gulls(c, p, t, seed=3)


def gulls(c: Canvas, p: np.ndarray, t: float, *, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    for gull in range(5):
        x = c.aspect * ((rng.random() + 0.3 * t) % 1)
        y = 0.16 + 0.2 * rng.random() + 0.02 * np.sin(t * 8 + gull)
        span, beat = 0.026, 0.6 + 0.3 * np.sin(t * 60 + gull * 2)
        left, right = (max(0, int((x + side * span) * c.height)) for side in (-1, 1))
        dx = np.abs(c.x[:, left:right] - x)
        wing = y - (span - np.abs(dx - span / 2) * 1.4) * beat * 0.6
        thick = 0.0034 * np.clip(1.1 - dx / span, 0, 1)  # wings end in a point
        over(p[:, left:right], np.clip((thick - np.abs(c.y - wing)) * c.height + 0.5, 0, 1), "#20203a")
    return p


def hills(c: Canvas, t: float) -> np.ndarray:
    """A morning walk: five ridges in mist, the camera trucking right."""
    p = gradient(c, (0, "#8fc1d9"), (0.45, "#f5e3c0"), (1, "#f7d7a8"))
    light(p, glow(c, c.aspect * 0.25, 0.3, 0.2), "#fff2d0", strength=0.5)
    over(p, disc(c, c.aspect * 0.25, 0.3, 0.06), "#fffbe8")
    clouds(c, p, t, seed=8, colour="#fffaf0", where=0.16)
    colours = ["#b7c6bf", "#8fae9d", "#678f78", "#3f6c58", "#21463d"]
    for layer, colour in enumerate(colours):
        near = layer / 4
        mask = ridge(
            c, seed=20 + layer, base=0.5 + 0.1 * layer, rise=0.1, shift=t * (0.1 + 0.8 * near**2) + layer
        )
        over(p, mask * 0.96, colour)
    return p


def clouds(c: Canvas, p: np.ndarray, t: float, *, seed: int, colour: str, where: float, big: float = 1.0):
    rng = np.random.default_rng(seed)
    for _ in range(5):
        x0, y0 = rng.random() * 1.3 - 0.1, where + rng.normal() * 0.06
        drift = (x0 + t * (0.06 + 0.08 * rng.random())) * c.aspect
        puff = np.zeros((c.height, c.width), np.float32)
        for _ in range(7):
            r = (0.03 + 0.05 * rng.random()) * big
            x, y = drift + rng.normal() * 0.09 * big, y0 + rng.normal() * 0.015 * big
            puff = np.maximum(puff, disc(c, x, y - r * 0.3, r, soft=0.03 * big))
        over(p, puff * 0.85, colour)
    return p


def sky(c: Canvas, t: float) -> np.ndarray:
    """Nothing but weather, and a small house under it."""
    p = gradient(c, (0, "#2f7fb8"), (0.7, "#a8dbe8"), (1, "#e8f2dc"))
    clouds(c, p, t * 1.6, seed=31, colour="#dcecf2", where=0.22, big=1.3)
    clouds(c, p, t * 2.6, seed=12, colour="#ffffff", where=0.42, big=2.0)
    over(p, ridge(c, seed=3, base=0.86, rise=0.035, shift=0.05 * t), "#5d8a4c")
    x, y = c.aspect * 0.68, 0.845
    over(p, ((np.abs(c.x - x) < 0.04) & (c.y > y - 0.06) & (c.y < y)).astype(np.float32), "#f3e7d3")
    roof = (np.abs(c.x - x) < (c.y - (y - 0.11)) * 1.05) & (c.y < y - 0.058) & (c.y > y - 0.11)
    over(p, roof.astype(np.float32), "#b5482f")
    over(p, ridge(c, seed=9, base=0.95, rise=0.02, shift=0.12 * t), "#3e6b3a")
    return p


def city(c: Canvas, t: float) -> np.ndarray:
    """Rain on a street at night; windows, neon, a wet road."""
    p = gradient(c, (0, "#0a1030"), (0.5, "#2a1c52"), (0.75, "#6b2a5c"), (1, "#20123a"))
    for layer, (base, tall, colour, bulb) in enumerate(
        [
            (0.74, 0.42, "#231a47", "#c98aa8"),
            (0.78, 0.5, "#171136", "#ffd27a"),
            (0.82, 0.4, "#0d0a24", "#ffb347"),
        ]
    ):
        house, window = skyline(
            c, seed=layer + 5, base=base, tall=tall, shift=t * (0.1 + 0.22 * layer) + layer * 3, lit=0.34
        )
        over(p, house, colour)
        light(p, window, bulb, strength=0.55 + 0.15 * layer)
    for number, (x, colour) in enumerate([(0.3, "#ff3d81"), (0.72, "#2de2e6")]):
        hum = 0.8 + 0.2 * np.sin(t * 40 + number)
        light(p, glow(c, c.aspect * x - 0.4 * t, 0.6, 0.06), colour, strength=0.7 * hum)
    water(c, p, horizon=0.86, t=t, tint="#140c2c")
    light(
        p,
        fall(c, seed=2, count=420, t=t, speed=9, lean=-0.1, long=max(6, c.height // 40)),
        "#9fb4ff",
        strength=0.28,
    )
    return p


def snow(c: Canvas, t: float) -> np.ndarray:
    """A wood in snow, the camera pushing between the trunks."""
    p = gradient(c, (0, "#13233f"), (0.55, "#4b6a8c"), (0.75, "#b9c9d6"), (1, "#e9eff2"))
    light(p, stars(c, seed=1, count=90, t=t, below=0.4), "#ffffff", strength=0.6)
    light(p, glow(c, c.aspect * 0.7, 0.2, 0.1), "#dfe8ff", strength=0.6)
    over(p, disc(c, c.aspect * 0.7, 0.2, 0.05), "#fbfbf2")
    for layer in range(4):
        near = layer / 3
        over(
            p,
            ridge(c, seed=50 + layer, base=0.66 + 0.08 * layer, rise=0.02, shift=t * near * 0.3),
            ["#a9bccb", "#c4d3dd", "#dbe5ea", "#f3f6f7"][layer],
        )
        firs(c, p, t, seed=layer, near=near)
    light(
        p,
        fall(c, seed=7, count=500, t=t, speed=1.6, lean=0.15, long=2 if c.height < 500 else 3),
        "#ffffff",
        strength=0.8,
    )
    return p


def firs(c: Canvas, p: np.ndarray, t: float, *, seed: int, near: float) -> None:
    rng = np.random.default_rng(90 + seed)
    grow = 1 + 0.5 * t * near
    for _ in range(7):
        x = (rng.random() - 0.5) * c.aspect * 1.5 * grow + c.aspect / 2
        foot, tall = 0.68 + 0.09 * seed, (0.16 + 0.12 * rng.random()) * (0.6 + near) * grow
        left, right = (max(0, int((x + side * tall * 0.3) * c.height)) for side in (-1, 1))
        up = (foot - c.y) / tall
        width = tall * 0.26 * (1 - up) * (0.72 + 0.28 * ((up * 5) % 1))
        tree = (np.abs(c.x[:, left:right] - x) < width) & (up > 0.05) & (up < 1)
        over(p[:, left:right], tree.astype(np.float32), ["#5f7f92", "#3d5f70", "#23424f", "#12303a"][seed])


def train(c: Canvas, t: float) -> np.ndarray:
    """The land runs past a carriage window at dusk."""
    p = gradient(c, (0, "#26355d"), (0.35, "#8c5a86"), (0.58, "#f0a868"), (1, "#f0c088"))
    for layer, colour in enumerate(["#6d5480", "#4c4268", "#332f50", "#1b1d33"]):
        mask = ridge(
            c,
            seed=70 + layer,
            base=0.56 + 0.07 * layer,
            rise=0.07,
            shift=t * 0.5 * 3.1**layer + layer,
            rough=0.9 + 0.2 * layer,
        )
        over(p, mask, colour)
    pole = np.abs((c.x - c.aspect * (1.4 - (t * 7 % 1.6))) % (c.aspect * 1.6)) < 0.012
    over(p, (pole & (c.y > 0.1)).astype(np.float32), "#0f1020")
    edge = np.minimum(np.minimum(c.x, c.aspect - c.x) / 0.1, np.minimum(c.y, (1 - c.y) * 0.6) / 0.07)
    frame = np.clip((1.0 - edge) * 14, 0, 1)
    over(p, frame, "#15110f")
    light(p, glow(c, c.aspect * 0.86, 0.2, 0.05) * (1 - frame * 0.6), "#ffcf87", strength=0.45)
    light(p, glow(c, c.aspect * 0.1, 0.26, 0.03) * (1 - frame * 0.6), "#ffcf87", strength=0.25)
    return p


def dance(c: Canvas, t: float) -> np.ndarray:
    """Eight discs and a square keep time."""
    p = gradient(c, (0, "#f2e8d5"), (1, "#ead9bb"))
    colours = ["#d1495b", "#edae49", "#00798c", "#30638e", "#003d5b", "#d1495b", "#edae49", "#00798c"]
    beat = 0.5 - 0.5 * np.cos(t * np.pi * 8)
    for number, colour in enumerate(colours):
        angle = t * 6.28 * (1 if number % 2 else -1) + number * 0.785
        reach = 0.3 + 0.06 * np.sin(t * 25 + number)
        x, y = c.aspect / 2 + reach * np.cos(angle), 0.5 + reach * np.sin(angle)
        over(p, disc(c, x, y, 0.06 + 0.03 * (beat if number % 2 else 1 - beat)), colour)
    turn = t * 3.14
    u = (c.x - c.aspect / 2) * np.cos(turn) + (c.y - 0.5) * np.sin(turn)
    v = -(c.x - c.aspect / 2) * np.sin(turn) + (c.y - 0.5) * np.cos(turn)
    side = 0.1 + 0.03 * beat
    over(p, ((np.abs(u) < side) & (np.abs(v) < side)).astype(np.float32), "#1b1b1e")
    return p


def lanterns(c: Canvas, t: float) -> np.ndarray:
    """Paper lanterns rise from a lake at night."""
    p = gradient(c, (0, "#050a1c"), (0.5, "#10234a"), (0.66, "#274a6d"), (1, "#274a6d"))
    light(p, stars(c, seed=6, count=160, t=t, below=0.55), "#ffffff", strength=0.7)
    over(p, ridge(c, seed=44, base=0.62, rise=0.06, shift=0.1 * t), "#0a1730")
    rng = np.random.default_rng(17)
    for _ in range(22):
        near = rng.random()
        x = c.aspect * rng.random() + 0.02 * np.sin(t * 5 + near * 9)
        y = 0.78 - (0.12 + 0.75 * t * (0.4 + near)) * (0.4 + 0.9 * rng.random())
        r = 0.008 + 0.014 * near
        lamp(c, p, x, y, r * 2.2, "#ff8c32")
        lamp(c, p, x, y + r * 0.3, r * 0.8, "#ffd9a0")
    return water(c, p, horizon=0.7, t=t * 0.6, tint="#081226")


def desert(c: Canvas, t: float) -> np.ndarray:
    """Dunes, heat, and a mast that keeps sending."""
    p = gradient(c, (0, "#3b2a5a"), (0.35, "#b4526a"), (0.6, "#f6a55c"), (1, "#f9cf8a"))
    over(p, disc(c, c.aspect * 0.3, 0.5 - 0.05 * t, 0.12), "#ffe9b8")
    over(p, ridge(c, seed=61, base=0.6, rise=0.05, shift=0.1 * t, rough=1.6), "#b0603f")
    x, y = c.aspect * 0.7, 0.32
    mast = (np.abs(c.x - x) < 0.004 + (c.y - y) * 0.03) & (c.y > y) & (c.y < 0.72)
    over(p, mast.astype(np.float32), "#2a1626")
    d = np.sqrt((c.x - x) ** 2 + (c.y - y) ** 2)
    for ring in range(4):
        r = ((t * 4 + ring) % 4) * 0.11
        light(p, np.exp(-(((d - r) / 0.005) ** 2)) * (1 - r / 0.44), "#fff2d8", strength=0.5)
    light(p, glow(c, x, y, 0.012), "#ff5a3c", strength=1.2 * (np.sin(t * 40) > 0))
    over(p, ridge(c, seed=62, base=0.74, rise=0.06, shift=0.3 * t, rough=1.7), "#8a4632")
    over(p, ridge(c, seed=63, base=0.88, rise=0.05, shift=0.6 * t, rough=1.7), "#4f2530")
    return p
