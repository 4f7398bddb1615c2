"""Rows of the studio, and what its queue has been told."""

import json
from dataclasses import asdict
from itertools import count

from django.conf import settings

from generation.engines.base import Brief
from generation.models import Clip, Job
from tests.factories import make_edition, make_user

serial = count(1)
DRAW = "generation.tasks.draw"


def make_brief(**fields) -> Brief:
    wanted = {
        "engine": "quick", "revision": "r1", "prompt": "a cat walks on a rainy street", "seed": 7,
        "frames": 5, "width": 64, "height": 48, "fps": 8, "steps": 3,
    }  # fmt: skip
    return Brief(**wanted | fields)


def make_job(**fields) -> Job:
    brief = fields.pop("brief", None) or make_brief(seed=next(serial))
    fields.setdefault("owner", None)
    fields["owner"] = fields["owner"] or make_user()
    if "edition" not in fields:
        fields["edition"] = make_edition()
    return Job.objects.create(brief=asdict(brief), steps=brief.steps, **fields)


def make_clip(**fields) -> Clip:
    """A clip's row; no file stands behind it."""
    brief = make_brief(seed=next(serial))
    fields.setdefault("owner", None)
    fields["owner"] = fields["owner"] or make_user()
    if "edition" not in fields:
        fields["edition"] = make_edition()
    wanted = {
        "brief": asdict(brief), "digest": brief.digest, "prompt": brief.prompt, "engine": brief.engine,
        "revision": brief.revision, "licence": "CC0-1.0", "software": "diffusers", "seed": brief.seed,
        "path": f"clips/{brief.digest}.mp4", "poster": f"clips/{brief.digest}.jpg", "sha256": "0" * 64,
        "width": 64, "height": 48, "fps": 8, "duration_s": 4.0, "drawn_in_s": 2.0,
        "credentials": {"state": "trusted", "signer": "Marquee", "generated": True, "problems": []},
    }  # fmt: skip
    return Clip.objects.create(**wanted | fields)


def rings() -> int:
    """How many messages for `draw` lie in the embedded broker's folder."""
    files = (settings.VAR / "queue").glob("*.msg")
    return sum(json.loads(file.read_text())["headers"]["task"] == DRAW for file in files)


def hush() -> None:
    """Throw away what was rung before."""
    for file in (settings.VAR / "queue").glob("*.msg"):
        file.unlink()
