"""Letters to people: written once, sent by the queue, kept."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.models.film import Film

HOLD = timedelta(minutes=5)  # longer than a mail server may keep a worker waiting
MOST_TRIES = 10  # with the pauses of `put_off`, about a day


class NoticeQuerySet(models.QuerySet):
    def unsent(self) -> "NoticeQuerySet":
        return self.filter(sent_at=None)

    def due(self, at=None) -> "NoticeQuerySet":
        """Unsent, in no worker's hands, not put off, and not given up."""
        at = at or timezone.now()
        free = models.Q(held_until=None) | models.Q(held_until__lt=at)
        return self.unsent().filter(free, tries__lt=MOST_TRIES)

    def claim(self, pk, at=None) -> "Notice | None":
        """Take the letter for some minutes if it is due, else None. One conditional UPDATE decides."""
        at = at or timezone.now()
        taken = self.due(at).filter(pk=pk).update(held_until=at + HOLD, tries=models.F("tries") + 1)
        return self.select_related("person").get(pk=pk) if taken else None


class Notice(models.Model):
    """A letter by mail. The row is the truth; the mail server only carries it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    film = models.ForeignKey(Film, models.SET_NULL, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=40, help_text="The template under templates/mail/.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    problem = models.TextField(blank=True, help_text="Why the last attempt to send it failed.")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.subject

    def put_off(self, problem: str, *, at) -> None:
        """Write down why it could not be sent; the pause until the next try doubles each time."""
        self.problem, self.held_until = problem, at + timedelta(minutes=2**self.tries)
        self.save(update_fields=["problem", "held_until"])
