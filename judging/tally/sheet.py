"""The marks of a round as one table: what every calibration is computed from, in one canonical order.

Pure: the same reviews give the same table, and so the same digest and the same figures, whether they come
from the database or from the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from judging.tally import chain


@dataclass(frozen=True, eq=False)
class Sheet:
    """r whole reviews of n films by m jurors under c criteria, sorted by film and juror."""

    films: tuple[str, ...]  # (n,) ids, ascending
    jurors: tuple[int, ...]  # (m,) numbers of people, ascending
    criteria: tuple[int, ...]  # (c,) numbers
    weights: tuple[int, ...]  # (c,) per cent
    section: np.ndarray  # (n,) number of the film's section, 0 without one
    film: np.ndarray  # (r,) index into films
    juror: np.ndarray  # (r,) index into jurors
    position: np.ndarray  # (r,) place of the film in its juror's order
    marks: np.ndarray  # (r, c) marks from 1 to 10

    def __len__(self) -> int:
        return len(self.film)

    @cached_property
    def score(self) -> np.ndarray:
        """(r,) weighted marks, from 1 to 10; sums of whole numbers, so no order of adding matters."""
        return (self.marks @ np.array(self.weights, float)) / sum(self.weights)

    @cached_property
    def reviews(self) -> np.ndarray:
        """(n,) reviews of each film."""
        return np.bincount(self.film, minlength=len(self.films))

    @cached_property
    def mean(self) -> np.ndarray:
        """(n,) plain mean of each film's reviews."""
        return np.bincount(self.film, self.score, len(self.films)) / self.reviews

    @cached_property
    def spread(self) -> np.ndarray:
        """(n,) standard deviation between a film's reviews, in marks; NaN below two."""
        squares = np.bincount(self.film, (self.score - self.mean[self.film]) ** 2, len(self.films))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.reviews > 1, np.sqrt(squares / (self.reviews - 1)), np.nan)

    @cached_property
    def by_criterion(self) -> np.ndarray:
        """(n, c) mean mark of each film on each criterion."""
        sums = [np.bincount(self.film, column, len(self.films)) for column in self.marks.T]
        return np.stack(sums, axis=1) / self.reviews[:, None]

    @cached_property
    def percentile(self) -> np.ndarray:
        """(n, c) per cent of the other films that stand lower on a criterion, in whole numbers."""
        others = max(len(self.films) - 1, 1)
        lower = [np.searchsorted(np.sort(column), column - 1e-9) for column in self.by_criterion.T]
        return np.stack(lower, axis=1) * 100 // others

    @property
    def table(self) -> np.ndarray:
        """(m, n) each juror's weighted mark for each film, NaN where there is none."""
        table = np.full((len(self.jurors), len(self.films)), np.nan)
        table[self.juror, self.film] = self.score
        return table

    @property
    def complete(self) -> bool:
        """Whether every juror has reviewed every film."""
        return 0 < len(self) == len(self.films) * len(self.jurors)

    @cached_property
    def halo(self) -> np.ndarray:
        """(m,) points by which a juror's marks for one film lie apart, on average; small where one glow
        colours every criterion. NaN with a single criterion.

        Source:
            F. E. Saal, R. G. Downey, M. A. Lahey, Rating the ratings, Psychological Bulletin 88 (1980)
            413-428: the standard deviation across dimensions within a ratee.
        """
        if self.marks.shape[1] < 2:
            return np.full(len(self.jurors), np.nan)
        apart = self.marks.std(axis=1, ddof=1)
        return np.bincount(self.juror, apart, len(self.jurors)) / np.bincount(self.juror)

    @property
    def named_sections(self) -> dict[str, int]:
        """Number of each film's section, by the film's id."""
        return dict(zip(self.films, self.section.tolist(), strict=True))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything in the table."""
        rows = np.column_stack([self.film, self.juror, self.position, self.marks]).astype(int).tolist()
        said = [list(self.films), list(self.jurors), list(self.criteria), list(self.weights)]
        return chain.digest([*said, self.section.tolist(), rows])


def sheet(
    film: Sequence[str],
    juror: Sequence[int],
    position: Sequence[int],
    marks,
    *,
    weights: Mapping[int, int],
    sections: Mapping[str, int],
) -> Sheet:
    """Lay out reviews in the canonical order; those that lack a mark are left out.

    Args:
        film, juror, position: (r,) of each review.
        marks: (r, c) in the order of `weights`, NaN where a criterion is unmarked.
        weights: per cent, by criterion.
        sections: number of a film's section, where it has one.
    """
    marks = np.asarray(marks, float).reshape(len(film), len(weights))
    whole = np.flatnonzero(~np.isnan(marks).any(axis=1)) if weights else np.empty(0, int)
    films, of_film = np.unique(np.asarray(film, str)[whole], return_inverse=True)
    jurors, of_juror = np.unique(np.asarray(juror, int)[whole], return_inverse=True)
    order = np.lexsort((of_juror, of_film))
    named = np.array([sections.get(name, 0) for name in films.tolist()], int)
    return Sheet(
        films=tuple(films.tolist()),
        jurors=tuple(jurors.tolist()),
        criteria=tuple(weights),
        weights=tuple(weights.values()),
        section=named,
        film=of_film[order],
        juror=of_juror[order],
        position=np.asarray(position, int)[whole][order],
        marks=marks[whole][order],
    )
