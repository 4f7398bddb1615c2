"""Where a film shows the names of those who made it."""

from django.db import models

from festival.models.film import Film
from festival.provenance import timecodes


class TitleRange(models.Model):
    """A stretch in which names are seen or heard: titles, credits. A blind round covers it.

    Half-open, in seconds of the film's own time.
    """

    class Kind(models.TextChoices):
        TITLES = "titles", "Opening titles"
        CREDITS = "credits", "End credits"
        OTHER = "other", "Another name, seen or heard"

    film = models.ForeignKey(Film, models.CASCADE, related_name="title_ranges")
    start_s = models.FloatField()
    end_s = models.FloatField()
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.TITLES)

    class Meta:
        ordering = ["start_s", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_s__gte=0, end_s__gt=models.F("start_s")),
                name="title_range_runs_forward",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {timecodes.span(self.start_s, self.end_s)}"


class Viewership(models.Model):
    """How far a film was watched in one round of judging, copied down by the jury; nobody is named."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="viewerships")
    round = models.PositiveBigIntegerField(editable=False, help_text="The round's number, with the jury.")
    round_name = models.CharField(max_length=80)
    jurors = models.PositiveSmallIntegerField(help_text="How many were given the film.")
    viewings = models.PositiveSmallIntegerField(help_text="How many watched it to the end, or as good as.")
    share = models.PositiveSmallIntegerField(help_text="Of the film, on average over these jurors; per cent.")
    at = models.DateTimeField(help_text="When this was last counted.")

    class Meta:
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["film", "round"], name="viewership_once_a_round")]

    def __str__(self):
        return f"{self.round_name}: {self.viewings} of {self.jurors}"
