"""Panels of jurors, who watches what, and who must not."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from festival.models import Film, Role
from judging.models.rounds import Criterion, Round


class PanelQuerySet(models.QuerySet):
    def with_people(self) -> "PanelQuerySet":
        """Fetch seats, their jurors, what those bring along, and sections: four queries, however many."""
        return self.prefetch_related("seats__juror__background", "sections")


class Panel(models.Model):
    """Jurors who sit together, over some sections or, where none is named, over all of them."""

    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="panels")
    name = models.CharField(max_length=80, default="The jury")
    sections = models.ManyToManyField(
        "festival.Section", blank=True, related_name="panels", help_text="None chosen means all of them."
    )

    objects = PanelQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class SeatQuerySet(models.QuerySet):
    def sitting(self) -> "SeatQuerySet":
        """Seats of people who are still jurors of the edition; a seat without the role is empty."""
        role = Role.objects.jurors().filter(
            person=models.OuterRef("juror"), edition=models.OuterRef("panel__edition")
        )
        return self.filter(models.Exists(role))

    def of(self, round: Round) -> "SeatQuerySet":
        """Seats of the panels that judge `round`: those chosen, or every panel of its edition."""
        chosen = round.panels.all()
        mine = models.Q(panel__in=chosen) | ~models.Exists(chosen)
        return self.filter(mine, panel__edition=round.edition_id)


class Seat(models.Model):
    """A person's place on a panel."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="seats")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="seats")
    most_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of film, in a round; empty means their fair share."
    )
    seated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["seated_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["panel", "juror"], name="one_seat_a_panel")]

    def __str__(self):
        return f"{self.juror} on {self.panel}"


def _count(rows: models.QuerySet) -> models.Subquery:
    """How many rows there are, counted on the side: joined and grouped, long texts would be sorted too."""
    counted = rows.order_by().annotate(n=models.Func("pk", function="COUNT")).values("n")
    return models.Subquery(counted, output_field=models.IntegerField())


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AssignmentQuerySet":
        """A seated juror's own list, in rounds that have opened.

        Films a juror is recused from are gone from it, and so are films withdrawn or sent back.
        """
        if not user.is_authenticated:
            return self.none()
        seat = Seat.objects.sitting().filter(
            juror=models.OuterRef("juror"), panel__edition=models.OuterRef("round__edition")
        )
        return (
            self.standing()
            .filter(models.Exists(seat), juror=user)
            .filter(film__status__in=[Film.Status.ELIGIBLE, *Film.DECIDED])
            .exclude(round__status=Round.Status.DRAFT)
        )

    def standing(self) -> "AssignmentQuerySet":
        """Assignments that count: their juror has not been recused."""
        return self.filter(recused_at=None)

    def with_marked(self) -> "AssignmentQuerySet":
        """Annotate `scored` and `asked`: what has been said of the film so far, and what is asked for.

        That is one mark a criterion; in a round of eligibility the one word, pass or fail; and where
        everybody judges all, to have watched the film, in this round or an earlier one.
        """
        viewing, score, check = (apps.get_model("judging", name) for name in ("Viewing", "Score", "Check"))
        checked = models.Q(round__kind=Round.Kind.ELIGIBILITY)
        plenary = models.Q(round__kind__in=Round.PLENARY)
        seen = viewing.objects.full().filter(
            assignment__film=models.OuterRef("film"),
            assignment__juror=models.OuterRef("juror"),
            assignment__round__edition=models.OuterRef("round__edition"),
        )
        return self.annotate(
            scored=models.Case(
                models.When(plenary & models.Exists(seen), then=1),
                models.When(plenary, then=0),
                models.When(checked, then=_count(check.objects.filter(assignment=models.OuterRef("pk")))),
                default=_count(score.objects.filter(mark__assignment=models.OuterRef("pk"))),
            ),
            asked=models.Case(
                models.When(plenary | checked, then=models.Value(1)),
                default=_count(Criterion.objects.filter(round=models.OuterRef("round"))),
            ),
        )

    def marked(self) -> "AssignmentQuerySet":
        """Assignments whose every criterion has a mark."""
        return self.with_marked().filter(scored__gt=0, scored=models.F("asked"))


class Assignment(models.Model):
    """A film on a juror's list in one round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="assignments")
    film = models.ForeignKey("festival.Film", models.CASCADE, related_name="assignments")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    position = models.PositiveSmallIntegerField(default=0, help_text="Each juror has an order of their own.")
    recused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "film", "juror"], name="film_once_a_juror")]

    def __str__(self):
        return f"{self.film} for {self.juror}"

    @property
    def reviewed(self) -> bool:
        """Whether every criterion has a mark; needs `with_marked`."""
        return 0 < self.asked <= self.scored


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
