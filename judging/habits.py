"""Habits: how each juror of a round marks, and how far the jury agrees."""

from dataclasses import dataclass

import numpy as np

from festival.models import Person
from judging import ranking
from judging.models import Round
from judging.ranking import Ranking
from judging.tally import agreement
from judging.tally.sheet import Sheet

FEWEST = 3  # films two jurors share before how alike they mark means anything


@dataclass(frozen=True)
class Habit:
    """One juror; None where it is not known."""

    juror: Person
    films: int
    severity: float  # points against the average juror; below 0 is strict
    severity_low: float  # 90 % of what it may be
    severity_high: float
    scale: float  # how far films are spread, against the average juror
    scale_low: float
    scale_high: float
    reliability: float  # share of a single mark that is the film, from 0 to 1
    drift: float | None  # points by which ten films later are marked higher
    apart: float | None  # points between the criteria of one film
    misfit: float  # mean square by which marks miss what was expected; about 1
    alike: float | None  # correlation with the mean of the others, from -1 to 1
    watched: float | None  # share of the film on the list, from 0 to 1

    @property
    def one_glow(self) -> bool:
        """Whether the criteria hardly differ, so that one impression may have coloured all."""
        return self.apart is not None and self.apart < 0.5

    @property
    def erratic(self) -> bool:
        """Outside what is usual: Linacre's rule for many-facet Rasch models."""
        return self.misfit > 1.5


def of(round: Round, found: Ranking) -> list[Habit]:
    """Every juror with a whole review, the strictest first; two queries."""
    sheet, fit, habits = found.marks.sheet, found.marks.fit, found.marks.habits
    if fit is None:
        return []
    people = Person.objects.in_bulk(sheet.jurors)
    watched, alike = ranking.watched(round), like_the_others(sheet)
    return [
        Habit(
            juror=people[number],
            films=int(fit.load[j]),
            severity=float(fit.severity[j]),
            severity_low=float(fit.severity_interval[j, 0]),
            severity_high=float(fit.severity_interval[j, 1]),
            scale=float(fit.scale[j]),
            scale_low=float(fit.scale_interval[j, 0]),
            scale_high=float(fit.scale_interval[j, 1]),
            reliability=float(habits["reliability"][j]),
            drift=_known(10 * habits["drift"][j]),
            apart=_known(sheet.halo[j]),
            misfit=float(np.nan_to_num(habits["outfit"][j], nan=1.0)),
            alike=_known(alike[j]),
            watched=watched.get(number),
        )
        for number, j in sorted(_numbered(sheet).items(), key=lambda pair: fit.severity[pair[1]])
    ]


def _numbered(sheet: Sheet) -> dict[int, int]:
    return {number: j for j, number in enumerate(sheet.jurors)}


def like_the_others(sheet: Sheet) -> np.ndarray:
    """(m,) correlation of a juror's marks with the mean of the others' for the same films; NaN unknown."""
    count = sheet.reviews[sheet.film]
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (sheet.mean[sheet.film] * count - sheet.score) / (count - 1)
    found = np.full(len(sheet.jurors), np.nan)
    for j in range(len(found)):
        shared = (sheet.juror == j) & (count > 1)
        mine, theirs = sheet.score[shared], others[shared]
        if len(mine) >= FEWEST and np.ptp(mine) and np.ptp(theirs):
            found[j] = np.corrcoef(mine, theirs)[0, 1]
    return found


def by_criterion(round: Round, found: Ranking) -> list[tuple[str, float | None]]:
    """Krippendorff's alpha of each criterion, in the order of the rubric; None where it is not known."""
    sheet = found.marks.sheet
    agreed = {}
    for column, number in enumerate(sheet.criteria):
        table = np.full((len(sheet.jurors), len(sheet.films)), np.nan)
        table[sheet.juror, sheet.film] = sheet.marks[:, column]
        agreed[number] = _known(agreement.krippendorff_alpha(table)) if len(sheet) else None
    return [(name, agreed.get(pk)) for pk, name in round.criteria.values_list("pk", "name")]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
