"""The table of a round's marks: one order, one digest, and the plain figures of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.tally.sheet import sheet

FILMS, JURORS = ["b", "a", "b", "a"], [7, 7, 3, 3]
MARKS = [[8, 4], [2, 2], [6, 6], [4, np.nan]]
WEIGHTS = {1: 75, 2: 25}


def lay(order=slice(None), **changes):
    rows = np.arange(4)[order]
    terms = {"weights": WEIGHTS, "sections": {"a": 5}} | changes
    return sheet([FILMS[i] for i in rows], [JURORS[i] for i in rows], rows, np.array(MARKS)[rows], **terms)


def test_a_review_that_lacks_a_mark_is_none_yet():
    found = lay()

    assert found.films == ("a", "b") and found.jurors == (3, 7)
    assert found.reviews.tolist() == [1, 2]
    assert found.score.tolist() == [2.0, 6.0, 7.0]  # by film, then by juror
    assert found.mean.tolist() == [2.0, 6.5]
    assert found.spread[1] == pytest.approx(0.5**0.5) and np.isnan(found.spread[0])
    assert found.by_criterion.tolist() == [[2, 2], [7, 5]]
    assert found.named_sections == {"a": 5, "b": 0}
    assert not found.complete


@given(st.permutations(range(4)))
def test_whatever_the_order_of_reviews_the_sheet_is_the_same(order):
    one, other = lay(), lay(order)

    assert one.score.tolist() == other.score.tolist()
    assert one.digest == other.digest


@pytest.mark.parametrize("changes", [{"weights": {1: 50, 2: 50}}, {"sections": {"a": 6}}])
def test_the_digest_knows_weights_and_sections(changes):
    assert lay(**changes).digest != lay().digest


def test_percentiles_count_the_films_that_stand_lower():
    marks = [[1], [5], [5], [9]]

    found = sheet(list("abcd"), [1] * 4, range(4), marks, weights={1: 100}, sections={})

    assert found.percentile[:, 0].tolist() == [0, 33, 33, 100]


def test_a_juror_whose_criteria_never_differ_has_no_distance_between_them():
    found = sheet(list("abab"), [1, 1, 2, 2], range(4), [[5, 5], [7, 7], [2, 8], [3, 9]],
                  weights=WEIGHTS, sections={})  # fmt: skip

    assert found.halo.tolist() == pytest.approx([0, 18**0.5])
    assert found.complete


def test_nothing_at_all_is_a_sheet_too():
    found = sheet([], [], [], [], weights={}, sections={})

    assert len(found) == 0 and found.films == () and not found.complete
