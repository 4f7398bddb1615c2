"""The hierarchical model, fitted: four chains run until they agree, and what they say together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from judging.tally.calibration import additive
from judging.tally.calibration.additive import Additive
from judging.tally.calibration.equations import Equations
from judging.tally.calibration.gibbs import CHAINS, Sampler
from judging.tally.calibration.marks import Marks

AGREED = 1.01  # R-hat at which the chains count as agreed
WARM_UP, BATCH, MOST = 200, 200, 8000  # sweeps of each chain
WORK = 2.5e7  # marks times sweeps: some ten seconds
STORED = 2.5e7  # draws of films kept in memory, four bytes each
VARIANCES = "film", "juror", "section", "noise"


@dataclass(frozen=True, eq=False)
class Hierarchical:
    """Draws from the posterior, in points; each array (draws, …), the chains one after the other."""

    marks: Marks
    drawn: dict[str, np.ndarray]  # as Sampler.report names them
    r_hat: float
    sweeps: int

    @cached_property
    def mean(self) -> dict[str, np.ndarray]:
        return {name: values.mean(axis=0, dtype=float) for name, values in self.drawn.items()}

    @property
    def quality(self) -> np.ndarray:
        """(n,) mark of the average juror."""
        return self.marks.level + self.mean["film"]

    @cached_property
    def sd(self) -> np.ndarray:
        return self.drawn["film"].std(axis=0, dtype=float)

    def interval(self, name: str, share: float) -> np.ndarray:
        """(…, 2) bounds that leave as many draws below as above."""
        tails = (1 - share) / 2, (1 + share) / 2
        return np.moveaxis(np.quantile(self.drawn[name], tails, axis=0), 0, -1).astype(float)

    @property
    def variances(self) -> dict[str, float]:
        found = dict(zip(VARIANCES, self.mean["variances"].tolist(), strict=True))
        if self.marks.sections == 1:
            del found["section"]
        return found | {"scale": float(self.mean["scale_var"][0])}

    @cached_property
    def residual(self) -> np.ndarray:
        """(r,) marks less what was to be expected; nobody is expected to leave the scale."""
        marks, mean = self.marks, self.mean
        level = marks.level[marks.film]
        fitted = mean["severity"][marks.juror] + level
        middle = mean["film"].mean()
        fitted += middle + mean["scale"][marks.juror] * (mean["film"] - middle)[marks.film]
        if marks.position is not None:
            fitted += marks.position * mean["slope"]
        return marks.score - np.clip(fitted, marks.lowest, marks.highest)

    @cached_property
    def kept(self) -> np.ndarray:
        """(r,) share of a mark that is left unexplained when the mark itself is left out, from 0 to 1.

        Exact for films and severity, given scales and reliability; the scale's part is that of a regression
        of a juror's marks on films as the other jurors see them.
        """
        marks, mean, variances = self.marks, self.mean, self.variances
        columns, juror = additive.design(marks), marks.juror
        scale, weight = mean["scale"][juror], 1 / self._noise[juror]
        equations = Equations(
            marks.film,
            columns.z,
            films=marks.films,
            c=scale,
            weight=weight,
            film_precision=1 / variances["film"],
            precision=columns.precision(variances),
        )
        kept = 1 - equations.leverage()
        own = marks.centred - mean["film"].mean() - mean["severity"][juror]
        pull, worth = weight * scale * own, weight * scale**2
        others = (marks.by_film @ pull)[marks.film] - pull
        others /= (marks.by_film @ worth)[marks.film] - worth + 1 / variances["film"]
        told = weight * kept
        with np.errstate(invalid="ignore"):  # jurors without marks
            others -= (marks.by_juror @ (told * others) / (marks.by_juror @ told))[juror]
        about = told * others**2
        return kept * (1 - about / (marks.by_juror @ about + 1 / variances["scale"])[juror])

    @property
    def _noise(self) -> np.ndarray:
        """(m,) variance of each juror's marks, with that of rounding to a whole mark."""
        return self.mean["noise"] + self.marks.step**2 / 12

    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """(r,) each: the error of predicting a mark that is left out, and the variance of that error."""
        error, juror = self.residual / self.kept, self.marks.juror
        worth = np.exp(self.mean["log_nu"]) + self.marks.per_juror[juror]  # degrees of freedom
        noise = self._noise[juror]
        without = (worth * noise - self.residual * error) / (worth - 1)
        return error, np.maximum(without, noise / 4) / self.kept

    def usual(self) -> np.ndarray:
        """(r,) variance of the error were the juror as reliable as the typical one."""
        return (self.variances["noise"] + self.marks.step**2 / 12) / self.kept

    def section(self) -> np.ndarray:
        """(s,) by how much sections lie apart, empty where there are none."""
        return self.mean["section"] if self.marks.sections > 1 else np.empty(0)

    def slope(self) -> float:
        """What one place later in a juror's order adds to a mark."""
        return float(self.mean["slope"][0])

    def draws(self, count: int, rng) -> np.ndarray:
        """(d, n) draws of the quality: those of the chains, whatever `count`, thinned to four times it."""
        thin = max(1, len(self.drawn["film"]) // (4 * count))
        return self.marks.level + self.drawn["film"][::thin]


def fit(marks: Marks, start: Additive, *, seed: int) -> Hierarchical:
    """Run four chains until they agree, or for as long as is bearable; `r_hat` says which it was."""
    sampler = Sampler(marks, start, seed)
    most = int(np.clip(WORK / len(marks.score), BATCH, MOST))
    thin = int(np.ceil(most * CHAINS * marks.films / STORED))
    for _ in range(min(WARM_UP, most // 3)):
        sampler.sweep()
    drawn: dict[str, list] = {}
    done, r_hat = 0, np.inf
    while done < most and r_hat > AGREED:
        for _ in range(min(BATCH, most - done)):
            sampler.sweep()
            done += 1
            if done % thin == 0:
                for name, values in sampler.report().items():
                    drawn.setdefault(name, []).append(values.astype(np.float32))
        r_hat = max(gelman_rubin(np.stack(values)).max() for values in drawn.values())
    together = {name: np.concatenate(np.moveaxis(np.stack(values), -1, 0)) for name, values in drawn.items()}
    return Hierarchical(marks, together, float(r_hat), done)


def gelman_rubin(draws: np.ndarray) -> np.ndarray:
    """Split R-hat, one where all halves of all chains agree.

    Args:
        draws: (t, …, chains).

    Source:
        A. Gelman et al., Bayesian Data Analysis, third edition, section 11.4.
    """
    half = len(draws) // 2
    parts = np.concatenate([draws[:half], draws[-half:]], axis=-1).astype(float)
    within = parts.var(axis=0, ddof=1).mean(axis=-1)
    between = parts.mean(axis=0).var(axis=-1, ddof=1)
    with np.errstate(invalid="ignore"):
        ratio = np.sqrt((half - 1) / half + between / within)
    return np.where(within > 0, ratio, 1.0)
