"""What steers an engine: numbers, a control clip drawn of them, or the clip that it draws over."""

from collections.abc import Collection

from generation.animatic.direction import Direction

NUMBERS = frozenset({"camera", "poses", "boxes", "strokes"})
SHOWN = frozenset({"camera", "boxes", "strokes"})  # what a control clip shows


def asks(direction: Direction) -> bool:
    """Whether anything is asked for that a control clip could show."""
    moving = direction.camera.moves or direction.camera.lock
    return bool(moving or direction.boxes or any(stroke.moves for stroke in direction.strokes))


def by_clip(direction: Direction, inputs: Collection[str]) -> bool:
    """Whether a clip that is drawn over whole takes the place of the control clip."""
    source = direction.source
    whole = source is not None and (source.redraw == "all" or "mask" not in inputs)
    return whole and {"source_video", "control"} <= set(inputs)


def by_control(direction: Direction, inputs: Collection[str]) -> bool:
    """Whether a control clip is drawn of the direction for an engine with these inputs."""
    return "control" in inputs and asks(direction) and not by_clip(direction, inputs)


def followed(direction: Direction, inputs: Collection[str]) -> frozenset[str]:
    """`inputs` as far as they count for this direction: what is not followed is left to the words."""
    if by_clip(direction, inputs):
        return frozenset(inputs) - NUMBERS
    return frozenset(inputs) | (SHOWN if "control" in inputs else frozenset())
