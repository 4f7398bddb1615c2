"""What an edition allows: seconds of drawing, granted, spent and left; and the licences of engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from festival import access
from festival.errors import Refused, Unacceptable
from festival.models import Edition, Person
from generation.models import Allowance, Job, Terms

MOST_S = 10_000 * 3600.0  # of one grant: more is a slip of the hand
LONGEST_NOTE = 200


def granted_s(person, edition: Edition) -> float:
    """What the edition gives everyone, and what this person was granted besides."""
    own = Allowance.objects.filter(edition=edition, person=person).aggregate(all=Sum("seconds"))["all"]
    return max(base_s(edition) + (own or 0.0), 0.0)


def base_s(edition: Edition) -> float:
    """What each person has in the edition: the organisers' last word, else the setting."""
    said = Allowance.objects.filter(edition=edition).for_everyone().first()
    return said.seconds if said else settings.GPU_ALLOWANCE_S


def spent_s(person, edition: Edition, at: datetime | None = None) -> float:
    """Seconds workers have spent on the person's jobs, those that run included."""
    jobs = Job.objects.light().filter(owner=person, edition=edition)
    ended = jobs.aggregate(all=Sum("spent_s"))["all"] or 0.0
    return ended + sum(job.elapsed_s(at) for job in jobs.filter(status=Job.Status.RUNNING))


def promised_s(person, edition: Edition, at: datetime | None = None, *, besides: Job | None = None) -> float:
    """Seconds that the person's unfinished jobs, `besides` one, are still thought to take."""
    unfinished = Job.objects.light().filter(owner=person, edition=edition).unfinished()
    unfinished = unfinished.exclude(pk=besides.pk) if besides else unfinished
    return sum(max(job.estimate_s - job.elapsed_s(at), 0.0) for job in unfinished)


def left_s(person, edition: Edition, at: datetime | None = None, *, besides: Job | None = None) -> float:
    """Seconds the person may still ask for, `besides` one of their jobs; never below nought."""
    used = spent_s(person, edition, at) + promised_s(person, edition, at, besides=besides)
    return max(granted_s(person, edition) - used, 0.0)


def why_not_spend(person, edition: Edition, seconds: float, *, besides: Job | None = None) -> str:
    """May the person ask for so many seconds of a worker more, `besides` a job that waits already?"""
    left = left_s(person, edition, besides=besides)
    if seconds <= left:
        return ""
    granted = in_words(granted_s(person, edition))
    if left < 1:
        return f"Your {granted} of drawing for {edition} are used up. Ask the festival office for more."
    return (
        f"This would take about {in_words(seconds)}, and {in_words(left)} of your {granted} of drawing for "
        f"{edition} are left. Ask for fewer seconds of film, or the festival office for more time."
    )


def why_used_up(person, edition: Edition, at: datetime | None = None) -> str:
    """May nothing more be drawn that waits, since workers have spent all that the person was granted?

    Less may have been foreseen than it took, or the office has taken some back since.
    """
    granted = granted_s(person, edition)
    if spent_s(person, edition, at) < granted:
        return ""
    return (
        f"Your {in_words(granted)} of drawing for {edition} were used up before its turn came, and nothing "
        "was drawn. Ask the festival office for more, and try it again then."
    )


@transaction.atomic
def grant(edition: Edition, *, by, seconds: float, person: Person | None = None, note: str = "") -> Allowance:
    """Give one person so many seconds more, or everyone in the edition so many in all.

    The row says who did it; so does the edition's own record.

    Raises:
        Refused: `by` does not organise the edition.
        Unacceptable: the seconds are none that anybody means.
    """
    if why := access.why_not_organise(by, edition):
        raise Refused(why)
    if not abs(seconds) <= MOST_S or (person is None and seconds < 0):
        raise Unacceptable(f"Grant from 0 to {MOST_S / 3600:,.0f} hours.")
    row = Allowance.objects.create(
        edition=edition, person=person, seconds=seconds, by=by, note=note[:LONGEST_NOTE]
    )
    whom = f"{person}, {'added' if seconds >= 0 else 'taken back'}" if person else "everyone"
    said = f"Drawing time for {whom}: {in_words(abs(seconds))}. {note}".strip()
    edition.events.create(by=by, note=said)
    return row


@transaction.atomic
def state_terms(
    edition: Edition, *, by, licences: Sequence[str] = (), commercial: bool = False, everywhere: bool = False
) -> Terms:
    """Say under which licences clips may be drawn for the edition; what is drawn already stays.

    Args:
        licences: as they stand on the engines' cards; none for any.
        commercial: only those that allow commercial use.
        everywhere: only those that hold in every country.

    Raises:
        Refused: `by` does not organise the edition.
    """
    if why := access.why_not_organise(by, edition):
        raise Refused(why)
    said = {"licences": sorted(set(licences)), "commercial": commercial, "everywhere": everywhere}
    terms, _ = Terms.objects.update_or_create(
        edition=edition, defaults={**said, "by": by, "at": timezone.now()}
    )
    asked = [
        " or ".join(terms.licences) or "any licence",
        "commercial use allowed" if commercial else "",
        "valid everywhere" if everywhere else "",
    ]
    edition.events.create(by=by, note=f"Engines that may draw: {', '.join(filter(None, asked))}.")
    return terms


@dataclass(frozen=True, slots=True)
class Account:
    """One person's time in an edition, in seconds."""

    person: Person
    granted_s: float
    spent_s: float
    waiting: int  # jobs

    @property
    def left_s(self) -> float:
        return max(self.granted_s - self.spent_s, 0.0)


def accounts(edition: Edition) -> list[Account]:
    """Everyone who has asked for something in the edition or was granted time, who spent most first."""
    base = base_s(edition)
    own = Allowance.objects.filter(edition=edition, person__isnull=False).order_by()
    extra = dict(own.values_list("person").annotate(all=Sum("seconds")))
    spent: dict[int, float] = {}
    waiting: dict[int, int] = {}
    said = ("owner_id", "status", "spent_s", "started_at", "heartbeat_at", "together")
    for job in Job.objects.filter(edition=edition).order_by().only(*said):
        spent[job.owner_id] = spent.get(job.owner_id, 0.0) + job.spent_s + job.elapsed_s()
        waiting[job.owner_id] = waiting.get(job.owner_id, 0) + job.waits
    people = Person.objects.filter(pk__in={*spent, *extra}).order_by("name", "email")
    rows = [
        Account(
            person,
            max(base + extra.get(person.pk, 0.0), 0.0),
            spent.get(person.pk, 0.0),
            waiting.get(person.pk, 0),
        )
        for person in people
    ]
    return sorted(rows, key=lambda row: -row.spent_s)


def in_words(seconds: float) -> str:
    """“45 seconds”, “12 minutes”, “4 hours”, “1 h 30 min”: as exact as anybody wants to know."""
    if seconds < 90:
        whole = max(round(seconds), 1) if seconds > 0 else 0
        return f"{whole} second" if whole == 1 else f"{whole} seconds"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} minutes"
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{hours} h {rest} min"
    return f"{hours} hour" if hours == 1 else f"{hours} hours"
