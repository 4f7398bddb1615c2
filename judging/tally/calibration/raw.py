"""Plain means: what stands beside every model, and what is used where none does better."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from judging.tally.calibration import additive
from judging.tally.calibration.additive import Additive
from judging.tally.calibration.marks import Marks


@dataclass(frozen=True, eq=False)
class Raw:
    """Mean marks, each with the error of a mean; a film without marks stands at its group's mean."""

    marks: Marks
    variances: dict[str, float]  # film and noise, points squared
    shrunken: Additive | None  # films at random and no jurors: what plain means predict of a mark left out

    @cached_property
    def quality(self) -> np.ndarray:
        return np.where(self.marks.per_film > 0, self.marks.raw, self.marks.level)

    @cached_property
    def sd(self) -> np.ndarray:
        seen = self.marks.per_film > 0
        error = self.variances["noise"] / np.maximum(self.marks.per_film, 1)
        return np.sqrt(np.where(seen, error, self.variances["film"]))

    @property
    def residual(self) -> np.ndarray:
        """(r,) marks less their film's mean."""
        return self.marks.score - self.quality[self.marks.film]

    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """(r,) each: the error of predicting a mark from the film's others, and its variance."""
        return self.shrunken.left_out() if self.shrunken else (self.residual, self.usual())

    def usual(self) -> np.ndarray:
        """(r,) variance of the error of predicting a mark that is left out."""
        return (
            self.shrunken.usual()
            if self.shrunken
            else np.full(len(self.marks.score), self.variances["noise"])
        )

    def draws(self, count: int, rng) -> np.ndarray:
        """(count, n) draws of the quality, film by film."""
        return self.quality + self.sd * rng.standard_normal((count, self.marks.films))


def fit(marks: Marks) -> Raw:
    """Plain means, with the variance of films and of marks by restricted maximum likelihood."""
    rounding = max(marks.step**2 / 12, 1e-12)  # variance of a whole mark about what it stands for
    if not np.ptp(marks.centred):
        return Raw(marks, {"film": rounding, "noise": rounding}, None)
    shrunken = additive.fit(marks, jurors=False)
    noise = max(shrunken.variances["noise"], rounding)
    return Raw(marks, shrunken.variances | {"noise": noise}, shrunken)
