"""Where the judging stands: the line of its rounds, and one round with its films and jurors."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from math import comb
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from festival.models import Edition, Film, Person
from judging import checks, costs, further, guarantee, panels, rounds
from judging.models import (
    Assignment,
    Conflict,
    Preference,
    Record,
    Round,
    RoundEvent,
    Ruling,
    Seat,
    Voter,
    Waiver,
)

PAGE = 100  # films on a page


@dataclass(frozen=True)
class FilmRow:
    """A film of the round and those who were given it."""

    film: Film
    assignments: list[Assignment]
    needed: int
    kept: int = 0  # jurors who watched it in full, and said what they were asked
    waiver: Waiver | None = None

    @property
    def done(self) -> int:
        return sum(assignment.reviewed for assignment in self.assignments)

    @property
    def short(self) -> int:
        """How many jurors the film lacks."""
        return max(self.needed - len(self.assignments), 0)


@dataclass(frozen=True)
class Leave:
    """That a juror sits no more: since when, and how many films they had not finished went back."""

    at: datetime | None  # None where they gave up their role without a row
    passed_on: int


class JurorRow(NamedTuple):
    """A juror and how far they are; of one who left, what stays of their work."""

    juror: Person
    progress: rounds.Progress
    left: Leave | None = None


@dataclass(frozen=True)
class Overview:
    """A round as the office sees it, with one page of its films."""

    round: Round
    cost: costs.Cost
    progress: rounds.Progress
    jurors: list[JurorRow]
    page: Page
    films: list[FilmRow]  # of this page
    total: int  # films of the round
    unassigned: int  # films with fewer jurors than they need
    lacking: int  # films that lack what they were promised, and for which nobody answers
    owed: list[FilmRow]  # the first of them
    waived: list[FilmRow]
    weight: int  # what the rubric's weights come to, per cent
    voted: int  # jurors who have handed in a ballot, or compared two films
    history: list[RoundEvent]


def overview(round: Round, *, page: int | str | None = 1) -> Overview:
    """Lay out where a round stands; a fixed number of queries, and rows for one page of films alone."""
    needed, lists = guarantee.needed_by(round), _lists(round)
    keys = list(round.films().order_by("title", "pk").values_list("pk", flat=True))
    heard = guarantee.heard_of(round) if needed else Counter()
    waivers = {waiver.film_id: waiver for waiver in round.waivers.select_related("by")}
    lacking = [key for key in keys if heard[key] < needed and key not in waivers]
    given = Counter(one.film for one in lists)
    shown = Paginator(keys, PAGE).get_page(page)
    wanted = dict.fromkeys([*shown, *lacking[:PAGE], *waivers])
    rows = _rows(round, wanted, needed, heard, waivers)
    return Overview(
        round=round,
        cost=costs.cost(round),
        progress=_progress(lists),
        jurors=_by_juror(round, lists),
        page=shown,
        films=[rows[key] for key in shown if key in rows],
        total=len(keys),
        unassigned=sum(given[key] < needed for key in keys),
        lacking=len(lacking),
        owed=[rows[key] for key in lacking[:PAGE] if key in rows],
        waived=[rows[key] for key in waivers if key in rows],
        weight=round.criteria.aggregate(weight=Sum("weight", default=0))["weight"],
        voted=_voted(round),
        history=list(round.events.select_related("by")),
    )


class _Place(NamedTuple):
    """A film on a juror's list."""

    juror: int
    film: UUID
    seconds: float
    done: bool


def _lists(round: Round) -> list[_Place]:
    """Every film on every list of the round; plain rows, since there may be tens of thousands."""
    rows = round.assignments.standing().with_marked().order_by()
    columns = ("juror", "film", "film__footage__duration_s", "scored", "asked")
    return [
        _Place(juror, film, seconds or 0.0, 0 < asked <= scored)
        for juror, film, seconds, scored, asked in rows.values_list(*columns)
    ]


def _progress(places: Collection[_Place]) -> rounds.Progress:
    return rounds.Progress(
        films=len(places),
        done=sum(place.done for place in places),
        seconds=sum(place.seconds for place in places),
        done_seconds=sum(place.seconds for place in places if place.done),
    )


def _by_juror(round: Round, places: Collection[_Place]) -> list[JurorRow]:
    """Everybody who has films, sits, or has left, by name, and how far they are."""
    theirs = defaultdict(list)
    for place in places:
        theirs[place.juror].append(place)
    here = {juror.pk for juror in panels.jurors_of(round)}
    left = _left(round, {*theirs} - here)
    people = Person.objects.in_bulk({*theirs, *here, *left})
    named = sorted(people.values(), key=lambda person: (person.name.casefold(), person.pk))
    return [JurorRow(person, _progress(theirs[person.pk]), left.get(person.pk)) for person in named]


def _left(round: Round, elsewhere: set[int]) -> dict[int, Leave]:
    """Of those who had films here and sit in the edition no more, since when."""
    given_back = round.assignments.exclude(recused_at=None).exclude(film__status=Film.Status.WITHDRAWN)
    tied = Conflict.objects.filter(film=OuterRef("film"), juror=OuterRef("juror"))
    passed_on = Counter(given_back.exclude(Exists(tied)).values_list("juror", flat=True))
    seats = Seat.objects.sitting().filter(panel__edition=round.edition_id)
    gone = {*elsewhere, *passed_on}.difference(seats.values_list("juror", flat=True))
    if not gone:
        return {}
    freed = Record.objects.filter(edition=round.edition_id, kind="seat.freed").order_by("sequence")
    since = {row.facts["juror"]: row.moment for row in freed}
    return {juror: Leave(since.get(juror), passed_on[juror]) for juror in gone}


def _rows(round: Round, keys: Collection, needed: int, heard, waivers) -> dict[UUID, FilmRow]:
    """These films with those who were given them."""
    given = defaultdict(list)
    lists = round.assignments.standing().with_marked().filter(film__in=keys).select_related("juror")
    for assignment in lists.order_by("juror__name", "pk"):
        given[assignment.film_id].append(assignment)
    films = Film.objects.filter(pk__in=keys).select_related("footage", "section")
    return {
        film.pk: FilmRow(film, given[film.pk], needed, heard[film.pk], waivers.get(film.pk)) for film in films
    }


def _voted(round: Round) -> int:
    if round.kind == Round.Kind.PAIRWISE:
        return round.preferences.values("juror").distinct().count()
    return round.voters.count() if round.kind in Round.BALLOTS else 0


# The line


@dataclass(frozen=True)
class Stage:
    """A round on the line of the judging: what it is, and how far."""

    round: Round
    films: int | None  # None while that depends on what an earlier round or a panel says
    done: int
    asked: int
    unit: str  # what `done` and `asked` count
    through: int | None  # films that came through, where the round settles that

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(self.done / self.asked, 1.0) if self.asked else float(self.round.status == "closed")


def line(edition: Edition) -> list[Stage]:
    """The edition's rounds in order, each with how far it is; five queries, however many rounds."""
    rounds = edition.rounds.select_related("source").order_by("pk").annotate(
        picks=_count(Round.picked.through, "round"),
        paneled=Exists(Round.panels.through.objects.filter(round=OuterRef("pk"))),
        voters_n=_count(Voter, "round"),
        ruled=_count(Ruling, "round"),
        ruled_through=_count(Ruling, "round", through=True),
    )  # fmt: skip
    given = Assignment.objects.filter(round__edition=edition).standing()
    rows = given.order_by().values("round")
    lists = {row["round"]: row for row in rows.annotate(
        n=Count("pk"), films=Count("film", distinct=True), jurors=Count("juror", distinct=True)
    )}  # fmt: skip
    whole = Assignment.objects.filter(pk__in=given.marked().values("pk")).order_by().values("round")
    done = dict(whole.annotate(n=Count("pk")).values_list("round", "n"))
    pairs = Preference.objects.filter(round__edition=edition).counted().order_by().values("round")
    compared = dict(pairs.annotate(n=Count("pk")).values_list("round", "n"))
    here = Round(edition=edition, kind=Round.Kind.REVIEW).running
    ready = edition.films.filter(status__in=here, footage__isnull=False).count()
    nothing = {"n": 0, "films": 0, "jurors": 0}
    return [
        _stage(round, lists.get(round.pk, nothing), done.get(round.pk, 0), compared.get(round.pk, 0), ready)
        for round in rounds
    ]


def _count(model, key: str, **where) -> Coalesce:
    """How many rows of `model` belong to a round, as a subquery."""
    rows = model.objects.filter(**{key: OuterRef("pk")}, **where).order_by().values(key)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def _stage(round: Round, lists: dict, done: int, compared: int, ready: int) -> Stage:
    films = _films_on_line(round, lists["films"], ready)
    how_far = {
        Round.Kind.ELIGIBILITY: (done, lists["n"], "checks"),
        Round.Kind.REVIEW: (done, lists["n"], "reviews"),
        Round.Kind.FURTHER: (further.given(round), round.budget, "reviews given out"),
        Round.Kind.SHORTLIST: (round.ruled, round.ruled, "films settled"),
        Round.Kind.PAIRWISE: (compared, lists["jurors"] * comb(lists["films"], 2), "pairs"),
        Round.Kind.FINAL: (round.voters_n, lists["jurors"], "ballots"),
        Round.Kind.DELIBERATION: (round.voters_n, lists["jurors"], "ballots"),
    }[round.kind]
    return Stage(round, films, *how_far, round.ruled_through if round.kind in Round.DECIDING else None)


def _films_on_line(round: Round, given: int, ready: int) -> int | None:
    """Films of the round: those given out, or what can be said before."""
    if given:
        return given
    if round.kind == Round.Kind.SHORTLIST and round.ruled:
        return round.ruled
    if round.choice == Round.Choice.PICKED:
        return round.picks
    return ready if round.choice == Round.Choice.ALL and not round.paneled else None


def disputes(round: Round) -> list[checks.Standing]:
    """Films of an open round of eligibility that wait for an organiser."""
    return checks.disputed(round) if round.status == Round.Status.OPEN else []
