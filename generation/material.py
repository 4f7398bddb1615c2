"""Pictures, clips and plans that a brief names by their SHA-256: who may use them, and their pixels.

A control clip and a mask are named by the plan that they are drawn of: a direction, as plain JSON. A worker
draws them at the brief's own size and length.
"""

import hashlib
import json
from dataclasses import replace
from typing import Any

import numpy as np
from django.db import transaction
from PIL import Image

from festival import archive
from festival.media import frames
from generation import animatic, latents
from generation.animatic import masks
from generation.engines.base import Brief, EngineProblem
from generation.models import Clip

PLANS, STILLS = "plans", "first-frames"  # folders of the archive; `clearing` removes what nothing needs
GONE = "A picture that this clip needs is not here any more. Send it again, and ask anew."
STRANGE = "The clip to work from is not one of yours. Choose a clip of your own, or one you share."
UNPLANNED = "What this clip was directed by is not here any more. Ask for it anew from its shot."


def still_name(sha256: str) -> str:
    """The archive name of a still that clips begin or end with."""
    return f"{STILLS}/{sha256}.jpg"


def why_not_use(user, brief: Brief, *, sent: str = "", planned: bool = False) -> str:
    """May `user` have something drawn from all that this brief names? "" for yes, else a sentence.

    A still that was `sent` with the wish need not be kept yet, nor its plan where it is `planned` just now.
    """
    for sha256 in filter(None, (brief.source, brief.extend)):
        if not Clip.objects.visible_to(user).filter(sha256=sha256).exists():
            return STRANGE
    for sha256 in _stills(brief):
        if sha256 != sent and not archive.exists(still_name(sha256)):
            return GONE
    plans = set() if planned else {brief.control, brief.mask} - {""}
    if not all(archive.exists(plan_name(sha256)) for sha256 in plans):
        return UNPLANNED
    return latents.why_not_use(user, brief.latents) if brief.latents else ""


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
    if brief.control:
        found["control"] = _planned(brief, brief.control).control
    if brief.mask:
        found |= _masked(brief, found["source"])
    if brief.latents:
        found["latents"] = latents.load(user, brief.latents)
    return found


def _masked(brief: Brief, source: np.ndarray) -> dict[str, np.ndarray]:
    """The source with its mask; where it is drawn around, it lies whole in the middle of a larger picture."""
    planned = _planned(brief, brief.mask)
    if planned.direction.source and planned.direction.source.redraw == "around":
        larger, mask = masks.around(source, planned.size)
        return {"source": larger, "mask": mask}
    return {"mask": planned.mask}


def put_once_it_stands(name: str, content: bytes) -> None:
    """Put it again if it was cleared away before the row was to be seen that needs it."""
    transaction.on_commit(lambda: archive.exists(name) or archive.write(content, name))


# Plans


def plan_name(sha256: str) -> str:
    """The archive name of a plan."""
    return f"{PLANS}/{sha256}.json"


def plan(direction: animatic.Direction) -> tuple[str, bytes]:
    """What a control clip or a mask is drawn of, as canonical JSON, behind its SHA-256."""
    source = direction.source if direction.source and direction.source.redraw != "all" else None
    seen = replace(direction, keyframes=(), references=(), source=source)
    text = json.dumps(seen.to_json(), sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(text).hexdigest(), text


def keep_plan(direction: animatic.Direction) -> None:
    """Put the plan into the archive under its digest, anew each time, so that it is as old as the last wish.

    Nothing may refuse the wish after it: what is refused leaves no file behind. Once the job stands that
    names it, it is looked for again.
    """
    sha256, text = plan(direction)
    archive.write(text, plan_name(sha256))
    put_once_it_stands(plan_name(sha256), text)


def _planned(brief: Brief, sha256: str) -> animatic.Compiled:
    """The plan worked out for the brief. Raises EngineProblem where it is gone."""
    if not archive.exists(plan_name(sha256)):
        raise EngineProblem(UNPLANNED)
    with archive.open_file(plan_name(sha256)) as file:
        direction = animatic.Direction.from_json(json.loads(file.read()))
    return animatic.compile(direction, frames=brief.frames, size=(brief.width, brief.height))


# Stills and clips


def still(sha256: str) -> np.ndarray:
    """(height, width, 3) uint8. Raises EngineProblem where it is gone."""
    if not archive.exists(still_name(sha256)):
        raise EngineProblem(GONE)
    with archive.local(still_name(sha256)) as path, Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def clip(user, sha256: str) -> np.ndarray:
    """(frames, height, width, 3) uint8 of a clip `user` may use. Raises EngineProblem if there is none."""
    found = Clip.objects.visible_to(user).filter(sha256=sha256).first()
    if found is None or not archive.exists(found.path):
        raise EngineProblem(GONE)
    with archive.local(found.path) as path:
        return frames.read_mp4(path)


def _stills(brief: Brief) -> list[str]:
    keyframes = [sha256 for _, sha256, _ in brief.keyframes]
    return [*filter(None, (brief.first, brief.last)), *keyframes, *brief.references]
