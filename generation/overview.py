"""How the studio's workers and its queue stand: for the office, and for whoever looks after the machines."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.utils import timezone

from generation import dispatch
from generation.allowances import in_words
from generation.engines import registry
from generation.models import LEASE, Clip, Job, Turn, Worker

DAY = timedelta(days=1)
MOST_ROWS = 200  # jobs that a page lists


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker: what it holds, what it is drawing, and how long it has been silent."""

    name: str
    device: str
    engine: str
    seen_at: datetime
    silent_s: float
    jobs: list[Job]

    @property
    def state(self) -> str:
        """“drawing”, “idle”, or “silent” for one that should have been heard of."""
        if self.jobs:
            return "silent" if self.silent_s > LEASE.total_seconds() else "drawing"
        return "silent" if self.silent_s > dispatch.SEEN.total_seconds() else "idle"


@dataclass(frozen=True, slots=True)
class Place:
    """A job that waits: how many come before it, and the seconds until it is begun, as far as we know."""

    job: Job
    ahead: int
    wait_s: float
    waited_s: float


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it at one moment."""

    at: datetime
    hands: list[Hand]
    places: list[Place]
    paused: int
    waiting_s: float
    waits: dict[str, float]  # "half" and "most": seconds that half and 95 of 100 jobs of a day waited at most
    failed: int  # in a day
    engines: list[tuple] = field(default_factory=list)  # card, seconds to draw one second or None
    deficits: dict[int, float] = field(default_factory=dict)

    @property
    def running(self) -> int:
        return sum(len(hand.jobs) for hand in self.hands)


def overview(at: datetime | None = None) -> Overview:
    """How workers, engines, queue and waits stand now."""
    at = at or timezone.now()
    jobs = list(Job.objects.unfinished().select_related("owner", "edition").order_by("created_at"))
    outlooks = dispatch.outlooks(at)
    places = [
        Place(job, *outlooks[job.pk], (at - job.created_at).total_seconds())
        for job in jobs
        if job.pk in outlooks
    ]
    places.sort(key=lambda place: place.ahead)
    pace = Clip.objects.pace()
    return Overview(
        at=at,
        hands=_hands([job for job in jobs if job.status == Job.Status.RUNNING], at),
        places=places[:MOST_ROWS],
        paused=sum(job.status == Job.Status.PAUSED for job in jobs),
        waiting_s=sum(place.job.estimate_s for place in places),
        waits=waits(at),
        failed=Job.objects.filter(status=Job.Status.FAILED, ended_at__gte=at - DAY).count(),
        engines=[(card, pace.get(card.name)) for card in registry.cards(settings.ENGINES_ROOT).values()],
        deficits=dict(Turn.objects.filter(deficit_s__gt=0).values_list("person", "deficit_s")),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One job on the drawing of what comes: when it begins from now, and how long it takes, in seconds."""

    begins_s: float
    lasts_s: float
    state: str  # "running", "draft" or "final"
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's jobs on it."""

    who: str
    bars: list[Bar]


def lanes(now: Overview, edition) -> tuple[list[Lane], float]:
    """What is drawn and what comes, person by person, whoever is next first; and the seconds it spans.

    People of other editions, who share the workers, stand in one lane without their names.
    """
    bars: dict[str, list[Bar]] = {}
    for hand in now.hands:
        for job in hand.jobs:
            left_s = max(job.estimate_s - job.elapsed_s(now.at), 1.0)
            bars.setdefault(_who(job, edition), []).append(Bar(0.0, left_s, "running", job.stage))
    for place in now.places:
        kind = "draft" if place.job.draft else "final"
        begins = f"begins in {in_words(place.wait_s)}, takes {in_words(place.job.estimate_s)}"
        bar = Bar(place.wait_s, max(place.job.estimate_s, 1.0), kind, begins)
        bars.setdefault(_who(place.job, edition), []).append(bar)
    found = [Lane(who, own) for who, own in bars.items()]
    ends = [bar.begins_s + bar.lasts_s for lane in found for bar in lane.bars]
    return found, max(ends, default=0.0)


def _who(job: Job, edition) -> str:
    return str(job.owner) if job.edition_id == edition.pk else "Other editions"


def _hands(running: list[Job], at: datetime) -> list[Hand]:
    """Workers heard of in a day, and those whose jobs run though nobody has heard of them."""
    known = {worker.name: worker for worker in Worker.objects.filter(seen_at__gte=at - DAY)}
    by_worker: dict[str, list[Job]] = {}
    for job in running:
        by_worker.setdefault(job.worker or "unknown", []).append(job)
    hands = []
    for name in sorted({*known, *by_worker}):
        jobs, worker = by_worker.get(name, []), known.get(name)
        beats = [job.heartbeat_at for job in jobs if job.heartbeat_at]
        seen_at = max([*beats, *([worker.seen_at] if worker else [])], default=at)
        hands.append(
            Hand(
                name=name,
                device=worker.device if worker else "",
                engine=jobs[0].engine if jobs else worker.engine if worker else "",
                seen_at=seen_at,
                silent_s=max((at - seen_at).total_seconds(), 0.0),
                jobs=jobs,
            )
        )
    return hands


def waits(at: datetime) -> dict[str, float]:
    """How long jobs begun within a day had waited: the median and the 95th percentile, in seconds."""
    begun = Job.objects.filter(started_at__range=(at - DAY, at), attempt=1).order_by("-started_at")
    waited = [
        (started_at - created_at).total_seconds()
        for started_at, created_at in begun.values_list("started_at", "created_at")[:2000]
    ]
    if not waited:
        return {}
    half, most = np.percentile(waited, [50, 95])
    return {"half": float(half), "most": float(most)}
