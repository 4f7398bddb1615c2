"""The control clip that is drawn from a brief's numbers, measured."""

import numpy as np
import pytest

from generation.engines import controls
from generation.sketch.scenes.seeing import camera_seen, move_seen
from tests.generation.makers import make_brief

F, WIDTH, HEIGHT = 17, 128, 72


def film(**given) -> np.ndarray:
    return controls.film(make_brief(frames=F, width=WIDTH, height=HEIGHT, **given))


def along(*step: float) -> list[tuple[float, ...]]:
    return [tuple(f / (F - 1) * one for one in step) for f in range(F)]


@pytest.mark.parametrize(
    ("end", "move"),
    [
        ((0.3, 0, 0), "pan-right"),
        ((-0.3, 0, 0), "pan-left"),
        ((0, 0.3, 0), "tilt-down"),
        ((0, 0, 0.5), "zoom-in"),
        ((0, 0, 0), "static"),
    ],
)
def test_its_ground_moves_as_the_camera_asks(end, move):
    assert move_seen(camera_seen(film(camera=along(*end)))) == move


def test_without_a_direction_it_rests():
    clip = film()

    assert (clip == clip[0]).all() and clip[0].std() > 10


def test_boxes_stand_where_they_are_asked_for_in_colours_of_their_own():
    clip = film(boxes=[[(0.0, 0.0, 0.25, 0.5)] * F, [None] * 8 + [(0.5, 0.5, 1.0, 1.0)] * 9])
    plain = film()

    first, second = clip[0, 18, 16].astype(int), clip[-1, 54, 96].astype(int)
    assert np.ptp(first) > 60 and np.ptp(second) > 60 and np.abs(first - second).max() > 60
    assert (clip[:8, 40:, 40:] == plain[:8, 40:, 40:]).all(), "nothing stands there before it comes"


def test_a_stroke_carries_a_patch_along_its_way():
    way = [(0.25 + 0.5 * f / (F - 1), 0.5) for f in range(F)]
    changed = (film(strokes=[way]) != film()).any(axis=-1)

    middles = [np.nonzero(frame)[1].mean() / WIDTH for frame in changed]
    assert middles[0] == pytest.approx(0.25, abs=0.02)
    assert middles[-1] == pytest.approx(0.75, abs=0.02)
    assert np.diff(middles).min() > 0
