"""Rounds: compose one, write its rubric, open it, close it, by hand or by the clock."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from festival import access as festival_access
from festival.errors import Problem, Refused, Unacceptable
from festival.models import Edition
from judging import access, ballots, checks, guarantee, pairs, panels, record, shortlists, viewings
from judging.models import Assignment, Criterion, Round
from judging.rubrics import Line

SETS = ("picked", "panels")  # terms of more than one value


# Terms


@transaction.atomic
def create(edition: Edition, *, by, **terms) -> Round:
    """Begin a round, in preparation. `terms` are its fields; `picked` and `panels` hold several."""
    _ask(festival_access.why_not_organise(by, edition))
    sets = {name: terms.pop(name) for name in SETS if name in terms}
    if terms.get("source"):
        terms.setdefault("choice", Round.Choice.THROUGH)
    if why := why_not_terms(edition, terms):
        raise Unacceptable(why)
    round = Round.objects.create(edition=edition, **terms)
    for name, rows in sets.items():
        getattr(round, name).set(rows)
    round.events.create(by=by, became=round.status, note="Begun.")
    return round


@transaction.atomic
def change(round: Round, *, by, **terms) -> None:
    """Change the terms of a round that has not been opened.

    Raises:
        Refused: `by` may not, or the round has been opened.
        Unacceptable: the terms do not fit each other.
    """
    _ask(access.why_not_edit_round(by, round))
    sets = {name: terms.pop(name) for name in SETS if name in terms}
    kept = {name: getattr(round, name) for name in ("kind", "choice", "source", "opens_at", "closes_at")}
    if why := why_not_terms(round.edition, kept | terms, round=round):
        raise Unacceptable(why)
    if not Round.objects.filter(pk=round.pk, opened_at=None).update(**{"name": round.name} | terms):
        raise Refused("Somebody else has just opened the round, so its terms stand.")
    for name, value in terms.items():
        setattr(round, name, value)
    for name, rows in sets.items():
        getattr(round, name).set(rows)


def why_not_terms(edition: Edition, terms: dict, *, round: Round | None = None) -> str:
    """Can a round stand on these terms?"""
    source, opens, closes = terms.get("source"), terms.get("opens_at"), terms.get("closes_at")
    follows = terms.get("choice") == Round.Choice.THROUGH
    if opens and closes and closes <= opens:
        return "The round would close before it opens. Mend one of the two times."
    if terms.get("kind") in Round.DESKWORK and not follows:
        return "Such a round works on the films of an earlier one. Say which it follows."
    if follows and source is None:
        return "Say which earlier round it follows."
    if source and source.edition_id != edition.pk:
        return "The earlier round belongs to another edition."
    if source and round and round.pk in _line(source):
        return "A round cannot follow itself."
    if terms.get("kind") == Round.Kind.FURTHER and source and source.kind != Round.Kind.REVIEW:
        return f"Further reviews add to a round of review, and “{source}” is none."
    return ""


def _line(round: Round) -> list[int]:
    """The numbers of a round and of those it follows."""
    numbers = []
    while round is not None and round.pk not in numbers:
        numbers.append(round.pk)
        round = round.source
    return numbers


def reschedule(round: Round, *, by, opens_at, closes_at) -> None:
    """Say when the round opens and closes by itself; None leaves it to a hand."""
    _ask(access.why_not_reschedule(by, round))
    if opens_at and closes_at and closes_at <= opens_at:
        raise Unacceptable("The round would close before it opens. Mend one of the two times.")
    running = Round.objects.filter(pk=round.pk).exclude(status=Round.Status.CLOSED)
    if not running.update(opens_at=opens_at, closes_at=closes_at):
        raise Refused("Somebody else has just closed the round, so its hours stand.")
    round.opens_at, round.closes_at = opens_at, closes_at


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


# Opening and closing


def open(round: Round, *, by, at=None) -> None:
    """Open the round: every film gets the jurors it still lacks, then jurors see their lists.

    Raises:
        Refused: something is missing, or `by` may not; the message says what.
        Conflict: a film cannot have enough jurors; the message names it and the remedy.
        IllegalMove: somebody else moved the round first.
    """
    _ask(access.why_not_open(by, round))
    _open(round, by=by, at=at or timezone.now())


@transaction.atomic
def _open(round: Round, *, by, at) -> None:
    """Whoever opens it: fix the public number that breaks ties, deal the films, write it all down."""
    seed = secrets.randbelow(10**9) if round.seed is None else round.seed
    hours = {"opened_at": round.opened_at or at, "closed_at": None, "closes_at": _still(round.closes_at, at)}
    round.move(Round.Status.OPEN, by=by, seed=seed, **hours)
    round.rulings.filter(by=None).delete()  # what jurors agreed on is settled anew when it closes again
    record.round_opened(round, by=by, at=at)
    if not round.deskwork and (round.plenary or _lacks_jurors(round)):
        panels.deal(round)


def _still(closes_at, at):
    """An hour of closing that is yet to come; one that is past would close a round opened again at once."""
    return closes_at if closes_at and closes_at > at else None


@transaction.atomic
def close(round: Round, *, by, note: str = "", at=None) -> None:
    """Close the round: nothing more is taken, and what there is to count is counted.

    A film that lacks its viewings keeps the round open. `note` makes an exception for each of them, in the
    name of `by`.

    Raises:
        Refused: films lack viewings or a ruling, or `by` may not; the message says which.
        IllegalMove: somebody else moved the round first.
    """
    round.one_at_a_time()
    lacking = guarantee.broken(round)
    _ask(access.why_not_close(by, round, missing=len(lacking), disputed=unsettled(round), note=note))
    if lacking:
        guarantee.waive(round, [promise.film for promise in lacking], by=by, reason=note)
    _close(round, by=by, note=note.strip(), at=at or timezone.now())


def _close(round: Round, *, by, note: str, at) -> None:
    """Whoever closes it: stop taking, settle and count, write it all down, and tell the entrants."""
    missing = sum(max(promise.needed - promise.kept, 0) for promise in guarantee.promises(round))
    round.move(Round.Status.CLOSED, by=by, note=note, closed_at=at)
    checks.settle(round, at=at)
    ballots.conclude(round, at=at)
    pairs.conclude(round, at=at)
    record.round_closed(round, missing=missing, note=note, by=by, at=at)
    viewings.tell_all(round, at=at)


def keep_time(*, at=None) -> list[Round]:
    """Open and close the rounds whose hour has come. One that is not ready waits, and its page says why.

    Returns:
        the rounds that were moved.
    """
    at, moved = at or timezone.now(), []
    for round in Round.objects.due_to_open(at).select_related("edition", "source"):
        if not access.why_not_begin(round) and _done(_open, round, by=None, at=at):
            moved.append(round)
    for round in Round.objects.due_to_close(at).select_related("edition", "source"):
        if not why_not_yet(round) and _done(_close_by_clock, round, at=at):
            moved.append(round)
    return moved


def why_not_yet(round: Round) -> str:
    """What keeps an open round from closing by itself?"""
    return access.why_not_end(round, missing=len(guarantee.broken(round)), disputed=unsettled(round))


def unsettled(round: Round) -> int:
    """Films that wait for an organiser to say whether they come through."""
    return len(checks.disputed(round)) + len(shortlists.undecided(round))


@transaction.atomic
def _close_by_clock(round: Round, *, at) -> None:
    _close(round, by=None, note="", at=at)


def _done(act, round: Round, **words) -> bool:
    """Whether the clock's act went through; a hand may have been quicker, or a juror be lacking."""
    try:
        act(round, **words)
    except Problem:
        return False
    return True


# How far a list of films is


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


def progress(assignments: Iterable[Assignment]) -> Progress:
    """How far these assignments are; they come `with_marked`, and with their films' footage."""
    rows = [(panels.seconds_of(a.film), a.reviewed) for a in assignments]
    return Progress(
        films=len(rows),
        done=sum(done for _, done in rows),
        seconds=sum(seconds for seconds, _ in rows),
        done_seconds=sum(seconds for seconds, done in rows if done),
    )


def _lacks_jurors(round: Round) -> bool:
    """Whether a film of the round has fewer jurors than it should."""
    standing = Q(assignments__round=round, assignments__recused_at=None)
    dealt = Count("assignments", filter=standing)
    return round.films().annotate(dealt=dealt).filter(dealt__lt=round.reviews).exists()


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
