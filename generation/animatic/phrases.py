"""A direction in words, for engines that read nothing else; in the phrases that prompts are written in."""

from collections.abc import Collection

from generation.animatic.direction import Box, Camera, Curve, Direction, Stroke

MOVES = {  # dial → the phrase for its positive and its negative side
    "truck": ("truck right", "truck left"),
    "pedestal": ("pedestal up", "pedestal down"),
    "dolly": ("dolly in", "dolly out"),
    "pan": ("pan right", "pan left"),
    "tilt": ("tilt up", "tilt down"),
    "roll": ("roll clockwise", "roll counterclockwise"),
    "zoom": ("zoom in", "zoom out"),
}
FELT = 0.5  # on a dial; what moves less is not worth a word
SEEN = 0.04  # frames; a box that goes less far rests
GROWN = 1.25  # times; a box that grows more comes closer


def words(direction: Direction) -> str:
    """Who is where and goes where, then the camera: “red boat moving right, pan left”; "" for nothing."""
    said = [*map(_box, direction.boxes), *map(_stroke, direction.strokes), camera(direction.camera)]
    return ", ".join(filter(None, said))


def left(direction: Direction, inputs: Collection[str], prompt: str = "") -> str:
    """What an engine that takes `inputs` must still be told in words; "" if nothing.

    Nouns are said even where boxes are taken, unless the prompt has them: a box says where, not what. So are
    the names of what reference pictures show.
    """
    parts = []
    for box in direction.boxes:
        if "boxes" not in inputs:
            parts.append(_box(box))
        elif box.noun.lower() not in prompt.lower():
            parts.append(box.noun)
    if "strokes" not in inputs:
        parts += map(_stroke, direction.strokes)
    named = (one.name.strip() for one in direction.references)
    parts += [name for name in named if name.lower() not in prompt.lower()]
    if not {"camera", "poses"} & set(inputs):
        parts.append(camera(direction.camera))
    return ", ".join(filter(None, parts))


def camera(camera: Camera) -> str:
    """The camera's moves, the largest first; "" if nothing is said of it."""
    if camera.lock:
        return "static camera"
    moves = [(size, phrase) for dial, curve in camera.curves.items() for size, phrase in [_move(dial, curve)]]
    return ", ".join(phrase for size, phrase in sorted(moves, key=lambda move: -move[0]) if phrase)


def _move(dial: str, curve: Curve) -> tuple[float, str]:
    """How far a dial goes from where it begins, and the phrase for it."""
    values = [key.v - curve[0].v for key in curve] or [0.0]
    farthest, last = max(values, key=abs), values[-1]
    if abs(farthest) < FELT:
        return 0.0, ""
    phrase = MOVES[dial][farthest < 0]
    returns = abs(last) < abs(farthest) / 4
    return abs(farthest), f"{phrase} and back" if returns else phrase


def _box(box: Box) -> str:
    """What a box holds and where it goes; one without a noun cannot be spoken of."""
    if not box.noun.strip():
        return ""
    start, end = box.keys[0].box, box.keys[-1].box
    across, down = ((end[i] + end[i + 2] - start[i] - start[i + 2]) / 2 for i in (0, 1))
    growth = (end[3] - end[1]) / (start[3] - start[1])
    return f"{box.noun} {_way(across, down, growth)}"


def _stroke(stroke: Stroke) -> str:
    """What a named region does; one without a name cannot be spoken of."""
    if not stroke.name or not stroke.moves:
        return ""
    if stroke.path:
        across, down = stroke.path[-1].x - stroke.path[0].x, stroke.path[-1].y - stroke.path[0].y
    else:
        across, down = stroke.push[0] / 10, stroke.push[1] / 10
    growth = 2.0 ** (stroke.proximity / 10)
    if max(abs(across), abs(down)) < SEEN and 1 / GROWN <= growth <= GROWN and stroke.ambient:
        return f"{stroke.name} swaying gently"
    return f"{stroke.name} {_way(across, down, growth)}"


def _way(across: float, down: float, growth: float) -> str:
    if max(abs(across), abs(down)) >= SEEN:
        if abs(across) >= abs(down):
            return "moving right" if across > 0 else "moving left"
        return "sinking" if down > 0 else "rising"
    if growth > GROWN:
        return "coming closer"
    return "moving away" if growth < 1 / GROWN else "resting"
