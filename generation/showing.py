"""While jobs are drawn: each beats, learns that it was cancelled, and shows how it comes on."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import numpy as np
from django.core import signing
from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from festival import archive
from generation.engines import previews
from generation.engines.base import Engine, Latents
from generation.models import Job, Stopped, Take

SALT = "marquee.preview"
BEAT_S = 0.5  # from one heartbeat to the next, at least; between two a cancel is asked after, no less often
AGE_S = 600.0  # that an address works for; an engine may take minutes from one step to the next


class Call:
    """The jobs that are drawn by one call of an engine, and what is shown of them meanwhile."""

    def __init__(self, jobs: Sequence[Job], engine: Engine, *, clock: Callable[[], float] = time.monotonic):
        self.jobs = list(jobs)
        self.live = list(jobs)  # those that are still ours
        self._engine = engine
        self._map: previews.Map | None = None
        self._pace = previews.Pace(clock)
        self._clock = clock
        self._heard_at = dict.fromkeys((job.pk for job in jobs), float("-inf"))
        self._question = Job.objects.held(jobs).order_by().values_list("pk").query.sql_with_params()

    @contextmanager
    def part(self, begin: int, end: int) -> Iterator[Callable[..., None]]:
        """What the engine calls after each step while it draws the jobs from `begin` to `end`.

        It raises Stopped once none of the call's jobs is ours.
        """
        jobs = self.jobs[begin:end]
        if not self.live:
            raise Stopped("None of these jobs is ours any more.")
        self._map = previews.of(self._engine)

        def on_step(step: int, latents: Latents | None = None) -> None:
            for job in jobs:
                job.step = step + 1
            if latents is not None and self._pace.due():
                self._show(jobs, latents)
            self._beat(jobs)

        with connection.cursor() as self._cursor:  # one for all steps: a step may be short
            yield on_step

    def _beat(self, jobs: list[Job]) -> None:
        """Learn who was cancelled or taken over, after each step; say now and then that all are alive.

        A preview has said so already. The first step is said at once, and so is the last of `jobs`: decoding,
        which follows, may take long.
        """
        silent_since = self._clock() - BEAT_S
        due = [
            job
            for job in self.live
            if self._heard_at[job.pk] <= silent_since or (job in jobs and job.step >= job.steps)
        ]
        ended = {job.pk for job in due if not self._beaten(job)}
        if len(due) < len(self.live):
            ended |= self._ended()
        self.live = [job for job in self.live if job.pk not in ended]
        if not self.live:
            raise Stopped("None of these jobs is ours any more.")

    def _beaten(self, job: Job) -> bool:
        try:
            job.beat(step=job.step)
        except Stopped:
            return False
        self._heard_at[job.pk] = self._clock()
        return True

    def _ended(self) -> set[UUID]:
        """The ids of live jobs that are no longer ours: one question for all, made into SQL once."""
        self._cursor.execute(*self._question)
        held = self._cursor.fetchall()
        if len(held) == len(self.live):  # what has ended comes to be ours never again
            return set()
        return {job.pk for job in self.live} - {UUID(str(pk)) for (pk,) in held}

    def _show(self, jobs: list[Job], latents: Latents) -> None:
        began = self._clock()
        seen = np.asarray(latents())
        for job, one in zip(jobs, seen, strict=True):
            pictures = previews.frames(one, self._map) if job in self.live else None
            if pictures is not None:
                show(job, previews.strip(pictures, size=job.size, duration_s=job.duration_s))
                self._heard_at[job.pk] = self._clock()
        self._pace.sent(began=began)


def concerning(people: set[int]) -> QuerySet[Job]:
    """These people's single jobs, and those of productions they share: a row for each member, as `sharer_id`.

    `producer_id` is the production's owner; both are None for a job without a take.
    """
    members = "take__production__members"
    joined = Q(**{f"{members}__accepted_at__isnull": False, f"{members}__ended_at": None})
    shared = Q(take__production__owner__in=people) | Q(sharing__person__in=people)
    return (
        Job.objects.light()
        .annotate(sharing=FilteredRelation(members, condition=joined))
        .filter(Q(owner__in=people, take=None) | shared)
        .annotate(producer_id=F("take__production__owner"), sharer_id=F("sharing__person"))
    )


def watched_by(user) -> QuerySet[Job]:
    """The jobs that `user` may watch as they are drawn: their own, and those of takes they share."""
    own, shared = Job.objects.visible_to(user).values("pk"), Take.objects.visible_to(user).values("job")
    return Job.objects.filter(Q(pk__in=own) | Q(pk__in=shared))


def show(job: Job, strip: bytes) -> None:
    """Keep a preview in place of the one before; the pages of all who may watch hear of it.

    With it is said that the worker is alive and how far it has come.
    """
    archive.write(strip, preview_name(job))
    try:
        job.beat(step=job.step, shown=True)
    except Stopped:
        archive.delete(preview_name(job))  # it ended in this moment


def preview_name(job: Job) -> str:
    """The archive name of the job's preview, which each new one overwrites."""
    return f"previews/{job.pk}.webp"


def address(job: Job) -> str:
    """Where the preview is seen, by those alone who may watch and for some minutes; "" where there is none.

    It is another one for each preview, and the same for the same one.
    """
    if job.previewed_at is None:
        return ""
    drawn_ms = round(job.previewed_at.timestamp() * 1000)
    return reverse("studio:preview", args=[signing.Signer(salt=SALT).sign_object([job.pk.hex, drawn_ms])])


def opened(token: str, *, at: datetime | None = None) -> str:
    """The id of the job whose preview this address is for.

    Raises:
        BadSignature: it is forged, or too old.
    """
    pk, drawn_ms = signing.Signer(salt=SALT).unsign_object(token)
    if (at or timezone.now()).timestamp() - drawn_ms / 1000 > AGE_S:
        raise signing.SignatureExpired("This preview is too old.")
    return pk


def forget(job: Job) -> None:
    """Remove the preview of a job that has ended."""
    if Job.objects.filter(pk=job.pk, previewed_at__isnull=False).update(previewed_at=None):
        archive.delete(preview_name(job))
