"""What organisers found of possible ties between jurors and films."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Finding(models.Model):
    """An organiser's word on a possible tie. It is asked for again only if there are new grounds."""

    film = models.ForeignKey("festival.Film", models.CASCADE, related_name="findings")
    juror = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="findings")
    grounds = models.JSONField(default=list, help_text="The sentences that were shown.")
    stands = models.BooleanField(help_text="Whether it is a conflict.")
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["found_at", "pk"]

    def __str__(self):
        return f"{self.juror} and {self.film}: {'a conflict' if self.stands else 'no conflict'}"
