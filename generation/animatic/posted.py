"""A direction as a form sends it: the animatic's JSON, or without scripts a number for each dial."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generation.animatic import reading
from generation.animatic.direction import DIALS, FULL, Camera, Direction, Key, Source


def from_form(post: Mapping[str, str], *, was: Direction | None = None) -> Direction:
    """Read what a form with `generation/_direction.html` in it sent.

    Args:
        post: has `direction` where scripts ran; else `camera_truck` … `camera_zoom`, `camera_lock`, and with
            `source_asked` also `source_clip`, `source_strength`, `source_redraw`.
        was: the direction the form was filled with, kept where the form without scripts cannot say it.

    Raises:
        ValueError: a sentence on the first thing that is wrong.
    """
    if post.get("direction"):
        return Direction.from_json(_parsed(post["direction"]))
    was = was or Direction()
    if "camera_asked" not in post:
        return was
    source = _source(post) if "source_asked" in post else was.source
    return replace(was, camera=_camera(post, was.camera), source=source)


def _source(post: Mapping[str, str]) -> Source | None:
    """The clip to draw over, and what of it; None where none was chosen."""
    if not post.get("source_clip"):
        return None
    strength = _number(post.get("source_strength") or "0.6", "How far it may go from the clip", 0, 1)
    said = {"clip": post["source_clip"], "strength": strength, "redraw": post.get("source_redraw") or "all"}
    return Direction.from_json({"source": said}).source


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


def _number(text: str, what: str, low: float = -FULL, high: float = FULL) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    return reading.number(value, what, low, high)
