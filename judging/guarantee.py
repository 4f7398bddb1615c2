"""The viewing guarantee: a round owes every film its jurors, and cannot close before, but by name."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import access, record, sights
from judging.models import Assignment, Round, Viewing, Waiver


@dataclass(frozen=True)
class Promise:
    """What a round owes a film, and how far that is kept."""

    film: Film
    needed: int  # jurors who watch it in full, and say what they are asked
    kept: int
    waiver: Waiver | None

    @property
    def broken(self) -> bool:
        """Whether the film lacks what it was promised, and nobody answers for that."""
        return self.kept < self.needed and self.waiver is None


def promises(round: Round) -> list[Promise]:
    """What the round owes each of its films; three queries."""
    needed = needed_by(round)
    if not needed:
        return []
    heard = heard_of(round)
    waivers = {waiver.film_id: waiver for waiver in round.waivers.select_related("by")}
    films = round.films().select_related("footage", "section").order_by("title", "pk")
    return [Promise(film, needed, heard[film.pk], waivers.get(film.pk)) for film in films]


def broken(round: Round) -> list[Promise]:
    """Films for which the round cannot close yet."""
    return [promise for promise in promises(round) if promise.broken]


def needed_by(round: Round) -> int:
    """Full viewings a film: none in rounds of the office's own, or where nothing need be watched or said."""
    if round.deskwork or (round.plenary and not round.watch_share):
        return 0
    return round.reviews


def heard_of(round: Round) -> Counter:
    """Of each film, by id, jurors of the round who watched it in full and said what they were asked.

    Where a few judge each film, both count in this round. Where everybody judges all, a film that a juror
    watched in an earlier round need not be watched again.
    """
    standing = round.assignments.standing()
    if round.plenary:
        seen = watched(round)
        return Counter(film for film, juror in standing.values_list("film", "juror") if (juror, film) in seen)
    done = standing.marked()
    if round.watch_share:
        full = Viewing.objects.full().filter(assignment__round=round)
        done = done.filter(pk__in=full.values("assignment"))
    return Counter(done.order_by().values_list("film", flat=True))


def watched(round: Round) -> set[tuple]:
    """Pairs of juror and film, by their ids, where the juror has seen the film in full at this edition."""
    full = Viewing.objects.full().filter(assignment__round__edition=round.edition_id)
    return set(full.values_list("assignment__juror", "assignment__film"))


@transaction.atomic
def waive(round: Round, films: Collection[Film], *, by, reason: str) -> list[Waiver]:
    """Make an exception for films that lack their viewings; it carries a name and a reason for good.

    Raises:
        Refused: `by` is no organiser, the round is not open, or there is no reason.
        Unacceptable: a film lacks nothing, or is not in the round.
    """
    if why := access.why_not_waive(by, round, reason=reason):
        raise Refused(why)
    owed = {promise.film.pk: promise for promise in promises(round)}
    for film in films:
        if film.pk not in owed or owed[film.pk].kept >= owed[film.pk].needed:
            raise Unacceptable(f"“{film}” lacks no viewing in “{round}”, so it needs no exception.")
    known = set(round.waivers.values_list("film", flat=True))
    made = Waiver.objects.bulk_create(
        Waiver(round=round, film=film, by=by, reason=reason.strip()[:500])
        for film in films
        if film.pk not in known
    )
    record.exceptions_granted(round, made, by=by)
    return made


@dataclass(frozen=True)
class ToWatch:
    """A film of a round that a juror judges as a whole, and whether they have watched it."""

    assignment: Assignment
    seen: bool


def to_watch(round: Round, juror) -> list[ToWatch]:
    """A juror's films of the round in their own order, named as the round names them.

    Those that have left the running are left out.
    """
    mine = round.assignments.standing().filter(juror=juror, film__in=round.films())
    seen = watched(round) if round.watch_share else None
    rows = mine.select_related("round", "film__footage").prefetch_related("film__title_ranges")
    rows = list(rows.order_by("position", "pk"))
    sights.veiled(round, (row.film for row in rows))
    return [ToWatch(row, seen is None or (juror.pk, row.film_id) in seen) for row in rows]
