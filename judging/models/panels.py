"""Panels of jurors, who watches what, and who must not."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from judging.models.rounds import Round


class Panel(models.Model):
    """Jurors who sit together, over one section or all of them."""

    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="panels")
    name = models.CharField(max_length=80, default="The jury")
    sections = models.ManyToManyField("festival.Section", blank=True, related_name="panels")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Seat(models.Model):
    """A person's place on a panel."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="seats")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="seats")
    seated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "juror"], name="one_seat_a_panel")]

    def __str__(self):
        return f"{self.juror} on {self.panel}"


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AssignmentQuerySet":
        """A juror's own list, in rounds that have opened; recused films are gone from it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(juror=user, recused_at=None).exclude(round__status=Round.Status.DRAFT)

    def standing(self) -> "AssignmentQuerySet":
        return self.filter(recused_at=None)


class Assignment(models.Model):
    """A film on a juror's list in one round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="assignments")
    film = models.ForeignKey("festival.Film", models.CASCADE, related_name="assignments")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    position = models.PositiveSmallIntegerField(default=0)
    recused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "film", "juror"], name="film_once_a_juror")]

    def __str__(self):
        return f"{self.film} for {self.juror}"


class Conflict(models.Model):
    """A reason why somebody must not judge a film."""

    film = models.ForeignKey("festival.Film", models.CASCADE, related_name="conflicts")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="conflicts")
    reason = models.CharField(max_length=240)
    declared_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["film", "juror"], name="one_conflict_a_film")]

    def __str__(self):
        return f"{self.juror} and {self.film}"
