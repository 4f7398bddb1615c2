"""Clear away what lies in the archive for briefs and nothing needs any more: plans, and stills.

What a job needs may come to be needed in the very moment in which it is cleared away. It is then put back
here, where the job can be seen by now; else whoever asked for it puts it, once the job stands.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from festival import archive
from generation import material
from generation.models import Clip, Frame, Job

AGE = timedelta(days=1)  # of what nothing needs
SPARE = 20  # files removed at a time, and held in memory meanwhile; a still has up to 3 MB
CLEARING_S = 6 * 3600  # that one who was killed keeps others from it
LONGEST_WISH = timedelta(hours=1)  # from the making of a job's row until everybody can see it, and far more


@dataclass(frozen=True)
class Sort:
    """Files of one folder, named by the SHA-256 that briefs name them by."""

    folder: str
    needed: Callable[[datetime | None], set[str]]  # SHA-256s; of rows made since then, or of all


def plans_needed(since: datetime | None = None) -> set[str]:
    """Plans named by clips and by jobs that are or may again be on their way."""
    return _named(("control", "mask"), since)


def stills_needed(since: datetime | None = None) -> set[str]:
    """Stills that the same begin and end with, are made with, and that productions keep."""
    kept = Frame.objects.all() if since is None else Frame.objects.filter(kept_at__gte=since)
    found = _named(("first", "last", "keyframes", "references"), since)
    return found | set(kept.order_by().values_list("sha256", flat=True))


PLANS = Sort(material.PLANS, plans_needed)
STILLS = Sort(material.STILLS, stills_needed)


def clear(sort: Sort, at: datetime | None = None) -> int:
    """Remove files that nobody has asked for in a day and nothing needs; returns how many.

    One run at a time; another leaves it to that one, and returns 0.
    """
    clearing = f"marquee.{sort.folder}.clearing"
    if not cache.add(clearing, 1, CLEARING_S):
        return 0
    try:
        return _cleared(sort, (at or timezone.now()) - AGE)
    finally:
        cache.delete(clearing)


def _cleared(sort: Sort, before: datetime) -> int:
    since, needed, cleared = timezone.now() - LONGEST_WISH, sort.needed(None), 0
    old = [name for name, put_at in archive.listed(sort.folder) if put_at < before]
    spare = [name for name in old if _sha256(name) not in needed]
    for start in range(0, len(spare), SPARE):
        few = spare[start : start + SPARE]
        files = {name: content for name in few if (content := _taken_away(name, before)) is not None}
        back = sort.needed(since) if files else set()
        for name, content in files.items():
            if _sha256(name) in back:
                archive.write(content, name)
            else:
                cleared += 1
    return cleared


def _taken_away(name: str, before: datetime) -> bytes | None:
    """What was in the file that is removed; None if somebody was quicker, or has asked for it since."""
    with suppress(FileNotFoundError):
        with archive.open_file(name) as file:
            content = file.read()
        if archive.put_at(name) >= before:
            return None
        archive.delete(name)
        return content
    return None


def _sha256(name: str) -> str:
    return PurePosixPath(name).stem


def _named(fields: Iterable[str], since: datetime | None) -> set[str]:
    """All that these fields name in briefs of clips and of jobs that are or may again be on their way."""
    jobs = Job.objects.exclude(status__in=[Job.Status.DONE, Job.Status.CANCELLED])
    found: set[str] = set()
    for rows in (jobs, Clip.objects.all()):
        if since is not None:
            rows = rows.filter(created_at__gte=since)
        for said in rows.order_by().values_list(*(f"brief__{field}" for field in fields)).iterator():
            found.update(_texts(said))
    return found


def _texts(said: Any) -> set[str]:
    """The texts in it and in the lists it holds: a keyframe is a list of a time, a still and a strength."""
    if isinstance(said, list | tuple):
        return {text for one in said for text in _texts(one)}
    return {said} if isinstance(said, str) and said else set()
