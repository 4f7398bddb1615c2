"""Numbers of the office drawn rather than listed, and what to do next."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from festival import access, letters, office, programme
from festival.models import Edition, Film

DAYS = 30  # a chart of more days has columns too thin to point at
FEWEST_DAYS = 14  # and of fewer, slabs
IN_HAND = (Film.Status.SUBMITTED, Film.Status.ELIGIBLE, *Film.DECIDED)


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its words, its number, its length in per cent of the longest."""

    label: str
    number: int
    length: float
    href: str = ""
    state: str = ""
    note: str = ""


@dataclass(frozen=True)
class Column:
    """One day of the chart of days, in the units of its view box (100 high, 10 wide a day)."""

    day: date
    number: int
    x: int
    left: float  # of the column itself, which leaves a gap beside it
    y: float
    height: float


@dataclass(frozen=True)
class Step:
    """Something for an organiser to do, and where."""

    text: str
    action: str
    href: str


def by_state(edition: Edition) -> list[Bar]:
    """How many entries are in each state, drafts included."""
    counts = office.count_by_state(edition)
    longest = max(counts.values(), default=0) or 1
    entries = reverse("office:entries", args=[edition.slug])
    return [
        Bar(words, counts[state], 100 * counts[state] / longest, f"{entries}?state={state}", state)
        for state, words in Film.Status.choices
    ]


def by_section(edition: Edition) -> list[Bar]:
    """How many entries were handed in to each section, with their minutes."""
    handed_in = Q(films__status__in=IN_HAND)
    sections = edition.sections.annotate(
        entries=Count("films", filter=handed_in),
        seconds=Sum("films__footage__duration_s", filter=handed_in, default=0.0),
    )
    sections = list(sections)
    longest = max((section.entries for section in sections), default=0) or 1
    entries = reverse("office:entries", args=[edition.slug])
    return [
        Bar(
            section.name,
            section.entries,
            100 * section.entries / longest,
            f"{entries}?section={section.pk}",
            note=_length(section.seconds),
        )
        for section in sections
    ]


def by_day(edition: Edition, *, at=None) -> list[Column]:
    """Entries handed in on each day of the last fortnight or more, up to today or the last day with any."""
    counts = dict(
        edition.films.exclude(submitted_at=None)
        .order_by()
        .annotate(day=TruncDate("submitted_at", tzinfo=edition.zone))
        .values_list("day")
        .annotate(Count("pk"))
    )
    if not counts:
        return []
    last = min(max(counts) + timedelta(days=2), (at or timezone.now()).astimezone(edition.zone).date())
    earliest = min(min(counts), last - timedelta(days=FEWEST_DAYS - 1))
    first = max(earliest, last - timedelta(days=DAYS - 1))
    highest = max(counts.values())
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Column(day, counts.get(day, 0), 10 * index, 10 * index + 1.5, 100 - height, height)
        for index, day in enumerate(days)
        for height in [100 * counts.get(day, 0) / highest]
    ]


def minutes_to_watch(edition: Edition) -> int:
    """Whole minutes of all films handed in and neither declined nor withdrawn."""
    films = edition.films.filter(status__in=IN_HAND).exclude(status=Film.Status.DECLINED)
    return round(films.aggregate(total=Sum("footage__duration_s", default=0.0))["total"] / 60)


def next_steps(edition: Edition, *, at=None) -> list[Step]:
    """What this edition waits for, in the order in which it is done."""
    steps = _STEPS[edition.status](edition, at or timezone.now())
    return [
        Step(text, action, reverse(f"office:{where}", args=[edition.slug])) for text, action, where in steps
    ]


def _preparing(edition: Edition, at):
    if why := office.why_not_open(edition, at=at):
        yield why, "Set up", "setup"
    else:
        yield "Everything the call needs is there.", "Open the call", "call"
    yield from _people(edition)


def _calling(edition: Edition, at):
    deadline = edition.deadline_at
    if deadline and deadline <= at:
        yield f"The last deadline was {access.local(deadline, edition)}.", "Close the call", "call"
    yield from _waiting(edition)
    yield from _people(edition)


def _choosing(edition: Edition, at):
    yield from _waiting(edition)
    counts = office.count_by_state(edition)
    if undecided := counts[Film.Status.ELIGIBLE]:
        yield f"{_entries(undecided)} with the jury, without a decision.", "Decide", "entries"
    if owed := letters.owed(edition).count():
        yield f"{_entries(owed)} decided whose entrants have not been told.", "Send decisions", "letters"
    if unheard := letters.unheard(edition).count():
        yield (
            f"{unheard} decision letter{'s' * (unheard != 1)} not handed over yet.",
            "See to them",
            "letters",
        )
    unplaced = edition.films.filter(status=Film.Status.SELECTED, slots=None).count()
    if unplaced:
        yield f"{_entries(unplaced)} selected and not in a screening yet.", "Build the programme", "programme"
    if not programme.hindrances(edition):
        yield "Nothing stands in the way of the programme.", "Publish", "programme"
    yield from _people(edition)


def _published(edition: Edition, at):
    return iter(())


def _waiting(edition: Edition):
    waiting = edition.films.filter(status=Film.Status.SUBMITTED).count()
    if waiting:
        yield f"{_entries(waiting)} waiting to be accepted.", "Look at them", "to_accept"


def _people(edition: Edition):
    if not edition.roles.jurors().exists():
        yield "Nobody sits on the jury yet.", "Seat jurors", "people"


def _length(seconds: float) -> str:
    return f"{round(seconds)} s" if 0 < seconds < 60 else f"{round(seconds / 60)} min"


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"


_STEPS = {
    Edition.Status.DRAFT: _preparing,
    Edition.Status.OPEN: _calling,
    Edition.Status.CLOSED: _choosing,
    Edition.Status.PUBLISHED: _published,
}
