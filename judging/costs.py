"""What a round asks of the jury, said before it opens, and whether the jury can do it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.utils import timezone

from judging.models import Round, Seat, Viewing

MARKING_S = 120  # to think, mark and write after a film
PLACING_S = 60  # to find a film's place among the others
PACE_S = 2 * 3600  # a day beside other work; screeners are asked for 4 hours a week and more
DAY_S = 24 * 3600


@dataclass(frozen=True)
class Cost:
    """What a round asks of the jury, known before it opens."""

    films: int
    seconds: float  # all films, watched once
    reviews: int  # jurors a film
    jurors: int
    seen_s: float = 0.0  # of what is to be watched, seen in an earlier round
    judging_s: float = MARKING_S  # a film and juror, beside watching
    room_s: float | None = None  # what the jury can give: its seats' hours, or its pace until the close

    @property
    def viewings(self) -> int:
        return self.films * self.reviews

    @property
    def viewing_seconds(self) -> float:
        """What is still to be watched before anybody is done."""
        return max(self.seconds * self.reviews - self.seen_s, 0.0)

    @property
    def juror_seconds(self) -> float | None:
        """What falls to each juror if all have the same; None where there is no juror."""
        return self.viewing_seconds / self.jurors if self.jurors else None

    @property
    def work_seconds(self) -> float:
        """Watching, and judging what was watched."""
        return self.viewing_seconds + self.viewings * self.judging_s

    @property
    def fits(self) -> bool | None:
        """Whether the jury can do it; None where that cannot be said."""
        if self.room_s is None or not self.viewings or not self.jurors:
            return None
        return self.work_seconds <= self.room_s

    @property
    def more_jurors(self) -> int:
        """How many jurors like those who sit would have to join them."""
        if self.fits is not False or not self.room_s:
            return 0
        each = self.room_s / self.jurors
        return int(-(-self.work_seconds // each)) - self.jurors


def cost(round: Round, *, at: datetime | None = None) -> Cost:
    """Work out what the round will cost: films, running time, and time for each juror."""
    sums = round.films().aggregate(films=Count("pk"), seconds=Sum("footage__duration_s", default=0.0))
    most = _most_minutes(_judging(round))
    if round.kind == Round.Kind.FURTHER and sums["films"]:
        mean = sums["seconds"] / sums["films"]
        sums = {"films": round.budget, "seconds": round.budget * mean}
    more = {"judging_s": PLACING_S, "seen_s": _seen_s(round)} if round.plenary else {}
    room_s = _room_s(round, sums, most, at=at)
    return Cost(reviews=_reviews(round, len(most)), jurors=len(most), room_s=room_s, **sums, **more)


def _seen_s(round: Round) -> float:
    """Seconds of the round's films that its jurors have watched in full before it opened."""
    full = (
        Viewing.objects.full()
        .filter(
            assignment__round__edition=round.edition_id,
            assignment__film__in=round.films(),
            assignment__juror__in=Seat.objects.sitting().of(round).values("juror"),
        )
        .exclude(assignment__round=round)
    )
    pairs = full.values_list("assignment__juror", "assignment__film", "assignment__film__footage__duration_s")
    return sum(seconds or 0.0 for *_, seconds in set(pairs))


def _judging(round: Round) -> Round:
    """The round whose jurors do the work: further reviews are given in the round they add to."""
    return round.source if round.kind == Round.Kind.FURTHER and round.source else round


def _reviews(round: Round, jurors: int) -> int:
    """How often each film is watched."""
    if round.plenary:
        return jurors
    return {Round.Kind.FURTHER: 1, Round.Kind.SHORTLIST: 0}.get(round.kind, round.reviews)


def _room_s(round: Round, sums: dict, most: list, *, at: datetime | None) -> float | None:
    """Seconds the jury can give: each seat's own minutes where it names them, else its pace until the close.

    None where a seat names none and no hour is set.
    """
    pace = _pace_s(round, at=at)
    if pace is None and None in most:
        return None
    marking = 1 + sums["films"] * MARKING_S / sums["seconds"] if sums["seconds"] else 1.0
    return sum(pace if minutes is None else minutes * 60 * marking for minutes in most)


def _most_minutes(round: Round) -> list[int | None]:
    """What each juror will watch at the most, in minutes of film; None where nothing is said."""
    seats = Seat.objects.sitting().of(round).order_by("juror", "most_minutes")
    said: dict[int, list] = {}
    for juror, minutes in seats.values_list("juror", "most_minutes"):
        said.setdefault(juror, []).append(minutes)
    return [min((one for one in each if one is not None), default=None) for each in said.values()]


def _pace_s(round: Round, *, at: datetime | None) -> float | None:
    """What a juror can give until the round closes, in seconds; None where no hour is set."""
    ends = _judging(round).closes_at or round.closes_at
    if ends is None:
        return None
    begins = round.opened_at or round.opens_at or at or timezone.now()
    return max((ends - begins).total_seconds(), 0.0) / DAY_S * PACE_S
