"""Rows of the studio, and what its queue has been told."""

import json
from dataclasses import asdict
from itertools import count

from django.conf import settings

from generation.engines.base import Brief
from generation.models import Clip, Job, Production, Shot, Take
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


def make_shot(**fields) -> Shot:
    """A shot in a scene of a production of its own, unless told otherwise."""
    owner, edition = fields.pop("owner", None) or make_user(), fields.pop("edition", None) or make_edition()
    if "scene" not in fields:
        production = Production.objects.create(owner=owner, edition=edition, title="The long way")
        fields["scene"] = production.scenes.create(title="Scene 1", position=0)
    wanted = {"position": 0, "words": "a cat", "seconds": 0.6, "aspect": "4:3", "engine": "quick"}
    return Shot.objects.create(**wanted | fields)


def make_take(**fields) -> Take:
    """A take that is drawn, unless `clip=None`; no file stands behind it."""
    shot = fields.pop("shot", None) or make_shot(owner=fields.pop("owner", None))
    production = shot.scene.production
    if "clip" not in fields:
        fields["clip"] = make_clip(owner=production.owner, edition=production.edition)
    clip = fields["clip"]
    wanted = {
        "number": shot.number_takes(1)[0], "asked_by": production.owner, "engine": "quick", "aspect": "4:3",
        "words": clip.prompt if clip else "a cat", "seed": clip.seed if clip else 7,
        "wish": {"engine": "quick", "prompt": "a cat", "seconds": 0.6, "aspect": "4:3", "seed": 7},
        "made_at": clip and clip.created_at, "spent_s": clip and clip.drawn_in_s,
    }  # fmt: skip
    return Take.objects.create(shot=shot, production=production, **wanted | fields)
