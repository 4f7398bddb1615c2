"""What Sketch's clips are besides the renderer's: softened."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from generation.sketch.clips import soft


def test_a_point_of_light_becomes_a_small_spot_as_bright_in_all():
    video = np.zeros((2, 7, 9, 3), np.uint8)
    video[1, 3, 4] = 160

    found = soft(video)

    assert not found[0].any()
    assert (found[1, 2:5, 3:6, 0] == [[10, 20, 10], [20, 40, 20], [10, 20, 10]]).all()
    assert found[1, ..., 0].sum() == 160


@given(arrays(np.uint8, (1, 6, 5, 3)))
def test_nothing_becomes_brighter_or_darker_than_what_is_around_it(video):
    found = soft(video)

    wide = np.pad(video, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="edge")
    around = np.stack([wide[:, y : y + 6, x : x + 5] for y in range(3) for x in range(3)])
    assert (around.min(0) <= found).all() and (found <= around.max(0)).all()


@given(st.integers(0, 255))
def test_what_is_even_stays_as_it_is(level):
    video = np.full((1, 4, 4, 3), level, np.uint8)
    assert (soft(video) == video).all()
