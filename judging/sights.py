"""Sights: what a juror may read of films and of the others, as the round's matrix allows."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from festival.models import Film
from judging.models import Assignment, Check, Mark, Round
from judging.tally import means


def veiled(round: Round, films: Iterable[Film]) -> list[Film]:
    """The same films as the round's jurors may name them. They are there to be shown, never to be saved."""
    films = list(films)
    for film in films:
        for text in {"logline", "synopsis"} - film.get_deferred_fields():
            setattr(film, text, round.veil(film, getattr(film, text)))
        film.title = round.name_of(film)
    return films


@dataclass(frozen=True)
class Voice:
    """What another juror said of a film."""

    round: str
    who: str  # a name, or “A juror” where names are hidden
    figure: float | None  # the weighted mark from 1 to 10, where there is a whole one
    passes: bool | None  # in a round of eligibility
    note: str


def voices(round: Round, films: Collection, juror, *, done: bool) -> dict[UUID, list[Voice]]:
    """What `juror` may read of others on these films, by the film's id; own words are left out.

    Args:
        films: their ids.
        done: whether the juror has done their own part: given whole marks, or handed in the ballot.
    """
    rounds = Q(pk__in=[])
    if round.shows(round.sees_others, done=done):
        rounds |= Q(round=round)
    if round.shows(round.sees_earlier, done=done):
        rounds |= Q(round__in=earlier(round))
    given = Assignment.objects.standing().filter(rounds, film__in=films).exclude(juror=juror)
    given = given.select_related("round", "juror", "mark", "check_given").prefetch_related(
        "mark__scores", "round__criteria"
    )
    heard = defaultdict(list)
    for assignment in given.order_by("round", "pk"):
        if voice := _voice(assignment, named=round.names_jurors):
            heard[assignment.film_id].append(voice)
    return heard


def earlier(round: Round):
    """Rounds of the edition that opened before this one."""
    before = Round.objects.filter(edition=round.edition_id).exclude(pk=round.pk).exclude(opened_at=None)
    return before.filter(opened_at__lt=round.opened_at) if round.opened_at else before


def _voice(assignment: Assignment, *, named: bool) -> Voice | None:
    mark: Mark | None = getattr(assignment, "mark", None)
    check: Check | None = getattr(assignment, "check_given", None)
    if mark is None and check is None:
        return None
    return Voice(
        round=assignment.round.name,
        who=str(assignment.juror) if named else "A juror",
        figure=_figure(assignment, mark) if mark else None,
        passes=check.passes if check else None,
        note=check.reason if check else mark.note,
    )


def _figure(assignment: Assignment, mark: Mark) -> float | None:
    criteria = list(assignment.round.criteria.all())
    given = {score.criterion_id: score.value for score in mark.scores.all()}
    if not criteria or not all(criterion.pk in given for criterion in criteria):
        return None
    weights = [criterion.weight for criterion in criteria]
    return float(means.weighted([[given[criterion.pk] for criterion in criteria]], weights)[0])


def fellows(round: Round, juror) -> list[str]:
    """Names of those who judge the round besides `juror`, where the matrix shows them."""
    if not round.names_jurors:
        return []
    others = round.assignments.standing().exclude(juror=juror).select_related("juror")
    return sorted({str(assignment.juror) for assignment in others})
