"""Moves that a director knows by name, written out as curves, which can then be changed like any others."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from generation.animatic.camera import FOCAL
from generation.animatic.direction import FULL, MOST_KEYS, Camera, Curve, Key

STOPS = 9  # keys of an orbit's curves, enough for the subject to stay where it is
MOST_TURN = math.radians(45)
SHAKES_S = 3  # keys a second of a hand-held camera
HAND = {"truck": 0.35, "pedestal": 0.3, "pan": 0.2, "tilt": 0.2, "roll": 0.5}  # of the amount, at most
LATER = 0x9E3779B9  # apart by so much the dials' random numbers begin


def orbit(amount: float, *, aspect: float, **_) -> Camera:
    """Round the focus point on a circle, looking at it; positive goes to the right.

    Ten is 45 degrees, or in a narrow frame as many as the dials allow.
    """
    turn = min(MOST_TURN, math.atan(aspect / FOCAL)) * amount / FULL
    keys: dict[str, list[Key]] = {"truck": [], "pan": [], "dolly": []}
    for i in range(STOPS):
        t = i / (STOPS - 1)
        angle = turn * t * t * (3 - 2 * t)
        frames = FULL * FOCAL / aspect  # from distances of the focus plane to the dial
        keys["truck"].append(Key(t, frames * math.sin(angle), "linear"))
        keys["pan"].append(Key(t, -frames * math.tan(angle), "linear"))
        keys["dolly"].append(Key(t, -FULL * math.log2(math.cos(angle)), "linear"))
    curves: dict[str, Any] = {dial: tuple(curve) for dial, curve in keys.items()}
    return replace(Camera(), **curves)


def crane(amount: float, **_) -> Camera:
    """Up (or down) while tilting half the way back."""
    return Camera(pedestal=_way(amount), tilt=_way(-amount / 2))


def dolly_zoom(amount: float, **_) -> Camera:
    """In while zooming out: the subject stays as large as it is, and the world behind it opens."""
    return Camera(dolly=_way(amount), zoom=_way(-amount))


def hand_held(amount: float, *, seconds: float = 4, seed: int = 1, **_) -> Camera:
    """On somebody's shoulder: small moves of the whole body, the same for the same seed."""
    count = max(4, min(MOST_KEYS, round(seconds * SHAKES_S) + 1))
    curves: dict[str, Any] = {}
    for number, (dial, share) in enumerate(HAND.items()):
        random = mulberry32((seed + LATER * number) & 0xFFFFFFFF)
        curves[dial] = tuple(
            Key(i / (count - 1), 0.0 if i == 0 else share * amount * (2 * random() - 1)) for i in range(count)
        )
    return replace(Camera(), **curves)


def _way(amount: float) -> Curve:
    return (Key(0, 0.0), Key(1, float(amount)))


PRESETS: dict[str, Callable[..., Camera]] = {
    "orbit": orbit,
    "crane": crane,
    "dolly zoom": dolly_zoom,
    "hand-held": hand_held,
}


def expand(name: str, *, amount: float, aspect: float, seconds: float = 4, seed: int = 1) -> Camera:
    """A named move as curves.

    Args:
        name: one of `PRESETS`; amount: −10…10 as on a dial.
        aspect: the frame's width by its height; seconds: of the shot; seed: of what shakes by chance.

    Raises:
        ValueError: there is no such move, or its amount is beyond the dials.
    """
    if name not in PRESETS:
        raise ValueError(f"There is no move called “{name}”. Choose one of: {', '.join(PRESETS)}.")
    if not abs(amount) <= FULL:
        raise ValueError(f"A move's amount is a number from -{FULL:g} to {FULL:g}.")
    return PRESETS[name](amount, aspect=aspect, seconds=seconds, seed=seed)


def mulberry32(state: int) -> Callable[[], float]:
    """Random numbers, 0..1, the same in a browser's 32-bit arithmetic. Source: T. Ettinger, mulberry32."""

    def following() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61))) & 0xFFFFFFFF
        return ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32

    return following
