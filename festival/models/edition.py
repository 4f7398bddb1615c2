"""An edition of the festival: its call, its sections and its deadlines."""

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone

from festival.status import HasStatus


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Choose a time zone from the IANA list, such as Europe/Lisbon.")


class EditionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "EditionQuerySet":
        """Editions `user` may know exist: drafts only for their organisers and for staff."""
        if user.is_staff:
            return self
        mine = models.Q()
        if user.is_authenticated:
            mine = models.Q(roles__person=user, roles__kind="organiser")
        return self.filter(~models.Q(status=Edition.Status.DRAFT) | mine).distinct()

    def organised_by(self, user) -> "EditionQuerySet":
        """Editions whose office `user` may enter."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(roles__person=user, roles__kind="organiser").distinct()

    def calling(self) -> "EditionQuerySet":
        """Editions whose call for entries is open."""
        return self.filter(status=Edition.Status.OPEN)

    def with_entry_counts(self) -> "EditionQuerySet":
        """Annotate `entries`: how many films were handed in, whatever became of them."""
        handed_in = models.Q(films__submitted_at__isnull=False)
        return self.annotate(entries=models.Count("films", filter=handed_in, distinct=True))

    def published(self) -> "EditionQuerySet":
        return self.filter(status=Edition.Status.PUBLISHED)


class Edition(HasStatus):
    """One year of the festival, from the call for entries to the published programme."""

    class Status(models.TextChoices):
        DRAFT = "draft", "In preparation"
        OPEN = "open", "Call open"
        CLOSED = "closed", "Call closed"
        PUBLISHED = "published", "Programme published"

    FLOW = {
        Status.DRAFT: {Status.OPEN},
        Status.OPEN: {Status.CLOSED},
        Status.CLOSED: {Status.OPEN, Status.PUBLISHED},
        Status.PUBLISHED: {Status.CLOSED},
    }

    slug = models.SlugField(unique=True, help_text="Used in addresses, such as 2027.")
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[check_time_zone],
        help_text="All deadlines and screenings are shown in it.",
    )
    rules = models.TextField(blank=True, help_text="Shown to entrants before they submit.")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    upload_grace_h = models.PositiveSmallIntegerField(
        default=48, help_text="Hours after the deadline in which an upload begun before it may finish."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    told_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When decision letters were last sent."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-created_at"]

    def __str__(self):
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def deadline_at(self):
        """The last tier's closing time, aware; None where no tier is set."""
        return max((tier.closes_at for tier in self.tiers.all()), default=None)

    @transaction.atomic
    def move(self, to, *, by, note="", **changes):
        """Move and remember who did it."""
        was = self.status
        self._move(to, **changes)
        self.events.create(by=by, was=was, became=to, note=note)


class EditionEvent(models.Model):
    """Who moved an edition, or changed its set-up, and when. Rows are only ever added."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    was = models.CharField(max_length=10, blank=True)
    became = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.edition}: {self.was} → {self.became}"


class Section(models.Model):
    """A strand of the edition, with what a film must be to enter it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sections")
    name = models.CharField(max_length=80)
    slug = models.SlugField()
    description = models.TextField(blank=True)
    min_duration_s = models.PositiveIntegerField("shortest running time, seconds", default=0)
    max_duration_s = models.PositiveIntegerField("longest running time, seconds", default=1200)
    min_ai_share = models.PositiveSmallIntegerField(
        "least AI share, per cent", default=0, validators=[MaxValueValidator(100)]
    )
    max_ai_share = models.PositiveSmallIntegerField(
        "greatest AI share, per cent",
        default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="section_slug_once_an_edition")
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.min_duration_s > self.max_duration_s:
            raise ValidationError({"max_duration_s": "The longest time is shorter than the shortest."})
        if self.min_ai_share > self.max_ai_share:
            raise ValidationError({"max_ai_share": "The greatest share is smaller than the least."})


class DeadlineTier(models.Model):
    """One of the call's deadlines: early, regular, late."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tiers")
    name = models.CharField(max_length=60)
    closes_at = models.DateTimeField()
    fee = models.CharField(max_length=40, blank=True, help_text="As shown to entrants: “free”, “€15”.")

    class Meta:
        ordering = ["closes_at"]

    def __str__(self):
        return self.name
