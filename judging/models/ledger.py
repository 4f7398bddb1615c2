"""The ledger: every act of the judging as a row that nobody can change afterwards."""

import json
from datetime import datetime

from django.conf import settings
from django.db import models

from judging.tally import chain, kinds


class Ledger(models.Model):
    """Where an edition's chain ends. Whoever appends holds this row until the transaction ends."""

    edition = models.OneToOneField("festival.Edition", models.PROTECT, related_name="ledger")
    rows = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=chain.GENESIS)

    def __str__(self):
        return f"{self.rows} rows, {self.head[:12]}…"


class RecordQuerySet(models.QuerySet):
    def given_by(self, user) -> "RecordQuerySet":
        """Rows of what `user` gave as a juror: their receipts."""
        return self.filter(by=user, kind__in=kinds.GIVEN) if user.is_authenticated else self.none()

    def public(self) -> "RecordQuerySet":
        """Rows of which anyone may know that they were written, and when."""
        return self.filter(kind__in=kinds.PUBLIC)


class Record(models.Model):
    """One row. The database refuses to change or delete it; a correction is a new row.

    `by` is kept as a number without a constraint: the row outlives the person's account.
    """

    edition = models.ForeignKey("festival.Edition", models.PROTECT, related_name="records")
    sequence = models.PositiveBigIntegerField(help_text="From 1, without a gap.")
    at = models.CharField(max_length=32, help_text="As it is hashed: UTC, in ISO 8601, to the microsecond.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    kind = models.CharField(max_length=24)
    body = models.TextField(help_text="Canonical JSON.")
    previous = models.CharField(max_length=64, help_text="Digest of the row before.")
    hash = models.CharField(max_length=64)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "sequence"]
        constraints = [models.UniqueConstraint(fields=["edition", "sequence"], name="one_row_a_number")]
        indexes = [
            models.Index(fields=["edition", "kind", "sequence"], name="record_kind"),
            models.Index(fields=["edition", "by", "sequence"], name="record_by"),
        ]

    def __str__(self):
        return f"row {self.sequence}: {self.kind}"

    @property
    def facts(self) -> dict:
        """The body as it reads."""
        return json.loads(self.body)

    @property
    def title(self) -> str:
        """What a public row is about."""
        return kinds.PUBLIC.get(self.kind, "")

    @property
    def moment(self) -> datetime:
        """When it was written."""
        return datetime.fromisoformat(self.at)

    @property
    def row(self) -> chain.Row:
        """The row as it is hashed."""
        return chain.Row(self.sequence, self.at, self.by_id, self.kind, self.body, self.previous, self.hash)


class Words(models.Model):
    """Somebody's own words of one row, and the key of their digest. Erased, the chain still holds."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="words")
    field = models.CharField(max_length=24)
    text = models.TextField()
    key = models.CharField(max_length=64, help_text="32 random bytes, in hexadecimal digits.")

    class Meta:
        verbose_name_plural = "words"
        constraints = [models.UniqueConstraint(fields=["record", "field"], name="words_once_a_field")]

    def __str__(self):
        return f"{self.field} of {self.record}"
