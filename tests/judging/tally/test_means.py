import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from judging.tally import means


def test_a_review_is_its_marks_weighted_by_the_rubric():
    scores = np.array([[10, 2], [4, 8]])

    assert means.weighted(scores, np.array([75, 25])).tolist() == [8.0, 5.0]


def test_a_half_filled_review_is_no_review():
    scores = np.array([[10, np.nan], [4, 8]])

    figures = means.by_film(np.array([0, 0]), scores, np.array([50, 50]), films=1)

    assert figures.count.tolist() == [1]
    assert figures.mean.tolist() == [6.0]
    assert figures.by_criterion.tolist() == [[4.0, 8.0]]


def test_spread_is_the_standard_deviation_between_reviews():
    figures = means.by_film(np.array([0, 0, 0]), np.array([[2], [4], [9]]), np.array([1]), films=1)

    assert figures.mean[0] == pytest.approx(5.0)
    assert figures.spread[0] == pytest.approx(np.std([2, 4, 9], ddof=1))


def test_one_review_has_no_spread_and_no_review_has_no_mean():
    figures = means.by_film(np.array([1]), np.array([[7]]), np.array([1]), films=2)

    assert figures.count.tolist() == [0, 1]
    assert np.isnan(figures.mean[0]) and figures.mean[1] == 7
    assert np.isnan(figures.spread).all()


def test_no_reviews_at_all_give_films_without_figures():
    figures = means.by_film(np.array([], int), np.zeros((0, 2)), np.array([1, 1]), films=2)

    assert figures.count.tolist() == [0, 0]
    assert np.isnan(figures.mean).all() and figures.by_criterion.shape == (2, 2)


@pytest.mark.parametrize("weights", [[1], [1, -1], [0, 0]], ids=["too few", "negative", "nothing"])
def test_weights_that_cannot_be_used_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        means.weighted(np.ones((3, 2)), np.array(weights))


@given(
    arrays.arrays(int, st.tuples(st.integers(1, 30), st.integers(1, 6)), elements=st.integers(1, 10)),
    st.data(),
)
def test_figures_are_those_of_plain_arithmetic(scores, data):
    reviews, criteria = scores.shape
    weights = np.array(data.draw(st.lists(st.integers(1, 60), min_size=criteria, max_size=criteria)))
    film = np.array(data.draw(st.lists(st.integers(0, 4), min_size=reviews, max_size=reviews)))

    figures = means.by_film(film, scores, weights, films=5)

    for i in range(5):
        values = [float(np.average(row, weights=weights)) for row in scores[film == i]]
        assert figures.count[i] == len(values)
        if values:
            assert figures.mean[i] == pytest.approx(np.mean(values))
            assert 1 <= round(figures.mean[i], 9) <= 10
        if len(values) > 1:
            assert figures.spread[i] == pytest.approx(np.std(values, ddof=1), abs=1e-9)
