"""Jobs that are not drawn at their turn after all: their licence is withdrawn, or their seconds are spent."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings

from generation import access, allowances, finishing
from generation.engines import registry
from generation.models import Job, Terms

MOST = 50  # that one look ends: it is one transaction, and others wait to write


class Gate:
    """Asks jobs at their turn; what is the same for many of them is read once."""

    def __init__(self, at: datetime):
        self._at = at
        self._cards = registry.cards(settings.ENGINES_ROOT) if Terms.objects.exists() else {}
        self._spent: dict[tuple[int, int], str] = {}
        self._withdrawn: Counter[int] = Counter()  # jobs of an edition
        self._barred = 0

    @property
    def busy(self) -> bool:
        """Whether so many were barred that the rest should wait for the next look."""
        return self._barred >= MOST

    def barred(self, asked: list) -> dict[Any, tuple[Job, str]]:
        """Those of the jobs with these ids that may not be drawn, each with the sentence that says why."""
        found, rows = {}, Job.objects if self._cards else Job.objects.light()
        for job in rows.filter(pk__in=asked).select_related("edition", "owner"):
            if why := self._why_not_licensed(job) or self._why_spent(job):
                found[job.pk] = job, why
        self._barred += len(found)
        return found

    def _why_not_licensed(self, job: Job) -> str:
        card = None if job.engine == finishing.ENGINE else self._cards.get(job.brief["engine"])
        why = access.why_not_licensed(card, job.edition) if card else ""
        if not why:
            return ""
        self._withdrawn[job.edition_id] += 1
        return f"The festival's terms have changed since you asked, and nothing was drawn. {why}"

    def _why_spent(self, job: Job) -> str:
        whose = job.owner_id, job.edition_id
        if whose not in self._spent:
            self._spent[whose] = allowances.why_used_up(job.owner, job.edition, self._at)
        return self._spent[whose]

    def record(self) -> None:
        """Add a row to each edition's record: how many jobs its terms have ended, and who stated those."""
        for terms in Terms.objects.filter(edition__in=self._withdrawn).select_related("edition"):
            ended = self._withdrawn[terms.edition_id]
            jobs = "1 clip that waited was" if ended == 1 else f"{ended} clips that waited were"
            terms.edition.events.create(by_id=terms.by_id, note=f"{jobs} not drawn, as the terms say by now.")
