"""A status that moves only along declared edges, and for only one of two racing callers."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models

from festival.errors import IllegalMove


class HasStatus(models.Model):
    """Give a model one guarded way to change its `status` column."""

    FLOW: ClassVar[Mapping[str, Collection[str]]]
    FENCE: ClassVar[tuple[str, ...]] = ()  # columns that must also be as we read them

    class Meta:
        abstract = True

    def _move(self, to: str, **changes: Any) -> None:
        """Write `to`, and `changes` with it, in one UPDATE that matches only an unmoved row.

        Raises:
            IllegalMove: the edge is not in FLOW, or someone else moved the row first.
        """
        seen = {field: getattr(self, field) for field in ("status", *self.FENCE)}
        row = type(self)._base_manager.filter(pk=self.pk, **seen)
        if to not in self.FLOW.get(self.status, ()) or not row.update(status=to, **changes):
            raise IllegalMove(self, to)
        for field, value in {"status": to, **changes}.items():
            setattr(self, field, value)
