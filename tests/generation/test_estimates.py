"""What the seconds of a drawing are learned by."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from generation import estimates


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 500)), min_size=4, max_size=30).filter(
        lambda rows: len({done for done, _ in rows}) > 1
    )
)
def test_the_line_through_what_was_drawn_is_theil_and_sens(rows):
    done, took = np.array(rows, float).T
    slope, intercept, *_ = stats.theilslopes(took, done)

    if slope > 0 and done.max() > 1.2 * done.min():
        assert estimates.learned(done, took, 50.0) == pytest.approx(max(intercept, 0) + slope * 50.0)


def test_works_that_hardly_differ_are_a_line_through_the_origin():
    done, took = np.array([10.0, 10, 11, 10]), np.array([20.0, 20, 22, 20])

    assert estimates.learned(done, took, 40.0) == pytest.approx(80)
