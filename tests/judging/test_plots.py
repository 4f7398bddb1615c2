"""Where drawings put figures, and how pages write chances."""

import math

import pytest

from judging.templatetags import plots


@pytest.mark.parametrize(
    ("value", "ends", "at"),
    [
        (1, "1,10", "0.00%"),
        (5.5, "1,10", "50.00%"),
        (12, "1,10", "100.00%"),
        (-9, "-3,3", "0.00%"),
        (None, "0,1", "0.00%"),
    ],
)
def test_a_figure_stands_between_its_ends_and_never_beyond(value, ends, at):
    assert plots.on(value, ends) == at


def test_a_stretch_is_as_long_as_what_of_it_is_drawn():
    assert plots.length(5.5, 12, "1,10") == "50.00%"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (0, "under 1 %"),
        (0.004, "under 1 %"),
        (0.36, "36 %"),
        (0.995, "over 99 %"),
        (1, "over 99 %"),
    ],
)
def test_a_chance_never_claims_certainty(value, words):
    assert plots.chance(value) == words


@pytest.mark.parametrize(("value", "words"), [(None, "–"), (math.nan, "–"), (-0.5, "−0.50"), (1, "1.00")])
def test_a_figure_has_its_own_minus(value, words):
    assert plots.figure(value) == words


@pytest.mark.parametrize(
    ("alpha", "words"),
    [(0.9, "high"), (0.7, "cautious"), (0.3, "taste"), (-0.1, "chance"), (math.nan, "not known")],
)
def test_alpha_is_put_in_words(alpha, words):
    assert words in plots.agreement(alpha)
