"""Allowances: how many seconds of drawing people have in an edition. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class AllowanceQuerySet(models.QuerySet):
    def for_everyone(self) -> "AllowanceQuerySet":
        """What an edition gives each person; the last word counts."""
        return self.filter(person=None)


class Allowance(models.Model):
    """A grant: to one person, added to what they have; or to everyone in an edition, in its place."""

    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="allowances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="allowances"
    )
    seconds = models.FloatField(help_text="Of a worker's time; below nought takes back.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.seconds:g} s for {self.person or 'everyone'} in {self.edition}"
