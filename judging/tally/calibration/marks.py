"""The marks to be calibrated: checked, counted, and sorted into groups that can be compared."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True, eq=False)
class Marks:
    """r marks of m jurors for n films."""

    film: np.ndarray  # (r,) from 0 to n - 1
    juror: np.ndarray  # (r,) from 0 to m - 1
    score: np.ndarray  # (r,) in points
    section: np.ndarray  # (n,) from 0; all zero where there are none
    position: np.ndarray | None  # (r,) place in the juror's order, less the mean place
    lowest: float
    highest: float
    step: float  # distance between two marks in points: 1 for whole marks, 0 for any other

    @cached_property
    def films(self) -> int:
        return len(self.section)

    @cached_property
    def jurors(self) -> int:
        return int(self.juror.max()) + 1

    @cached_property
    def sections(self) -> int:
        return int(self.section.max()) + 1

    @cached_property
    def per_film(self) -> np.ndarray:
        return np.bincount(self.film, minlength=self.films)

    @cached_property
    def per_juror(self) -> np.ndarray:
        return np.bincount(self.juror, minlength=self.jurors)

    @cached_property
    def by_film(self) -> csr_array:
        """(n, r) sums what belongs to a film."""
        return incidence(self.film, self.films).T.tocsr()

    @cached_property
    def by_juror(self) -> csr_array:
        """(m, r) sums what belongs to a juror."""
        return incidence(self.juror, self.jurors).T.tocsr()

    @cached_property
    def raw(self) -> np.ndarray:
        """(n,) plain mean of each film's marks, NaN where there are none."""
        with np.errstate(invalid="ignore"):
            return self.by_film @ self.score / self.per_film

    @cached_property
    def components(self) -> np.ndarray:
        """(n,) which group a film belongs to; jurors lead from each film of a group to all others of it.

        The largest group is 0. Films without a mark count with it, since nothing parts them from it.
        """
        shape = (self.films + self.jurors,) * 2
        edges = csr_array((np.ones(len(self.film)), (self.film, self.juror + self.films)), shape=shape)
        label = connected_components(edges, directed=False)[1][: self.films]
        seen = self.per_film > 0
        size = np.bincount(label[seen], minlength=label.max() + 1)
        rank = np.empty(len(size), int)
        rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
        return np.where(seen, rank[label], 0)

    @cached_property
    def level(self) -> np.ndarray:
        """(n,) mean mark of the film's group: calibration never moves one group against another."""
        group = self.components[self.film]
        return (np.bincount(group, self.score) / np.bincount(group))[self.components]

    @cached_property
    def centred(self) -> np.ndarray:
        """(r,) marks less their group's mean."""
        return self.score - self.level[self.film]

    @cached_property
    def slope_precision(self) -> float:
        """What is taken for granted about the slope of position, as the precision of a normal about zero.

        From the first place of a list to the last, marks drift by no more than they vary at all. In a round
        of any size that says nothing; where every juror sees the films in one order it keeps the slope from
        explaining away the films.
        """
        return float(np.ptp(self.position) ** 2 / self.centred.var()) if self.position is not None else 0.0


def check(film, juror, score, *, section=None, position=None, scale=None) -> Marks:
    """Marks ready for a fit.

    Raises:
        ValueError: there are none, the lengths differ, something is missing or out of range; the message
            says which in one sentence.
    """
    film, juror = _indices(film, "film"), _indices(juror, "juror")
    score = np.asarray(score, float)
    if not score.size:
        raise ValueError("There are no marks to calibrate.")
    if score.ndim != 1 or not film.shape == juror.shape == score.shape:
        raise ValueError("film, juror and score must be one-dimensional and of equal length.")
    if not np.isfinite(score).all():
        raise ValueError("Every mark must be a number; leave out what was not marked.")
    step = float((score == np.rint(score)).all())
    lowest, highest = _ends(score, step) if scale is None else map(float, scale)
    if not lowest <= score.min() <= score.max() <= highest:
        raise ValueError(f"Every mark must lie between {lowest:g} and {highest:g}.")
    marks = Marks(film, juror, score, np.zeros(film.max() + 1, int), None, lowest, highest, step)
    if section is not None:
        marks = replace(marks, section=_section(marks, section))
    if position is not None:
        marks = replace(marks, position=_position(marks, position))
    return marks


def incidence(index: np.ndarray, size: int) -> csr_array:
    """(r, size) with a one in each row, at `index`."""
    rows = np.arange(len(index) + 1)
    return csr_array((np.ones(len(index)), index, rows), shape=(len(index), size))


def _ends(score: np.ndarray, step: float) -> tuple[float, float]:
    """The lowest and highest of whole marks; other marks are taken to know no end."""
    return (score.min(), score.max()) if step else (-np.inf, np.inf)


def _indices(values, name: str) -> np.ndarray:
    values = np.asarray(values)
    if values.size and not (np.isfinite(values).all() and (values == np.floor(values)).all()):
        raise ValueError(f"Every {name} must be a whole number.")
    if values.size and values.min() < 0:
        raise ValueError(f"Every {name} must be numbered from 0.")
    return values.astype(int)


def _section(marks: Marks, section) -> np.ndarray:
    """(n,) section of each film, from that of each mark, or of each film."""
    section = _indices(section, "section")
    if section.shape == (marks.films,) != marks.film.shape:
        return section
    if section.shape != marks.film.shape:
        raise ValueError("section must be as long as film: the section of each mark's film.")
    of_film = np.zeros(marks.films, int)
    of_film[marks.film] = section
    if (of_film[marks.film] != section).any():
        raise ValueError("A film belongs to one section only.")
    return of_film


def _position(marks: Marks, position) -> np.ndarray | None:
    position = np.asarray(position, float)
    if position.shape != marks.film.shape or not np.isfinite(position).all():
        raise ValueError("position must be a number for every mark.")
    return position - position.mean() if np.ptp(position) else None
