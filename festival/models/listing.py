"""What a catalogue prints about a film: people, places, words, pictures."""

import uuid

from django.db import models

from festival.models.film import Film


class Credit(models.Model):
    """One line of the end titles."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="credits")
    role = models.CharField(max_length=80, help_text="Director, writer, composer …")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.role}: {self.name}"


class FilmCountry(models.Model):
    """A country of production, ISO 3166-1 alpha-2."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="countries")
    code = models.CharField(max_length=2)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["film", "code"], name="country_once_a_film")]

    def __str__(self):
        return self.code


class FilmLanguage(models.Model):
    """A language heard in the film, BCP 47."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="languages")
    code = models.CharField(max_length=12)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["film", "code"], name="language_once_a_film")]

    def __str__(self):
        return self.code


class Still(models.Model):
    """A picture from the film, or its poster, re-encoded from what was sent."""

    class Kind(models.TextChoices):
        STILL = "still"
        POSTER = "poster"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    film = models.ForeignKey(Film, models.CASCADE, related_name="stills")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.STILL)
    path = models.CharField(max_length=200, help_text="In the archive.")
    alt = models.CharField("description", max_length=200, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    focus_x = models.FloatField(default=0.5, help_text="Focal point, share of the width.")
    focus_y = models.FloatField(default=0.5, help_text="Focal point, share of the height.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "position", "pk"]

    def __str__(self):
        return f"{self.kind} of {self.film}"


class Subtitle(models.Model):
    """Captions in one language, parsed from what was sent and written anew as WebVTT."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="subtitles")
    language = models.CharField(max_length=12, help_text="BCP 47.")
    label = models.CharField(max_length=60)
    vtt = models.TextField(editable=False)
    cues = models.PositiveIntegerField(editable=False)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["film", "language"], name="subtitle_once_a_language")]

    def __str__(self):
        return f"{self.label} captions"
