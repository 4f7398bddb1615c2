"""The queue: the table is the truth, the broker only rings."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.errors import Problem
from festival.status import HasStatus
from generation.engines.base import Brief
from generation.models.clip import Clip

LEASE = timedelta(minutes=15)  # longer than loading weights or decoding, the two silent stretches
MOST_ATTEMPTS = 3  # a job whose worker dies each time may be what kills it


class Stopped(Problem):
    """The job was cancelled, or another worker has taken it over."""


class JobQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JobQuerySet":
        """A job belongs to whoever asked for it."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def waiting(self) -> "JobQuerySet":
        return self.filter(status=Job.Status.QUEUED)

    def by_turn(self) -> "JobQuerySet":
        """First those whose owner has waited longest since a worker last began for them, then by age."""
        served = models.Max("owner__jobs__started_at")
        return self.annotate(served_at=served).order_by(
            models.F("served_at").asc(nulls_first=True), "created_at"
        )

    def unfinished(self) -> "JobQuerySet":
        return self.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])

    def on_the_desk(self, at=None) -> "JobQuerySet":
        """Unfinished jobs, and those that failed lately and may be tried again."""
        lately = (at or timezone.now()) - timedelta(days=1)
        failed = models.Q(status=Job.Status.FAILED, ended_at__gte=lately)
        return self.filter(models.Q(status__in=[Job.Status.QUEUED, Job.Status.RUNNING]) | failed)

    def lost(self, at=None) -> "JobQuerySet":
        """Running jobs whose worker has been silent for longer than its lease."""
        return self.filter(status=Job.Status.RUNNING, heartbeat_at__lt=(at or timezone.now()) - LEASE)

    def free(self, at=None) -> "JobQuerySet":
        """Jobs that a worker may take: queued, or lost and not yet given up."""
        return self.waiting() | self.lost(at).filter(attempt__lt=MOST_ATTEMPTS)

    def claim(self, pk, at=None) -> "Job | None":
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
                attempt=models.F("attempt") + 1,
            )
        )
        return self.get(pk=pk) if taken else None


class Job(HasStatus):
    """A brief waiting for, on, or done with the GPU."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Drawing"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    FENCE = ("attempt",)
    FLOW = {  # a worker takes a job, queued or lost, by `claim`
        Status.QUEUED: {Status.CANCELLED},
        Status.RUNNING: {Status.DONE, Status.FAILED, Status.CANCELLED},
        Status.FAILED: {Status.QUEUED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="jobs")
    brief = models.JSONField()
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

    def __str__(self):
        return f"job {self.pk}"

    def beat(self, step: int = 0, at=None) -> None:
        """Say the worker is alive, once per denoising step. Raises Stopped if it should not be."""
        mine = Job.objects.filter(pk=self.pk, status=self.status, attempt=self.attempt)
        if not mine.update(heartbeat_at=at or timezone.now(), step=step):
            raise Stopped("This job is no longer ours.")

    @property
    def prompt(self) -> str:
        return self.brief["prompt"]

    @property
    def duration_s(self) -> float:
        return self.brief["frames"] / self.brief["fps"]

    @property
    def drawn_at(self) -> str:
        """The size at which it is drawn before it is enlarged, in words; "" if it is not."""
        return Brief(**self.brief).drawn_at

    @property
    def unfinished(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)

    def ahead(self) -> int:
        """How many jobs of all people are being drawn or were asked for earlier; 0 unless it waits."""
        if self.status != self.Status.QUEUED:
            return 0
        earlier = models.Q(status=self.Status.RUNNING) | models.Q(created_at__lt=self.created_at)
        return Job.objects.unfinished().filter(earlier).count()

    @property
    def progress(self) -> int:
        """Per cent of the steps; the last tenth is left for decoding and signing."""
        return 100 if self.status == self.Status.DONE else 90 * self.step // self.steps

    @property
    def stage(self) -> str:
        """Where the job is, in words."""
        if self.status != self.Status.RUNNING:
            return self.get_status_display()
        if self.step == 0:
            return "Loading the engine"
        return "Developing and signing" if self.step >= self.steps else f"Step {self.step} of {self.steps}"

    def finish(self, clip: Clip) -> None:
        self._move(self.Status.DONE, clip=clip, step=self.steps, ended_at=timezone.now())

    def fail(self, problem: str) -> None:
        self._move(self.Status.FAILED, problem=problem[:2000], ended_at=timezone.now())

    def cancel(self) -> None:
        self._move(self.Status.CANCELLED, ended_at=timezone.now())

    def queue_again(self) -> None:
        self._move(self.Status.QUEUED, problem="", step=0, ended_at=None, heartbeat_at=None)
