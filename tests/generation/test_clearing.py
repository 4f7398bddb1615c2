"""Stills that were sent: kept while something begins, ends or is made with them, and cleared away after."""

import os
from dataclasses import asdict
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db.models.signals import post_save
from django.utils import timezone
from PIL import Image

from festival import archive, uploads
from festival.errors import Full, Refused, Unacceptable
from generation import clearing, desk, dispatch, material, studio, tasks
from generation.models import Frame, Job
from tests.factories import make_edition
from tests.generation import watched
from tests.generation.makers import make_brief, make_clip, make_job, make_shot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]

DAYS_ON = timedelta(days=2)
SHA256 = "d" * 64
WISH = {"engine": "small", "prompt": "a boat", "seconds": 0.6, "aspect": "16:9", "seed": 7}


@pytest.fixture(autouse=True)
def own_archive(settings, tmp_path):
    disk = {"BACKEND": watched.BACKEND, "OPTIONS": {"location": tmp_path / "archive"}}
    settings.STORAGES = settings.STORAGES | {"archive": disk}


@pytest.fixture
def picture(tmp_path) -> Path:
    Image.new("RGB", (60, 40), "#336699").save(tmp_path / "sent.png")
    return tmp_path / "sent.png"


def kept() -> set[str]:
    return {Path(name).stem for name, _ in archive.listed("first-frames")}


def put(*digests: str) -> None:
    for sha256 in digests:
        file = BytesIO()
        Image.new("RGB", (8, 8)).save(file, "JPEG")
        archive.write(file.getvalue(), material.still_name(sha256))


def clear(days=DAYS_ON) -> int:
    return clearing.clear(clearing.STILLS, at=timezone.now() + days)


def test_a_still_of_a_cancelled_job_goes_after_a_day(person, picture):
    job = studio.request(make_edition(), by=person, first=picture, **WISH)
    assert kept() == {job.brief["first"]}
    dispatch.cancel(job, by=person)

    assert (clear(timedelta(0)), len(kept())) == (0, 1)
    assert (clear(), kept()) == (1, set())


def test_a_still_is_there_before_a_worker_can_take_its_job(person, picture):
    seen = []

    def look(instance, **_):
        seen.append(kept() == {instance.brief["first"]})

    post_save.connect(look, sender=Job)
    try:
        studio.request(make_edition(), by=person, first=picture, **WISH)
    finally:
        post_save.disconnect(look, sender=Job)

    assert seen == [True]


@pytest.mark.parametrize("status", ["queued", "paused", "running", "failed"])
def test_a_still_of_a_job_that_is_or_may_be_on_its_way_stays(status):
    put(SHA256)
    make_job(brief=make_brief(first=SHA256), status=status)

    assert (clear(), kept()) == (0, {SHA256})


@pytest.mark.parametrize(
    "named",
    [
        {"first": SHA256},
        {"last": SHA256},
        {"references": (SHA256,)},
        {"keyframes": ((0.5, SHA256, 1.0), (0.9, "e" * 64, 0.5))},
    ],
)
def test_a_still_that_a_clip_was_made_with_stays_and_no_other(named):
    put(SHA256, "f" * 64)
    make_clip(brief=asdict(make_brief(**named)))

    assert (clear(), kept()) == (1, {SHA256})


def test_a_still_that_a_production_keeps_stays(person, picture):
    shot = make_shot(owner=person)
    frame = desk.keep_still(shot.scene.production, picture, by=person)

    assert (clear(), kept()) == (0, {frame.sha256})
    Frame.objects.all().delete()
    assert (clear(), kept()) == (1, set())


def test_a_still_that_is_kept_as_it_is_cleared_away_is_put_back(person, picture):
    production = make_shot(owner=person).scene.production
    sha256 = desk.keep_still(production, picture, by=person).sha256
    Frame.objects.all().delete()
    watched.Watched.meanwhile = [
        lambda: Frame.objects.create(production=production, sha256=sha256, kept_by=person)
    ]

    assert (clear(), kept()) == (0, {sha256})


def test_the_clearing_is_a_task(person, picture):
    put(SHA256, "f" * 64)
    long_ago = (timezone.now() - DAYS_ON).timestamp()
    os.utime(archive.path(material.still_name(SHA256)), (long_ago, long_ago))
    tasks.clear()

    assert kept() == {"f" * 64}


def test_what_cannot_be_drawn_is_refused_before_the_picture_is_looked_at(person, tmp_path, settings):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    edition = make_edition()

    with pytest.raises(Unacceptable, match=r"draws 0\.2 to 2 seconds"):
        studio.request(edition, by=person, first=bad, **WISH | {"seconds": 99})
    with pytest.raises(Unacceptable, match="not a JPEG"):
        studio.request(edition, by=person, first=bad, **WISH)
    settings.JOBS_A_PERSON = 0
    with pytest.raises(Refused, match="on the way"):
        studio.request(edition, by=person, first=bad, **WISH)


def test_where_the_disk_is_full_no_still_is_taken_in(person, picture, settings):
    settings.FREE_DISK_BYTES = uploads.free_bytes() + 2**40
    production = make_shot(owner=person).scene.production

    with pytest.raises(Full, match="disk is full"):
        studio.request(make_edition(), by=person, first=picture, **WISH)
    with pytest.raises(Full, match="disk is full"):
        desk.keep_still(production, picture, by=person)

    assert (kept(), Job.objects.count(), Frame.objects.count()) == (set(), 0, 0)
