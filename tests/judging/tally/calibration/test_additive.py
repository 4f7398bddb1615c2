"""The additive model against dense linear algebra, brute force, and the analysis of variance."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from judging.tally.calibration import additive, fit
from judging.tally.calibration.marks import check

VARIANCES = {"film": 1.3, "juror": 0.7, "section": 0.4, "noise": 0.9}


def small(seed=0, *, films=12, jurors=5, reviews=3, parts=True):
    """Marks with one decimal, so that nothing is rounded; with sections and positions."""
    rng = np.random.default_rng(seed)
    film = np.repeat(np.arange(films), reviews)
    juror = np.concatenate([rng.choice(jurors, reviews, replace=False) for _ in range(films)])
    score = 5 + rng.normal(size=films)[film] + rng.normal(size=jurors)[juror] + rng.normal(size=len(film))
    extra = {"section": film % 3, "position": rng.permutation(len(film))} if parts else {}
    return check(film, juror, score + 0.01, **extra)


def dense(marks):
    """Columns of films, jurors, sections, level and position, and the posterior's mean and covariance."""
    n, m, s = marks.films, marks.jurors, marks.sections
    columns = np.column_stack(
        [
            np.eye(n)[marks.film],
            np.eye(m)[marks.juror],
            np.eye(s)[marks.section[marks.film]],
            np.ones(len(marks.film)),
            marks.position,
        ]
    )
    prior = np.concatenate(
        [
            np.full(n, 1 / VARIANCES["film"]),
            np.full(m, 1 / VARIANCES["juror"]),
            np.full(s, 1 / VARIANCES["section"]),
            [0, marks.slope_precision],
        ]
    )
    covariance = np.linalg.inv(columns.T @ columns / VARIANCES["noise"] + np.diag(prior))
    return columns, covariance @ columns.T @ marks.centred / VARIANCES["noise"], covariance


def test_quality_and_sd_are_those_of_the_dense_normal_equations():
    marks = small()
    fitted = additive.fit(marks, variances=VARIANCES)
    columns, mean, covariance = dense(marks)
    n, m, s = marks.films, marks.jurors, marks.sections
    quality = np.column_stack(  # film + average juror + its section + level, at the average position
        [np.eye(n), np.full((n, m), 1 / m), np.eye(s)[marks.section], np.ones(n), np.zeros(n)]
    )

    np.testing.assert_allclose(fitted.quality, marks.level + quality @ mean, rtol=1e-10)
    np.testing.assert_allclose(fitted.sd, np.sqrt(np.diag(quality @ covariance @ quality.T)), rtol=1e-10)
    np.testing.assert_allclose(fitted.residual, marks.centred - columns @ mean, atol=1e-10)
    assert fitted.slope() == pytest.approx(mean[-1], rel=1e-9)


def test_severity_and_its_sd_are_those_of_the_dense_normal_equations():
    marks = small()
    severity, sd = additive.fit(marks, variances=VARIANCES).severity()
    _, mean, covariance = dense(marks)
    n, m = marks.films, marks.jurors
    contrast = np.zeros((m, len(mean)))
    contrast[:, n : n + m] = np.eye(m) - 1 / m

    np.testing.assert_allclose(severity, contrast @ mean, rtol=1e-9)
    np.testing.assert_allclose(sd, np.sqrt(np.diag(contrast @ covariance @ contrast.T)), rtol=1e-9)
    assert severity.sum() == pytest.approx(0, abs=1e-12)


def test_leaving_a_mark_out_in_closed_form_is_fitting_without_it():
    marks = small()
    error, variance = additive.fit(marks, variances=VARIANCES).left_out()
    columns, _, _ = dense(marks)
    prior = np.diag(np.repeat([1 / 1.3, 1 / 0.7, 1 / 0.4, 0.0, marks.slope_precision], [12, 5, 3, 1, 1]))

    for i in range(len(marks.score)):
        others = np.delete(np.arange(len(marks.score)), i)
        rest, x = columns[others], columns[i]
        covariance = np.linalg.inv(rest.T @ rest / 0.9 + prior)
        predicted = x @ covariance @ rest.T @ marks.centred[others] / 0.9
        assert error[i] == pytest.approx(marks.centred[i] - predicted, rel=1e-8)
        assert variance[i] == pytest.approx(0.9 + x @ covariance @ x, rel=1e-8)


@pytest.mark.parametrize("places", [(1, 1, 2), (1, 2, 2), (2, 1, 1), (2, 2, 1)])
@pytest.mark.parametrize("model", ["additive", "hierarchical", "auto"])
def test_one_order_for_all_jurors_does_not_explain_the_films_away(places, model):
    """Two jurors gave film 0 a 7, one of them film 1 a 3; in two of the orders place and film are one."""
    high, low = fit([0, 0, 1], [0, 1, 0], [7, 7, 3], position=places, model=model, scale=(1, 10)).quality

    assert high - low > 0.3


def test_variances_of_a_balanced_design_are_those_of_the_analysis_of_variance():
    """Complete crossing: mean squares of films, jurors and their interaction give REML in closed form."""
    rng = np.random.default_rng(3)
    n, m = 9, 6
    table = 5 + 1.5 * rng.normal(size=(n, 1)) + 1.2 * rng.normal(size=(1, m)) + rng.normal(size=(n, m))
    film, juror = np.divmod(np.arange(n * m), m)
    rest = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + table.mean()
    noise = (rest**2).sum() / ((n - 1) * (m - 1))

    found = additive.fit(check(film, juror, table.ravel())).variances

    assert found["noise"] == pytest.approx(noise, rel=1e-4)
    assert found["film"] == pytest.approx((m * table.mean(axis=1).var(ddof=1) - noise) / m, rel=1e-3)
    assert found["juror"] == pytest.approx((n * table.mean(axis=0).var(ddof=1) - noise) / n, rel=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_the_likelihood_s_gradient_is_its_slope(seed):
    marks = small(seed, reviews=seed + 1)
    likelihood = additive.Likelihood(marks.centred, marks, additive.design(marks))
    at = np.random.default_rng(seed).normal(size=4)

    assert check_grad(lambda x: likelihood(x)[0], lambda x: likelihood(x)[1], at) < 1e-4


def test_the_likelihood_is_that_of_the_dense_covariance():
    """Differences of minus twice the restricted log-likelihood, from the marks' own covariance matrix."""
    marks = small(parts=False)
    z = np.eye(marks.films)[marks.film], np.eye(marks.jurors)[marks.juror]
    ones = np.ones((len(marks.score), 1))

    def plain(logs):
        noise, film, juror = np.exp(logs)
        v = noise * np.eye(len(ones)) + film * z[0] @ z[0].T + juror * z[1] @ z[1].T
        w = np.linalg.inv(v)
        p = w - w @ ones @ np.linalg.inv(ones.T @ w @ ones) @ ones.T @ w
        fixed = np.linalg.slogdet(ones.T @ w @ ones)[1]
        return np.linalg.slogdet(v)[1] + fixed + marks.centred @ p @ marks.centred

    likelihood = additive.Likelihood(marks.centred, marks, additive.design(marks))
    one, other = np.array([0.1, 0.4, -0.3]), np.array([-0.5, 0.2, 0.9])
    assert likelihood(one)[0] - likelihood(other)[0] == pytest.approx(plain(one) - plain(other), rel=1e-9)


def test_joint_draws_have_the_posterior_s_mean_and_spread():
    fitted = additive.fit(small(), variances=VARIANCES)
    draws = fitted.draws(20_000, np.random.default_rng(0))

    np.testing.assert_allclose(draws.mean(axis=0), fitted.quality, atol=0.03)
    np.testing.assert_allclose(draws.std(axis=0), fitted.sd, rtol=0.03)
