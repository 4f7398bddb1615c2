"""Checks: two jurors say whether a film may take part; where they differ, an organiser does."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import access, record, viewings
from judging.models import Assignment, Check, Round, Ruling

ENOUGH = 2  # words that agree decide


@transaction.atomic
def give(assignment: Assignment, passes: bool | None, *, by, reason: str = "", at=None) -> Check:
    """Keep a juror's word on a film, until the round closes. Given twice, it is given once.

    Raises:
        Refused: `by` may not judge this film now, or has not seen enough of it; the message says why.
        Unacceptable: neither pass nor fail, or a fail without its reason.
    """
    assignment.round.one_at_a_time()  # it closes before this, or after
    assignment = Assignment.objects.select_related("round__edition", "film").get(pk=assignment.pk)
    if why := access.why_not_judge(by, assignment) or _why_not_here(assignment.round):
        raise Refused(why)
    if why := access.why_not_check(passes, reason):
        raise Unacceptable(why)
    if why := access.why_not_mark_yet(assignment.round, viewings.of(assignment).percent):
        raise Refused(why)
    said = {"passes": passes, "reason": "" if passes else reason.strip()[:500]}
    check, new = Check.objects.get_or_create(assignment=assignment, defaults=said)
    if new or said != {"passes": check.passes, "reason": check.reason}:
        check.passes, check.reason, check.given_at = *said.values(), at or timezone.now()
        check.save()
        record.check_given(check, by=by)
    return check


def _why_not_here(round: Round) -> str:
    if round.kind == Round.Kind.ELIGIBILITY:
        return ""
    return f"“{round}” takes marks, not pass or fail. Reload the page."


# Where films stand


@dataclass(frozen=True)
class Standing:
    """What has been said of a film's eligibility."""

    film: Film
    checks: list[Check]
    asked: int
    ruling: Ruling | None

    @property
    def passes(self) -> int:
        return sum(check.passes for check in self.checks)

    @property
    def fails(self) -> int:
        return len(self.checks) - self.passes

    @property
    def through(self) -> bool | None:
        """Whether the film comes through; None while that is open."""
        if self.ruling:
            return self.ruling.through
        enough = min(ENOUGH, self.asked)
        if self.passes >= enough and not self.fails:
            return True
        if self.fails >= enough and not self.passes:
            return False
        return None

    @property
    def disputed(self) -> bool:
        """Whether an organiser must settle it: jurors differ, or one doubts alone."""
        return self.through is None and self.fails > 0

    @property
    def waits(self) -> bool:
        """Whether jurors have still to speak."""
        return self.through is None and len(self.checks) < self.asked


def standings(round: Round) -> list[Standing]:
    """Where each film of a round of eligibility stands; three queries."""
    said = defaultdict(list)
    checks = Check.objects.counted().filter(assignment__round=round).select_related("assignment__juror")
    for check in checks.order_by("given_at", "pk"):
        said[check.assignment.film_id].append(check)
    ruled = {ruling.film_id: ruling for ruling in round.rulings.select_related("by")}
    films = round.films().select_related("section", "footage").order_by("title", "pk")
    return [Standing(film, said[film.pk], round.reviews, ruled.get(film.pk)) for film in films]


def disputed(round: Round) -> list[Standing]:
    """Films whose jurors differ, and which nobody has settled."""
    if round.kind != Round.Kind.ELIGIBILITY:
        return []
    return [standing for standing in standings(round) if standing.disputed]


@transaction.atomic
def rule(round: Round, film: Film, *, through: bool, by, note: str, at=None) -> Ruling:
    """Settle a film whose jurors differ, in the name of `by`. It stands over what jurors said.

    Raises:
        Refused: `by` may not, or the round does not settle films now.
        Unacceptable: there is no reason, or the film is not in the round.
    """
    if why := access.why_not_rule(by, round):
        raise Refused(why)
    if not note.strip():
        raise Unacceptable("Say why. The reason is kept with the film, under your name.")
    if not round.films().filter(pk=film.pk).exists():
        raise Unacceptable(f"“{film}” is not in “{round}”.")
    said = {"through": through, "by": by, "note": note.strip()[:500], "at": at or timezone.now()}
    ruling, _ = Ruling.objects.update_or_create(round=round, film=film, defaults=said)
    record.rulings_made(round, [ruling], by=by)
    return ruling


def settle(round: Round, *, at=None) -> None:
    """Write down, as a round of eligibility closes, what its jurors agreed on.

    A film that nobody doubts comes through, also where an exception was made for it.
    """
    if round.kind != Round.Kind.ELIGIBILITY:
        return
    open_ones = [standing for standing in standings(round) if standing.ruling is None]
    agreed = [
        Ruling(
            round=round, film=standing.film, through=standing.through is not False, at=at or timezone.now()
        )
        for standing in open_ones
    ]
    record.rulings_made(round, Ruling.objects.bulk_create(agreed), at=at)
