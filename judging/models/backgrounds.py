"""What a juror brings along: languages, the sections they know best, the houses they belong to."""

from django.conf import settings
from django.db import models

from festival import names


class Background(models.Model):
    """As the juror states it. What is not stated is not held against anybody."""

    juror = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="background")
    languages = models.JSONField(default=list, help_text="Understood without subtitles; BCP 47.")
    houses = models.JSONField(default=list, help_text="Companies, schools and funds the juror belongs to.")
    sections = models.ManyToManyField(
        "festival.Section", blank=True, related_name="+", help_text="Those the juror knows most about."
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"background of {self.juror}"

    @property
    def words(self) -> str:
        """Languages and houses as people read them; "" where none was stated."""
        return " · ".join(
            filter(None, [", ".join(map(names.language, self.languages)), ", ".join(self.houses)])
        )
