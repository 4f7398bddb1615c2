"""The sampler: its draws, its chains, and what it learns of jurors."""

import numpy as np
import pytest
from scipy.stats import truncnorm

from benchmarks import judging_festivals as festivals
from judging.tally import calibration
from judging.tally.calibration import hierarchical
from judging.tally.calibration.gibbs import shift, truncated
from judging.tally.calibration.hierarchical import gelman_rubin


@pytest.fixture(scope="module")
def uneven():
    """150 films, 15 jurors of very different noise, 4 marks a film, and their fit."""
    rng = np.random.default_rng(11)
    festival = festivals.draw(rng, films=150, jurors=15, spread=0.7)
    pairs = festivals.at_random(rng, 150, 15, 4)
    score = festival.marks(*pairs.T, rng)
    return festival, pairs, score, calibration.fit(*pairs.T, score, model="hierarchical", scale=(1, 10))


@pytest.mark.parametrize(
    ("low", "high"), [(-0.5, 0.5), (1.5, 2.5), (-np.inf, -1.0), (3.0, np.inf), (-9.0, -8.0)]
)
def test_truncated_draws_stay_inside_and_have_the_right_mean(low, high):
    rng, shape = np.random.default_rng(0), (20_000, 4)
    drawn = truncated(
        np.full(shape, 0.3), np.full(shape, 0.8), np.full(shape, low), np.full(shape, high), rng
    )
    exact = truncnorm((low - 0.3) / 0.8, (high - 0.3) / 0.8, loc=0.3, scale=0.8)

    assert drawn.min() >= low
    assert drawn.max() <= high
    assert drawn.mean() == pytest.approx(exact.mean(), abs=5 * exact.std() / np.sqrt(drawn.size))
    assert drawn.std() == pytest.approx(exact.std(), rel=0.02)


def test_truncated_draws_are_finite_where_the_tail_is_numerically_empty():
    ones = np.ones((10, 4))
    drawn = truncated(0 * ones, ones, 60 * ones, np.inf * ones, np.random.default_rng(0))
    assert np.isfinite(drawn).all()
    assert drawn.min() >= 60


@pytest.mark.parametrize(("mean", "sd"), [(0.1, 1.0), (2.0, 0.8), (0.4, 0.2)])
def test_values_shifted_for_long_have_the_truncated_distribution(mean, sd):
    rng, shape = np.random.default_rng(0), (5000, 4)
    values = np.zeros(shape)
    for _ in range(60):
        shift(values, np.full(shape, mean), np.full(shape, sd**-2), np.zeros(shape[0]), 1.0, rng)
    exact = truncnorm((-0.5 - mean) / sd, (0.5 - mean) / sd, loc=mean, scale=sd)

    assert np.abs(values).max() <= 0.5
    assert values.mean() == pytest.approx(exact.mean(), abs=5 * exact.std() / np.sqrt(values.size))
    assert values.std() == pytest.approx(exact.std(), rel=0.02)


def test_r_hat_is_one_for_chains_alike_and_large_for_chains_apart():
    alike = np.random.default_rng(0).normal(size=(1000, 3, 4))
    np.testing.assert_allclose(gelman_rubin(alike), 1, atol=0.01)
    assert (gelman_rubin(alike + 3 * np.arange(4)) > 2).all()
    assert (gelman_rubin(alike + np.linspace(0, 3, 1000)[:, None, None]) > 1.2).all()  # all drift alike


def test_the_same_seed_gives_the_same_bits(monkeypatch):
    monkeypatch.setattr(hierarchical, "MOST", 200)
    film, juror = np.divmod(np.arange(60), 3)
    score = 3 + film % 5 + juror
    one, again, other = (
        calibration.fit(film, juror, score, model="hierarchical", seed=seed) for seed in (7, 7, 8)
    )

    for figure in ("quality", "sd", "interval", "severity", "noise_interval", "rank_interval"):
        assert getattr(one, figure).tobytes() == getattr(again, figure).tobytes()
    assert one.p_top(5).tobytes() == again.p_top(5).tobytes()
    assert one.quality.tobytes() != other.quality.tobytes()


def test_another_seed_gives_nearly_the_same_figures(uneven):
    _, pairs, score, fit = uneven
    other = calibration.fit(*pairs.T, score, model="hierarchical", scale=(1, 10), seed=1)
    assert np.abs(other.quality - fit.quality).max() < 0.15 * fit.sd.mean()


def test_the_chains_agree_and_the_words_say_so(uneven):
    fit = uneven[3]
    assert 0.99 < fit.r_hat <= 1.02
    assert any(f"R-hat {fit.r_hat:.3f}" in sentence for sentence in fit.words)


def test_chains_that_were_cut_short_do_not_agree_and_the_words_say_so(monkeypatch):
    monkeypatch.setattr(hierarchical, "BATCH", 20)
    monkeypatch.setattr(hierarchical, "MOST", 20)
    film, juror = np.divmod(np.arange(60), 3)

    fit = calibration.fit(film, juror, 3 + film % 5 + juror, model="hierarchical", scale=(1, 10))

    assert fit.r_hat > hierarchical.AGREED
    said = f"Four chains do not quite agree: R-hat {fit.r_hat:.3f} after 20 sweeps of each."
    assert said in fit.words


def test_erratic_jurors_are_found_and_lose_weight(uneven):
    festival, pairs, score, fit = uneven
    plain = calibration.fit(*pairs.T, score, model="additive")

    assert np.corrcoef(np.log(fit.noise), np.log(festival.noise))[0, 1] > 0.9
    assert np.corrcoef(fit.severity, festival.severity)[0, 1] > 0.95
    assert fit.reliability[festival.noise.argmax()] < 0.5 * fit.reliability[festival.noise.argmin()]
    assert fit.outfit[festival.noise.argmax()] > 1.5 > fit.outfit[festival.noise.argmin()]
    error = [np.std(one.quality - festival.quality) for one in (plain, fit)]
    assert error[1] < 0.9 * error[0]


def test_what_is_said_of_jurors_is_set_against_the_average_juror(uneven):
    fit = uneven[3]
    assert fit.severity.sum() == pytest.approx(0, abs=1e-4)
    assert fit.scale.mean() == pytest.approx(1, abs=1e-5)
    for figure, bounds in (
        (fit.severity, fit.severity_interval),
        (fit.scale, fit.scale_interval),
        (fit.noise, fit.noise_interval),
    ):
        assert (bounds[:, 0] < figure).all()
        assert (figure < bounds[:, 1]).all()


def test_intervals_hold_nine_tenths_of_the_truth(uneven):
    festival, _, _, fit = uneven
    truth = festival.quality - festival.quality.mean() + fit.quality.mean()
    covered = (fit.interval[:, 0] <= truth) & (truth <= fit.interval[:, 1])
    assert 0.83 <= covered.mean() <= 0.97


def test_marks_at_the_end_of_the_scale_mean_at_least_that_much():
    """Juror 0 gives ten to half the films; the others show that these tens are not all alike."""
    film, juror = np.divmod(np.arange(40 * 4), 4)
    truth = np.linspace(-3, 3, 40)
    score = np.clip(np.rint(5.5 + truth[film] + np.where(juror == 0, 4, 0)), 1, 10)
    fit = calibration.fit(film, juror, score, model="hierarchical", scale=(1, 10))

    assert fit.severity[0] == pytest.approx(3, abs=0.25)  # four more than the others, against the mean of all
    assert calibration.fit(film, juror, score, model="additive").severity[0] < 2.75
