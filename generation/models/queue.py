"""The queue: the table is the truth, the broker only rings."""

import uuid
from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.errors import IllegalMove, Problem
from festival.status import HasStatus
from generation.engines.base import Brief
from generation.models.clip import Clip, single_or_shared

LEASE = timedelta(minutes=15)  # longer than loading weights or decoding, the two silent stretches
WORKER_NAME = 120  # characters
MOST_ATTEMPTS = 3  # a job whose worker dies each time may be what kills it
FINISHING = "finishing"  # as engine of a job that works on a take, so that its turns count by themselves
UNFINISHED = ("queued", "paused", "running")


class Stopped(Problem):
    """The job was cancelled, or another worker has taken it over."""


class JobQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JobQuerySet":
        """A job belongs to whoever asked for it, a take's as long as they share its production."""
        return self.filter(single_or_shared(user), owner=user) if user.is_authenticated else self.none()

    def light(self) -> "JobQuerySet":
        """Without what is to be drawn: a directed brief may hold a megabyte, and few who count need it."""
        return self.defer("brief", "offer")

    def waiting(self) -> "JobQuerySet":
        return self.filter(status=Job.Status.QUEUED)

    def changeable(self) -> "JobQuerySet":
        """Jobs that nobody has begun: waiting or paused."""
        return self.filter(status__in=[Job.Status.QUEUED, Job.Status.PAUSED])

    def in_own_order(self) -> "JobQuerySet":
        """As their owner wants them: what was put first, drafts before finals, then by age."""
        return self.order_by("-priority", "-draft", "created_at", "pk")

    def unfinished(self) -> "JobQuerySet":
        return self.filter(status__in=UNFINISHED)

    def counts(self, *, since) -> dict[str, int]:
        """How many are `unfinished`, and how many were asked for since then, whatever became of them."""
        unfinished, late = models.Q(status__in=UNFINISHED), models.Q(created_at__gt=since)
        counted = {"unfinished": unfinished, "asked": late}
        rows = self.filter(unfinished | late).order_by()
        return rows.aggregate(**{name: models.Count("pk", filter=which) for name, which in counted.items()})

    def on_the_desk(self, at=None) -> "JobQuerySet":
        """Unfinished jobs, and those that failed lately and may be tried again."""
        lately = (at or timezone.now()) - timedelta(days=1)
        failed = models.Q(status=Job.Status.FAILED, ended_at__gte=lately)
        return self.filter(models.Q(status__in=UNFINISHED) | failed)

    def lost(self, at=None) -> "JobQuerySet":
        """Running jobs whose worker has been silent for longer than its lease."""
        return self.filter(status=Job.Status.RUNNING, heartbeat_at__lt=(at or timezone.now()) - LEASE)

    def held(self, jobs) -> "JobQuerySet":
        """Those of these jobs that nobody has cancelled or taken over since they were claimed."""
        claims = (models.Q(pk=job.pk, attempt=job.attempt) for job in jobs)
        return self.filter(models.Q(*claims, _connector=models.Q.OR), status=Job.Status.RUNNING)

    def free(self, at=None) -> "JobQuerySet":
        """Jobs that a worker may take: queued, or lost and not yet given up."""
        return self.waiting() | self.lost(at).filter(attempt__lt=MOST_ATTEMPTS)

    def fitting(self, memory_bytes: int | None) -> "JobQuerySet":
        """Jobs that are not known to need more memory than this; None: any, since it is not known."""
        if memory_bytes is None:
            return self
        return self.exclude(needs_bytes__gt=memory_bytes)

    def claim(self, pk, at=None, worker: str = "") -> "Job | None":
        """Take the job if it is free, else None. One conditional UPDATE decides."""
        at = at or timezone.now()
        taken = (
            self.free(at)
            .filter(pk=pk)
            .update(
                status=Job.Status.RUNNING,
                heartbeat_at=at,
                started_at=at,
                step=0,
                together=1,
                worker=worker[:WORKER_NAME],
                attempt=models.F("attempt") + 1,
            )
        )
        return self.get(pk=pk) if taken else None


class Job(HasStatus):
    """A brief waiting for, on, or done with the GPU."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        PAUSED = "paused", "Paused"
        RUNNING = "running", "Drawing"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    FENCE = ("attempt",)
    FLOW = {  # a worker takes a job, queued or lost, by `claim`
        Status.QUEUED: {Status.CANCELLED, Status.PAUSED, Status.FAILED},
        Status.PAUSED: {Status.CANCELLED, Status.QUEUED},
        Status.RUNNING: {Status.DONE, Status.FAILED, Status.CANCELLED, Status.PAUSED},
        Status.FAILED: {Status.QUEUED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="jobs")
    brief = models.JSONField()
    engine = models.CharField(max_length=80, blank=True)
    batch_key = models.CharField(max_length=64, blank=True, help_text="Jobs of one key run as one call.")
    draft = models.BooleanField(default=False, help_text="A first look: before finals.")
    priority = models.SmallIntegerField(default=0, help_text="Among its owner's own jobs; more is sooner.")
    estimate_s = models.FloatField(default=0, help_text="Seconds a worker will need, as far as we know.")
    needs_bytes = models.BigIntegerField(
        null=True, blank=True, help_text="Memory it takes at the least, where its engine's card says so."
    )
    offer = models.JSONField(
        null=True, blank=True, help_text="A smaller brief that its owner is asked to take instead."
    )
    charged_s = models.FloatField(default=0, help_text="What this attempt was held against its owner's turn.")
    spent_s = models.FloatField(default=0, help_text="Seconds workers have spent on it.")
    together = models.PositiveSmallIntegerField(default=1, help_text="Jobs in the call that draws it.")
    worker = models.CharField(max_length=WORKER_NAME, blank=True)
    previewed_at = models.DateTimeField(null=True, blank=True, help_text="When its preview was last drawn.")
    put_away_at = models.DateTimeField(null=True, blank=True, help_text="Taken off the list of videos.")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField()
    attempt = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    clip = models.OneToOneField(Clip, models.SET_NULL, null=True, blank=True, related_name="job")
    problem = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["status", "created_at"], name="job_waiting"),
            models.Index(fields=["owner", "edition", "status"], name="job_of_person"),
        ]

    def __str__(self):
        return f"job {self.pk}"

    def beat(self, step: int = 0, at=None, *, shown: bool = False) -> None:
        """Say the worker is alive, how far it has come, and whether there is a new preview.

        Raises Stopped if it should not be.
        """
        mine = Job.objects.filter(pk=self.pk, status=self.status, attempt=self.attempt)
        at = at or timezone.now()
        if not mine.update(heartbeat_at=at, step=step, **({"previewed_at": at} if shown else {})):
            raise Stopped("This job is no longer ours.")
        self.heartbeat_at = at

    def hold_for(self, by) -> None:
        """Let nobody leave the production it draws for, nor `by` ask for more, until the transaction ends.

        The production first: so does everybody who locks both.
        """
        if take := getattr(self, "take", None):
            take.production.touch()
        by.one_at_a_time()

    @property
    def prompt(self) -> str:
        return self.brief["prompt"]

    @property
    def duration_s(self) -> float:
        return self.brief["frames"] / self.brief["fps"]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its clip in pixels."""
        return self.brief["width"], self.brief["height"]

    @property
    def drawn_at(self) -> str:
        """The size at which it is drawn before it is enlarged, in words; "" if it is not."""
        return Brief(**self.brief).drawn_at

    @property
    def unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def waits(self) -> bool:
        """Whether it is still to be begun, and may be changed."""
        return self.status in (self.Status.QUEUED, self.Status.PAUSED)

    @property
    def progress(self) -> int:
        """Per cent of the steps; the last tenth is left for decoding and signing."""
        return 100 if self.status == self.Status.DONE else 90 * self.step // self.steps

    @property
    def stage(self) -> str:
        """Where the job is, in words."""
        if self.status == self.Status.PAUSED and self.problem:
            return self.problem
        if self.status != self.Status.RUNNING:
            return self.get_status_display()
        if self.step == 0:
            return "Loading the engine"
        if self.engine == FINISHING and self.step < self.steps:
            return f"Finishing, {100 * self.step // self.steps} %"
        return "Developing and signing" if self.step >= self.steps else f"Step {self.step} of {self.steps}"

    def finish(self, clip: Clip, at=None) -> None:
        self._move(self.Status.DONE, clip=clip, step=self.steps, **self._ended(at))

    def fail(self, problem: str, at=None) -> None:
        """End it without a clip. What a worker was at that has died is held against nobody."""
        ended = self._ended(at)
        if self.heartbeat_at and self.heartbeat_at < ended["ended_at"] - LEASE:
            ended["spent_s"] = self.spent_s
        self._move(self.Status.FAILED, problem=problem[:2000], **ended)

    def cancel(self, at=None) -> None:
        self._move(self.Status.CANCELLED, problem="", offer=None, **self._ended(at))

    def pause(self) -> None:
        self._move(self.Status.PAUSED)

    def resume(self) -> None:
        self._move(self.Status.QUEUED)

    def queue_again(self) -> None:
        self._move(self.Status.QUEUED, problem="", step=0, ended_at=None, heartbeat_at=None, charged_s=0)

    def ask(self, offer: Brief, question: str, at=None) -> None:
        """Put it off until its owner says whether the `offer` may be drawn in its place."""
        spent_s = self.spent_s + self.elapsed_s(at)
        said = {"offer": asdict(offer), "problem": question[:2000], "step": 0, "spent_s": spent_s}
        self._move(self.Status.PAUSED, heartbeat_at=None, **said)

    def take_offer(self, *, estimate_s: float, needs_bytes: int | None) -> None:
        """Queue what its owner was asked to take, in the place that it has."""
        asked = _asked(Brief(**self.offer), estimate_s, needs_bytes)
        self._move(self.Status.QUEUED, **asked)

    def rewrite(self, brief: Brief, *, estimate_s: float, needs_bytes: int | None = None) -> None:
        """Ask for something else in the same place of the queue. Raises IllegalMove once it was begun."""
        changes = _asked(brief, estimate_s, needs_bytes)
        row = Job.objects.filter(pk=self.pk, status=self.status, attempt=self.attempt)
        if not self.waits or not row.update(**changes):
            raise IllegalMove(self, self.status)
        for field, value in changes.items():
            setattr(self, field, value)

    def elapsed_s(self, at=None) -> float:
        """Its share of the seconds that a worker has been at it; 0 unless it is being drawn.

        A worker that has fallen silent is at it until its lease runs out.
        """
        if self.status != self.Status.RUNNING or self.started_at is None:
            return 0.0
        return self.share_s(at or timezone.now())

    def share_s(self, until) -> float:
        """Its share of the seconds from its beginning `until` then, or until its worker's lease ran out."""
        if self.heartbeat_at:
            until = min(until, self.heartbeat_at + LEASE)
        return max((until - self.started_at).total_seconds(), 0.0) / self.together

    def _ended(self, at=None) -> dict:
        at = at or timezone.now()
        return {"ended_at": at, "spent_s": self.spent_s + self.elapsed_s(at)}


def _asked(brief: Brief, estimate_s: float, needs_bytes: int | None) -> dict:
    """The fields of a job that asks for this brief."""
    return {
        "brief": asdict(brief),
        "engine": brief.engine,
        "batch_key": brief.batch_key,
        "steps": brief.steps,
        "estimate_s": estimate_s,
        "needs_bytes": needs_bytes,
        "offer": None,
        "problem": "",
    }


class Turn(models.Model):
    """How far ahead of others a person has been served: what deficit round robin remembers of them."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="turn"
    )
    deficit_s = models.FloatField(
        default=0, help_text="Seconds drawn for them that others still have to get."
    )
    served_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"turn of {self.person}"


class Worker(models.Model):
    """A process that draws: which engine it holds, and when it was last heard of."""

    name = models.CharField(max_length=WORKER_NAME, primary_key=True)
    device = models.CharField(max_length=120, blank=True, help_text="The card or processor it draws on.")
    engine = models.CharField(max_length=80, blank=True, help_text="Loaded, ready to draw.")
    memory_bytes = models.BigIntegerField(null=True, blank=True, help_text="Of its card; null: not known.")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
