"""Easing hits its keys and never turns back between them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.animatic import curves
from generation.animatic.direction import EASES, Key
from tests.generation.animatic import directions


@settings(max_examples=60, deadline=None)
@given(directions.curves(least=1))
def test_a_curve_has_its_keys_values_at_their_times(curve):
    values = curves.sample(curve, np.array([key.t for key in curve]))

    assert values.tolist() == [key.v for key in curve]


@settings(max_examples=60, deadline=None)
@given(directions.curves(least=2))
def test_between_two_keys_a_curve_never_turns_back(curve):
    for key, following in itertools.pairwise(curve):
        when = np.linspace(key.t, following.t, 33)
        steps = np.diff(curves.sample((key, following), when)) * np.sign(following.v - key.v)
        assert (steps >= -1e-12).all()


@settings(max_examples=60, deadline=None)
@given(directions.curves(least=1), st.floats(0, 1))
def test_a_curve_stays_between_its_keys_values(curve, t):
    value = curves.sample(curve, np.array([t]))[0]

    assert min(k.v for k in curve) - 1e-12 <= value <= max(k.v for k in curve) + 1e-12


@pytest.mark.parametrize(
    ("ease", "half"), [("linear", 0.5), ("in", 0.25), ("out", 0.75), ("in-out", 0.5), ("hold", 0)]
)
def test_each_easing_has_its_own_way(ease, half):
    assert ease in EASES
    values = curves.sample((Key(0, 0, ease), Key(1, 8)), np.array([0, 0.5, 1]))

    assert values.tolist() == [0, 8 * half, 8]


def test_a_curve_stays_where_it_is_before_its_first_key_and_after_its_last():
    values = curves.sample((Key(0.25, 2), Key(0.75, 4)), np.array([0, 0.25, 0.5, 0.75, 1]))

    assert values.tolist() == [2, 2, 3, 4, 4]


def test_one_frame_is_the_first():
    assert curves.times(1).tolist() == [0]
