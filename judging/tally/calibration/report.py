"""What a calibration says: films with their uncertainty, jurors with their habits, and words."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from judging.tally.calibration.equations import one_thread
from judging.tally.calibration.marks import Marks

DRAWS = 1000  # joint draws behind ranks and chances, where the model has none of its own
APART = 0.8  # chance from which one film counts as better than another


@dataclass(frozen=True, eq=False)
class Fit:
    """A calibration of n films and m jurors.

    Quality is the mark, in points, that the average juror of this jury would give the film; the level of the
    jury itself moves all films alike and is left out of every uncertainty. Films of different components
    share no jurors: each component keeps its plain mean mark, and ranks and chances hold within it.
    """

    model: str  # "raw", "additive" or "hierarchical": the one in use
    quality: np.ndarray  # (n,) points
    sd: np.ndarray  # (n,) posterior standard deviation, points
    interval: np.ndarray  # (n, 2) 90 % of the posterior, points
    raw: np.ndarray  # (n,) plain mean of the marks, points; NaN without marks
    reviews: np.ndarray  # (n,) marks of each film
    components: np.ndarray  # (n,) from 0, the largest first

    severity: np.ndarray  # (m,) points a juror adds to every mark, against the average juror; < 0 is strict
    severity_interval: np.ndarray  # (m, 2) 90 %
    scale: np.ndarray  # (m,) how far a juror spreads films, against the average juror; 1 where not learned
    scale_interval: np.ndarray  # (m, 2) 90 %
    noise: np.ndarray  # (m,) standard deviation of a juror's marks about their expectation, points
    noise_interval: np.ndarray  # (m, 2) 90 %
    load: np.ndarray  # (m,) marks of each juror

    variances: dict[str, float]  # points squared: film, noise, and what else the model has
    section: np.ndarray  # (s,) points by which sections lie apart; empty without sections
    slope: float  # points a mark gains with each later place in a juror's order
    errors: dict[str, float]  # of each model tried: minus log density of a mark left out, in nats
    misses: dict[str, float]  # of each model tried: root mean square error for a mark left out, points
    r_hat: float  # worst split R-hat of the four chains; NaN where nothing was sampled
    sweeps: int  # of each chain
    words: tuple[str, ...]  # what was chosen and why, what cannot be compared: sentences for a page

    marks: Marks = field(repr=False)
    posterior: Any = field(repr=False)  # Raw, Additive or Hierarchical
    seed: int = 0

    @property
    def connected(self) -> bool:
        """Whether all films can be compared with each other."""
        return not self.components.any()

    @property
    def reliability(self) -> np.ndarray:
        """(m,) share of a juror's single mark that is the film, from 0 to 1."""
        film = self.scale**2 * self.variances["film"]
        return film / (film + self.noise**2)

    @cached_property
    def draws(self) -> np.ndarray:
        """(d, n) joint draws of the quality."""
        with one_thread():
            return self.posterior.draws(DRAWS, np.random.default_rng(self.seed))

    @cached_property
    def _ranks(self) -> np.ndarray:
        """(d, n) ranks from 1 within each component, best first."""
        ranks = np.empty(self.draws.shape, np.int32)
        for component in range(self.components.max() + 1):
            films = np.flatnonzero(self.components == component)
            order = films[np.argsort(-self.draws[:, films], axis=1)]
            np.put_along_axis(ranks, order, np.arange(1, len(films) + 1, dtype=np.int32)[None], axis=1)
        return ranks

    @cached_property
    def rank_interval(self) -> np.ndarray:
        """(n, 2) ranks that hold 90 % of the posterior, from 1 for the best of the film's component."""
        return np.quantile(self._ranks, (0.05, 0.95), axis=0, method="nearest").T.astype(int)

    def p_top(self, k: int) -> np.ndarray:
        """(n,) chance of being among the best `k` of the film's component, from 0 to 1.

        Raises:
            ValueError: k is negative.
        """
        if k < 0:
            raise ValueError("The number of films at the top cannot be negative.")
        return (self._ranks <= k).mean(axis=0)

    def p_above(self, films) -> np.ndarray:
        """(f, f) chance that the film of the row is better than that of the column.

        NaN between components, since nothing is known there; one half on the diagonal.
        """
        films = np.asarray(films, int)
        draws, group = self.draws[:, films], self.components[films]
        above = np.stack([(draws[:, [i]] > draws).mean(axis=0) for i in range(len(films))])
        np.fill_diagonal(above, 0.5)
        return np.where(group[:, None] == group, above, np.nan)

    def tiers(self, films) -> list[np.ndarray]:
        """`films` of one component in tiers, best first, each sorted by number.

        A tier holds every film that its best is not better than with a chance above .8.

        Raises:
            ValueError: the films belong to more than one component.
        """
        films = np.asarray(films, int)
        if len(set(self.components[films])) > 1:
            raise ValueError("Films that share no jurors cannot be put into one order.")
        left, tiers = films[np.argsort(-self.quality[films], kind="stable")], []
        while len(left):
            apart = (self.draws[:, left[:1]] > self.draws[:, left]).mean(axis=0) > APART
            end = int(apart.argmax()) or len(left)
            tiers.append(np.sort(left[:end]))
            left = left[end:]
        return tiers

    @cached_property
    def drift(self) -> np.ndarray:
        """(m,) points by which a juror's marks rise with each place, beyond the slope of all; NaN unknown."""
        if self.marks.position is None:
            return np.full(len(self.load), np.nan)
        sums, place = self.marks.by_juror, self.marks.position
        rest = self.posterior.residual
        with np.errstate(invalid="ignore", divide="ignore"):
            middle = (sums @ place / self.load)[self.marks.juror]
            return sums @ ((place - middle) * rest) / (sums @ (place - middle) ** 2)

    @cached_property
    def outfit(self) -> np.ndarray:
        """(m,) mean square of what a juror's marks miss when left out, standardised; large where erratic.

        About 1 for the typical juror; .5 to 1.5 is usual (Linacre's rule for many-facet Rasch models).
        """
        squares, usual = self._missed
        with np.errstate(invalid="ignore"):
            return self.marks.by_juror @ (squares / usual) / self.load

    @cached_property
    def infit(self) -> np.ndarray:
        """(m,) as outfit, each mark weighted by what was to be expected of it."""
        squares, usual = self._missed
        with np.errstate(invalid="ignore"):
            return self.marks.by_juror @ squares / (self.marks.by_juror @ usual)

    @cached_property
    def _missed(self) -> tuple[np.ndarray, np.ndarray]:
        with one_thread():
            return self.posterior.left_out()[0] ** 2, self.posterior.usual()
