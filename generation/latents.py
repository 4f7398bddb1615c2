"""Latents of clips, kept for some days so that a take can be drawn larger: put, found, and cleared away.

Each clip has a file of its own, named as the clip's: two people's clips of one brief share none.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from festival import archive
from generation.engines.base import EngineProblem
from generation.engines.stages import Kept
from generation.models import Clip, Job

FOLDER = "latents"  # of the archive
ORPHAN_AGE = timedelta(days=1)  # a clip is entered minutes after its files were put
GONE = "What is left of this take to draw it larger from is not here any more. Draw another, and take that."
SPOILT = "What was kept of this take to draw it larger from is spoilt. Draw another, and take that."


def name(path: str) -> str:
    """The archive name of the latents that belong to the clip at this path, or of this stem."""
    return f"{FOLDER}/{PurePosixPath(path).stem}.safetensors"


def keep(kept: Kept, clip: Clip, folder: Path) -> None:
    """Put a clip's latents into the archive and note them in its row, not yet saved, if there is room.

    Args:
        folder: to work in.
    """
    file = folder / "latents.safetensors"
    kept.save(file)
    if not has_room(file.stat().st_size):
        return
    clip.latents, clip.latents_bytes = _sha256(file), file.stat().st_size
    archive.put(file, name(clip.path))


def has_room(size_bytes: int, at: datetime | None = None) -> bool:
    """Whether so many bytes may be kept besides those of the last days."""
    since = (at or timezone.now()) - timedelta(days=settings.LATENTS_DAYS) - ORPHAN_AGE  # cleared once a day
    kept = Clip.objects.filter(created_at__gte=since).order_by().aggregate(all=Sum("latents_bytes"))["all"]
    return settings.LATENTS_DAYS > 0 and (kept or 0) + size_bytes <= settings.LATENTS_MOST_BYTES


def are_there(clip: Clip) -> bool:
    """Whether the clip's latents are kept, and still are."""
    return bool(clip.latents) and archive.exists(name(clip.path))


def why_not_use(user, sha256: str) -> str:
    """May `user` have a take drawn larger from these? "" for yes, else a sentence."""
    return "" if _found(user, sha256) else GONE


def load(user, sha256: str) -> Kept:
    """The latents of a clip that `user` may use.

    Raises:
        EngineProblem: there are none any more, or not as they were kept.
    """
    clip = _found(user, sha256)
    if clip is None:
        raise EngineProblem(GONE)
    with archive.local(name(clip.path)) as file:
        if _sha256(file) != sha256:
            raise EngineProblem(SPOILT)
        return Kept.load(file)


def _found(user, sha256: str) -> Clip | None:
    return next(filter(are_there, Clip.objects.visible_to(user).filter(latents=sha256)), None)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear(at: datetime | None = None) -> int:
    """Remove latents that are older than LATENTS_DAYS, and those that no clip has; returns how many.

    What somebody waits for stays. Who asks in the same moment reads that it is gone.
    """
    at, cleared = at or timezone.now(), 0
    files = list(archive.listed(FOLDER))
    owned = dict(Clip.objects.exclude(latents="").order_by().values_list("path", "latents").iterator())
    owned = {name(path): sha256 for path, sha256 in owned.items()}
    awaited = set(Job.objects.unfinished().order_by().values_list("brief__latents", flat=True))
    for file, put_at in files:
        old = put_at < at - timedelta(days=settings.LATENTS_DAYS) and owned.get(file) not in awaited
        if (file in owned and old) or (file not in owned and put_at < at - ORPHAN_AGE):
            archive.delete(file)
            cleared += 1
    return cleared
