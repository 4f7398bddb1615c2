"""Panels: seat jurors, give them films, and step in when one of them must not judge."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from festival import access as festival_access
from festival import office
from festival.errors import Conflict as Clash
from festival.errors import Refused, Unacceptable
from festival.models import Edition, Film, Person, Role
from judging import access, record, ties
from judging.models import Assignment, Conflict, Panel, Round, Seat
from judging.tally import assignment as dealing

MINUTE = 60  # seconds

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


@transaction.atomic
def unseat(seat: Seat, *, by, at=None) -> None:
    """Free a seat. Films not yet reviewed go to others; reviews that are whole stay, and count."""
    edition, juror = seat.panel.edition, seat.juror
    _ask(festival_access.why_not_organise(by, edition))
    seat.delete()
    record.seat_freed(seat.panel, juror, by=by, at=at)
    if Seat.objects.filter(juror=juror, panel__edition=edition).exists():
        return
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
    conflict, new = Conflict.objects.get_or_create(
        film_id=assignment.film_id, juror=by, defaults={"reason": reason.strip()[:240]}
    )
    edition = assignment.round.edition_id
    theirs = Assignment.objects.filter(juror=by, film_id=assignment.film_id, round__edition=edition)
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


@dataclass
class Load:
    """What is on one juror's list, and what a plan would add."""

    juror: Person
    films: int = 0
    seconds: float = 0.0
    more_films: int = 0
    more_seconds: float = 0.0

    @property
    def total_films(self) -> int:
        return self.films + self.more_films

    @property
    def total_seconds(self) -> float:
        return self.seconds + self.more_seconds


@dataclass(frozen=True)
class Plan:
    """Who would get what, what it would cost each juror, and what cannot be done."""

    pairs: list[tuple[Film, Person]]
    loads: list[Load]
    short: list[str]  # a sentence for each thing that cannot be done, with the remedy
    apart: str = ""  # a warning that some marks could not be compared

    @property
    def heaviest(self) -> float:
        """Seconds on the longest list."""
        return max((load.total_seconds for load in self.loads), default=0.0)


def jurors_of(round: Round) -> dict[Person, set[int] | None]:
    """Jurors of a round, in the order they were seated, and the sections they sit over (None: all)."""
    seats = Seat.objects.sitting().of(round).select_related("juror", "panel")
    seats = seats.prefetch_related("panel__sections")
    over: dict[Person, set[int] | None] = {}
    for seat in seats:
        sections = {section.pk for section in seat.panel.sections.all()}
        known = over.get(seat.juror, set())
        over[seat.juror] = None if known is None or not sections else known | sections
    return over


def plan(round: Round, *, only: Collection | None = None) -> Plan:
    """Work out who should watch what, without writing it down.

    While the round is in preparation the cards are dealt anew; once it is open, what has been dealt
    stays and only what is lacking is added. The same state gives the same plan.

    Args:
        only: films' ids, to fill up only these.
    """
    anew = only is None and round.status == Round.Status.DRAFT
    table = _lay(round, anew=anew)
    kept = table.indices(table.kept)
    has = Counter(film for film, _ in kept)
    wanted = [
        max(has[i], min(table.wanted(film), table.possible(film)))
        if only is None or film.pk in only
        else has[i]
        for i, film in enumerate(table.films)
    ]
    minutes = [seconds_of(film) / MINUTE for film in table.films]
    shut = table.indices(table.barred.keys() - table.kept)
    limits = [(0, inf)] * len(table.jurors)
    if anew:
        limits = dealing.fair_limits(minutes, shut, len(table.jurors), reviews=wanted)
    sections = [film.section_id or 0 for film in table.films]
    try:
        dealt = dealing.assign(
            minutes, limits, shut, reviews=wanted, sections=sections, kept=kept, seed=_seed(round)
        )
    except dealing.Infeasible as no:
        return Plan([], _loads(table, []), [*_shortfalls(round, table), str(no)])
    new = {(int(i), int(j)) for i, j in dealt} - set(kept)
    pairs = [(table.films[i], table.jurors[j]) for i, j in sorted(new)]
    return Plan(pairs, _loads(table, pairs), _shortfalls(round, table), _apart(table, dealt))


def _seed(round: Round, *more) -> int:
    """What chance begins from: the same each time, and nobody outside can know it."""
    return int(salted_hmac("who watches what", f"{round.pk} {more}", algorithm="sha256").hexdigest(), 16)


def _apart(table: "_Table", dealt) -> str:
    """A sentence if the jury falls into groups whose marks nothing connects."""
    if not len(dealt):
        return ""
    group = dealing.components(dealt, len(table.films), len(table.jurors))
    busy = sorted({int(j) for _, j in dealt})
    if len({group[j] for j in busy}) < 2:
        return ""
    one = table.jurors[busy[0]]
    other = next(table.jurors[j] for j in busy if group[j] != group[busy[0]])
    return (
        f"The jury falls into parts that share no film: nothing connects {one} with {other}, so their films "
        "cannot be compared. Seat somebody on both panels, or ask for more jurors a film."
    )


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
    if round.plenary:
        return show_all(round)
    dealt = plan(round)
    if dealt.short:
        raise Clash(" ".join(dealt.short[:3]))
    if round.status == Round.Status.DRAFT:
        round.assignments.standing().delete()
    return _write(round, dealt.pairs)


def show_all(round: Round) -> list[Assignment]:
    """Put every film of the round on every juror's list, but for those a juror must not judge."""
    table = _lay(round, anew=False)
    known = table.kept | table.barred.keys()
    pairs = [(f, j) for f in table.films for j in table.jurors if (f.pk, j.pk) not in known]
    return _write(round, pairs)


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
        order = dealing.viewing_order([seconds_of(film) for film in films], seed=_seed(round, juror.pk))
        rows += [
            Assignment(round=round, film=films[i], juror=juror, position=used[juror.pk] + place)
            for place, i in enumerate(order, start=1)
        ]
    made = Assignment.objects.bulk_create(rows, ignore_conflicts=True)  # of two organisers, one writes
    record.assigned(round, made)
    return made


@dataclass(frozen=True)
class _Table:
    """What a plan is made from: films, jurors, and the pairs of their ids that stand or must not meet."""

    films: list[Film]
    jurors: list[Person]
    kept: set[tuple]
    barred: dict[tuple, str]  # with the reason
    reviews: int

    @cached_property
    def rows(self) -> dict:
        return {film.pk: i for i, film in enumerate(self.films)}

    @cached_property
    def columns(self) -> dict:
        return {juror.pk: j for j, juror in enumerate(self.jurors)}

    @cached_property
    def absent(self) -> Counter:
        """Of each film, standing reviews of jurors who have left."""
        return Counter(film for film, juror in self.kept if juror not in self.columns)

    @cached_property
    def closed(self) -> Counter:
        """Of each film, jurors who must not have it, and do not."""
        shut = self.barred.keys() - self.kept
        return Counter(film for film, juror in shut if juror in self.columns)

    def indices(self, pairs: Iterable[tuple]) -> list[tuple[int, int]]:
        return [(self.rows[f], self.columns[j]) for f, j in pairs if f in self.rows and j in self.columns]

    def wanted(self, film: Film) -> int:
        """How many of the jurors who sit should have this film."""
        return max(self.reviews - self.absent[film.pk], 0)

    def possible(self, film: Film) -> int:
        """How many of the jurors who sit have this film, or may."""
        return len(self.jurors) - self.closed[film.pk]


def _lay(round: Round, *, anew: bool) -> _Table:
    films = list(round.films().select_related("footage").prefetch_related("credits").order_by("pk"))
    over = jurors_of(round)
    rows = list(round.assignments.values_list("film", "juror", "recused_at"))
    kept = {(film, juror) for film, juror, recused_at in rows if not recused_at and not anew}
    gone = {(film, juror) for film, juror, recused_at in rows if recused_at}
    barred = dict.fromkeys(gone, "was taken off it") | ties.barred(films, over)
    return _Table(films, list(over), kept, barred, round.reviews)


def _shortfalls(round: Round, table: _Table) -> list[str]:
    return [
        _shortfall(round, table, film) for film in table.films if table.possible(film) < table.wanted(film)
    ]


def _shortfall(round: Round, table: _Table, film: Film) -> str:
    barred = table.barred
    ties = [f"{juror} {barred[film.pk, juror.pk]}" for juror in table.jurors if (film.pk, juror.pk) in barred]
    because = f" ({', '.join(ties[:3])}{' …' if len(ties) > 3 else ''})" if ties else ""
    lacking = table.wanted(film) - table.possible(film)
    return (
        f"“{film}” needs {_people(round.reviews)} and can have {round.reviews - lacking or 'none'}{because}. "
        f"Seat {_people(lacking, ' more')} without ties to it, or ask for fewer jurors a film."
    )


def _people(count: int, word: str = "") -> str:
    return f"{count}{word} juror{'' if count == 1 else 's'}"


def _loads(table: _Table, pairs: list[tuple[Film, Person]]) -> list[Load]:
    loads = {juror.pk: Load(juror) for juror in table.jurors}
    for i, j in table.indices(table.kept):
        load = loads[table.jurors[j].pk]
        load.films += 1
        load.seconds += seconds_of(table.films[i])
    for film, juror in pairs:
        loads[juror.pk].more_films += 1
        loads[juror.pk].more_seconds += seconds_of(film)
    return list(loads.values())


def seconds_of(film: Film) -> float:
    """Running time; needs `footage` loaded."""
    return film.footage.duration_s or 0.0 if film.footage else 0.0


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
