"""Further reviews: the rest of the jury's time goes to the films near the cut.

They are given out in the round of review itself, so that no juror can tell a film that was promoted.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from django.db import transaction

from festival.errors import Conflict, Refused
from judging import access, panels, ranking, ties
from judging.models import Assignment, Round
from judging.tally import allocation, fixed

PARTS = 4  # marks that have come in decide who still contends, so not all at once
SLACK = 1.25  # how far above the mean a juror's list may grow


def given(round: Round) -> int:
    """Further reviews given out so far."""
    return (round.outcome or {}).get("given", 0)


@transaction.atomic
def allot(round: Round, *, by) -> list[Assignment]:
    """Give the next part of the budget to the films near the cut, by the marks as they stand now.

    Raises:
        Refused: `by` may not, or the rounds are not open.
        Conflict: all is given out, no review is whole yet, or no juror may take more.
    """
    held = Round.objects.select_for_update(no_key=True, of=("self",))
    round = held.select_related("edition", "source").get(pk=round.pk)
    if why := access.why_not_allot(by, round):
        raise Refused(why)
    if not (part := min(ceil(round.budget / PARTS), round.budget - given(round))):
        raise Conflict(f"All {round.budget} further reviews are given out.")
    made = panels.give(round.source, _pairs(round, part))
    if not made:
        raise Conflict("No juror can take a further film without a tie or too long a list. Seat another.")
    parts = [*(round.outcome or {}).get("parts", []), len(made)]
    round.outcome = {"given": given(round) + len(made), "parts": parts}
    round.save(update_fields=["outcome"])
    note = f"{len(made)} further reviews given out in “{round.source}”."
    round.events.create(by=by, was=round.status, became=round.status, note=note)
    return made


@dataclass(frozen=True)
class _Standing:
    """What the allocator asks of a calibration, for every film and every juror of the round."""

    quality: np.ndarray  # (n,) points; a film without a mark stands in the middle
    severity: np.ndarray  # (m,) points


def _pairs(round: Round, part: int) -> list[tuple]:
    """Films and jurors for the next `part` reviews."""
    source = round.source
    films = list(source.films().select_related("footage").prefetch_related("credits").order_by("pk"))
    over = panels.jurors_of(source)
    jurors = list(over)
    row = {film.pk: i for i, film in enumerate(films)}
    column = {juror.pk: j for j, juror in enumerate(jurors)}
    lists = list(source.assignments.values_list("film", "juror", "recused_at"))
    done = [(f, j) for f, j, recused in lists if not recused]
    shut = [(f, j) for f, j, recused in lists if recused] + list(ties.barred(films, over))

    def places(pairs):
        return [(row[f], column[j]) for f, j in pairs if f in row and j in column]

    dealt = allocation.next_reviews(
        _standing(source, row, column),
        places(done),
        budget=part,
        cut=round.places,
        cap=ceil(SLACK * (len(done) + round.budget - given(round)) / max(len(jurors), 1)),
        conflicts=places(shut),
        floor=source.reviews,
        seed=(round.seed or 0) + given(round),
    )
    return [(films[i], jurors[j]) for i, j in dealt]


def _standing(source: Round, row: dict, column: dict) -> _Standing:
    """The additive calibration of the marks as they stand, laid out on the round's films and jurors."""
    sheet = ranking.sheet_of(source)
    if not len(sheet):
        raise Conflict("No review is whole yet, so nothing says which films are near the cut. Wait for some.")
    fit = fixed.compute(sheet, model=ranking.LIVE)
    quality = np.full(len(row), float(fit.quality.mean()))
    severity = np.zeros(len(column))
    by_id = {str(pk): i for pk, i in row.items()}
    for name, value in zip(sheet.films, fit.quality, strict=True):
        if name in by_id:
            quality[by_id[name]] = value
    for juror, value in zip(sheet.jurors, fit.severity, strict=True):
        if juror in column:
            severity[column[juror]] = value
    return _Standing(quality, severity)
