"""What a brief names by its SHA-256: who may use it, and what a worker reads of it."""

import numpy as np
import pytest
from PIL import Image

from festival import archive
from festival.media import frames
from generation import material
from generation.engines.base import EngineProblem
from generation.models import Member
from tests.factories import make_user
from tests.generation.makers import make_brief, make_clip, make_take

pytestmark = pytest.mark.django_db


def test_a_source_is_ones_own_clip_or_one_that_is_shared():
    mine, theirs = make_clip(sha256="a" * 64), make_clip(sha256="b" * 64)
    take = make_take()
    type(take.clip).objects.filter(pk=take.clip.pk).update(sha256="c" * 64)
    Member.objects.create(
        production=take.production, person=mine.owner, invited_by=take.asked_by, accepted_at=take.asked_at
    )

    assert material.why_not_use(mine.owner, make_brief(source="a" * 64)) == ""
    assert material.why_not_use(mine.owner, make_brief(extend="c" * 64)) == ""
    assert "not one of yours" in material.why_not_use(mine.owner, make_brief(source=theirs.sha256))
    assert "not one of yours" in material.why_not_use(make_user(), make_brief(extend="c" * 64))


@pytest.mark.parametrize("named", [{"last": "e" * 64}, {"references": ("e" * 64,)}])
def test_a_still_that_is_gone_is_asked_for_again(named):
    brief = make_brief(**named)

    assert material.why_not_use(make_user(), brief) == material.GONE
    with pytest.raises(EngineProblem, match="Send it again"):
        material.load(make_user(), brief)


def test_a_still_that_comes_with_the_wish_need_not_be_kept_yet():
    assert material.why_not_use(make_user(), make_brief(first="f" * 64), sent="f" * 64) == ""


def test_a_worker_reads_stills_and_clips_as_engines_take_them(tmp_path):
    clip = make_clip(sha256="d" * 64, path="clips/material.mp4")
    frames.write_mp4(np.full((5, 48, 64, 3), 200, np.uint8), tmp_path / "clip.mp4", fps=8)
    archive.put(tmp_path / "clip.mp4", clip.path)
    Image.new("RGB", (32, 24), "#cc8833").save(tmp_path / "still.jpg")
    archive.put(tmp_path / "still.jpg", material.still_name("1" * 64))
    brief = make_brief(source="d" * 64, last="1" * 64, keyframes=((0.5, "1" * 64, 1.0),))

    found = material.load(clip.owner, brief)

    assert sorted(found) == ["keyframes", "last", "source"]
    assert (found["source"].shape, found["last"].shape) == ((5, 48, 64, 3), (24, 32, 3))
    assert abs(int(found["source"].mean()) - 200) <= 2
    assert len(found["keyframes"]) == 1


def test_a_clip_that_is_somebody_elses_is_not_read_either():
    clip = make_clip(sha256="d" * 64)

    with pytest.raises(EngineProblem, match="not here any more"):
        material.load(make_user(), make_brief(source=clip.sha256))
