"""What entrants are going to read, until an organiser has approved it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from judging.models.rounds import Round


class FeedbackDraftQuerySet(models.QuerySet):
    def open(self) -> "FeedbackDraftQuerySet":
        """Drafts nobody has approved yet."""
        return self.filter(approved_at=None)


class FeedbackDraft(models.Model):
    """A film's feedback as it was composed, and as an organiser may have rewritten it."""

    film = models.OneToOneField("festival.Film", models.CASCADE, related_name="feedback_draft")
    round = models.ForeignKey(Round, models.CASCADE, related_name="feedback_drafts")
    standings = models.JSONField(default=list, help_text='[{"criterion", "percentile"}, …]')
    strength = models.TextField(blank=True)
    reason = models.TextField()
    notes = models.JSONField(default=list, help_text="Jurors' own words, where they allowed it.")
    rewritten = models.BooleanField(default=False, help_text="By hand, so composing leaves the words alone.")
    written_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = FeedbackDraftQuerySet.as_manager()

    class Meta:
        ordering = ["film__title", "pk"]

    def __str__(self):
        return f"feedback on {self.film}"
