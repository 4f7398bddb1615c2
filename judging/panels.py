"""Panels: seat jurors, give them films, and step in when one of them must not judge."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from festival import access as festival_access
from festival import office
from festival.errors import Conflict as Clash
from festival.errors import Refused, Unacceptable
from festival.models import Edition, Film, Person, Role
from judging import access, record
from judging.models import Assignment, Conflict, Panel, Round, Seat
from judging.plans import jurors_of as jurors_of
from judging.plans import plan, seconds_of, seed
from judging.tally import assignment as dealing

# Seats


@transaction.atomic
def form(edition: Edition, *, by, name: str, sections: Collection = ()) -> Panel:
    """Form a panel over some sections of the edition, or over all of them."""
    _ask(festival_access.why_not_organise(by, edition))
    panel = edition.panels.create(name=name)
    panel.sections.set(sections)
    return panel


def without_seat(edition: Edition):
    """Jurors of the edition who sit on no panel, so that no film can reach them."""
    jurors = Person.objects.filter(roles__edition=edition, roles__kind=Role.Kind.JUROR)
    return jurors.exclude(seats__panel__edition=edition).order_by("name", "email")


def first(edition: Edition, *, by) -> Panel:
    """The edition's first panel, formed if there is none: most festivals have one jury."""
    return edition.panels.first() or form(edition, by=by, name="The jury")


@transaction.atomic
def seat(panel: Panel, email: str, *, by) -> Seat:
    """Seat the person at `email` on the panel, and make them a juror of the edition.

    Raises:
        Refused: `by` is no organiser of the edition.
    """
    role = office.seat(panel.edition, email, Role.Kind.JUROR, by=by)
    seat, new = Seat.objects.get_or_create(panel=panel, juror=role.person)
    if new:
        record.seat_taken(panel, role.person, by=by)
    return seat


def limit(seat: Seat, minutes: int | None, *, by) -> None:
    """Say how many minutes of film a juror watches in a round at most; None for no limit of their own."""
    _ask(festival_access.why_not_organise(by, seat.panel.edition))
    seat.most_minutes = minutes
    seat.save(update_fields=["most_minutes"])


@transaction.atomic
def unseat(seat: Seat, *, by, at=None) -> None:
    """Free a seat. Films not yet reviewed go to others; reviews that are whole stay, and count."""
    edition, juror = seat.panel.edition, seat.juror
    _ask(festival_access.why_not_organise(by, edition))
    seat.delete()
    if not Seat.objects.filter(juror=juror, panel__edition=edition).exists():
        _dismiss(edition, juror, at=at)
    record.seat_freed(seat.panel, juror, by=by, at=at)


def _dismiss(edition: Edition, juror: Person, *, at) -> None:
    """Let somebody without a seat go, and pass on what they have not finished."""
    Role.objects.jurors().filter(edition=edition, person=juror).delete()
    running = Assignment.objects.standing().filter(juror=juror, round__edition=edition)
    running = running.exclude(round__status=Round.Status.CLOSED)
    whole = Assignment.objects.filter(juror=juror, round__edition=edition).marked().values("pk")
    _pass_on(running.exclude(pk__in=whole), "left", at=at)


# Conflicts


@transaction.atomic
def declare_conflict(assignment: Assignment, *, by, reason: str, at=None) -> None:
    """Recuse a juror from a film for good: their marks for it never count, and another juror gets it.

    Declared twice, it is declared once.

    Raises:
        Refused: the film is not on this person's list.
        Unacceptable: there is no reason.
    """
    _ask(access.why_not_recuse(by, assignment))
    if not reason.strip():
        raise Unacceptable("Say in a few words what ties you to this film. Only the organisers read it.")
    recuse(assignment.film, by, by=by, reason=reason.strip(), at=at)


@transaction.atomic
def recuse(film: Film, juror: Person, *, by, reason: str, at=None) -> None:
    """Write down a conflict, strike the juror's marks for the film, and give it to somebody else."""
    conflict, new = Conflict.objects.get_or_create(film=film, juror=juror, defaults={"reason": reason[:240]})
    theirs = Assignment.objects.filter(juror=juror, film=film, round__edition=film.edition_id)
    struck = _pass_on(theirs, "conflict", at=at)
    if new:
        record.conflict_declared(conflict, struck, by=by, at=at)


@transaction.atomic
def take_off(film: Film, *, at=None) -> None:
    """Take a withdrawn film off every list. Its marks are kept, and no longer count."""
    _recuse(film.assignments.all(), "withdrawn", at=at)


def _pass_on(assignments, reason: str, *, at) -> list[Assignment]:
    """Take these off their juror's list, and give the films of running rounds to others if any may."""
    left = _recuse(assignments, reason, at=at)
    films = defaultdict(set)
    for assignment in left:
        if assignment.round.status != Round.Status.CLOSED and not assignment.round.plenary:
            films[assignment.round].add(assignment.film_id)
    for round, keys in films.items():
        _write(round, plan(round, only=keys).pairs)
    return left


def _recuse(assignments, reason: str, *, at) -> list[Assignment]:
    """Take these off their juror's list for good, and return those that stood there."""
    left = list(assignments.standing().select_related("round__edition"))
    standing = Assignment.objects.standing().filter(pk__in=[assignment.pk for assignment in left])
    standing.update(recused_at=at or timezone.now())
    record.recused(left, reason, at=at)
    return left


# Assignment


@transaction.atomic
def assign(round: Round, *, by) -> list[Assignment]:
    """Give every film of the round its jurors, as `plan` says. Done twice, it is done once.

    Raises:
        Refused: `by` may not, or there is nothing to give out; the message says why.
        Conflict: a film cannot have enough jurors; the message names it and the remedy.
    """
    _ask(access.why_not_assign(by, round))
    return deal(round)


@transaction.atomic
def deal(round: Round) -> list[Assignment]:
    """Give the films out, whoever or whatever opens the round; see `assign`."""
    dealt = plan(round)
    if dealt.short:
        raise Clash(" ".join(dealt.short[:3]))
    if round.status == Round.Status.DRAFT and not round.plenary:
        round.assignments.standing().delete()
    return _write(round, dealt.pairs)


def give(round: Round, pairs: Iterable[tuple[Film, Person]]) -> list[Assignment]:
    """Put films on jurors' lists as somebody else has dealt them, after what is there already."""
    return _write(round, pairs)


def _write(round: Round, pairs: Iterable[tuple[Film, Person]]) -> list[Assignment]:
    """Put films on lists after what is there already, each juror's in an order of their own."""
    hands = defaultdict(list)
    for film, juror in pairs:
        hands[juror].append(film)
    used: dict = defaultdict(int)
    for juror_id, position in round.assignments.values_list("juror", "position"):
        used[juror_id] = max(used[juror_id], position)
    rows = []
    for juror, films in hands.items():
        order = dealing.viewing_order([seconds_of(film) for film in films], seed=seed(round, juror.pk))
        rows += [
            Assignment(round=round, film=films[i], juror=juror, position=used[juror.pk] + place)
            for place, i in enumerate(order, start=1)
        ]
    made = Assignment.objects.bulk_create(rows, ignore_conflicts=True)  # of two organisers, one writes
    record.assigned(round, made)
    return made


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
