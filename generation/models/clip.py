"""Clips: finished, signed footage in an entrant's library."""

import uuid
from math import gcd

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from generation.engines.base import Brief
from generation.models.production import Production


def single_or_shared(user) -> models.Q:
    """Of clips and jobs, which may have a take: those of no production, or of one that `user` shares."""
    shared = Production.objects.visible_to(user).values("pk")
    return models.Q(take=None) | models.Q(take__production__in=shared)


class ClipQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ClipQuerySet":
        """A take's clip belongs to its production, whoever drew it; a single one to whoever had it drawn."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(single_or_shared(user) & (models.Q(owner=user) | models.Q(take__isnull=False)))

    def single(self, user) -> "ClipQuerySet":
        """The person's own clips of no production; found by their owner, among however many takes."""
        return self.filter(owner=user, take=None)

    def named(self, pk: str) -> "ClipQuerySet":
        """The clip with this id, as it came in an address; none for what is no id."""
        try:
            return self.filter(pk=uuid.UUID(pk))
        except ValueError:
            return self.none()

    def pace(self) -> dict[str, float]:
        """Seconds it has taken to draw one second, by engine; only engines that have drawn."""
        rows = (
            self.filter(drawn_in_s__gt=0)
            .values("engine")
            .annotate(work_s=models.Sum("drawn_in_s"), film_s=models.Sum("duration_s"))
        )
        return {row["engine"]: row["work_s"] / row["film_s"] for row in rows.order_by() if row["film_s"]}


class Clip(models.Model):
    """A drawn and signed piece of footage. It never changes; another draw is another clip."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="clips")
    edition = models.ForeignKey("festival.Edition", models.PROTECT, related_name="clips")
    brief = models.JSONField(help_text="Everything that decided what was drawn.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the brief's canonical JSON.")
    prompt = models.TextField()
    engine = models.CharField(max_length=80)
    revision = models.CharField(max_length=80)
    licence = models.CharField(max_length=200, blank=True)
    software = models.CharField(max_length=200, help_text="Libraries that pixels also depend on.")
    random_weights = models.BooleanField(default=False, help_text="The engine was never trained.")
    seed = models.BigIntegerField()
    path = models.CharField(max_length=200, help_text="The signed MP4, in the archive.")
    poster = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the signed file.")
    latents = models.CharField(
        max_length=64, blank=True, default="", help_text="SHA-256 of the latents kept with it for some days."
    )
    latents_bytes = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    fps = models.PositiveSmallIntegerField()
    duration_s = models.FloatField()
    drawn_in_s = models.FloatField(default=0)
    credentials = models.JSONField(default=dict, help_text="What the signed file says, read back.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClipQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.prompt[:60]

    @property
    def aspect(self) -> str:
        """Width to height as people say it: 16:9, 1:1."""
        common = gcd(self.width, self.height) or 1
        return f"{self.width // common}:{self.height // common}"

    @property
    def drawn_at(self) -> str:
        """The size of its picture before it was enlarged, in words; "" if it was not."""
        return Brief(**self.brief).drawn_at

    @property
    def native_size(self) -> tuple[int, int]:
        """Width and height in pixels that were drawn, whatever they were enlarged to."""
        return Brief(**self.brief).native or (self.width, self.height)

    @property
    def procedural(self) -> bool:
        """Whether a programme drew it and no trained model, as its credentials say."""
        return bool((self.credentials.get("facts") or {}).get("procedural"))

    @property
    def file_name(self) -> str:
        """A name to save it by."""
        return f"{slugify(self.prompt)[:40] or 'clip'}-{self.seed}.mp4"
