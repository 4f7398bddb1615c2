"""A film, from the first draft of an entry to the programme."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from festival.models.edition import Edition, Section
from festival.signals import film_moved
from festival.status import HasStatus


class FilmQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FilmQuerySet":
        """Films `user` may know exist; lists, details and the API all start here.

        Everyone sees a published programme, entrants their own entries, organisers the entries of
        their editions. Jurors reach films through their assignments, in the judging app.
        """
        if user.is_authenticated and user.is_superuser:
            return self
        seen = models.Q(status=Film.Status.SELECTED, edition__status=Edition.Status.PUBLISHED)
        if user.is_authenticated:
            seen |= models.Q(entrant=user)
            seen |= models.Q(edition__in=Edition.objects.organised_by(user))
        return self.filter(seen)

    def entered_by(self, user) -> "FilmQuerySet":
        """The person's own entries: nobody else, organisers included, may open their pages."""
        return self.filter(entrant=user) if user.is_authenticated else self.none()

    def on_show(self) -> "FilmQuerySet":
        """Films of published programmes: what any visitor may find."""
        return self.filter(status=Film.Status.SELECTED, edition__status=Edition.Status.PUBLISHED)

    def organised_by(self, user) -> "FilmQuerySet":
        """Films whose edition's office `user` may enter."""
        return self.filter(edition__in=Edition.objects.organised_by(user))


class Film(HasStatus):
    """A work offered to the festival, from first draft to the programme."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        ELIGIBLE = "eligible", "With the jury"
        SELECTED = "selected", "Selected"
        WAITING = "waiting", "Waiting list"
        DECLINED = "declined", "Not selected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Premiere(models.TextChoices):
        WORLD = "world", "World premiere"
        INTERNATIONAL = "international", "International premiere"
        NATIONAL = "national", "National premiere"
        NONE = "none", "Shown before"

    DECIDED = (Status.SELECTED, Status.WAITING, Status.DECLINED)  # what a letter of decision tells

    FLOW = {
        Status.DRAFT: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.SUBMITTED: {Status.ELIGIBLE, Status.DRAFT, Status.WITHDRAWN},
        Status.ELIGIBLE: {
            Status.SELECTED,
            Status.WAITING,
            Status.DECLINED,
            Status.DRAFT,
            Status.WITHDRAWN,
        },
        Status.SELECTED: {Status.ELIGIBLE, Status.WITHDRAWN},
        Status.WAITING: {Status.SELECTED, Status.DECLINED, Status.ELIGIBLE, Status.WITHDRAWN},
        Status.DECLINED: {Status.ELIGIBLE},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="films")
    section = models.ForeignKey(Section, models.PROTECT, related_name="films", null=True, blank=True)
    entrant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="films")

    title = models.CharField(max_length=200)
    original_title = models.CharField(max_length=200, blank=True, help_text="In its own language.")
    logline = models.CharField(max_length=240, blank=True, help_text="One sentence.")
    synopsis = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField("year of completion", null=True, blank=True)
    premiere = models.CharField(max_length=14, choices=Premiere, blank=True)
    content_warnings = models.JSONField(default=list, blank=True, help_text="List of short phrases.")
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    rights_picture = models.BooleanField("I hold the rights to every picture", default=False)
    rights_music = models.BooleanField("I hold the rights to the music and sound", default=False)
    rights_screening = models.BooleanField("The festival may screen the film", default=False)

    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    footage = models.OneToOneField(
        "festival.Footage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="shown_as",
        help_text="The examined file that juries and audiences see.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FilmQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title

    @property
    def code(self) -> str:
        """Eight characters people can say on the telephone."""
        return self.id.hex[:8].upper()

    @property
    def public(self) -> bool:
        """Whether any visitor may see the film; needs `edition` loaded."""
        return self.status == self.Status.SELECTED and self.edition.status == Edition.Status.PUBLISHED

    @property
    def known(self) -> str:
        """The status as its entrant may know it: until the letter is written, a decision stays in the house.

        Reads `notices` and `edition`, so that a list may have them prefetched.
        """
        if self.status not in self.DECIDED or self.edition.status == Edition.Status.PUBLISHED:
            return self.status
        written = [letter for letter in self.notices.all() if letter.kind in self.DECIDED]
        last = max(written, key=lambda letter: (letter.created_at, letter.pk), default=None)
        return self.status if last and last.kind == self.status else self.Status.ELIGIBLE

    @property
    def known_words(self) -> str:
        """`known`, as people read it."""
        return self.Status(self.known).label

    @transaction.atomic
    def move(self, to, *, by, note="", **changes):
        """Move and remember who did it; what hears `film_moved` stands or falls with the change."""
        was = self.status
        self._move(to, **changes)
        self.events.create(by=by, was=was, became=to, note=note)
        film_moved.send(Film, film=self, was=was)


class FilmEvent(models.Model):
    """Who moved a film, and when. Rows are only ever added."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    was = models.CharField(max_length=10, blank=True)
    became = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.film}: {self.was} → {self.became}"
