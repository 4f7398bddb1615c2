"""The queue: the table is the truth, the broker only rings."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.errors import Problem
from festival.status import HasStatus
from generation.models.clip import Clip

LEASE = timedelta(minutes=15)  # longer than loading weights or decoding, the two silent stretches


class Stopped(Problem):
    """The job was cancelled, or another worker has taken it over."""


class JobQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JobQuerySet":
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def waiting(self) -> "JobQuerySet":
        return self.filter(status=Job.Status.QUEUED)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])

    def lost(self, at=None) -> "JobQuerySet":
        """Running jobs whose worker has been silent for longer than its lease."""
        return self.filter(status=Job.Status.RUNNING, heartbeat_at__lt=(at or timezone.now()) - LEASE)

    def claim(self, pk, at=None) -> "Job | None":
        """Take the job if it is queued or lost, else None. One conditional UPDATE decides."""
        at = at or timezone.now()
        free = self.filter(status=Job.Status.QUEUED) | self.lost(at)
        taken = free.filter(pk=pk).update(
            status=Job.Status.RUNNING,
            heartbeat_at=at,
            started_at=at,
            step=0,
            attempt=models.F("attempt") + 1,
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
    FLOW = {
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

    def finish(self, clip: Clip) -> None:
        self._move(self.Status.DONE, clip=clip, step=self.steps, ended_at=timezone.now())

    def fail(self, problem: str) -> None:
        self._move(self.Status.FAILED, problem=problem[:2000], ended_at=timezone.now())

    def cancel(self) -> None:
        self._move(self.Status.CANCELLED, ended_at=timezone.now())
