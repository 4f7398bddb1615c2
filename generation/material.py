"""Pictures and clips that a brief names by their SHA-256: who may use them, and their pixels."""

from typing import Any

import numpy as np
from django.db.models import Q
from PIL import Image

from festival import archive
from festival.media import frames
from generation.engines.base import Brief, EngineProblem
from generation.models import Clip, Take

GONE = "A picture that this clip needs is not here any more. Send it again, and ask anew."


def still_name(sha256: str) -> str:
    """The archive name of a still that clips begin or end with."""
    return f"first-frames/{sha256}.jpg"


def why_not_use(user, brief: Brief, *, sent: str = "") -> str:
    """May `user` have something drawn from all that this brief names? "" for yes, else a sentence.

    A still that was `sent` with the wish need not be kept yet.
    """
    for sha256 in filter(None, (brief.source, brief.extend)):
        if not _clips(user, sha256).exists():
            return "The clip to work from is not one of yours. Choose a clip of your own, or one you share."
    for sha256 in _stills(brief):
        if sha256 != sent and not archive.exists(still_name(sha256)):
            return GONE
    if brief.control or brief.mask:
        return "Control clips and masks cannot be sent to the queue. Direct the shot on its page instead."
    return ""


def load(user, brief: Brief) -> dict[str, Any]:
    """What the brief names, as `Engine.draw` takes it.

    Raises:
        EngineProblem: something of it is gone, or no longer `user`'s to use.
    """
    found: dict[str, Any] = {name: still(sha) for name in ("first", "last") if (sha := getattr(brief, name))}
    for name in ("source", "extend"):
        if sha256 := getattr(brief, name):
            found[name] = clip(user, sha256)
    if brief.keyframes:
        found["keyframes"] = tuple(still(sha256) for _, sha256, _ in brief.keyframes)
    if brief.references:
        found["references"] = tuple(still(sha256) for sha256 in brief.references)
    return found


def still(sha256: str) -> np.ndarray:
    """(height, width, 3) uint8. Raises EngineProblem where it is gone."""
    if not archive.exists(still_name(sha256)):
        raise EngineProblem(GONE)
    with archive.local(still_name(sha256)) as path, Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def clip(user, sha256: str) -> np.ndarray:
    """(frames, height, width, 3) uint8 of a clip `user` may use. Raises EngineProblem if there is none."""
    found = _clips(user, sha256).first()
    if found is None or not archive.exists(found.path):
        raise EngineProblem(GONE)
    with archive.local(found.path) as path:
        return frames.read_mp4(path)


def _clips(user, sha256: str):
    """The clips of this digest that are `user`'s, or in a production they share."""
    shared = Take.objects.visible_to(user).filter(clip__isnull=False).values("clip")
    return Clip.objects.filter(Q(owner=user) | Q(pk__in=shared), sha256=sha256)


def _stills(brief: Brief) -> list[str]:
    keyframes = [sha256 for _, sha256, _ in brief.keyframes]
    return [*filter(None, (brief.first, brief.last)), *keyframes, *brief.references]
