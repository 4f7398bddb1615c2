"""Two camps, told from mere spread."""

import numpy as np
import pytest

from judging.tally.disagreement import camps


def of(*marks):
    return camps(np.zeros(len(marks), int), np.array(marks, float), films=1)[0]


def test_two_camps_hold_all_the_variance():
    assert of(1, 9, 1, 9) == pytest.approx(1)


def test_an_even_spread_holds_less():
    assert of(1, 3, 5, 7, 9) == pytest.approx(0.75)  # (1, 3) and (5, 7, 9): 30 of 40


@pytest.mark.parametrize("marks", [(5, 5, 5, 5), (5, 6, 5, 6)])
def test_camps_that_lie_close_are_none(marks):
    assert of(*marks) == 0


def test_three_reviews_are_too_few_to_tell():
    assert np.isnan(of(1, 9, 9))


def test_each_film_is_looked_at_by_itself():
    film = np.array([0, 1, 0, 1, 0, 1, 0, 1, 2])
    found = camps(film, np.array([1, 5, 9, 5, 1, 5, 9, 5, 3.0]), films=4)

    assert found[:2].tolist() == pytest.approx([1, 0])
    assert np.isnan(found[2:]).all()
