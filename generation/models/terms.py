"""Terms: under which licences clips may be drawn for an edition."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Terms(models.Model):
    """What an edition asks of an engine's licence; an edition without a row takes any engine."""

    edition = models.OneToOneField("festival.Edition", models.CASCADE, primary_key=True, related_name="terms")
    licences = models.JSONField(default=list, help_text="Those accepted, as on engines' cards; none: any.")
    commercial = models.BooleanField(default=False, help_text="Only where commercial use is allowed.")
    everywhere = models.BooleanField(default=False, help_text="Only where it holds in every country.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"terms of {self.edition}"
