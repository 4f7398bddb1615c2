"""Who sees what next: no film twice, no conflict, no juror beyond the cap, and no review left over."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from benchmarks import judging_festivals as festivals
from judging.tally import calibration
from judging.tally.allocation import next_reviews


def fit(quality, jurors):
    """As much of a calibration as the allotment looks at."""
    return SimpleNamespace(quality=np.asarray(quality, float), severity=np.zeros(jurors))


@st.composite
def halls(draw):
    """A fit, reviews done, conflicts, and the numbers of a request."""
    films, jurors = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    pair = st.tuples(st.integers(0, films - 1), st.integers(0, jurors - 1))
    quality = draw(st.lists(st.integers(0, 9), min_size=films, max_size=films))
    return fit(quality, jurors), {
        "done": draw(st.lists(pair, unique=True, max_size=20)),
        "conflicts": draw(st.lists(pair, unique=True, max_size=10)),
        "budget": draw(st.integers(0, 40)),
        "cut": draw(st.integers(0, 5)),
        "cap": draw(st.lists(st.integers(0, 8), min_size=jurors, max_size=jurors)),
        "floor": draw(st.integers(0, 3)),
        "seed": draw(st.integers(0, 3)),
    }


def most(hall, request) -> int:
    """How many reviews could be dealt if the budget knew no end: a maximum flow from films to jurors."""
    n, m = len(hall.quality), len(hall.severity)
    free = np.ones((n, m), int)
    for pair in [*request["done"], *request["conflicts"]]:
        free[pair] = 0
    load = np.bincount([j for _, j in request["done"]], minlength=m)
    net = np.zeros((n + m + 2, n + m + 2), np.int32)
    net[-2, :n] = m
    net[:n, n : n + m] = free
    net[n : n + m, -1] = np.maximum(np.array(request["cap"]) - load, 0)
    return maximum_flow(csr_array(net), n + m, n + m + 1).flow_value


@given(halls())
def test_every_rule_is_kept_and_no_review_is_left_that_could_be_dealt(given_hall):
    hall, request = given_hall
    new = [tuple(pair) for pair in next_reviews(hall, **request).tolist()]

    assert len(set(new)) == len(new)
    assert not set(new) & {*request["done"], *request["conflicts"]}
    load = np.bincount([j for _, j in request["done"]], minlength=len(hall.severity))
    added = np.bincount([j for _, j in new], minlength=len(hall.severity))
    assert (added <= np.maximum(np.array(request["cap"]) - load, 0)).all()
    assert len(new) == min(request["budget"], most(hall, request))
    assert new == sorted(new)


@given(st.integers(1, 8), st.integers(3, 6), st.integers(0, 3), st.integers(0, 40), st.integers(0, 3))
def test_the_floor_comes_first_and_evenly(films, jurors, floor, budget, seed):
    hall = fit(np.arange(films), jurors)
    new = next_reviews(hall, [], budget=budget, cut=1, cap=films, conflicts=(), floor=floor, seed=seed)
    count = np.bincount(new[:, 0], minlength=films)
    if budget < films * floor:
        assert count.max() - count.min() <= 1
    else:
        assert count.min() >= floor


@given(halls())
def test_the_same_seed_deals_the_same_pairs(given_hall):
    hall, request = given_hall
    np.testing.assert_array_equal(next_reviews(hall, **request), next_reviews(hall, **request))


def test_films_near_the_cut_get_the_rest_and_fewer_contend_as_it_is_spent():
    rng = np.random.default_rng(0)
    hall = fit(np.arange(200)[::-1], 40)
    done = festivals.at_random(rng, 200, 40, 2)
    sizes = []
    for _ in range(4):
        new = next_reviews(hall, done, budget=50, cut=10, cap=100, conflicts=())
        films = np.unique(new[:, 0])
        sizes.append(len(films))
        done = np.concatenate([done, new])

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] >= 30
    assert films.max() < 25  # the last stage goes to the upper end of a field of two hundred
    assert len(done) == 600


def test_a_full_jury_makes_room_by_exchange():
    """Film 0 can only go to juror 0, who would by lot have been given film 1."""
    conflicts = [(0, 1)]
    for seed in range(8):
        new = next_reviews(
            fit([1, 2], 2), [], budget=2, cut=1, cap=1, conflicts=conflicts, floor=1, seed=seed
        )
        assert new.tolist() == [[0, 0], [1, 1]]


def test_the_least_busy_jurors_are_asked_first():
    done = [(0, 0), (1, 0), (2, 0), (0, 1)]
    new = next_reviews(fit(np.zeros(6), 3), done, budget=5, cut=2, cap=9, conflicts=())
    load = np.bincount([0, 0, 0, 1, *new[:, 1]], minlength=3)
    assert load.tolist() == [3, 3, 3]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"budget": -1}, "must not be negative"),
        ({"cap": [1, -1]}, "must not be negative"),
        ({"done": [(5, 0)]}, "not in the fit"),
        ({"conflicts": [(0, 2)]}, "not in the fit"),
        ({"done": [(-1, 0)]}, "not in the fit"),
    ],
)
def test_requests_that_make_no_sense_are_refused(change, sentence):
    request = {"done": [], "budget": 1, "cut": 1, "cap": 5, "conflicts": []} | change
    with pytest.raises(ValueError, match=sentence):
        next_reviews(fit([1, 2, 3], 2), **request)


def test_allotting_finds_more_of_the_best_than_dealing_evenly():
    """Ten festivals of 300 films: 600 marks, then 300 more, in four stages or one to every film."""
    hits = {"even": 0, "allotted": 0}
    for seed in range(10):
        rng = np.random.default_rng(seed)
        festival = festivals.draw(rng, films=300, jurors=20)
        best = set(np.argsort(-festival.quality)[:10])
        pairs = festivals.at_random(rng, 300, 20, 2)
        score = festival.marks(*pairs.T, rng)
        for way in hits:
            seen, marks, floor = pairs, score, 3 if way == "even" else 2
            for stage in range(4):
                found = calibration.fit(*seen.T, marks, model="additive", scale=(1, 10))
                new = next_reviews(
                    found, seen, budget=75, cut=10, cap=46, conflicts=(), floor=floor, seed=stage
                )
                seen, marks = np.concatenate([seen, new]), np.append(marks, festival.marks(*new.T, rng))
            found = calibration.fit(*seen.T, marks, model="additive", scale=(1, 10))
            hits[way] += len(best & set(np.argsort(-found.quality)[:10]))

    assert hits["allotted"] > hits["even"] + 8  # of a hundred
