import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.tally.assignment import CLOSE, Infeasible, assign


@st.composite
def festivals(draw, conflicts=True):
    films, jurors = draw(st.integers(1, 25)), draw(st.integers(1, 8))
    minutes = draw(st.lists(st.integers(1, 40), min_size=films, max_size=films))
    pair = st.tuples(st.integers(0, films - 1), st.integers(0, jurors - 1))
    ties = draw(st.lists(pair, max_size=films)) if conflicts else []
    return np.array(minutes, float), jurors, ties, draw(st.integers(1, 4)), draw(st.integers(0, 99))


@settings(max_examples=150, deadline=None)
@given(festivals())
def test_every_film_gets_its_jurors_without_a_conflict_or_a_clear_refusal(festival):
    minutes, jurors, ties, reviews, seed = festival
    possible = [jurors - len({j for f, j in ties if f == film}) for film in range(len(minutes))]

    short = {film: reviews - count for film, count in enumerate(possible) if count < reviews}
    if short:
        with pytest.raises(Infeasible) as refusal:
            assign(minutes, jurors, ties, reviews=reviews, seed=seed)
        assert refusal.value.short == short
        return
    dealt = assign(minutes, jurors, ties, reviews=reviews, seed=seed)

    pairs = [tuple(pair) for pair in dealt]
    assert len(set(pairs)) == len(pairs) == reviews * len(minutes)
    assert not set(pairs) & set(ties)
    assert np.bincount(dealt[:, 0], minlength=len(minutes)).tolist() == [reviews] * len(minutes)


@settings(max_examples=150, deadline=None)
@given(festivals(conflicts=False))
def test_without_conflicts_no_two_jurors_are_further_apart_than_the_longest_film(festival):
    minutes, jurors, _, reviews, seed = festival
    if reviews > jurors:
        return

    dealt = assign(minutes, jurors, [], reviews=reviews, seed=seed)

    load = np.bincount(dealt[:, 1], minutes[dealt[:, 0]], jurors)
    assert load.max() - load.min() <= minutes.max()


@settings(max_examples=80, deadline=None)
@given(festivals())
def test_no_single_hand_over_would_bring_two_jurors_closer(festival):
    minutes, jurors, ties, reviews, seed = festival
    try:
        dealt = assign(minutes, jurors, ties, reviews=reviews, seed=seed)
    except Infeasible:
        return

    pairs, load = {tuple(pair) for pair in dealt}, np.bincount(dealt[:, 1], minutes[dealt[:, 0]], jurors)
    close = CLOSE * load.mean() + 1e-9
    for film, busy in pairs:
        for idle in range(jurors):
            if (film, idle) not in pairs and (film, idle) not in ties:
                gap = load[busy] - load[idle]
                assert min(minutes[film], gap - minutes[film]) <= close


def test_what_stands_is_kept_and_only_what_is_lacking_is_added():
    kept = [(0, 0), (1, 0)]

    dealt = assign([10, 10, 10], 3, [], reviews=2, kept=kept)

    assert len(dealt) == 4
    assert not {tuple(pair) for pair in dealt} & set(kept)
    films = np.bincount([*dealt[:, 0], 0, 1])
    assert films.tolist() == [2, 2, 2]


def test_the_same_seed_deals_the_same_hands():
    minutes = np.arange(1.0, 31.0)

    first, again = (assign(minutes, 7, [(3, 3)], reviews=3, seed=5) for _ in range(2))

    assert first.tolist() == again.tolist()


def test_films_may_want_different_numbers_of_jurors():
    dealt = assign([5, 5, 5], 3, [], reviews=[3, 1, 0])

    assert np.bincount(dealt[:, 0], minlength=3).tolist() == [3, 1, 0]


def test_a_festival_of_six_hundred_films_lies_within_a_tenth():
    chance = np.random.default_rng(1)
    minutes = chance.uniform(1, 20, 600)
    ties = np.column_stack([chance.integers(0, 600, 480), chance.integers(0, 40, 480)])

    dealt = assign(minutes, 40, ties, reviews=3)

    load = np.bincount(dealt[:, 1], minutes[dealt[:, 0]], 40)
    assert np.abs(load / load.mean() - 1).max() < 0.02


def test_one_film_too_few_jurors_is_named():
    with pytest.raises(Infeasible) as refusal:
        assign([5, 5], 2, [(1, 0)], reviews=2)

    assert refusal.value.short == {1: 1}
