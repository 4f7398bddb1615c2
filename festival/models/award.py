"""Awards of an edition, and the films that have them."""

from django.db import models
from django.utils import timezone

from festival.models.edition import Edition
from festival.models.film import Film


class AwardQuerySet(models.QuerySet):
    def announced(self) -> "AwardQuerySet":
        """Awards that anyone may know of, with films of a published programme."""
        public = {"film__status": Film.Status.SELECTED, "edition__status": Edition.Status.PUBLISHED}
        return self.filter(announced_at__isnull=False, **public)


class Award(models.Model):
    """A prize, and the film that has it; jurors speak the citation."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="awards")
    name = models.CharField(max_length=120)
    citation = models.TextField(blank=True, help_text="What the jury says of the film, for everyone to read.")
    excludes = models.ManyToManyField(
        "self",
        blank=True,
        verbose_name="not together with",
        help_text="A film that has one of these cannot have this one.",
    )
    film = models.ForeignKey(Film, models.SET_NULL, null=True, blank=True, related_name="awards")
    given_at = models.DateTimeField(null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="one_award_a_name")]

    def __str__(self):
        return self.name


class Feedback(models.Model):
    """What the jury's work says to the entrant, copied down once an organiser has approved it."""

    film = models.OneToOneField(Film, models.CASCADE, related_name="feedback")
    standings = models.JSONField(
        default=list, help_text='[{"criterion", "percentile"}, …]: films that stand no higher, per cent.'
    )
    strength = models.TextField(blank=True)
    reason = models.TextField()
    notes = models.JSONField(default=list, help_text="Jurors' own words, where they allowed it; unsigned.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "feedback"

    def __str__(self):
        return f"feedback on {self.film}"
