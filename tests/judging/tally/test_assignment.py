from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.tally.assignment import Infeasible, assign, components, fair_limits, viewing_order

WIDE = (0.0, 1e9)


@st.composite
def festivals(draw, films=12, jurors=6):
    """Lengths, limits, conflicts, reviews and seed of a small festival that may or may not be possible."""
    n, m = draw(st.integers(1, films)), draw(st.integers(1, jurors))
    minutes = draw(st.lists(st.integers(1, 30), min_size=n, max_size=n))
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))
    reviews = draw(st.integers(1, 3))
    fair = sum(minutes) * reviews / m
    width = draw(st.sampled_from([0.1, 0.3, 1.0, 5.0]))
    limits = [(max(fair * (1 - width), 0), fair * (1 + width))] * m
    return minutes, limits, draw(st.lists(pair, max_size=n)), reviews, draw(st.integers(0, 99))


def loads(pairs, minutes, jurors):
    return np.bincount(pairs[:, 1], np.asarray(minutes, float)[pairs[:, 0]], jurors)


@settings(max_examples=100, deadline=None)
@given(festivals())
def test_every_film_has_its_jurors_within_limits_without_a_conflict_or_there_is_a_reason(festival):
    minutes, limits, ties, reviews, seed = festival
    try:
        pairs = assign(minutes, limits, ties, reviews=reviews, seed=seed)
    except Infeasible:
        return

    assert pairs.shape == (len(minutes) * reviews, 2)
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    assert np.bincount(pairs[:, 0], minlength=len(minutes)).tolist() == [reviews] * len(minutes)
    assert not {tuple(pair) for pair in pairs.tolist()} & set(ties)
    low, high = np.array(limits).T
    assert (loads(pairs, minutes, len(limits)) >= low - 1e-6).all()
    assert (loads(pairs, minutes, len(limits)) <= high + 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(festivals(films=5, jurors=3))
def test_a_small_jury_is_refused_only_if_there_is_no_way(festival):
    minutes, limits, ties, reviews, seed = festival
    try:
        assign(minutes, limits, ties, reviews=reviews, seed=seed)
    except Infeasible:
        m = len(limits)
        choices = [
            [team for team in combinations(range(m), reviews) if not any((i, j) in ties for j in team)]
            for i in range(len(minutes))
        ]
        for teams in product(*choices):
            load = [sum(t for t, team in zip(minutes, teams, strict=True) if j in team) for j in range(m)]
            assert any(not low <= t <= high for t, (low, high) in zip(load, limits, strict=True))


def test_a_festival_of_six_hundred_films_lies_within_a_tenth():
    chance = np.random.default_rng(1)
    minutes, sections = chance.uniform(1, 20, 600), chance.integers(0, 3, 600)
    ties = np.column_stack([chance.integers(0, 600, 480), chance.integers(0, 40, 480)])
    limits = fair_limits(minutes, ties, 40, reviews=3)

    pairs = assign(minutes, limits, ties, reviews=3, sections=sections)

    load = loads(pairs, minutes, 40)
    assert np.abs(load / load.mean() - 1).max() < 0.02
    assert components(pairs, 600, 40).max() == 0
    assert across(pairs, sections) >= 1 / 3


def across(pairs, sections):
    """Part of the reviews that are not of the section that makes up most of the juror's list."""
    home = sum(np.bincount(sections[pairs[pairs[:, 1] == j, 0]]).max() for j in np.unique(pairs[:, 1]))
    return 1 - home / len(pairs)


def test_lists_mix_sections_even_where_ties_pull_them_apart():
    # half of the jury may watch little but the first section, the other half little but the second
    chance = np.random.default_rng(5)
    sections = np.repeat([0, 1], 60)
    shut = [
        (film, juror)
        for film in range(120)
        for juror in range(10)
        if sections[film] != juror % 2 and chance.random() < 0.4
    ]

    pairs = assign(np.full(120, 10), [WIDE] * 10, shut, reviews=3, sections=sections)

    assert across(pairs, sections) >= 1 / 3


# Limits and refusals


def test_jurors_watch_as_much_as_their_own_limits_let_them():
    pairs = assign(np.full(30, 10), [(0, 40), (0, 900), (0, 900)], [], reviews=1)

    assert loads(pairs, np.full(30, 10), 3).tolist() == [40, 130, 130]


@pytest.mark.parametrize(
    ("minutes", "limits", "ties", "reviews", "reason", "remedy"),
    [
        (
            [5, 5],
            [WIDE, WIDE],
            [(1, 0)],
            2,
            "Film 1 needs 2 jurors and has 1 who may watch it.",
            "Seat one more juror without a conflict, or ask for 1 a film.",
        ),
        (
            [60],
            [(0, 50)],
            [],
            1,
            "Film 0 needs one juror and has none who may watch it.",
            "Seat one more juror without a conflict, or raise the most minutes to 60.",
        ),
        (
            [10] * 30,
            [(0, 90), (0, 90)],
            [],
            1,
            "All viewings come to 300 minutes, and the jurors may watch 180.",
            "Seat 2 more jurors, or raise the most minutes to 150.",
        ),
        (
            [10] * 4,
            [(30, 90), (30, 90)],
            [],
            1,
            "All viewings come to 40 minutes, and the jurors are to watch 60.",
            "Lower the fewest minutes to 20.",
        ),
        (
            [30, 20],
            [(0, 26), (0, 40)],
            [(1, 0)],
            1,
            "With these lengths and conflicts, one juror would fall outside fewest and most minutes.",
            "Raise the most minutes of juror 1 to 50, or seat one more juror.",
        ),
        ([], [], [], 1, None, None),
        ([5], [], [], 1, "There is no juror.", "Seat one juror."),
    ],
)
def test_a_refusal_gives_the_reason_and_the_remedy(minutes, limits, ties, reviews, reason, remedy):
    if reason is None:
        assert assign(minutes, limits, ties, reviews=reviews).shape == (0, 2)
        return
    with pytest.raises(Infeasible) as no:
        assign(minutes, limits, ties, reviews=reviews)

    assert (no.value.reason, no.value.remedy) == (reason, remedy)


def test_what_the_remedy_says_is_enough():
    minutes = [17, 23, 31, 9, 12, 26, 14]
    with pytest.raises(Infeasible) as no:
        assign(minutes, [(0, 60)] * 3, [(0, 1)], reviews=2)

    most = int(no.value.remedy.rstrip(".").split()[-1])
    assert len(assign(minutes, [(0, most)] * 3, [(0, 1)], reviews=2)) == 14


def test_limits_may_be_narrow_or_none_at_all():
    chance = np.random.default_rng(3)
    minutes = chance.uniform(1, 20, 300)
    fair = minutes.sum() * 3 / 20

    pairs = assign(minutes, [(fair * 0.999, fair * 1.001)] * 20, [], reviews=3)

    assert np.abs(loads(pairs, minutes, 20) / fair - 1).max() <= 0.001 + 1e-9
    with pytest.raises(Infeasible, match="Raise the most minutes"):
        assign([30, 20], [(0, 40), (0, np.inf)], [(0, 1), (1, 1)], reviews=1)


@pytest.mark.parametrize(
    ("minutes", "limits", "ties", "kept"),
    [
        ([-1], [WIDE], [], []),
        ([float("nan")], [WIDE], [], []),
        ([1], [(5, 1)], [], []),
        ([1], [WIDE], [(1, 0)], []),
        ([1], [WIDE], [], [(0, 1)]),
    ],
)
def test_figures_that_cannot_be_are_refused(minutes, limits, ties, kept):
    with pytest.raises(ValueError, match=r"minutes|limits|pair"):
        assign(minutes, limits, ties, reviews=1, kept=kept)


# What stands already


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99))
def test_what_is_kept_stays_and_is_given_back(seed):
    kept = [(0, 0), (1, 0), (1, 2)]

    pairs = assign([10, 10, 10], [WIDE] * 3, [], reviews=2, kept=kept, seed=seed)

    assert len(pairs) == 6
    assert set(kept) <= {tuple(pair) for pair in pairs.tolist()}


def test_when_a_juror_drops_out_only_their_films_move():
    chance = np.random.default_rng(2)
    minutes = chance.uniform(2, 20, 120)
    fair = minutes.sum() * 3 / 12
    before = assign(minutes, [(fair * 0.9, fair * 1.1)] * 12, [], reviews=3)
    limits = [(0, fair * 1.25)] * 12
    limits[4] = (0, 0)

    after = assign(minutes, limits, [], reviews=3, kept=before)

    was, now = ({tuple(pair) for pair in pairs.tolist()} for pairs in (before, after))
    assert {pair for pair in was if pair[1] != 4} <= now
    assert not [pair for pair in now if pair[1] == 4]
    assert len(now) == 360


def test_a_conflict_that_comes_late_moves_one_pair():
    minutes = np.arange(1.0, 41.0)
    before = assign(minutes, [WIDE] * 6, [], reviews=2)
    film, juror = map(int, before[7])

    after = assign(minutes, [WIDE] * 6, [(film, juror)], reviews=2, kept=before)

    was, now = ({tuple(pair) for pair in pairs.tolist()} for pairs in (before, after))
    assert was - now == {(film, juror)}
    assert len(now - was) == 1


def test_kept_pairs_give_way_where_limits_cannot_be_met_with_them():
    kept = [(film, 0) for film in range(4)]

    pairs = assign([10] * 4, [(10, 20), (20, 30)], [], reviews=1, kept=kept)

    assert loads(pairs, [10] * 4, 2).tolist() == [20, 20]
    pairs = assign([10] * 4, [(0, 90), (10, 30)], [], reviews=1, kept=kept)
    assert loads(pairs, [10] * 4, 2)[1] >= 10


def test_films_may_want_different_numbers_of_jurors():
    pairs = assign([5, 5, 5], [WIDE] * 3, [], reviews=[3, 1, 0])

    assert np.bincount(pairs[:, 0], minlength=3).tolist() == [3, 1, 0]


# Chance


def test_the_same_seed_deals_the_same_hands_and_another_seed_others():
    minutes = np.arange(1.0, 31.0)

    first, again, other = (
        assign(minutes, [WIDE] * 7, [(3, 3)], reviews=3, seed=seed).tolist() for seed in (5, 5, 6)
    )

    assert first == again != other


def test_no_pair_can_be_foreseen():
    # of ten jurors each film gets two, so that a fair draw brings a pair together once in five times
    minutes, met = np.linspace(2, 20, 20), np.zeros((20, 10))
    for seed in range(60):
        film, juror = assign(minutes, [WIDE] * 10, [], reviews=2, seed=seed).T
        met[film, juror] += 1

    assert met.max() / 60 <= 0.5


# Helpers


def test_fair_limits_lie_a_tenth_around_the_share():
    limits = fair_limits(np.full(200, 5.0), [], 10, reviews=2)

    assert np.allclose(limits, [180, 220])


def test_fair_limits_know_who_may_watch_little_and_that_films_are_whole():
    shut = [(film, 0) for film in range(8)]

    limits = fair_limits(np.full(10, 30.0), shut, 3, reviews=1)

    assert limits[0].mean() <= 60 and limits[1].mean() == pytest.approx(limits[2].mean())
    assert (limits[:, 1] - limits[:, 0] <= 60 + 1e-9).all()
    assert assign(np.full(10, 30.0), limits, shut, reviews=1).shape == (10, 2)


def test_long_films_are_spread_over_the_list():
    minutes = np.array([1.0] * 20 + [60.0] * 10)

    orders = [viewing_order(minutes, seed=seed) for seed in range(20)]

    for order in orders:
        assert sorted(order.tolist()) == list(range(30))
        places = np.flatnonzero(minutes[order] == 60)
        assert np.diff(places).min() >= 2 and places[0] < 4 and places[-1] > 25
    assert len({tuple(order) for order in orders}) == 20
    assert viewing_order([], seed=1).tolist() == []


def test_jurors_without_a_chain_of_common_films_are_apart():
    assert components([(0, 0), (0, 1), (1, 1), (2, 2)], 3, 4).tolist() == [0, 0, 1, 2]


def test_nobody_can_be_sure_of_a_certain_film_whatever_they_claim_to_know():
    minutes = np.random.default_rng(0).uniform(2, 20, 30)
    limits = fair_limits(minutes, [], 6, reviews=2)
    claims = np.zeros((30, 6), bool)
    claims[0, 0] = True

    hands = [assign(minutes, limits, [], reviews=2, apt=claims, seed=seed) for seed in range(100)]

    got = sum([0, 0] in hand.tolist() for hand in hands)
    assert 33 < got <= 60  # two of six by chance alone; what is claimed is heard, and never decides


def test_a_film_that_few_may_have_finds_its_jurors_whatever_the_lot_says():
    tied = [(0, juror) for juror in range(8)]
    minutes = np.full(40, 5.0)

    for seed in range(20):
        dealt = assign(minutes, fair_limits(minutes, tied, 10, reviews=2), tied, reviews=2, seed=seed)
        assert dealt[dealt[:, 0] == 0].tolist() == [[0, 8], [0, 9]]
        assert np.bincount(dealt[:, 0]).tolist() == [2] * 40
