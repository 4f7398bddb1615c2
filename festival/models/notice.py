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

    def latest(self, kinds) -> "NoticeQuerySet":
        """Of each film the last letter of these kinds."""
        later = Notice.objects.filter(film=models.OuterRef("film"), kind__in=kinds).order_by(
            "-created_at", "-pk"
        )
        return self.filter(kind__in=kinds, pk=models.Subquery(later.values("pk")[:1]))

    def unheard(self) -> "NoticeQuerySet":
        """Letters that no mail server has taken, or that came back, and whose reader knows nothing yet."""
        return self.filter(models.Q(sent_at=None) | models.Q(bounced_at__isnull=False), settled_at=None)

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
    bounced_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its reader was told in another way."
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    settled_note = models.CharField(max_length=500, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.subject

    @property
    def state(self) -> str:
        """Where the letter is, in a word or two."""
        if self.settled_at:
            return "Told otherwise"
        if self.bounced_at:
            return "Came back"
        if self.sent_at:
            return "Handed over"
        if self.tries >= MOST_TRIES:
            return "Given up"
        return "Refused so far" if self.problem else "On the way"

    def put_off(self, problem: str, *, at) -> None:
        """Write down why it could not be sent; the pause until the next try doubles each time."""
        self.problem, self.held_until = problem, at + timedelta(minutes=2**self.tries)
        self.save(update_fields=["problem", "held_until"])
