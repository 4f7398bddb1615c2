"""What an engine can be given besides words: the names on its card, and their form in a brief."""

import math
from typing import Any

MOST_BOXES = 2  # subjects whose way can be asked for
MOST_STROKES = 16
MOST_KEYFRAMES = 16
MOST_REFERENCES = 3
ENLARGED = {"smooth": "smoothly", "pixels": "pixel by pixel"}
NEEDED = {
    "first_frame": "a still to begin with",
    "last_frame": "a still to end with",
    "extend": "a clip to go on from",
    "source_video": "a clip to draw after",
    "control": "a control clip",
    "poses": "camera poses",
}
INPUTS = {  # name on a card → the field of a brief, and what an engine without it takes
    "negative": ("negative", "no words on what to keep away from"),
    "first_frame": ("first", "no still to begin with"),
    "last_frame": ("last", "no still to end with"),
    "extend": ("extend", "no clip to go on from"),
    "source_video": ("source", "no clip to draw after"),
    "mask": ("mask", "no mask"),
    "control": ("control", "no control clip"),
    "camera": ("camera", "no camera path"),
    "poses": ("poses", "no camera poses"),
    "boxes": ("boxes", "no boxes"),
    "strokes": ("strokes", "no brush strokes"),
    "keyframes": ("keyframes", "no stills in between"),
    "references": ("references", "no reference pictures"),
}
WITHOUT = {  # the way out of what is left out of the picture, not said in words
    "first_frame": "begin without the still",
    "last_frame": "end without the still",
    "extend": "begin without the clip",
    "source_video": "draw without the clip",
    "mask": "draw all of the picture anew",
    "keyframes": "draw without the stills in between",
    "references": "draw without the reference pictures",
}
WORDS = ("enlarge", "negative", "first", "last", "extend", "source", "mask", "control")
PICTURES = ("first", "last", "extend", "source", "mask", "control", "keyframes", "references")


def given(brief: Any) -> tuple[str, ...]:
    """The names of what a brief gives besides words, in the order of `INPUTS`."""
    return tuple(name for name, (field, _) in INPUTS.items() if getattr(brief, field))


def why_not_given(title: str, inputs: tuple[str, ...], needs: tuple[str, ...], brief: Any) -> str:
    """Return "" when an engine with these inputs takes what the brief gives, else one sentence.

    Args:
        title: the engine's name, for people.
        brief: a `base.Brief`.
    """
    for name in given(brief):
        if name not in inputs:
            out = WITHOUT.get(name, "leave it to the words")
            return f"{title} takes {INPUTS[name][1]}. Choose another engine, or {out}."
    if missing := [NEEDED.get(name, name) for name in needs if name not in given(brief)]:
        return f"{title} cannot draw from words alone. Give it {' and '.join(missing)}."
    return _malformed(brief)


def _malformed(brief: Any) -> str:
    """What is wrong with the numbers of a brief, "" if nothing."""
    frames = brief.frames
    if not all(isinstance(getattr(brief, name), str) for name in WORDS):
        return "Pictures and clips are named by their SHA-256."
    if brief.enlarge not in ENLARGED:
        return f"A picture is enlarged in one of these ways: {', '.join(ENLARGED)}."
    if not (_are_numbers((brief.strength,), 1) and 0 <= brief.strength <= 1):
        return "How far it may go from the clip it is drawn after is a number from 0 to 1."
    if brief.mask and not brief.source:
        return "A mask says what of a clip is drawn anew. Give the clip with it."
    if sum(map(bool, (brief.first, brief.extend, brief.source))) > 1:
        return "Give a still to begin with, a clip to go on from, or a clip to draw after: one of them."
    if brief.camera and not _are_rows(brief.camera, frames, 3):
        return f"A camera path has three numbers for each of the {frames} frames."
    if brief.poses and not _are_rows(brief.poses, frames, 16):
        return f"Camera poses have sixteen numbers, 4 × 4 row by row, for each of the {frames} frames."
    if not (_few(brief.boxes, MOST_BOXES) and all(_are_boxes(way, frames) for way in brief.boxes)):
        return (
            f"Boxes are for {MOST_BOXES} subjects at most: for each of the {frames} frames "
            "their left, top, right and bottom, from 0 to 1."
        )
    if not (_few(brief.strokes, MOST_STROKES) and all(_are_rows(way, frames, 2) for way in brief.strokes)):
        return f"Brush strokes are {MOST_STROKES} at most, each an x and a y for each of the {frames} frames."
    if not (_few(brief.keyframes, MOST_KEYFRAMES) and all(map(_is_keyframe, brief.keyframes))):
        return (
            f"Stills in between are {MOST_KEYFRAMES} at most, each with its time and its strength, "
            "both from 0 to 1."
        )
    if not (_few(brief.references, MOST_REFERENCES) and all(map(_is_digest, brief.references))):
        return f"Give {MOST_REFERENCES} reference pictures at most."
    return ""


def _few(rows: Any, most: int) -> bool:
    return isinstance(rows, tuple) and len(rows) <= most


def _is_digest(name: Any) -> bool:
    return isinstance(name, str) and bool(name)


def _are_rows(path: Any, count: int, wide: int) -> bool:
    return isinstance(path, tuple) and len(path) == count and all(_are_numbers(row, wide) for row in path)


def _are_boxes(way: Any, frames: int) -> bool:
    return isinstance(way, tuple) and len(way) == frames and all(box is None or _is_box(box) for box in way)


def _is_box(box: Any) -> bool:
    return _are_numbers(box, 4) and 0 <= box[0] < box[2] <= 1 and 0 <= box[1] < box[3] <= 1


def _is_keyframe(row: Any) -> bool:
    """Time, SHA-256, strength."""
    if not (isinstance(row, tuple) and len(row) == 3 and _is_digest(row[1])):
        return False
    return _are_numbers((row[0], row[2]), 2) and 0 <= row[0] <= 1 and 0 <= row[2] <= 1


def _are_numbers(row: Any, count: int) -> bool:
    """Whether it is a row of so many finite numbers."""
    return (
        isinstance(row, tuple)
        and len(row) == count
        and all(isinstance(number, float) and math.isfinite(number) for number in row)
    )
