"""Which model is chosen, what is refused, and what a fit says of films that cannot be compared."""

import numpy as np
import pytest

from benchmarks import judging_festivals as festivals
from judging.tally import calibration
from judging.tally.calibration.gate import simplest
from judging.tally.calibration.marks import check
from judging.tally.calibration.words import connectivity


def drawn(seed, *, films=60, jurors=12, reviews=3, **habits):
    """Marks without rounding or ends, of jurors with the severity, scale and noise given."""
    rng = np.random.default_rng(seed)
    pairs = festivals.at_random(rng, films, jurors, reviews)
    film, juror = pairs.T
    quality = rng.normal(size=films)
    severity, scale, noise = (np.broadcast_to(habits[k], jurors) for k in ("severity", "scale", "noise"))
    score = 5 + severity[juror] + scale[juror] * quality[film] + noise[juror] * rng.normal(size=len(film))
    return quality, film, juror, score


def two_panels(shift=3.0):
    """Films 0 to 9 seen by jurors 0 to 3 only, films 10 to 19 by jurors 4 to 7, who give `shift` more."""
    rng = np.random.default_rng(5)
    film, juror = np.divmod(np.arange(80), 4)
    juror = juror + 4 * (film >= 10)
    quality, severity = rng.normal(size=20), rng.normal(size=8)
    score = np.rint(4 + quality[film] + severity[juror] + shift * (film >= 10) + 0.5 * rng.normal(size=80))
    return film, juror, score.clip(1, 10)


def test_plain_means_stand_where_jurors_are_alike():
    _, film, juror, score = drawn(1, severity=0, scale=1, noise=1)
    fit = calibration.fit(film, juror, score)

    assert fit.model == "raw"
    np.testing.assert_array_equal(fit.quality, fit.raw)
    np.testing.assert_allclose(fit.raw, np.bincount(film, score) / 3)
    assert set(fit.errors) == {"raw", "additive", "hierarchical"}
    assert "plain mean" in fit.words[0]


def test_severity_is_allowed_for_where_it_is_large():
    severity = np.linspace(-3, 3, 12)
    quality, film, juror, score = drawn(3, severity=severity, scale=1, noise=0.7)
    fit = calibration.fit(film, juror, score)

    assert fit.model == "additive"
    assert fit.errors["additive"] < fit.errors["raw"] - 0.5
    np.testing.assert_allclose(fit.severity, severity, atol=0.6)
    assert np.corrcoef(fit.quality, quality)[0, 1] > 0.8 > np.corrcoef(fit.raw, quality)[0, 1]


def test_reliability_is_allowed_for_where_it_differs():
    noise = np.where(np.arange(12) < 4, 3.0, 0.3)
    quality, film, juror, score = drawn(3, severity=np.linspace(-2, 2, 12), scale=1, noise=noise, reviews=5)
    fit = calibration.fit(film, juror, score)

    assert fit.model == "hierarchical"
    assert np.corrcoef(fit.quality, quality)[0, 1] > 0.95


def test_the_gate_takes_the_simplest_within_one_standard_error():
    rng, juror = np.random.default_rng(0), np.arange(1000) % 50
    best = rng.normal(size=1000)
    near, far = best + 0.01 + rng.normal(size=1000), best + 0.2 + rng.normal(size=1000)

    assert simplest({"raw": near, "additive": best, "hierarchical": far}, juror) == "raw"
    assert simplest({"raw": far, "additive": near, "hierarchical": best}, juror) == "additive"
    assert simplest({"raw": far, "additive": far + 0.1, "hierarchical": best}, juror) == "hierarchical"


def test_one_juror_alone_does_not_open_the_gate():
    """A gain of .11 a mark that one juror in ten makes, and the others lose by, is chance."""
    juror = np.arange(1000) % 10
    loss = np.where(juror == 0, 2.0, -0.1)
    assert simplest({"raw": loss, "additive": np.zeros(1000)}, juror) == "raw"
    assert simplest({"raw": np.full(1000, 0.11), "additive": np.zeros(1000)}, juror) == "additive"


@pytest.mark.parametrize("model", ["auto", "raw", "additive", "hierarchical"])
def test_films_of_panels_without_a_link_are_not_compared(model):
    film, juror, score = two_panels()
    fit = calibration.fit(film, juror, score, model=model)

    assert not fit.connected
    np.testing.assert_array_equal(fit.components, np.repeat([0, 1], 10))
    assert any("2 groups that share no juror" in sentence for sentence in fit.words)
    top = fit.p_top(3)
    assert top[:10].sum() == pytest.approx(3)
    assert top[10:].sum() == pytest.approx(3)
    assert fit.rank_interval.max() <= 10
    above = fit.p_above([0, 1, 10])
    assert np.isnan(above[:2, 2]).all()
    assert above[0, 1] + above[1, 0] == pytest.approx(1, abs=1e-12)
    with pytest.raises(ValueError, match="share no jurors"):
        fit.tiers([0, 10])


def test_calibration_never_moves_one_panel_against_another():
    film, juror, score = two_panels()
    for model in ("additive", "hierarchical"):
        fit = calibration.fit(film, juror, score, model=model, scale=(1, 10))
        for panel in (slice(0, 10), slice(10, 20)):
            assert fit.quality[panel].mean() == pytest.approx(fit.raw[panel].mean(), abs=0.15)


def test_one_shared_juror_joins_two_panels():
    film, juror, score = two_panels()
    fit = calibration.fit(np.append(film, 0), np.append(juror, 7), np.append(score, 5), model="additive")
    assert fit.connected
    assert fit.words[-1].startswith("Few jurors link")


@pytest.mark.parametrize(
    ("film", "juror", "score", "options", "sentence"),
    [
        ([], [], [], {}, "no marks"),
        ([0, 1], [0, 0], [5, np.nan], {}, "must be a number"),
        ([0, 1], [0], [5, 6], {}, "equal length"),
        ([0, -1], [0, 0], [5, 6], {}, "numbered from 0"),
        ([0, 0.5], [0, 0], [5, 6], {}, "whole number"),
        ([0, 1], [0, 0], [5, 12], {"scale": (1, 10)}, "between 1 and 10"),
        ([0, 0], [0, 1], [5, 6], {"section": [0, 1]}, "one section only"),
        ([0, 1], [0, 1], [5, 6], {"section": [0, 1, 2]}, "as long as film"),
        ([0, 1], [0, 1], [5, 6], {"position": [0, np.inf]}, "position"),
        ([0, 1], [0, 1], [5, 6], {"model": "median"}, "not median"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_in_a_sentence(film, juror, score, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        calibration.fit(film, juror, score, **options)


@pytest.mark.parametrize("model", ["auto", "raw", "additive", "hierarchical"])
@pytest.mark.parametrize(
    ("film", "juror", "score", "sentence"),
    [
        ([0, 0, 1, 1], [0, 1, 0, 1], [7, 7, 7, 7], "All marks are equal"),
        ([0, 1, 2], [0, 0, 0], [4, 6, 8], "only one juror"),
        ([0, 1, 2], [3, 3, 3], [4, 6, 8], "only one juror"),
        ([0, 0, 0], [0, 1, 2], [4, 6, 8], "only one film"),
    ],
)
def test_where_there_is_nothing_to_learn_plain_means_stand(model, film, juror, score, sentence):
    fit = calibration.fit(film, juror, score, model=model)
    assert fit.model == "raw"
    np.testing.assert_array_equal(fit.quality, np.bincount(film, score) / np.bincount(film))
    assert (fit.sd > 0).all()
    assert not fit.severity.any()
    assert any(sentence in words for words in fit.words)


def test_a_film_without_marks_stands_where_nothing_is_known():
    fit = calibration.fit([0, 0, 1, 1, 3, 3], [0, 1, 1, 2, 2, 0], [4, 6, 7, 9, 2, 3], model="additive")
    assert np.isnan(fit.raw[2])
    assert fit.reviews[2] == 0
    assert fit.sd[2] == fit.sd.max()
    assert fit.connected
    assert "1 film has no mark yet" in fit.words[-1]


def test_numbering_films_and_jurors_otherwise_changes_nothing_else():
    _, film, juror, score = drawn(4, severity=np.linspace(-1, 1, 12), scale=1, noise=1)
    rng = np.random.default_rng(0)
    films, jurors, order = rng.permutation(60), rng.permutation(12), rng.permutation(len(film))
    fit = calibration.fit(film, juror, score, model="additive")
    other = calibration.fit(films[film][order], jurors[juror][order], score[order], model="additive")

    np.testing.assert_allclose(other.quality[films], fit.quality, rtol=1e-6)
    np.testing.assert_allclose(other.sd[films], fit.sd, rtol=1e-5)
    np.testing.assert_allclose(other.severity[jurors], fit.severity, atol=1e-5)


def test_known_variances_are_used_as_they_are():
    _, film, juror, score = drawn(4, severity=0.5, scale=1, noise=1)
    known = {"film": 1.0, "juror": 0.5, "noise": 2.0}
    assert calibration.fit(film, juror, score, model="additive", variances=known).variances == known


def test_sections_may_be_given_by_mark_or_by_film():
    _, film, juror, score = drawn(6, severity=0.5, scale=1, noise=1)
    section = np.arange(60) % 4
    by_mark = calibration.fit(film, juror, score + section[film], section=section[film], model="additive")
    by_film = calibration.fit(film, juror, score + section[film], section=section, model="additive")

    np.testing.assert_array_equal(by_mark.quality, by_film.quality)
    assert (np.diff(by_mark.section) > 0).all()
    assert by_mark.section.sum() == pytest.approx(0, abs=1e-9)


def test_a_slope_over_positions_and_one_juror_s_own_drift_are_told_apart():
    rng = np.random.default_rng(8)
    film, juror = np.divmod(np.arange(60 * 6), 6)
    position = np.concatenate([rng.permutation(60) for _ in range(6)]).reshape(6, 60).T.ravel()
    score = 5 + rng.normal(size=60)[film] + 0.02 * position + 0.3 * rng.normal(size=360)
    score += np.where(juror == 2, 0.03 * (position - 30), 0)
    fit = calibration.fit(film, juror, score, position=position, model="additive")

    assert fit.slope == pytest.approx(0.025, abs=0.004)
    assert fit.drift.argmax() == 2
    assert fit.drift[2] - np.delete(fit.drift, 2).mean() == pytest.approx(
        0.03, abs=0.008
    )  # films take up a little of it


def test_connectivity_is_nought_in_two_and_one_where_all_see_all():
    film, juror, score = two_panels()
    assert connectivity(check(film, juror, score)) == pytest.approx(0, abs=1e-9)
    film, juror = np.divmod(np.arange(12), 3)
    assert connectivity(check(film, juror, film)) == pytest.approx(1)
    assert connectivity(check([0, 1], [2, 2], [5, 6])) == 1
