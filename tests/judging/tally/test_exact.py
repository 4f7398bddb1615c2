"""Exact means: the same bits whatever the order, and no review that is not whole."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from judging.tally import exact, means

WEIGHTS = {1: 50, 2: 30, 3: 20}
whole = some.fixed_dictionaries({key: some.integers(1, 10) for key in WEIGHTS})
reviews = some.lists(some.tuples(some.sampled_from("abc"), whole), min_size=1, max_size=20)


def test_a_mean_is_the_fraction_it_is():
    found = exact.means([("a", {1: 7, 2: 8, 3: 10}), ("a", {1: 6, 2: 8, 3: 9}), ("b", {1: 1, 2: 1})], WEIGHTS)

    assert found == {"a": (Fraction(755, 100), 2)}


def test_without_a_rubric_there_is_no_mean():
    assert exact.weighted({1: 7}, {}) is None


@given(reviews)
def test_the_order_of_the_rows_does_not_matter(rows):
    assert exact.means(sorted(rows, key=str), WEIGHTS) == exact.means(rows, WEIGHTS)


@given(reviews)
def test_the_pages_means_are_the_same_to_the_last_digits(rows):
    films = sorted({film for film, _ in rows})
    scores = np.array([[marks[key] for key in WEIGHTS] for _, marks in rows], float)
    places = np.array([films.index(film) for film, _ in rows])

    shown = means.by_film(places, scores, np.array(list(WEIGHTS.values())), films=len(films)).mean

    found = exact.means(rows, WEIGHTS)
    assert np.allclose(shown, [float(found[film][0]) for film in films], rtol=1e-14, atol=0)
