"""Whose job is next, and what becomes of jobs that are put off, cancelled, fail, or lose their worker."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from heapq import heapify, heapreplace

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import Greatest
from django.utils import timezone

from festival.errors import IllegalMove, Refused
from festival.models import Edition
from generation import access, allowances, barring, finishing, showing, tasks, turns
from generation.engines import memory, registry
from generation.engines.base import Brief, Card
from generation.estimates import estimate_s
from generation.estimates import of as estimate_of
from generation.models import MOST_ATTEMPTS, Job, Turn, Worker

__all__ = ["estimate_s"]  # the studio's pages ask dispatch what a drawing will cost

PATIENCE = timedelta(minutes=1)  # a job that waits longer may have lost its ring
RUSH = timedelta(hours=48)  # before an edition's deadline, in which its entrants' jobs …
RUSHED = 0.5  # … are charged this much of their seconds
SEEN = timedelta(minutes=10)  # a worker silent for longer is not counted on
BROKE_OFF = (
    "The drawing broke off, through no fault of yours. Your words and the seed are kept: try again, and "
    "if it breaks off again, write to the festival office."
)
WORKER_DIED = (
    f"The worker stopped {MOST_ATTEMPTS} times while it drew this clip, so we gave up. Your words and the "
    "seed are kept: try again with fewer seconds."
)


def take(at: datetime | None = None) -> Job | None:
    """The free job whose turn it is, claimed for the caller; None when nothing is free."""
    return next(iter(take_together(at)), None)


@transaction.atomic
def take_together(
    at: datetime | None = None, *, worker: str = "", loaded: str = "", batchable=frozenset()
) -> list[Job]:
    """The jobs whose turn it is, claimed for one call; none when nothing is free.

    Jobs that may not be drawn any more end on the way, and are charged nothing; once many have, none is
    claimed, so that the next look goes on.

    Args:
        worker: its name; what needs more memory than it has is left to others.
        loaded: the engine it holds; it decides between people who are even.
        batchable: engines that draw several takes in one call; jobs of others come alone.
    """
    at = at or timezone.now()
    hand = Worker.objects.filter(name=worker).first() if worker else None
    fitting = Job.objects.free(at).fitting(hand.memory_bytes if hand else None)
    waiting = _waiting(fitting, at, batchable)
    standing, gate, claimed = _standing(), barring.Gate(at), []
    while not (claimed or gate.busy) and (found := turns.next_one(waiting, standing, loaded=loaded)):
        first, quantum = found
        call = turns.together(first, waiting, standing)
        barred = gate.barred([one.pk for one in call])
        for job, why in barred.values():
            give_up(job, why)
        may = [one.pk for one in call if one.pk not in barred]
        claimed = [job for pk in may if (job := Job.objects.claim(pk, at=at, worker=worker))]
        if claimed:
            _go_round(quantum)
            _charge(claimed, {one.pk: one.seconds for one in call}, at)
        waiting = [one for one in waiting if one not in call]  # other workers were quicker
    gate.record()
    return claimed


def _waiting(jobs: QuerySet[Job], at: datetime, batchable=frozenset()) -> list[turns.Waiting]:
    """What the order of turns needs to know of these jobs."""
    said = ("pk", "owner_id", "edition_id", "estimate_s", "created_at", "draft", "priority", "engine",
            "batch_key", "attempt")  # fmt: skip
    rows = list(jobs.order_by().values(*said))
    rushed = _rushed({row["edition_id"] for row in rows}, at)
    return [
        turns.Waiting(
            pk=row["pk"],
            person=row["owner_id"],
            seconds=row["estimate_s"] * (RUSHED if row["edition_id"] in rushed else 1),
            asked=row["created_at"].timestamp(),
            draft=row["draft"],
            priority=row["priority"],
            engine=row["engine"],
            # whoever was tried before comes alone: it may be what brought the call down
            batch_key=row["batch_key"] if row["engine"] in batchable and not row["attempt"] else "",
        )
        for row in rows
    ]


def _rushed(editions: set[int], at: datetime) -> set[int]:
    """Those of the editions whose last deadline is near."""
    ends = Edition.objects.filter(pk__in=editions).annotate(ends_at=Max("tiers__closes_at"))
    return set(ends.filter(ends_at__range=(at, at + RUSH)).values_list("pk", flat=True))


def _standing() -> turns.Standing:
    rows = Turn.objects.values_list("person_id", "deficit_s", "served_at")
    return turns.Standing(
        {person: deficit for person, deficit, _ in rows},
        {person: served_at.timestamp() for person, _, served_at in rows if served_at},
    )


def _go_round(quantum: float) -> None:
    """Take the quantum off everyone's deficit, whether they wait for something or not."""
    if quantum > 0:
        Turn.objects.filter(deficit_s__gt=0).update(deficit_s=Greatest(F("deficit_s") - quantum, 0.0))


def _charge(jobs: list[Job], seconds: dict, at: datetime) -> None:
    """Hold against each owner what their job is thought to take; what was lost with a worker is paid."""
    for job in jobs:
        charge = max(max(seconds[job.pk], turns.LEAST_S) - job.charged_s, 0.0)
        job.together = len(jobs)
        job.charged_s += charge
        Job.objects.filter(pk=job.pk).update(together=job.together, charged_s=job.charged_s)
        Turn.objects.get_or_create(person_id=job.owner_id)
        Turn.objects.filter(person=job.owner_id).update(deficit_s=F("deficit_s") + charge, served_at=at)


def settle(job: Job) -> None:
    """Once a worker has put the job down: charge what it took in place of what it was thought to take.

    Settled twice, it is charged once. The preview goes with it.
    """
    ended = Job.objects.filter(pk=job.pk).first()  # it may have gone with its owner
    if ended is None or ended.unfinished or not ended.started_at:
        return
    took = ended.share_s(ended.ended_at)
    weight = RUSHED if _rushed({ended.edition_id}, ended.started_at) else 1
    unsettled = Job.objects.filter(pk=ended.pk, charged_s=ended.charged_s, attempt=ended.attempt)
    if unsettled.update(charged_s=took * weight):
        difference = took * weight - ended.charged_s
        owed = Greatest(F("deficit_s") + difference, 0.0)
        Turn.objects.filter(person=ended.owner_id).update(deficit_s=owed)
    showing.forget(ended)


def put_down(jobs: list[Job], at: datetime | None = None) -> None:
    """As their call ends: what was cancelled within it was drawn with the others, and costs its share."""
    at = at or timezone.now()
    for job in jobs:
        within = Job.objects.filter(pk=job.pk, attempt=job.attempt, status=Job.Status.CANCELLED)
        share_s = (at - job.started_at).total_seconds() / job.together
        within.update(ended_at=at, spent_s=job.spent_s + share_s)


def recover(at: datetime | None = None) -> None:
    """Ring once if a free job waits without a ring; give up those that keep losing their worker.

    What fits into no worker any more, since the large one has gone, is put off with a question.
    """
    at = at or timezone.now()
    for job in Job.objects.lost(at).filter(attempt__gte=MOST_ATTEMPTS):
        give_up(job, WORKER_DIED)
    if most := _most_memory(at):
        for job in Job.objects.waiting().filter(needs_bytes__gt=most):
            if not ask_for_less(job):
                give_up(job, memory.too_large(Brief(**job.brief)))
    forgotten = Job.objects.waiting().filter(created_at__lt=at - PATIENCE)
    if forgotten.exists() or Job.objects.lost(at).exists():
        tasks.draw.delay()


def why_not_fit(card: Card, brief: Brief, at: datetime | None = None) -> str:
    """Has none of the workers the memory for this brief, piece by piece? "" also where that is not known."""
    needs, most = card.least_bytes(brief), _most_memory(at or timezone.now())
    return memory.too_large(brief) if needs and most and needs > most else ""


def _most_memory(at: datetime) -> int | None:
    """Bytes of the largest worker heard of lately; None while one of them, or none, has said."""
    said = list(Worker.objects.filter(seen_at__gte=at - SEEN).values_list("memory_bytes", flat=True))
    return max(said) if said and None not in said else None


def ask_for_less(job: Job) -> bool:
    """Put off a job that does not fit, and ask its owner whether half its size would do.

    Returns:
        False: nothing smaller can be drawn, or it has ended meanwhile.
    """
    ours = Job.objects.filter(pk=job.pk, attempt=job.attempt).first()  # `job` may be ahead of its row
    brief, card = Brief(**job.brief), _card(job)
    smaller = card.smaller(brief) if card else None
    if ours is None or smaller is None:
        return False
    with suppress(IllegalMove):
        ours.ask(smaller, memory.question(brief, smaller))
        return True
    return False


def ring_if_any_wait() -> None:
    """Ring again when a worker puts down a job and another waits; a lost ring then costs little."""
    if Job.objects.waiting().exists():
        tasks.draw.delay()


def give_up(job: Job, problem: str) -> None:
    """Mark the job as failed, unless somebody has cancelled it or taken it over meanwhile."""
    ours = Job.objects.filter(pk=job.pk, attempt=job.attempt).first()  # `job` may be ahead of its row
    with suppress(IllegalMove):
        if ours:
            ours.fail(problem)
            settle(ours)


def cancel(job: Job, *, by) -> Job:
    """Stop the job: at once while it waits, after the running step while it is drawn.

    Raises:
        Refused: it is not `by`'s, or has ended.
    """
    if why := access.why_not_cancel(by, job):
        raise Refused(why)
    try:
        job.cancel()
    except IllegalMove:  # a worker took it between our reading and now; what counts is how it stands
        job = Job.objects.get(pk=job.pk)
        if why := access.why_not_cancel(by, job):
            raise Refused(why) from None
        job.cancel()
    settle(job)
    return job


def pause(job: Job, *, by) -> Job:
    """Put the job off: it keeps its place by age, and no worker takes it until it is resumed.

    Raises:
        Refused: it is not `by`'s, or was begun.
    """
    return _change(job, by, Job.Status.QUEUED, Job.pause)


@transaction.atomic
def resume(job: Job, *, by, at: datetime | None = None) -> Job:
    """Let workers take a paused job again; one that did not fit is drawn as it was offered.

    Raises:
        Refused: it is not `by`'s or is not paused; or it could not be asked for now: the call has closed,
            its engine is gone or no longer licensed for the edition, no seconds are left.
    """
    job.hold_for(by)
    brief, card = Brief(**(job.offer or job.brief)), _card(job)
    estimate_s = estimate_of(brief) if job.offer else job.estimate_s
    why = access.why_not_resume(by, job, at=at) or _why_not_now(job, brief, card)
    if why := why or allowances.why_not_spend(by, job.edition, estimate_s, besides=job):
        raise Refused(why)
    needs_bytes = card.least_bytes(brief) if card else None
    offered = partial(Job.take_offer, estimate_s=estimate_s, needs_bytes=needs_bytes)
    _change(job, by, Job.Status.PAUSED, offered if job.offer else Job.resume)
    tasks.draw.delay_on_commit()
    return job


def _card(job: Job) -> Card | None:
    """The card of the engine that draws the job, if it is still there."""
    return registry.cards(settings.ENGINES_ROOT).get(job.brief["engine"])


def _why_not_now(job: Job, brief: Brief, card: Card | None) -> str:
    """Could the job's engine be asked for this brief now?"""
    if job.engine == finishing.ENGINE:
        return ""
    if card is None:
        return "This engine is not here any more. Cancel it, and choose another."
    return card.why_not(brief) or access.why_not_licensed(card, job.edition) or why_not_fit(card, brief)


def _change(job: Job, by, status: str, change) -> Job:
    if why := access.why_not_change(by, job, status=status):
        raise Refused(why)
    try:
        change(job)
    except IllegalMove:
        why = access.why_not_change(by, Job.objects.get(pk=job.pk), status=status)
        raise Refused(why or "It has just changed. Look again.") from None
    return job


@transaction.atomic
def put(job: Job, *, by, place: int) -> None:
    """Put a waiting job at this place, from 0, among its owner's own; other people's turns are untouched.

    Raises:
        Refused: it is not `by`'s, or was begun.
    """
    by.one_at_a_time()
    if why := access.why_not_change(by, job):
        raise Refused(why)
    own = list(Job.objects.filter(owner=by).changeable().in_own_order())
    others = [one for one in own if one.pk != job.pk]
    others.insert(min(max(place, 0), len(others)), job)
    for position, one in enumerate(others):
        Job.objects.filter(pk=one.pk).update(priority=len(others) - position)


@transaction.atomic
def retry(job: Job, *, by) -> Job:
    """Queue a failed job again, with the same brief.

    Raises:
        Refused: it is not `by`'s, did not fail, or could not be asked for now; see `resume`.
    """
    job.hold_for(by)
    why, card = access.why_not_retry(by, job), _card(job)
    if card and job.engine != finishing.ENGINE:
        why = why or access.why_not_licensed(card, job.edition)  # all else the worker says
    if why := why or allowances.why_not_spend(by, job.edition, job.estimate_s):
        raise Refused(why)
    job.queue_again()
    tasks.draw.delay_on_commit()
    return job


def expected_wait_s(
    person, *, seconds: float = 0, engine: str = "", draft: bool = False, at: datetime | None = None
) -> float:
    """Seconds until a worker would begin a job of so many `seconds` that `person` asked `engine` for now."""
    at = at or timezone.now()
    asked = turns.Waiting(None, person.pk, seconds, at.timestamp(), draft=draft, engine=engine)
    return _outlook([asked], at)[None][1]


def outlook(job: Job, at: datetime | None = None) -> tuple[int, float]:
    """How many jobs of all people come before a waiting job, and the seconds until it is begun.

    (0, 0.0) for a job that does not wait.
    """
    if job.status != Job.Status.QUEUED:
        return 0, 0.0
    return outlooks(at).get(job.pk, (0, 0.0))


def outlooks(at: datetime | None = None) -> dict:
    """For each job that waits: how many come before it, and the seconds until it is begun."""
    return _outlook([], at or timezone.now())


def _outlook(more: list[turns.Waiting], at: datetime) -> dict:
    running = list(Job.objects.light().filter(status=Job.Status.RUNNING))
    held = Worker.objects.filter(seen_at__gte=at - SEEN).values_list("engine", flat=True)
    hands, loaded = max(len(held), 1), held[0] if len(set(held)) == 1 else ""
    left: dict[str, float] = {}  # a worker is free once all jobs of its call are drawn
    for job in running:
        left[job.worker] = left.get(job.worker, 0.0) + max(job.estimate_s - job.elapsed_s(at), 0.0)
    free = [*left.values(), *[0.0] * (hands - len(left))]
    heapify(free)
    waiting, found = [*_waiting(Job.objects.waiting(), at), *more], {}
    order = turns.in_turn(waiting, _standing(), loaded=loaded, now=at.timestamp())
    for ahead, job in enumerate(order, len(running)):
        found[job.pk] = (ahead, free[0])
        heapreplace(free, free[0] + job.seconds)
    return found


def waiting_s() -> float:
    """Seconds of work that wait for a worker, of all people."""
    return Job.objects.waiting().aggregate(all=Sum("estimate_s"))["all"] or 0.0


def note_worker(name: str, *, device: str = "", engine: str = "", at: datetime | None = None) -> None:
    """A worker says that it is there, and which engine it holds."""
    said = {"device": device[:120], "engine": engine[:80], "seen_at": at or timezone.now()}
    said["memory_bytes"] = memory.capacity_bytes()
    Worker.objects.update_or_create(name=name[:120], defaults=said)
