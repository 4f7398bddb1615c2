"""Takes: one drawing of a shot each, kept for good."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from generation.models.clip import Clip
from generation.models.production import Production, Shot
from generation.models.queue import UNFINISHED, Job

FOR_GOOD = "A take never changes. Draw another."


class TakeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TakeQuerySet":
        """The takes of the productions that `user` shares."""
        return self.filter(production__in=Production.objects.visible_to(user).values("pk"))

    def drawn(self) -> "TakeQuerySet":
        return self.filter(clip__isnull=False)

    def under_way(self) -> "TakeQuerySet":
        """Takes that wait or are being drawn."""
        return self.filter(clip=None, job__status__in=UNFINISHED)

    def failed(self, at=None) -> "TakeQuerySet":
        """Takes that could not be drawn in the last day, and may be tried again."""
        lately = (at or timezone.now()) - timedelta(days=1)
        return self.filter(clip=None, job__status=Job.Status.FAILED, job__ended_at__gte=lately)

    def replaced(self) -> "TakeQuerySet":
        """Takes in whose place another was drawn."""
        return self.filter(self._successor())

    def standing(self) -> "TakeQuerySet":
        """Takes in whose place no other was drawn."""
        return self.exclude(self._successor())

    def _successor(self) -> models.Exists:
        after = Take.objects.filter(parent=models.OuterRef("pk"), way=Take.Way.REPLACE)
        return models.Exists(after.drawn())

    def complete(self, job: Job, clip: Clip, **facts) -> int:
        """Enter what was drawn into the take that waits for it: once, and never again."""
        waiting = self.filter(job=job, clip=None)
        return models.QuerySet.update(waiting, clip=clip, **facts)

    def update(self, **_changes):
        raise TypeError(FOR_GOOD)

    def delete(self):
        raise TypeError(FOR_GOOD)


class Take(models.Model):
    """One drawing of a shot: what was asked, how it was made, and what came of it.

    What was asked stands when the row is made; the rest is entered once, as the clip is kept.
    """

    class Way(models.TextChoices):
        DESK = "desk", "From the desk"
        ANOTHER = "another", "Another of"
        VARY = "vary", "Varies"
        ONWARD = "onward", "Goes on from"
        BACKWARD = "backward", "Leads up to"
        REPLACE = "replace", "Replaces"
        FINISHED = "finished", "Finished from"
        LARGER = "larger", "Drawn larger from"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="takes")
    shot = models.ForeignKey(Shot, models.PROTECT, related_name="takes")
    number = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    way = models.CharField(max_length=10, choices=Way, default=Way.DESK)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    wish = models.JSONField(help_text="What was asked, as it lay on the desk.")
    engine = models.CharField(max_length=80)
    aspect = models.CharField(max_length=10)
    words = models.TextField()
    seed = models.BigIntegerField()
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="take")
    clip = models.OneToOneField(Clip, models.PROTECT, null=True, blank=True, related_name="take")
    recipe = models.JSONField(default=dict, help_text="Everything that decided the pixels.")
    spent_s = models.FloatField(null=True, help_text="Seconds a worker spent on it.")
    made_at = models.DateTimeField(null=True)

    objects = TakeQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["shot", "number"], name="one_take_a_number")]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="take_newest"),
            models.Index(fields=["production", "-made_at", "-id"], name="take_of_production"),
        ]

    def __str__(self):
        return f"take {self.number}"

    @property
    def draft(self) -> bool:
        """Whether it was asked for as a first look."""
        return bool(self.wish.get("draft"))

    def save(self, *args, **kwargs):
        """Enter a new take; one that is there never changes."""
        if not self._state.adding:
            raise TypeError(FOR_GOOD)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError(FOR_GOOD)
