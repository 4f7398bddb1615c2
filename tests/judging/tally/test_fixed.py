"""A calibration written down and read again: the same figures, the same digest."""

import json

import numpy as np
import pytest

from judging.tally import fixed
from judging.tally.sheet import sheet


@pytest.fixture(scope="module")
def marks():
    rng = np.random.default_rng(1)
    film, juror = np.divmod(np.arange(40), 4)
    worth, severity = rng.normal(6, 1.5, 10), rng.normal(0, 1, 4)
    scores = np.clip(np.rint(worth[film] + severity[juror] + rng.normal(0, 0.7, 40)), 1, 10)
    return sheet([f"f{i}" for i in film], juror, np.arange(40), scores, weights={1: 100}, sections={})


@pytest.fixture(scope="module")
def fit(marks):
    return fixed.compute(marks, model="additive", seed=3)


def test_a_fit_that_was_frozen_says_the_same_when_it_is_thawed(fit):
    figures, draws = fixed.freeze(fit)

    again = fixed.thaw(json.loads(json.dumps(figures)), draws)

    assert (again.quality == fit.quality).all() and (again.interval == fit.interval).all()
    assert (again.severity == fit.severity).all() and again.words == fit.words
    assert again.p_top(3) == pytest.approx(fit.p_top(3), abs=0.01)  # draws are kept in hundredths
    top = np.argsort(-fit.quality)[:4]
    assert [tier.tolist() for tier in again.tiers(top)] == [tier.tolist() for tier in fit.tiers(top)]
    assert again.reliability == pytest.approx(fit.reliability)
    drift = fixed.habits(figures)["drift"]
    assert drift == pytest.approx(fit.drift, nan_ok=True)


def test_the_same_marks_and_seed_give_the_same_digest(marks, fit):
    again = fixed.compute(marks, model="additive", seed=3)

    assert fixed.digest(*fixed.freeze(again)) == fixed.digest(*fixed.freeze(fit))


def test_one_figure_in_its_last_bit_gives_another_digest(fit):
    figures, draws = fixed.freeze(fit)
    figures["quality"][0] = float(np.nextafter(figures["quality"][0], 99))

    assert fixed.digest(figures, draws) != fixed.digest(*fixed.freeze(fit))


def test_one_draw_gives_another_digest(fit):
    figures, draws = fixed.freeze(fit)

    assert fixed.digest(figures, draws[:-1] + bytes([draws[-1] ^ 1])) != fixed.digest(figures, draws)


def test_what_is_kept_is_json_that_any_database_takes(marks):
    alone = sheet(["a", "b"], [1, 1], [1, 2], [[3], [7]], weights={1: 100}, sections={})

    figures, _ = fixed.freeze(fixed.compute(alone))

    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
