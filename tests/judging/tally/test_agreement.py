import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.tally.agreement import LEVELS, kendall_w, krippendorff_alpha
from tests.judging.tally import published


@pytest.mark.parametrize(
    ("name", "level", "alpha"),
    [
        ("krippendorff_2011_4x12.csv", "nominal", 0.743),
        ("krippendorff_2011_4x12.csv", "ordinal", 0.815),
        ("krippendorff_2011_4x12.csv", "interval", 0.849),
        ("krippendorff_2011_4x12.csv", "ratio", 0.797),
        ("krippendorff_wikipedia_3x15.csv", "nominal", 0.691),
        ("krippendorff_wikipedia_3x15.csv", "interval", 0.811),
    ],
)
def test_alpha_is_the_published_one(name, level, alpha):
    assert round(krippendorff_alpha(published.table(name), level), 3) == alpha


def test_concordance_of_the_nine_tasters_is_the_published_one():
    ranks = published.table("quandt_wine_1998_9x9_ranks.csv")

    assert ranks.sum(axis=0).tolist() == [31, 37, 76, 38, 56, 37, 21, 58, 51]
    assert round(kendall_w(ranks), 4) == 0.4601


def by_the_book(ratings, level):
    """Alpha from the table of coincidences, pair by pair, as Krippendorff (2011) writes it down."""
    values = np.unique(ratings[~np.isnan(ratings)])
    met = np.zeros((len(values), len(values)))
    for unit in ratings.T:
        here = np.searchsorted(values, unit[~np.isnan(unit)])
        for i, a in enumerate(here):
            for k, b in enumerate(here):
                met[a, b] += (i != k) / (len(here) - 1) if len(here) > 1 else 0
    n, far = met.sum(axis=1), np.zeros_like(met)
    for a, x in enumerate(values):
        for b, y in enumerate(values):
            between = n[min(a, b) : max(a, b) + 1].sum() - (n[a] + n[b]) / 2
            ratio = (x - y) / (x + y) if x + y else 0
            far[a, b] = {"nominal": a != b, "ordinal": between, "interval": x - y, "ratio": ratio}[level] ** 2
    expected = (np.outer(n, n) * far).sum() / (n.sum() - 1) if n.sum() > 1 else 0
    return 1 - (met * far).sum() / expected if expected else np.nan


marks = st.one_of(st.integers(0, 5), st.just(float("nan")))


@settings(deadline=None)
@given(st.lists(st.lists(marks, min_size=6, max_size=6), min_size=1, max_size=4), st.sampled_from(LEVELS))
def test_alpha_is_that_of_the_table_of_coincidences(ratings, level):
    ratings = np.array(ratings, float)

    assert krippendorff_alpha(ratings, level) == pytest.approx(by_the_book(ratings, level), nan_ok=True)


@pytest.mark.parametrize("ratings", [[[7, 7], [7, 7]], [[1, 2, 3]], [[1, np.nan], [np.nan, 2]]])
def test_where_nothing_varies_or_nobody_meets_alpha_says_nothing(ratings):
    assert np.isnan(krippendorff_alpha(ratings, "interval"))


@pytest.mark.parametrize(
    ("ratings", "level"), [([1, 2], "nominal"), ([[1, 2]], "cardinal"), ([[-1, 2], [1, 2]], "ratio")]
)
def test_alpha_refuses_what_it_cannot_read(ratings, level):
    with pytest.raises(ValueError, match=r"ratings|level|ratio"):
        krippendorff_alpha(ratings, level)


def test_judges_who_agree_are_at_one_and_opposites_at_nothing():
    assert kendall_w([[1, 2, 3], [1, 2, 3]]) == 1
    assert kendall_w([[1, 2, 3], [3, 2, 1]]) == 0


def test_ties_are_corrected_for():
    # by hand: rank sums 3, 3, 6; S = 6; two ties of two, T = 6 each: 12 × 6 / (4 × 24 − 2 × 12) = 1
    assert kendall_w([[1, 1, 3], [1.5, 1.5, 3]]) == 1
    # sums 2.5, 3.5, 6; S = 6.5; one tie: 12 × 6.5 / (4 × 24 − 2 × 6)
    assert kendall_w([[1.5, 1.5, 3], [1, 2, 3]]) == pytest.approx(78 / 84)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 10), min_size=5, max_size=5), min_size=1, max_size=5))
def test_concordance_lies_between_nothing_and_one_and_takes_marks_for_ranks(rows):
    w, turned = kendall_w(rows), kendall_w(-np.array(rows))

    assert np.isnan(w) == all(len(set(row)) == 1 for row in rows)
    assert np.isnan(w) or -1e-9 <= w <= 1 + 1e-9
    assert w == pytest.approx(turned, nan_ok=True)


@pytest.mark.parametrize("ranks", [[[1, np.nan]], [1, 2], [[1], [1]]])
def test_concordance_refuses_gaps_and_single_items(ranks):
    with pytest.raises(ValueError, match="complete"):
        kendall_w(ranks)
