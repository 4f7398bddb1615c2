"""Viewings: how much of a film a juror has seen, and the notes pinned to its moments."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from judging.models.panels import Assignment

FULL = 90  # per cent of a film that make a full viewing; many leave during the end titles


class ViewingQuerySet(models.QuerySet):
    def full(self) -> "ViewingQuerySet":
        """Viewings of the whole film, or as good as."""
        enough = GreaterThanOrEqual(models.F("seen_ms") * 100, models.F("to_see_ms") * FULL)
        return self.filter(enough, to_see_ms__gt=0)


class Viewing(models.Model):
    """One juror's watching of one film: half-open ranges of the film's own time, in milliseconds.

    The ranges belong to one file of the film; a new cut is watched anew. Written by `viewings` alone, under
    a lock of the row.
    """

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="viewing")
    footage = models.ForeignKey("festival.Footage", models.SET_NULL, null=True, related_name="+")
    delivered = models.JSONField(default=list, help_text="What the server has sent: [[start, end], …].")
    played = models.JSONField(default=list, help_text="What of it has been played.")
    seen_ms = models.PositiveIntegerField(default=0, help_text="Played, of what there is to see.")
    to_see_ms = models.PositiveIntegerField(default=0, help_text="The film, less what a blind round covers.")
    credit_ms = models.PositiveIntegerField(default=0, help_text="Film time in hand; see tally.watching.")
    heard_at = models.DateTimeField(null=True, blank=True, help_text="When the player last reported.")
    sitting_ms = models.PositiveIntegerField(default=0, help_text="Wall time without a break, until then.")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ViewingQuerySet.as_manager()

    def __str__(self):
        return f"{self.assignment}: {self.percent} %"

    @property
    def percent(self) -> int:
        """How much of what there is to see has been seen, in whole per cent, never rounded up."""
        return min(100, 100 * self.seen_ms // self.to_see_ms) if self.to_see_ms else 0

    @property
    def full(self) -> bool:
        """Whether the film was seen to its end, or as good as; as the queryset of this name."""
        return self.percent >= FULL


class Pin(models.Model):
    """A juror's words at a moment of the film. Only the juror reads them."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="pins")
    at_s = models.FloatField(validators=[MinValueValidator(0)])
    words = models.CharField(max_length=240)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at_s", "pk"]

    def __str__(self):
        return self.words
