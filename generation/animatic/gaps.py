"""What a direction still lacks before it can be drawn, in one sentence each; "" for nothing."""

from generation.animatic.direction import Direction

ALIKE = 0.01  # shapes that differ by less are the same


def why_not_named(direction: Direction) -> str:
    """Does each box say what it holds?"""
    unnamed = [number for number, box in enumerate(direction.boxes, 1) if not box.noun.strip()]
    if unnamed:
        return f"Box {unnamed[0]} has no noun yet. Say in a word or two what it holds, or remove it."
    return ""


def why_not_redraw(direction: Direction, clip: tuple[int, int], size: tuple[int, int]) -> str:
    """Is there a part of the source to draw anew?

    Args:
        clip: width and height of the source; size: those of the shot.
    """
    redraw = direction.source.redraw if direction.source else "all"
    if redraw in ("inside", "outside") and not (direction.boxes or direction.strokes):
        return "Say which part of the clip is meant: paint a region on the stage, or put a box there."
    if redraw == "around" and abs(clip[0] * size[1] / (clip[1] * size[0]) - 1) < ALIKE:
        return "The clip has the shape of the shot, so nothing lies around it. Choose another shape."
    return ""
