"""Marks: take what a juror gives, keep it at once, and lay the results before the organisers."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import access, record, viewings
from judging.models import Assignment, Criterion, Mark, Round, Score
from judging.tally import means


@transaction.atomic
def give(
    assignment: Assignment,
    scores: Mapping[int, int],
    *,
    by,
    note: str | None = None,
    share_note: bool | None = None,
    at=None,
) -> Mark:
    """Keep marks for a film, some criteria or all; what is not given stays as it was.

    Given twice, they are given once: nothing is written where nothing changed.

    Args:
        scores: marks from 1 to 10, by the criterion's number.
        note: None leaves the note alone.

    Raises:
        Refused: `by` may not mark this film now, or has not seen enough of it; the message says why.
        Unacceptable: a mark is no whole number from 1 to 10, or its criterion is not in the rubric.
    """
    assignment.round.one_at_a_time()  # it closes before this, or after
    assignment = Assignment.objects.select_related("round__edition", "film").get(pk=assignment.pk)
    if why := access.why_not_judge(by, assignment):
        raise Refused(why)
    criteria = {criterion.pk: criterion for criterion in assignment.round.criteria.all()}
    if why := access.why_not_mark(criteria, scores):
        raise Unacceptable(why)
    viewing = viewings.of(assignment)
    if scores and (why := access.why_not_mark_yet(assignment.round, viewing.percent)):
        raise Refused(why)
    mark, _ = Mark.objects.select_for_update().get_or_create(assignment=assignment)
    changed = _keep_scores(mark, scores) + _keep_words(mark, note=note, share_note=share_note)
    if changed:
        mark.given_at = at or timezone.now()
        mark.save()
        record.mark_given(mark, by=by, watched=viewing.seen_ms // 1000, at=mark.given_at)
    return mark


def _keep_scores(mark: Mark, scores: Mapping[int, int]) -> int:
    """Write the scores that differ from what stands; return how many."""
    standing = dict(mark.scores.values_list("criterion", "value"))
    changed = {key: value for key, value in scores.items() if standing.get(key) != value}
    for key, value in changed.items():
        Score.objects.update_or_create(mark=mark, criterion_id=key, defaults={"value": value})
    return len(changed)


def _keep_words(mark: Mark, **words) -> int:
    """Set the note, and whether it may be shared, where given; return how many changed."""
    changed = {name: value for name, value in words.items() if value not in (None, getattr(mark, name))}
    for name, value in changed.items():
        setattr(mark, name, value)
    return len(changed)


# Results


@dataclass(frozen=True)
class Result:
    """What the jury said of one film; None where it has said nothing yet."""

    film: Film
    needed: int
    done: int
    mean: float | None
    spread: float | None  # standard deviation between jurors, in marks
    by_criterion: list[float | None]
    reviews: list[float]  # each complete review's weighted mark, lowest first

    @property
    def whole(self) -> bool:
        return self.done >= self.needed


def results(round: Round) -> list[Result]:
    """The round's films with their weighted means; only complete reviews of jurors not recused count."""
    judged = round.assignments.standing().values("film")
    films = list(
        Film.objects.filter(edition_id=round.edition_id)
        .filter(Q(pk__in=judged) | Q(pk__in=round.films().values("pk")))
        .select_related("section", "footage", "edition")
        .order_by("title", "pk")
    )
    criteria = list(round.criteria.all())
    if not criteria:
        return [Result(film, round.reviews, 0, None, None, [], []) for film in films]
    rows, scores = _sheet(round, films, criteria)
    weights = np.array([criterion.weight for criterion in criteria], float)
    figures = means.by_film(rows, scores, weights, films=len(films))
    reviews = defaultdict(list)
    for row, value in zip(rows, means.weighted(scores, weights), strict=True):
        if not np.isnan(value):
            reviews[int(row)].append(float(value))
    return [
        Result(
            film=film,
            needed=round.reviews,
            done=int(figures.count[i]),
            mean=_number(figures.mean[i]),
            spread=_number(figures.spread[i]),
            by_criterion=[_number(value) for value in figures.by_criterion[i]],
            reviews=sorted(reviews[i]),
        )
        for i, film in enumerate(films)
    ]


def _sheet(round: Round, films: list[Film], criteria: list[Criterion]) -> tuple[np.ndarray, np.ndarray]:
    """The counted reviews as arrays: (r,) index of the film, and (r, c) marks with NaN for unmarked."""
    film_row = {film.pk: i for i, film in enumerate(films)}
    column = {criterion.pk: j for j, criterion in enumerate(criteria)}
    counted = Score.objects.filter(mark__in=Mark.objects.counted(), mark__assignment__round=round)
    values = counted.values_list("mark", "mark__assignment__film", "criterion", "value")
    reviews: dict[int, int] = {}
    rows, cells = [], []
    for mark, film, criterion, value in values.order_by("mark", "criterion"):
        if mark not in reviews:
            reviews[mark] = len(rows)
            rows.append(film_row[film])
        cells.append((reviews[mark], column[criterion], value))
    scores = np.full((len(rows), len(criteria)), np.nan)
    for review, place, value in cells:
        scores[review, place] = value
    return np.array(rows, int), scores


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True)
class Review:
    """One juror's marks for one film, in the order of the rubric; None where a criterion is unmarked."""

    assignment: Assignment
    mark: Mark | None
    values: list[int | None]


def reviews_of(round: Round, film: Film) -> list[Review]:
    """Everybody who was given the film in this round, with their marks; recused jurors come last."""
    criteria = [criterion.pk for criterion in round.criteria.all()]
    given = round.assignments.filter(film=film).select_related("juror", "mark")
    given = given.prefetch_related("mark__scores").order_by("juror__name", "juror__email")
    reviews = [_review(assignment, criteria) for assignment in given]
    return sorted(reviews, key=lambda review: review.assignment.recused_at is not None)


def _review(assignment: Assignment, criteria: list[int]) -> Review:
    mark = getattr(assignment, "mark", None)
    values = {score.criterion_id: score.value for score in mark.scores.all()} if mark else {}
    return Review(assignment, mark, [values.get(key) for key in criteria])
