"""Ranks, chances and tiers, from draws that are known."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from judging.tally import calibration


@pytest.fixture(scope="module")
def fit():
    """Thirty films, five jurors, three marks each."""
    rng = np.random.default_rng(2)
    film = np.repeat(np.arange(30), 3)
    juror = np.concatenate([rng.choice(5, 3, replace=False) for _ in range(30)])
    score = np.rint(5 + 2 * rng.normal(size=30)[film] + rng.normal(size=5)[juror] + rng.normal(size=90))
    return calibration.fit(film, juror, score.clip(1, 10), model="additive", scale=(1, 10))


@pytest.mark.parametrize("k", [0, 1, 7, 30])
def test_chances_of_the_top_add_up_to_its_size(fit, k):
    chance = fit.p_top(k)
    assert chance.sum() == pytest.approx(k)
    assert 0 <= chance.min() <= chance.max() <= 1


def test_a_negative_top_is_refused(fit):
    with pytest.raises(ValueError, match="cannot be negative"):
        fit.p_top(-1)


def test_the_best_film_has_the_best_chance_and_the_best_ranks(fit):
    best, worst = fit.quality.argmax(), fit.quality.argmin()
    assert fit.p_top(5).argmax() == best
    low, high = fit.rank_interval[best]
    assert 1 <= low <= high < fit.rank_interval[worst, 0] <= fit.rank_interval[worst, 1] <= 30


def test_the_chance_of_one_film_above_another_is_that_of_two_normals():
    """Plain means are independent, so the chance has a closed form."""
    plain = calibration.fit([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [7, 8, 6, 7, 2, 3], model="raw")
    above = plain.p_above([0, 1, 2])
    for i, k in ((0, 1), (1, 2), (0, 2)):
        exact = norm.cdf((plain.quality[i] - plain.quality[k]) / np.hypot(plain.sd[i], plain.sd[k]))
        assert above[i, k] == pytest.approx(exact, abs=0.05)


def test_tiers_hold_together_what_cannot_be_told_apart(fit):
    tiers = fit.tiers(np.arange(30))
    assert sorted(np.concatenate(tiers)) == list(range(30))
    assert len(tiers) > 2
    for tier, following in itertools.pairwise(tiers):
        first = tier[fit.quality[tier].argmax()]
        assert all(fit.p_above([first, film])[0, 1] <= 0.8 for film in tier if film != first)
        ahead = following[fit.quality[following].argmax()]
        assert fit.p_above([first, ahead])[0, 1] > 0.8


def test_a_juror_apart_from_the_others_shows_in_outfit_and_infit():
    rng = np.random.default_rng(4)
    film, juror = np.divmod(np.arange(50 * 6), 6)
    score = 5 + rng.normal(size=50)[film] + np.where(juror == 3, 2.5, 0.5) * rng.normal(size=300)
    fit = calibration.fit(film, juror, score, model="additive")

    assert fit.outfit.argmax() == fit.infit.argmax() == 3
    assert fit.outfit[3] > 1.5 > np.delete(fit.outfit, 3).max()
    assert (fit.outfit * fit.load).sum() / fit.load.sum() == pytest.approx(1, abs=0.15)


def test_reliability_is_the_share_of_a_mark_that_is_the_film(fit):
    known = replace(fit, variances=fit.variances | {"film": 4.0}, noise=np.full(5, 2.0), scale=np.ones(5))
    np.testing.assert_allclose(known.reliability, 0.5)


def test_drift_is_unknown_without_positions(fit):
    assert np.isnan(fit.drift).all()
