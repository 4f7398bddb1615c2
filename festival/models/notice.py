"""Letters to people: written once, sent by the queue, kept."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.models.film import Film


class NoticeQuerySet(models.QuerySet):
    def unsent(self) -> "NoticeQuerySet":
        return self.filter(sent_at=None)


class Notice(models.Model):
    """A letter by mail. The row is the truth; the mail server only carries it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    film = models.ForeignKey(Film, models.SET_NULL, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=40, help_text="The template under templates/mail/.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.subject
