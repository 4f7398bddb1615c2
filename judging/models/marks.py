"""Marks: what a juror thought, criterion by criterion."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from judging.models.panels import Assignment
from judging.models.rounds import Criterion


class MarkQuerySet(models.QuerySet):
    def counted(self) -> "MarkQuerySet":
        """Marks that count: a recused juror's never do."""
        return self.filter(assignment__recused_at=None)


class Mark(models.Model):
    """One juror's marks for one film; a second post replaces nothing that was not changed."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="mark")
    note = models.TextField(blank=True)
    share_note = models.BooleanField("the entrant may read the note", default=False)
    given_at = models.DateTimeField(default=timezone.now, help_text="When it was last changed.")

    objects = MarkQuerySet.as_manager()

    def __str__(self):
        return f"mark for {self.assignment}"


class Score(models.Model):
    """A mark from 1 to 10 on one criterion."""

    mark = models.ForeignKey(Mark, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mark", "criterion"], name="one_score_a_criterion"),
            models.CheckConstraint(condition=models.Q(value__gte=1, value__lte=10), name="score_1_to_10"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.value}"
