"""Rounds of judging and the rubric each is marked by."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone

from festival.models import Edition, Film
from festival.status import HasStatus


class RoundQuerySet(models.QuerySet):
    def organised_by(self, user) -> "RoundQuerySet":
        """Rounds of the editions whose office `user` may enter."""
        return self.filter(edition__in=Edition.objects.organised_by(user))


class Round(HasStatus):
    """A stretch of judging: films, jurors, a rubric, an opening and a closing."""

    class Status(models.TextChoices):
        DRAFT = "draft", "In preparation"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    FLOW = {
        Status.DRAFT: {Status.OPEN},
        Status.OPEN: {Status.CLOSED},
        Status.CLOSED: {Status.OPEN},
    }

    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=80, default="First review")
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    reviews = models.PositiveSmallIntegerField(
        "jurors a film", default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    blind = models.BooleanField("makers' names are hidden", default=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def films(self):
        """Films of the round: with the jury, and with a file to watch."""
        return Film.objects.filter(
            edition_id=self.edition_id, status=Film.Status.ELIGIBLE, footage__isnull=False
        )

    @transaction.atomic
    def move(self, to, *, by, note="", **changes):
        """Move and remember who did it."""
        was = self.status
        self._move(to, **changes)
        self.events.create(by=by, was=was, became=to, note=note)


class RoundEvent(models.Model):
    """Who moved a round, and when. Rows are only ever added."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    was = models.CharField(max_length=6, blank=True)
    became = models.CharField(max_length=6, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.round}: {self.was} → {self.became}"

    @property
    def words(self) -> str:
        """What was done, as a sentence begins: “Opened again”."""
        done = {"": "Begun", Round.Status.DRAFT: "Opened", Round.Status.OPEN: "Closed"}
        return done.get(self.was, "Opened again")


class Criterion(models.Model):
    """One line of the rubric, marked from 1 to 10, with words for what a mark means."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=80)
    help = models.CharField(max_length=240, blank=True)
    weight = models.PositiveSmallIntegerField(
        "weight, per cent", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    anchors = models.JSONField(default=dict, help_text='Words for marks: {"1": "…", "5": "…", "10": "…"}.')
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"

    def __str__(self):
        return self.name

    def words_for(self, mark: int) -> str:
        """What a mark means: its own words, or those of the anchors it lies between."""
        if own := self.anchors.get(str(mark)):
            return own
        known = sorted(int(anchor) for anchor in self.anchors)
        below = [anchor for anchor in known if anchor < mark][-1:]
        above = [anchor for anchor in known if anchor > mark][:1]
        words = [f"“{self.anchors[str(anchor)].rstrip('.')}”" for anchor in below + above]
        return f"Between {' and '.join(words)}." if len(words) == 2 else ""

    @property
    def ladder(self) -> list[tuple[int, str]]:
        """The marks that have words of their own, lowest first."""
        return sorted((int(anchor), words) for anchor, words in self.anchors.items())
