"""The actors: cut-out figures painted once a clip in each of their poses.

A figure is drawn around (0, 0) in units of its size, facing right. Its parts are pairs of a signed distance
and a colour, painted in order.
"""

from dataclasses import dataclass

import numpy as np

from generation.sketch.scenes.palette import CREAM, INK, PAINT, SKIN, WOOD, mix, rgb
from generation.sketch.scenes.raster import Canvas, box, convex, disc, line

WHITE = np.ones(3, np.float32)
GLASS, FIRE = rgb("#bfe3ee"), rgb("#ffb02e")
REACH = 0.62  # half the height of the canvas a figure is drawn on, and half its width but for the long ones
LONG = {"boat": 0.9, "bird": 0.9, "car": 0.9, "fish": 0.9, "train": 0.92}


def boat(c, main, dark, light, pose):
    return [
        (line(c, -0.02, -0.5, -0.02, 0.2, 0.025), WOOD),
        (convex(c, (0.04, -0.5), (0.04, 0.12), (0.56, 0.12)), main),
        (convex(c, (-0.08, -0.36), (-0.08, 0.12), (-0.46, 0.12)), CREAM),
        (convex(c, (-0.74, 0.18), (0.8, 0.18), (0.52, 0.5), (-0.52, 0.5)), main),
        (convex(c, (-0.74, 0.18), (0.8, 0.18), (0.74, 0.26), (-0.67, 0.26)), dark),
    ]


def balloon(c, main, dark, light, pose):
    return [
        (line(c, -0.16, 0.1, -0.09, 0.36, 0.012), INK),
        (line(c, 0.16, 0.1, 0.09, 0.36, 0.012), INK),
        (convex(c, (-0.33, -0.02), (0.33, -0.02), (0.1, 0.28), (-0.1, 0.28)), main),
        (disc(c, 0, -0.15, 0.37, 0.36), main),
        (disc(c, 0, -0.12, 0.16, 0.36), light),
        (box(c, -0.11, 0.34, 0.11, 0.5, 0.03), WOOD),
    ]


def bird(c, main, dark, light, pose):
    lift = 0.42 * pose
    return [
        (convex(c, (-0.35, 0.0), (-0.78, -0.14), (-0.74, 0.16)), dark),
        (convex(c, (0.5, -0.1), (0.8, 0.0), (0.52, 0.07)), FIRE),
        (disc(c, 0, 0.02, 0.48, 0.23), main),
        (disc(c, 0.42, -0.07, 0.19), main),
        (convex(c, (-0.3, 0.0), (0.2, 0.0), (-0.22, -0.08 - lift)), dark),
        (convex(c, (-0.26, 0.06), (0.24, 0.06), (-0.12, -lift)), light),
        (disc(c, 0.47, -0.1, 0.045), INK),
    ]


def car(c, main, dark, light, pose):
    return [
        (convex(c, (-0.5, -0.02), (-0.34, -0.36), (0.2, -0.36), (0.44, -0.02)), main),
        (convex(c, (-0.38, -0.04), (-0.27, -0.28), (-0.08, -0.28), (-0.08, -0.04)), GLASS),
        (convex(c, (0.0, -0.04), (0.0, -0.28), (0.15, -0.28), (0.32, -0.04)), GLASS),
        (box(c, -0.78, -0.06, 0.78, 0.26, 0.1), main),
        (box(c, -0.78, 0.14, 0.78, 0.26, 0.06), dark),
        (disc(c, 0.7, 0.04, 0.06), CREAM),
        *((part, colour) for x in (-0.44, 0.44) for part, colour in wheel(c, x, 0.24, 0.18)),
    ]


def wheel(c, x, y, r):
    return [(disc(c, x, y, r), INK), (disc(c, x, y, r * 0.45), CREAM)]


def fish(c, main, dark, light, pose):
    return [
        (convex(c, (-0.36, 0.0), (-0.78, -0.28 + 0.12 * pose), (-0.7, 0.28 + 0.12 * pose)), dark),
        (convex(c, (-0.2, -0.2), (0.2, -0.22), (-0.2, -0.46)), dark),
        (disc(c, 0.08, 0.0, 0.56, 0.33), main),
        (disc(c, 0.1, 0.14, 0.36, 0.14), light),
        (disc(c, 0.38, -0.08, 0.09), WHITE),
        (disc(c, 0.4, -0.08, 0.05), INK),
    ]


def house(c, main, dark, light, pose):
    return [
        (box(c, 0.2, -0.46, 0.34, -0.1), WOOD),
        (box(c, -0.44, -0.1, 0.44, 0.5), main),
        (convex(c, (-0.58, -0.06), (0.0, -0.5), (0.58, -0.06)), dark),
        (box(c, -0.1, 0.16, 0.12, 0.5), CREAM),
        (box(c, -0.34, 0.04, -0.18, 0.22), rgb("#ffe08a")),
        (box(c, 0.2, 0.04, 0.36, 0.22), rgb("#ffe08a")),
    ]


def tree(c, main, dark, light, pose):
    return [
        (convex(c, (-0.05, 0.0), (0.05, 0.0), (0.09, 0.5), (-0.09, 0.5)), WOOD),
        (disc(c, -0.2, 0.0, 0.24), main),
        (disc(c, 0.2, 0.0, 0.24), dark),
        (disc(c, 0.0, -0.22, 0.28), main),
        (disc(c, -0.07, -0.29, 0.13), light),
    ]


def person(c, main, dark, light, pose):
    stride = 0.14 * pose
    return [
        (line(c, -0.05, 0.22, -0.07 - stride, 0.46, 0.055), INK),
        (line(c, 0.05, 0.22, 0.07 + stride, 0.46, 0.055), INK),
        (line(c, -0.14, -0.1, -0.25 + stride * 0.6, 0.14, 0.065), dark),
        (convex(c, (-0.15, -0.19), (0.15, -0.19), (0.26, 0.3), (-0.26, 0.3)), main),
        (line(c, 0.14, -0.1, 0.25 - stride * 0.6, 0.14, 0.065), main),
        (disc(c, 0, -0.31, 0.145), SKIN),
        (convex(c, (-0.2, -0.35), (0.2, -0.35), (0.1, -0.5), (-0.1, -0.5)), main),
    ]


def rocket(c, main, dark, light, pose):
    return [
        (convex(c, (-0.13, 0.24), (0.13, 0.24), (0.0, 0.46 + 0.05 * pose)), FIRE),
        (convex(c, (-0.07, 0.24), (0.07, 0.24), (0.0, 0.36 + 0.03 * pose)), CREAM),
        (convex(c, (-0.14, -0.02), (-0.33, 0.36), (-0.1, 0.24)), dark),
        (convex(c, (0.14, -0.02), (0.33, 0.36), (0.1, 0.24)), dark),
        (np.minimum(disc(c, 0, -0.06, 0.21, 0.44), 0.26 - c.y), main),
        (np.minimum(disc(c, 0, -0.06, 0.21, 0.44), -0.3 - c.y), dark),
        (disc(c, 0, -0.1, 0.09), GLASS),
    ]


def ball(c, main, dark, light, pose):
    stripe = dark if main.min() > 0.8 else CREAM
    return [
        (disc(c, 0, 0, 0.5), main),
        (np.minimum(disc(c, 0, 0, 0.5), 0.1 - np.abs(c.y + 0.25 * c.x)), stripe),
        (disc(c, -0.16, -0.24, 0.1), light),
    ]


def train(c, main, dark, light, pose):
    return [
        (box(c, 0.42, -0.42, 0.56, -0.1), INK),
        (box(c, -0.02, -0.16, 0.74, 0.22, 0.08), main),
        (box(c, -0.16, -0.44, 0.2, 0.22, 0.03), main),
        (box(c, -0.2, -0.48, 0.24, -0.38), dark),
        (box(c, -0.08, -0.3, 0.12, -0.08), GLASS),
        (box(c, -0.8, -0.28, -0.26, 0.22, 0.04), main),
        (box(c, -0.7, -0.16, -0.56, 0.0), GLASS),
        (box(c, -0.48, -0.16, -0.34, 0.0), GLASS),
        (box(c, -0.8, 0.14, 0.74, 0.22), dark),
        *((part, col) for x in (-0.66, -0.4, 0.04, 0.32, 0.6) for part, col in wheel(c, x, 0.26, 0.11)),
    ]


def kite(c, main, dark, light, pose):
    sway = 0.08 * pose
    return [
        (line(c, 0, 0.2, 0.08 + sway, 0.34, 0.018), INK),
        (line(c, 0.08 + sway, 0.34, -0.02 - sway, 0.48, 0.018), INK),
        (convex(c, (0.0, 0.34), (0.16 + sway, 0.28), (0.16 + sway, 0.4)), light),
        (convex(c, (0.0, -0.5), (0.32, -0.14), (0.0, 0.24), (-0.32, -0.14)), main),
        (convex(c, (0.0, -0.5), (0.32, -0.14), (0.0, -0.14)), light),
        (convex(c, (0.0, 0.24), (-0.32, -0.14), (0.0, -0.14)), dark),
    ]


PAINTERS = {
    "boat": boat,
    "balloon": balloon,
    "bird": bird,
    "car": car,
    "fish": fish,
    "house": house,
    "tree": tree,
    "person": person,
    "rocket": rocket,
    "ball": ball,
    "train": train,
    "kite": kite,
}
POSES = {
    "bird": (-1, 0, 1, 0),
    "fish": (-1, 0, 1, 0),
    "person": (-1, 0, 1, 0),
    "rocket": (-1, 1),
    "kite": (-1, 0, 1, 0),
}


CASTS = {  # what stands on the ground: where its shadow lies, and half its width
    "boat": (0.48, 0.6),
    "car": (0.4, 0.78),
    "house": (0.49, 0.58),
    "tree": (0.48, 0.3),
    "person": (0.48, 0.26),
    "ball": (0.47, 0.42),
    "train": (0.36, 0.8),
}


@dataclass(frozen=True)
class Look:
    """How an hour shows a figure: the tint it takes, and whether light catches its edge."""

    tint: np.ndarray
    rim: bool


@dataclass(frozen=True)
class Figure:
    """A painted pose, with the box of what is seen of it: x0, y0, x1, y1 in units of its size."""

    canvas: Canvas
    box: tuple[float, float, float, float]


def figures(noun: str, colour: str, heading: str, *, density: float, look: Look) -> tuple[Figure, ...]:
    """Each pose of a subject that heads `heading`, `density` pixels to its size, one a pose in time."""
    poses = POSES.get(noun, (0,))
    drawn = {pose: figure(noun, colour, pose, heading, density, look) for pose in set(poses)}
    return tuple(drawn[pose] for pose in poses)


def figure(noun, colour, pose, heading, density, look) -> Figure:
    reach = LONG.get(noun, REACH)
    c = Canvas((-reach, -REACH, reach, REACH), density)
    main = PAINT[colour]
    parts = PAINTERS[noun](c, main, main * 0.74, mix(main, WHITE, 0.4), pose)
    outline = np.maximum.reduce([distance for distance, _ in parts])
    if noun in CASTS and heading not in ("bounce", "circle", "up", "down"):
        foot, wide = CASTS[noun]
        shadow = disc(c, 0.05, foot, wide, 0.07)
        c.paint(np.clip(shadow / 0.04, 0, 1) * 0.3, INK)
    c.paint(c.cover(outline + 0.03), mix(main, WHITE, 0.4) if look.rim else main * 0.3)
    for distance, paint in parts:
        c.paint(c.cover(distance), paint)
    c.pixels[..., :3] *= look.tint * (1.05 - 0.14 * (c.y + 0.5))[..., None]
    turned = _turn(c.pixels, noun, heading)
    c.pixels = np.ascontiguousarray(turned)
    seen = c.pixels[..., 4] > 0.5
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    left, right = (float(c.x0 + v / density) for v in (columns[0], columns[-1] + 1))
    top, foot = (float(c.y0 + v / density) for v in (rows[0], rows[-1] + 1))
    return Figure(c, (left, top, right, foot))


def _turn(pixels: np.ndarray, noun: str, heading: str) -> np.ndarray:
    if noun == "rocket":
        return np.rot90(pixels, {"left": 1, "right": -1, "down": 2}.get(heading, 0))
    return pixels[:, ::-1] if heading == "left" else pixels
