"""What an engine leaves out of a direction, said before anything is drawn."""

from collections.abc import Collection

import numpy as np

from generation.animatic import steering
from generation.animatic.camera import dials, path
from generation.animatic.direction import Camera, Direction
from generation.engines.inputs import MOST_BOXES

FRAMES = 25  # looked at to find whether a path moves
STANDS = 0.02  # frames; a path that goes less far stands still
DEEP = ["truck", "pedestal", "dolly"]  # what shows near and far apart


def ignored(direction: Direction, inputs: Collection[str]) -> tuple[str, ...]:
    """What an engine that takes `inputs` leaves out, a sentence each; () if it takes all of it.

    Args:
        inputs: as on a `Card`: "text", "camera", "poses", "boxes", "strokes", …
    """
    pictures = _pictures(direction, inputs)
    if steering.by_clip(direction, inputs):
        return (*_steered_by_clip(direction), *pictures)
    if "control" in inputs:
        return tuple(pictures)
    return (*_camera(direction.camera, inputs), *_layout(direction, inputs), *pictures)


def _steered_by_clip(direction: Direction) -> list[str]:
    said = ["How far it may go from the clip is left out: this engine keeps to what moves in it."]
    if steering.asks(direction):
        said.append("Camera, boxes and strokes are said in words alone: the clip that is drawn over steers.")
    return said


def _camera(camera: Camera, inputs: Collection[str]) -> list[str]:
    if not camera.moves or "poses" in inputs:
        return []
    if "camera" in inputs:
        moved = {dial for dial, curve in camera.curves.items() if len({key.v for key in curve}) > 1}
        said = []
        if "roll" in moved:
            said.append("Roll is left out: this engine follows pan, tilt and zoom.")
        flat = [dial for dial in DEEP if dial in moved]
        if flat and not np.ptp(path(dials(camera, FRAMES)), axis=0).max() > STANDS:
            said.append("This is a move of depth, which this engine does not know: it would stand still.")
        elif flat:
            are = "is" if len(flat) == 1 else "are"
            said.append(
                f"{_listed(flat).capitalize()} {are} drawn as a move in the picture: "
                "near and far may move alike."
            )
        return said
    return ["The camera's path is left out: its direction goes into the words, its speed does not."]


def _layout(direction: Direction, inputs: Collection[str]) -> list[str]:
    said = []
    if direction.boxes and "boxes" not in inputs:
        said.append("Boxes are left out: what they hold and which way it goes is said in words.")
    elif len(direction.boxes) > MOST_BOXES:
        beyond = enumerate(direction.boxes[MOST_BOXES:], MOST_BOXES + 1)
        left = _listed([f"“{box.noun}”" if box.noun else f"box {number}" for number, box in beyond])
        said.append(f"This engine places {MOST_BOXES} boxes: {left} is left to the words.")
    moving = [stroke for stroke in direction.strokes if stroke.moves]
    if moving and "strokes" not in inputs:
        named = all(stroke.name for stroke in moving)
        said.append(
            "Brush strokes are left out: they are said in words alone."
            if named
            else "Brush strokes are left out. Give each a name, and the words can speak of it."
        )
    elif any(stroke.proximity for stroke in moving):
        said.append("Of brush strokes only their way is followed, not how near they come.")
    return said


def _pictures(direction: Direction, inputs: Collection[str]) -> list[str]:
    said = []
    if "keyframes" not in inputs:
        places = {0.0: ("first_frame", "first"), 1.0: ("last_frame", "last")}
        for t, (name, which) in places.items():
            if any(key.t == t for key in direction.keyframes) and name not in inputs:
                said.append(f"The picture for the {which} frame is left out: this engine takes none there.")
        if any(key.t not in places for key in direction.keyframes):
            said.append("Pictures between the first frame and the last are left out.")
    if direction.source and "source_video" not in inputs:
        said.append("The source clip is left out: this engine does not draw over another.")
    elif direction.source and direction.source.redraw != "all" and "mask" not in inputs:
        said.append("All of the clip is drawn anew: this engine keeps no part of one.")
    if direction.references and "references" not in inputs:
        said.append("Reference pictures are left out.")
    return said


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
