"""Files: what is being uploaded, what has been examined, and the shots found in it."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.errors import Problem
from festival.models.film import Film
from festival.status import HasStatus

LEASE = timedelta(minutes=3)  # a media worker beats at least every few seconds while ffmpeg reports


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user) -> "UploadQuerySet":
        """An upload belongs to whoever began it; nobody else may know it exists."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def expired(self, at=None) -> "UploadQuerySet":
        return self.filter(finished_at=None, expires_at__lte=at or timezone.now())


class Upload(models.Model):
    """A file on its way in, by the tus protocol; `offset_bytes` are safely on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    film = models.ForeignKey(Film, models.CASCADE, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=255, help_text="As the entrant calls the file; never used as a path.")
    size_bytes = models.PositiveBigIntegerField()
    offset_bytes = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    lock = models.UUIDField(null=True, blank=True, editable=False)
    locked_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]

    def __str__(self):
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes lie on this machine until the last one is here."""
        return Path(settings.UPLOAD_ROOT, self.pk.hex)


class Stopped(Problem):
    """Another worker has taken this footage over, or it is gone."""


class FootageQuerySet(models.QuerySet):
    def waiting(self, at=None) -> "FootageQuerySet":
        """Not begun a minute after it could have been: its doorbell may have been lost."""
        return self.filter(
            status=Footage.Status.WAITING, created_at__lt=(at or timezone.now()) - timedelta(minutes=1)
        )

    def superseded(self) -> "FootageQuerySet":
        """Examined footage with renditions that nobody sees any more: its film shows another file."""
        shown = self.filter(status=Footage.Status.READY, film__footage__isnull=False)
        return shown.exclude(folder="").exclude(film__footage=models.F("pk"))

    def lost(self, at=None) -> "FootageQuerySet":
        """Being examined, by a worker that has been silent for longer than its lease."""
        return self.filter(status=Footage.Status.EXAMINING, heartbeat_at__lt=(at or timezone.now()) - LEASE)

    def claim(self, pk, at=None) -> "Footage | None":
        """Take the footage if it waits or is lost, else None. One conditional UPDATE decides."""
        at = at or timezone.now()
        free = self.filter(status=Footage.Status.WAITING) | self.lost(at)
        taken = free.filter(pk=pk).update(
            status=Footage.Status.EXAMINING,
            heartbeat_at=at,
            attempt=models.F("attempt") + 1,
            stage="",
            progress=0,
            problem="",
        )
        return self.get(pk=pk) if taken else None


class Footage(HasStatus):
    """One delivered file of a film: the original, what examination found, what is played."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting to be examined"
        EXAMINING = "examining", "Being examined"
        READY = "ready", "Ready to play"
        REFUSED = "refused", "Cannot be used"
        FAILED = "failed", "Examination broke off"

    FENCE = ("attempt",)
    FLOW = {
        Status.WAITING: {Status.REFUSED},
        Status.EXAMINING: {Status.READY, Status.REFUSED, Status.FAILED},
        Status.REFUSED: {Status.WAITING},
        Status.FAILED: {Status.WAITING},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    film = models.ForeignKey(Film, models.CASCADE, related_name="footages")
    upload = models.OneToOneField(Upload, models.SET_NULL, null=True, blank=True, related_name="footage")
    name = models.CharField(max_length=255)
    original = models.CharField(max_length=200, help_text="Path of the file as sent, in the archive.")
    folder = models.CharField(max_length=200, blank=True, help_text="Published renditions, in the archive.")
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    duration_s = models.FloatField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True, help_text="Pixels, after rotation.")
    height = models.PositiveIntegerField(null=True, blank=True, help_text="Pixels, after rotation.")
    frame_rate = models.CharField(max_length=20, blank=True, help_text="A fraction: 24000/1001.")
    loudness_lufs = models.FloatField(null=True, blank=True, help_text="EBU R 128 integrated.")
    colour = models.CharField(max_length=7, blank=True, help_text="The poster's mean colour, #rrggbb.")
    record = models.JSONField(default=dict, blank=True, help_text="What the examination wrote down.")
    credentials = models.JSONField(default=dict, blank=True, help_text="Content Credentials found.")

    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    stage = models.CharField(max_length=60, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent of the whole examination.")
    problem = models.TextField(blank=True, help_text="The sentence shown to the entrant.")
    attempt = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    examined_at = models.DateTimeField(null=True, blank=True)

    objects = FootageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "footage"

    def __str__(self):
        return self.name

    def beat(self, *, at=None, **said) -> None:
        """Say the worker is alive, and with `stage` and `progress` how far it is.

        Raises:
            Stopped: the row is no longer ours.
        """
        mine = Footage.objects.filter(pk=self.pk, status=self.status, attempt=self.attempt)
        if not mine.update(heartbeat_at=at or timezone.now(), **said):
            raise Stopped("Another worker is examining this file.")


class Shot(models.Model):
    """A stretch between two cuts, half-open, in seconds of the film's own time."""

    footage = models.ForeignKey(Footage, models.CASCADE, related_name="shots")
    start_s = models.FloatField()
    end_s = models.FloatField()

    class Meta:
        ordering = ["start_s"]

    def __str__(self):
        return f"{self.start_s:.2f}–{self.end_s:.2f} s"
