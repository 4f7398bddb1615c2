"""Rounds: write the rubric, say what the round will cost, open it, close it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from festival import access as festival_access
from festival.errors import Refused, Unacceptable
from festival.models import Edition, Film, Person
from judging import access, panels, record
from judging.models import Assignment, Criterion, Round, RoundEvent, Seat
from judging.rubrics import Line


@dataclass(frozen=True)
class Cost:
    """What a round asks of the jury, known before it opens."""

    films: int
    seconds: float  # all films, watched once
    reviews: int  # jurors a film
    jurors: int

    @property
    def viewing_seconds(self) -> float:
        return self.seconds * self.reviews

    @property
    def juror_seconds(self) -> float | None:
        """What falls to each juror if all have the same; None where there is no juror."""
        return self.viewing_seconds / self.jurors if self.jurors else None


@dataclass(frozen=True)
class Progress:
    """How far a list of films has been reviewed, in films and in seconds of film."""

    films: int
    done: int
    seconds: float
    done_seconds: float

    @property
    def left(self) -> int:
        return self.films - self.done

    @property
    def left_seconds(self) -> float:
        return self.seconds - self.done_seconds


def cost(round: Round) -> Cost:
    """Work out what the round will cost: films, running time, and time for each juror."""
    sums = round.films().aggregate(films=Count("pk"), seconds=Sum("footage__duration_s", default=0.0))
    seats = Seat.objects.sitting().filter(panel__edition=round.edition_id)
    return Cost(reviews=round.reviews, jurors=seats.aggregate(n=Count("juror", distinct=True))["n"], **sums)


def progress(assignments: Iterable[Assignment]) -> Progress:
    """How far these assignments are; they come `with_marked`, and with their films' footage."""
    rows = [(panels.seconds_of(a.film), a.reviewed) for a in assignments]
    return Progress(
        films=len(rows),
        done=sum(done for _, done in rows),
        seconds=sum(seconds for seconds, _ in rows),
        done_seconds=sum(seconds for seconds, done in rows if done),
    )


def missing(round: Round) -> int:
    """Reviews the round still waits for: films with the jury times jurors a film, less what is given."""
    whole = round.assignments.standing().marked().values("pk")
    counts = (
        Assignment.objects.filter(pk__in=whole, film__in=round.films())
        .order_by()
        .values("film")
        .annotate(given=Count("pk"))
        .values_list("given", flat=True)
    )
    wanted = round.films().count() * round.reviews
    return wanted - sum(min(given, round.reviews) for given in counts)


@transaction.atomic
def create(edition: Edition, *, by, **terms) -> Round:
    """Begin a round, in preparation."""
    _ask(festival_access.why_not_organise(by, edition))
    round = Round.objects.create(edition=edition, **terms)
    round.events.create(by=by, became=round.status, note="Begun.")
    return round


def change(round: Round, *, by, name: str, reviews: int, blind: bool) -> None:
    """Change the terms of a round that has not been opened."""
    _ask(access.why_not_edit_round(by, round))
    unopened = Round.objects.filter(pk=round.pk, opened_at=None)
    if not unopened.update(name=name, reviews=reviews, blind=blind):
        raise Refused("Somebody else has just opened the round, so its terms stand.")
    round.name, round.reviews, round.blind = name, reviews, blind


@transaction.atomic
def write_rubric(round: Round, lines: Iterable[Line], *, by) -> None:
    """Replace the rubric of a round that has never been opened.

    Raises:
        Refused: `by` is no organiser, or the round has been opened.
        Unacceptable: two criteria share a name, or a weight or an anchor is out of range.
    """
    round.refresh_from_db()
    _ask(access.why_not_edit_rubric(by, round))
    lines = list(lines)
    if why := why_not_rubric(lines):
        raise Unacceptable(why)
    round.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(
            round=round,
            name=line.name,
            help=line.help,
            weight=line.weight,
            anchors={mark: words for mark, words in line.anchors.items() if words.strip()},
            position=position,
        )
        for position, line in enumerate(lines)
    )


def why_not_rubric(lines: list[Line]) -> str:
    """Can these lines be kept as a rubric? Weights need not come to 100 until the round opens."""
    names = [line.name.strip().casefold() for line in lines]
    for line in lines:
        if not line.name.strip():
            return "Give every criterion a name."
        if names.count(line.name.strip().casefold()) > 1:
            return f"There are two criteria called “{line.name}”. Rename one of them."
        if not 1 <= line.weight <= access.WHOLE:
            return f"“{line.name}” needs a weight from 1 to 100 per cent."
        if not set(line.anchors) <= {str(mark) for mark in range(1, 11)}:
            return f"Words for “{line.name}” can stand at marks from 1 to 10."
    return ""


@transaction.atomic
def open(round: Round, *, by, at=None) -> None:
    """Open the round: every film gets the jurors it still lacks, then jurors see their lists.

    Raises:
        Refused: something is missing, or `by` may not; the message says what.
        Conflict: a film cannot have enough jurors; the message names it and the remedy.
        IllegalMove: somebody else moved the round first.
    """
    _ask(access.why_not_open(by, round))
    round.move(Round.Status.OPEN, by=by, opened_at=round.opened_at or at or timezone.now(), closed_at=None)
    record.round_opened(round, by=by, at=at)
    if _lacks_jurors(round):
        panels.assign(round, by=by)


@transaction.atomic
def close(round: Round, *, by, note: str = "", at=None) -> None:
    """Close the round to further marks. Where reviews are missing, the reason is kept with it.

    Raises:
        Refused: reviews are missing and no reason is given, or `by` may not.
        IllegalMove: somebody else moved the round first.
    """
    lacking = missing(round)
    _ask(access.why_not_close(by, round, missing=lacking, note=note))
    round.move(Round.Status.CLOSED, by=by, note=note.strip(), closed_at=at or timezone.now())
    record.round_closed(round, missing=lacking, note=note, by=by, at=at)


# Where a round stands


@dataclass(frozen=True)
class FilmRow:
    """A film of the round and those who were given it."""

    film: Film
    assignments: list[Assignment]
    needed: int

    @property
    def done(self) -> int:
        return sum(assignment.reviewed for assignment in self.assignments)

    @property
    def short(self) -> int:
        """How many jurors the film lacks."""
        return max(self.needed - len(self.assignments), 0)


@dataclass(frozen=True)
class Overview:
    """A round as the office sees it."""

    round: Round
    cost: Cost
    progress: Progress
    jurors: list[tuple[Person, Progress]]
    films: list[FilmRow]
    weight: int  # what the rubric's weights come to, per cent
    history: list[RoundEvent]

    @property
    def missing(self) -> int:
        """Reviews of films with the jury that have not been given."""
        return sum(max(row.needed - row.done, 0) for row in self.films)

    @property
    def unassigned(self) -> int:
        return sum(1 for row in self.films if row.short)


def overview(round: Round) -> Overview:
    """Lay out where a round stands; a fixed number of queries."""
    rows = round.assignments.standing().with_marked()
    rows = list(rows.select_related("juror", "film__footage", "film__section").order_by("juror__name"))
    by_juror, by_film = defaultdict(list), defaultdict(list)
    for row in rows:
        by_juror[row.juror].append(row)
        by_film[row.film_id].append(row)
    for juror in panels.jurors_of(round):
        by_juror.setdefault(juror, [])
    films = round.films().select_related("footage", "section")
    return Overview(
        round=round,
        cost=cost(round),
        progress=progress(rows),
        jurors=[(juror, progress(theirs)) for juror, theirs in by_juror.items()],
        films=[FilmRow(film, by_film[film.pk], round.reviews) for film in films],
        weight=round.criteria.aggregate(weight=Sum("weight", default=0))["weight"],
        history=list(round.events.select_related("by")),
    )


def overviews(edition: Edition) -> list[tuple[Round, Progress]]:
    """The edition's rounds, each with how far its reviews are; two queries."""
    rows = Assignment.objects.filter(round__edition=edition).standing().with_marked()
    by_round = defaultdict(list)
    for row in rows.select_related("film__footage"):
        by_round[row.round_id].append(row)
    return [(round, progress(by_round[round.pk])) for round in edition.rounds.all()]


def _lacks_jurors(round: Round) -> bool:
    """Whether a film of the round has fewer jurors than it should."""
    standing = Q(assignments__round=round, assignments__recused_at=None)
    dealt = Count("assignments", filter=standing)
    return round.films().annotate(dealt=dealt).filter(dealt__lt=round.reviews).exists()


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
