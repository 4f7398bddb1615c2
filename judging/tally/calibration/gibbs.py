"""The hierarchical model: whole marks, jurors of differing scale and reliability; by Gibbs sampling.

A mark stands for an interval of an unseen y* = juror + scale · film + position + noise. Films are normal
around their section, jurors normal around the level, scales normal around one; the noise of each juror has
a precision of its own, gamma with ν degrees of freedom, where ν is learned: jurors who are alike are
treated alike, and an erratic juror loses weight.

Source:
    J. H. Albert, S. Chib, Bayesian Analysis of Binary and Polychotomous Response Data, Journal of the
    American Statistical Association 88 (1993) 669-679: the unseen y* behind ordered marks.
    H. Ge, M. Welling, Z. Ghahramani, A Bayesian model for calibrating reviewer scores: the family.
"""

import numpy as np
from scipy.special import gammaln, ndtr, ndtri

from judging.tally.calibration.additive import Additive
from judging.tally.calibration.marks import Marks, incidence

CHAINS = 4
ROWS = 4096  # as many as the processor's cache holds
NU = np.geomspace(1, 200, 24)  # 200: jurors as good as alike


class Sampler:
    """Four chains side by side: every array has the chains as its last axis."""

    def __init__(self, marks: Marks, start: Additive, seed: int):
        self.marks, self.rng = marks, np.random.default_rng(seed)
        self.by_section = incidence(marks.section, marks.sections).T.tocsr()
        self._bounds()
        self._set_out(start)

    def _bounds(self) -> None:
        """Where y* may lie; a mark at an end of the scale says only that y* is no nearer the middle."""
        marks = self.marks
        low = np.where(marks.score <= marks.lowest, -np.inf, marks.centred - marks.step / 2)
        high = np.where(marks.score >= marks.highest, np.inf, marks.centred + marks.step / 2)
        self.open = np.flatnonzero(np.isinf(low) | np.isinf(high))
        self.low, self.high = low[self.open, None], high[self.open, None]
        self.latent = np.repeat(marks.centred[:, None], CHAINS, axis=1)

    def _set_out(self, start: Additive) -> None:
        """Begin at the additive model, each chain some way off."""
        marks, rng = self.marks, self.rng
        film, phi = start.solution
        noise = start.variances["noise"]
        m = marks.jurors

        def near(value, spread):
            return np.asarray(value)[:, None] + spread * rng.standard_normal((len(value), CHAINS))

        self.usual, self.prior = noise, noise / 10  # what the weak priors on variances lean on
        self.film = near(film + start.design.mean @ phi, noise**0.5)
        self.juror = near(phi[:m], noise**0.5)
        self.scale = near(np.ones(m), 0.2)
        self.section = near(np.zeros(marks.sections), 0.1) * (marks.sections > 1)
        self.slope = np.zeros(CHAINS)
        self.level = np.zeros(CHAINS)
        self.precision = np.exp(near(np.zeros(m), 0.2)) / noise
        self.film_var = np.full(CHAINS, max(start.variances["film"], self.prior))
        self.juror_var = np.full(CHAINS, max(start.variances["juror"], self.prior))
        self.scale_var = np.full(CHAINS, 0.05)
        self.section_var = np.full(CHAINS, self.prior * (marks.sections > 1))
        self.noise = np.full(CHAINS, noise)  # of the typical juror
        self.nu = np.full(CHAINS, 10.0)
        self.drift = np.zeros((1, CHAINS))
        self.film_r = self.film.take(marks.film, axis=0)
        self.precision_r = self.precision.take(marks.juror, axis=0)
        self._spread()

    def _spread(self) -> None:
        """Give each mark the figures of its juror."""
        self.juror_r = self.juror.take(self.marks.juror, axis=0)
        self.scale_r = self.scale.take(self.marks.juror, axis=0)

    def sweep(self) -> None:
        """Draw everything once, each given the rest."""
        self._draw_latent()
        self._draw_films()
        self._draw_jurors()
        self._spread()
        self.rest = self.latent - self.juror_r - self.scale_r * self.film_r - self.drift
        if self.marks.position is not None:
            self._draw_slope(self.marks.position[:, None])
        self._draw_reliability()
        self._draw_variances()

    def report(self) -> dict[str, np.ndarray]:
        """What the model says of films and jurors, free of where it puts its zero and its unit.

        The average juror has severity zero and scale one; a film's figure is that juror's mark for it.
        """
        judged = self.marks.per_juror > 0
        middle, unit = self.film.mean(axis=0), self.scale[judged].mean(axis=0)
        offset = self.juror + self.scale * middle
        level = offset[judged].mean(axis=0)
        return {
            "film": (self.film - middle) * unit + level,
            "severity": offset - level,
            "scale": self.scale / unit,
            "noise": 1 / self.precision,
            "section": (self.section - self.section.mean(axis=0)) * unit,
            "variances": np.stack(
                [self.film_var * unit**2, self.juror_var, self.section_var * unit**2, self.noise]
            ),
            "scale_var": self.scale_var[None] / unit**2,
            "log_nu": np.log(self.nu)[None],
            "slope": self.slope[None],
        }

    def _draw_latent(self) -> None:
        fitted, at = self.juror_r + self.scale_r * self.film_r + self.drift, self.open
        ends = truncated(fitted[at], 1 / np.sqrt(self.precision_r[at]), self.low, self.high, self.rng)
        if self.marks.step:
            shift(self.latent, fitted, self.precision_r, self.marks.centred, self.marks.step, self.rng)
        self.latent[at] = ends

    def _draw_films(self) -> None:
        pull = self.precision_r * self.scale_r
        precision = self.marks.by_film @ (pull * self.scale_r) + 1 / self.film_var
        mean = self.marks.by_film @ (pull * (self.latent - self.juror_r - self.drift))
        mean = (mean + self.section[self.marks.section] / self.film_var) / precision
        self.film = mean + self.rng.standard_normal(mean.shape) / np.sqrt(precision)
        self.film_r = self.film.take(self.marks.film, axis=0)

    def _draw_jurors(self) -> None:
        """Severity and scale of each juror together, from their joint normal."""
        sums, seen = self.marks.by_juror, self.latent - self.drift
        bb = self.precision * self.marks.per_juror[:, None] + 1 / self.juror_var
        ab = self.precision * (sums @ self.film_r)
        aa = self.precision * (sums @ self.film_r**2) + 1 / self.scale_var
        b = self.precision * (sums @ seen) + self.level / self.juror_var
        a = self.precision * (sums @ (seen * self.film_r)) + 1 / self.scale_var
        # The scale's precision, severity integrated out; whatever rounding does, no less than its prior.
        rest = np.maximum(aa - ab**2 / bb, 1 / self.scale_var)
        noise = self.rng.standard_normal((2, *bb.shape))
        self.scale = (a - ab * b / bb) / rest + noise[0] / np.sqrt(rest)
        self.juror = (b - ab * self.scale) / bb + noise[1] / np.sqrt(bb)

    def _draw_slope(self, place: np.ndarray) -> None:
        rest, pull = self.rest + self.drift, place * self.precision_r
        precision = (place * pull).sum(axis=0) + self.marks.slope_precision
        self.slope = (pull * rest).sum(axis=0) / precision
        self.slope += self.rng.standard_normal(CHAINS) / np.sqrt(precision)
        self.drift = place * self.slope
        self.rest = rest - self.drift

    def _draw_reliability(self) -> None:
        """ν with the precisions integrated out, then the precisions, then the typical noise."""
        squares, count = self.marks.by_juror @ self.rest**2, self.marks.per_juror[:, None]
        nu = NU[:, None, None]
        shape, rate = (nu + count) / 2, (nu * self.noise + squares) / 2
        log = (nu / 2 * np.log(nu / 2 * self.noise) - gammaln(nu / 2) + gammaln(shape)).sum(axis=1)
        log = log - (shape * np.log(rate)).sum(axis=1)
        self.nu = NU[(log + self.rng.gumbel(size=log.shape)).argmax(axis=0)]  # a draw from exp(log)
        self.precision = self.rng.gamma((self.nu + count) / 2) * 2 / (self.nu * self.noise + squares)
        self.precision_r = self.precision.take(self.marks.juror, axis=0)
        shape = len(count) * self.nu / 2 + 2  # the prior is worth four jurors at the additive model's noise
        rate = self.nu * self.precision.sum(axis=0) / 2 + 2 / self.usual
        self.noise = self.rng.gamma(shape) / rate

    def _draw_variances(self) -> None:
        rng, n, m, s = self.rng, self.marks.films, self.marks.jurors, self.marks.sections
        if s > 1:
            size = np.bincount(self.marks.section, minlength=s)[:, None]
            precision = size / self.film_var + 1 / self.section_var
            mean = self.by_section @ self.film / self.film_var / precision
            self.section = mean + rng.standard_normal(mean.shape) / np.sqrt(precision)
            self.section_var = self._variance((self.section**2).sum(axis=0), s, self.prior)
        away = self.film - self.section[self.marks.section]
        self.film_var = self._variance((away**2).sum(axis=0), n, self.prior)
        self.level = self.juror.mean(axis=0) + rng.standard_normal(CHAINS) * np.sqrt(self.juror_var / m)
        self.juror_var = self._variance(((self.juror - self.level) ** 2).sum(axis=0), m, self.prior)
        self.scale_var = self._variance(((self.scale - 1) ** 2).sum(axis=0), m, 0.02)

    def _variance(self, squares, size: int, prior: float) -> np.ndarray:
        """Scaled inverse chi-square, the prior worth one observation."""
        return (squares + prior) / self.rng.chisquare(size + 1, CHAINS)


def truncated(mean, sd, low, high, rng) -> np.ndarray:
    """Normal draws between `low` and `high`, by inversion in the lower tail, where it is exact."""
    drawn = np.empty_like(mean)
    for start in range(0, len(mean), ROWS):
        part = slice(start, start + ROWS)
        a, b = (low[part] - mean[part]) / sd[part], (high[part] - mean[part]) / sd[part]
        flip = np.where(a + b > 0, -1.0, 1.0)
        a, b = np.where(flip < 0, -b, a), np.where(flip < 0, -a, b)
        below = ndtr(a)
        z = ndtri(below + rng.random(a.shape) * (ndtr(b) - below))
        z = np.clip(z, np.maximum(a, np.minimum(b, 0) - 9), b)  # beyond 37 sd the tail is numerically empty
        drawn[part] = mean[part] + sd[part] * flip * z
    return drawn


def shift(values, mean, precision, middle, step: float, rng) -> None:
    """Move normal values inside intervals of length `step` about `middle`, in place.

    A Metropolis step with a uniform proposal: a new value is taken with the ratio of the densities. Intervals
    are short beside the noise, so that most are; it costs a quarter of an inversion.
    """
    for start in range(0, len(mean), ROWS):
        part = slice(start, start + ROWS)
        proposed = middle[part, None] + step * (rng.random(mean[part].shape) - 0.5)
        gain = ((values[part] - mean[part]) ** 2 - (proposed - mean[part]) ** 2) * precision[part] / 2
        taken = rng.random(gain.shape) < np.exp(np.minimum(gain, 0))
        np.copyto(values[part], proposed, where=taken)
