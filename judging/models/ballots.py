"""What is decided without marks: checks, rulings, preferences and ballots."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from judging.models.panels import Assignment
from judging.models.rounds import Round


class CheckQuerySet(models.QuerySet):
    def counted(self) -> "CheckQuerySet":
        """Checks that count: a recused juror's never do."""
        return self.filter(assignment__recused_at=None)


class Check(models.Model):
    """One juror's word on whether a film may take part."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="check_given")
    passes = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField(default=timezone.now, help_text="When it was last changed.")

    objects = CheckQuerySet.as_manager()

    def __str__(self):
        return f"{self.assignment}: {'pass' if self.passes else 'fail'}"


class Ruling(models.Model):
    """What a round settled of a film: it comes through, or it does not."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="rulings")
    film = models.ForeignKey("festival.Film", models.CASCADE, related_name="rulings")
    through = models.BooleanField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody: jurors agreed.",
    )
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "film"], name="one_ruling_a_film")]

    def __str__(self):
        return f"{self.film}: {'through' if self.through else 'out'} of {self.round}"


class Waiver(models.Model):
    """An exception to the viewing guarantee, with a name and a reason that the report prints."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="waivers")
    film = models.ForeignKey("festival.Film", models.CASCADE, related_name="waivers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "film"], name="one_waiver_a_film")]

    def __str__(self):
        return f"{self.film} in {self.round}: {self.reason}"


class PreferenceQuerySet(models.QuerySet):
    def counted(self) -> "PreferenceQuerySet":
        """Preferences that count: their juror stands in the round for both films."""
        standing = Assignment.objects.standing().filter(
            round=models.OuterRef("round"), juror=models.OuterRef("juror")
        )
        return self.filter(
            models.Exists(standing.filter(film=models.OuterRef("first"))),
            models.Exists(standing.filter(film=models.OuterRef("second"))),
        )


class Preference(models.Model):
    """Of two films, the one a juror thinks better; neither in a tie."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="preferences")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences")
    first = models.ForeignKey("festival.Film", models.CASCADE, related_name="+")
    second = models.ForeignKey("festival.Film", models.CASCADE, related_name="+")
    better = models.ForeignKey("festival.Film", models.CASCADE, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "juror", "first", "second"], name="pair_once_a_juror"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="pair_in_order"),
            models.CheckConstraint(
                condition=models.Q(better=None)
                | models.Q(better=models.F("first"))
                | models.Q(better=models.F("second")),
                name="better_of_the_pair",
            ),
        ]

    def __str__(self):
        return f"{self.juror}: {self.first} or {self.second}"


class Voter(models.Model):
    """Who has voted in a round. It says nothing of what, and nothing of when."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="voters")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "juror"], name="one_vote_a_round")]

    def __str__(self):
        return f"{self.juror} in {self.round}"


class Ballot(models.Model):
    """What was voted: films in tiers, best first; no tier at all abstains.

    In a secret round it has no juror, and no row tells when it was given.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="ballots")
    juror = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="ballots"
    )
    tiers = models.JSONField(default=list, help_text="[[film, …], …], by their ids; best first.")
    commitment = models.CharField(max_length=64, help_text="SHA-256 over the tiers and the juror's receipt.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "juror"], name="one_ballot_a_juror")]

    def __str__(self):
        return f"ballot in {self.round}"
