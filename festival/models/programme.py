"""Where and when films are shown."""

import uuid

from django.db import models

from festival.models.edition import Edition
from festival.models.film import Film


class Venue(models.Model):
    """A cinema, a hall, or the online room."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="venues")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=240, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)
    online = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class ScreeningQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ScreeningQuerySet":
        """Everyone sees a published edition's screenings, organisers their own from the start."""
        seen = models.Q(edition__status=Edition.Status.PUBLISHED)
        if user.is_authenticated:
            if user.is_superuser:
                return self
            seen |= models.Q(edition__in=Edition.objects.organised_by(user))
        return self.filter(seen)


class Screening(models.Model):
    """One performance: a venue, a starting time, films in order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="screenings")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="screenings")
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="Worked out from the films, the gaps and the talk.")
    gap_s = models.PositiveSmallIntegerField("pause between films, seconds", default=30)
    talk_min = models.PositiveSmallIntegerField("talk afterwards, minutes", default=0)
    note = models.CharField(max_length=240, blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "title"]

    def __str__(self):
        return self.title


class Slot(models.Model):
    """A film's place in a screening."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="slots")
    film = models.ForeignKey(Film, models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["screening", "film"], name="film_once_a_screening")]

    def __str__(self):
        return f"{self.film} in {self.screening}"
