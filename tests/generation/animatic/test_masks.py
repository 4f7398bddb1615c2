"""What of a clip is drawn anew, and what a direction lacks for that."""

import numpy as np
import pytest

from generation.animatic import compile, gaps, masks, steering
from generation.animatic.direction import Box, Camera, Direction, Place, Source, Stroke
from tests.generation.animatic.directions import move

F, SIZE = 9, (160, 96)
BOX = Box("kite", (Place(0, (0, 0, 0.25, 0.5)), Place(1, (0.75, 0.5, 1, 1))))
SPOT = Stroke(((0.25, 0.5),), radius=0.1, push=(5, 0))


def mask(redraw: str, **asked) -> np.ndarray:
    direction = Direction(source=Source("c", redraw=redraw), **asked)
    return compile(direction, frames=F, size=SIZE).mask


def test_a_box_is_drawn_anew_where_it_goes_and_the_rest_is_its_counterpart():
    inside, outside = mask("inside", boxes=(BOX,)), mask("outside", boxes=(BOX,))

    assert inside.shape == (F, 96, 160) and set(np.unique(inside)) == {0, 255}
    assert (inside[0, :48, :40] == 255).all() and inside[0].mean() == pytest.approx(255 / 8)
    assert (inside[-1, 48:, 120:] == 255).all() and inside[-1].mean() == pytest.approx(255 / 8)
    assert (inside + outside == 255).all()


def test_a_region_is_drawn_anew_as_it_is_carried_along():
    inside = mask("inside", strokes=(SPOT,))

    middles = [np.nonzero(frame)[1].mean() / 160 for frame in inside]
    assert middles[0] == pytest.approx(0.25, abs=0.01)
    assert middles[-1] == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("redraw", ["all", "around"])
def test_otherwise_all_of_it_is(redraw):
    assert (mask(redraw, boxes=(BOX,)) == 255).all()


@pytest.mark.parametrize(
    ("clip", "kept"), [((48, 96), (80, 96)), ((24, 8), (32, 96)), ((96, 160), (96, 160))]
)
def test_around_a_clip_it_lies_whole_in_the_middle(clip, kept):
    shown = np.full((2, *clip, 3), 200, np.uint8)

    larger, white = masks.around(shown, (160, 96))

    assert larger.shape == (2, 96, 160, 3) and (white == 0).sum() == pytest.approx(
        min(160 / clip[1], 96 / clip[0]) ** 2 * clip[0] * clip[1], rel=0.02
    )
    assert (larger[:, white == 0] == 200).all() and (larger[:, white == 255] == masks.GREY).all()
    assert (white == white[::-1, ::-1]).all()


@pytest.mark.parametrize(
    ("noun", "words"), [("kite", ""), ("", "Box 1 has no noun yet"), ("  ", "Say in a word or two")]
)
def test_a_box_says_what_it_holds(noun, words):
    said = gaps.why_not_named(Direction(boxes=(Box(noun, BOX.keys),)))

    assert (words in said) if words else said == ""


@pytest.mark.parametrize(
    ("redraw", "asked", "clip", "words"),
    [
        ("all", {}, (160, 96), ""),
        ("inside", {}, (160, 96), "paint a region"),
        ("outside", {}, (160, 96), "paint a region"),
        ("inside", {"boxes": (BOX,)}, (160, 96), ""),
        ("outside", {"strokes": (SPOT,)}, (160, 96), ""),
        ("around", {}, (320, 192), "nothing lies around it"),
        ("around", {}, (96, 96), ""),
    ],
)
def test_a_part_that_is_drawn_anew_has_to_be_there(redraw, asked, clip, words):
    said = gaps.why_not_redraw(Direction(source=Source("c", redraw=redraw), **asked), clip, SIZE)

    assert (words in said) if words else said == ""


VACE = {"text", "camera", "boxes", "strokes", "source_video", "mask", "control"}


@pytest.mark.parametrize(
    ("asked", "inputs", "control", "numbers"),
    [
        (Direction(camera=move(pan=3)), VACE, True, {"camera", "boxes", "strokes"}),
        (Direction(camera=Camera(lock=True)), VACE, True, {"camera", "boxes", "strokes"}),
        (Direction(), VACE, False, {"camera", "boxes", "strokes"}),
        (Direction(boxes=(BOX,)), {"camera", "boxes"}, False, {"camera", "boxes"}),
        (Direction(boxes=(BOX,), source=Source("c")), VACE, False, set()),
        (
            Direction(boxes=(BOX,), source=Source("c", redraw="inside")),
            VACE,
            True,
            {"camera", "boxes", "strokes"},
        ),
        (Direction(strokes=(SPOT,), source=Source("c")), {"control"}, True, {"camera", "boxes", "strokes"}),
    ],
)
def test_one_thing_steers(asked, inputs, control, numbers):
    assert steering.by_control(asked, inputs) is control
    assert steering.followed(asked, inputs) & steering.NUMBERS == numbers
