"""A direction as a form sends it: the animatic's JSON, or without scripts a number for each dial."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generation.animatic import reading
from generation.animatic.direction import DIALS, FULL, Camera, Direction, Key


def from_form(post: Mapping[str, str], *, was: Direction | None = None) -> Direction:
    """Read what a form with `generation/_direction.html` in it sent.

    Args:
        post: has `direction` where scripts ran; else `camera_truck` … `camera_zoom`, `camera_lock`.
        was: the direction the form was filled with, kept where the form without scripts cannot say it.

    Raises:
        ValueError: a sentence on the first thing that is wrong.
    """
    if post.get("direction"):
        return Direction.from_json(_parsed(post["direction"]))
    was = was or Direction()
    if "camera_asked" not in post:
        return was
    return replace(was, camera=_camera(post, was.camera))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(
            "The direction cannot be read. Load the page again and direct the shot anew."
        ) from None


def _camera(post: Mapping[str, str], was: Camera) -> Camera:
    """The camera with each dial at its number at the end; a dial that was not touched keeps its curve."""
    curves = {}
    for dial, curve in was.curves.items():
        value = _number(post.get(f"camera_{dial}") or "0", f"{dial.capitalize()}")
        stands = curve[-1].v if curve else 0.0
        curves[dial] = curve if value == stands else (Key(0, 0.0), Key(1, value))
    return Camera(**{dial: curves[dial] for dial in DIALS}, lock=bool(post.get("camera_lock")))


def _number(text: str, what: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    return reading.number(value, what, -FULL, FULL)
