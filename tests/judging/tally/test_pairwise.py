import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.tally.pairwise import expected_gain, fit, next_pair

pairs = st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 4)).filter(lambda v: v[1] != v[2])
votes = st.lists(st.tuples(pairs, st.sampled_from([0.0, 0.5, 1.0])).map(lambda v: (*v[0], v[1])), max_size=20)


def test_two_films_lie_where_the_posterior_is_flat():
    strengths = fit(2, [(juror, 0, 1) for juror in range(3)] + [(3, 1, 0)], prior_sd=2)

    # with s and -s, the slope 3 - 4 p(2s) - s / 4 is nothing
    s = strengths.mean[0]
    assert s == pytest.approx(-strengths.mean[1])
    assert 3 - 4 / (1 + np.exp(-2 * s)) - s / 4 == pytest.approx(0, abs=1e-9)


def test_nobody_s_vote_leaves_all_alike():
    strengths = fit(3, [])

    assert strengths.mean.tolist() == [0, 0, 0]
    assert np.allclose(strengths.sd, 2 * np.sqrt(2 / 3))


@settings(deadline=None)
@given(votes, st.randoms())
def test_only_the_set_of_votes_counts(rows, chance):
    again = rows + chance.sample(rows, len(rows) // 2)
    turned = [
        (juror, k, i, 1 - how) if chance.random() < 0.5 else (juror, i, k, how) for juror, i, k, how in again
    ]
    chance.shuffle(turned)

    first, second = fit(5, rows), fit(5, turned)

    assert np.array_equal(first.mean, second.mean)
    assert np.array_equal(first.cov, second.cov)


@settings(deadline=None)
@given(votes)
def test_strengths_are_where_the_slope_is_nothing(rows):
    strengths = fit(5, {row[:3]: row for row in rows}.values())

    assert np.isfinite(strengths.mean).all()
    assert abs(strengths.mean.sum()) < 1e-9
    assert (strengths.sd >= 0).all() and (strengths.sd <= 2).all()


def test_an_unbeaten_film_stays_finite_and_first():
    strengths = fit(3, [(juror, 0, k) for juror in range(200) for k in (1, 2)])

    assert strengths.order[0] == 0
    assert 2 < strengths.mean[0] < 8


def test_a_tie_is_half_and_a_juror_who_contradicts_themself_has_tied():
    tie = fit(2, [(0, 0, 1, 0.5)])

    assert np.allclose(tie.mean, 0)
    assert np.array_equal(fit(2, [(0, 0, 1), (0, 1, 0)]).cov, tie.cov)


def test_strengths_are_found_again():
    chance = np.random.default_rng(4)
    true = np.linspace(2, -2, 9)
    rows = [
        (juror, i, k, float(chance.random() < 1 / (1 + np.exp(true[k] - true[i]))))
        for juror in range(60)
        for i in range(9)
        for k in range(i)
    ]

    strengths = fit(9, rows)

    assert np.abs(strengths.mean - true).max() < 4 * strengths.sd.max()
    assert strengths.order.tolist() == list(range(9))


@pytest.mark.parametrize("row", [(0, 1, 1), (0, 0, 5), (0, -1, 0), (0, 0, 1, 2)])
def test_votes_that_cannot_be_are_refused(row):
    with pytest.raises(ValueError, match=r"comparing|preference"):
        fit(2, [row])


def test_the_next_pair_is_the_one_least_known():
    strengths = fit(4, [(juror, 0, 1, juror % 2) for juror in range(40)] + [(j, 2, 3) for j in range(40)])

    gain = expected_gain(strengths)

    assert np.allclose(gain, gain.T) and (gain >= 0).all() and not np.diag(gain).any()
    assert gain[0, 1] == gain[gain > 0].min() or gain[2, 3] == gain[gain > 0].min()
    assert set(next_pair(strengths, [])) not in ({0, 1}, {2, 3})


def test_the_gain_is_the_mutual_information_of_vote_and_strengths():
    strengths = fit(3, [(0, 0, 1), (1, 0, 1), (2, 1, 2)])
    d = np.random.default_rng(0).multivariate_normal(strengths.mean, strengths.cov, 200_000, method="eigh")
    p = 1 / (1 + np.exp(d[:, 2] - d[:, 0]))

    def entropy(x):
        return -x * np.log(x) - (1 - x) * np.log(1 - x)

    sampled = entropy(p.mean()) - entropy(p).mean()

    assert expected_gain(strengths)[0, 2] == pytest.approx(sampled, rel=0.01)


@settings(deadline=None)
@given(votes, st.integers(0, 9))
def test_no_juror_sees_a_pair_twice_or_a_film_they_are_tied_to(rows, seed):
    barred, done = {seed % 5}, []
    while (pair := next_pair(fit(5, rows), done, barred=barred, seed=seed)) is not None:
        assert set(pair) not in [set(old) for old in done] and not barred & set(pair)
        done.append(pair)

    assert len(done) == 6


def test_the_same_seed_shows_the_same_pair_and_sides_change_with_it():
    strengths = fit(3, [])

    assert next_pair(strengths, [], seed=1) == next_pair(strengths, [], seed=1)
    assert len({next_pair(strengths, [], seed=seed) for seed in range(40)}) == 6
    assert next_pair(strengths, [(0, 1), (2, 0)], seed=3) in {(1, 2), (2, 1)}
