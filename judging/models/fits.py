"""Calibrations that stay: those of closed rounds, fixed, and those of large rounds, ready for pages."""

from django.db import models
from django.utils import timezone

from judging.models.rounds import Round


class StoredFit(models.Model):
    """The full calibration of a closed round, computed once; a later one is a new row."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="fits")
    made_at = models.DateTimeField(default=timezone.now)
    model = models.CharField(max_length=12, help_text="raw, additive or hierarchical: the one in use.")
    seed = models.PositiveIntegerField()
    version = models.CharField(max_length=80, help_text="What computed it: the same gives the same bits.")
    inputs = models.CharField(max_length=64, help_text="Digest of the marks it was computed from.")
    head = models.CharField(max_length=64, help_text="Digest of the ledger's last row by then.")
    seen = models.CharField(max_length=64, help_text="Up to which row its marks are known unchanged.")
    digest = models.CharField(max_length=64, help_text="Of the figures.")
    films = models.JSONField(default=list, help_text="Ids, in the order of the figures.")
    jurors = models.JSONField(default=list, help_text="Numbers of people, in the order of the figures.")
    figures = models.JSONField(default=dict)
    draws = models.BinaryField(default=bytes, help_text="Joint draws of the quality, for ranks and chances.")

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["round", "-made_at"], name="fit_of_round")]

    def __str__(self):
        return f"{self.model} calibration of {self.round}"


class KeptRanking(models.Model):
    """What a large round came to when the clock last looked: pages read it, nothing is decided by it."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="kept", primary_key=True)
    made_at = models.DateTimeField(default=timezone.now)
    head = models.CharField(max_length=64, help_text="Digest of the ledger's last row by then.")
    body = models.BinaryField(help_text="Marks and figures, as packed.")
    draws = models.BinaryField(help_text="Joint draws of the quality, for a cut that is not the usual one.")

    def __str__(self):
        return f"Ranking of {self.round}, {self.made_at:%d %b %H:%M}"
