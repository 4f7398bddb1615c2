"""The whole way of a file with its archive in an S3 bucket, over real connections."""

import hashlib
import os
import subprocess
import sys
import urllib.request
from datetime import timedelta

import pytest
from django.utils import timezone

from festival import archive, intake
from festival.models import Footage, Upload
from tests.factories import make_film
from tests.festival.reels import reel

pytestmark = [pytest.mark.services, pytest.mark.django_db]

LOOK = (
    "import django; django.setup(); from festival import archive; "
    "print(archive.on_disk(), archive.size({name!r}))"
)


@pytest.fixture
def in_bucket(s3, settings):
    """The archive as the settings make it from these variables, here and in other processes."""
    options = {
        "bucket_name": s3["S3_BUCKET"],
        "endpoint_url": s3["S3_ENDPOINT_URL"],
        "access_key": s3["S3_ACCESS_KEY"],
        "secret_key": s3["S3_SECRET_KEY"],
        "region_name": s3["S3_REGION"],
        "querystring_auth": True,
    }
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"archive": storage}
    return s3


def deliver(film, content: bytes) -> Footage:
    now = timezone.now()
    upload = Upload.objects.create(
        film=film,
        owner=film.entrant,
        name="cut.mp4",
        size_bytes=len(content),
        finished_at=now,
        expires_at=now + timedelta(hours=1),
    )
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.write_bytes(content)
    return intake.receive(upload)


def test_a_film_is_received_examined_replaced_and_played_from_a_bucket(in_bucket):
    film = make_film()
    content = reel().read_bytes()
    old = deliver(film, content)
    assert not archive.on_disk()
    assert old.upload.path.read_bytes() == content  # finishing copies nothing
    assert not archive.exists(old.original)

    intake.examine(str(old.pk))

    old.refresh_from_db()
    assert not old.upload.path.exists()
    assert (old.status, old.problem) == (Footage.Status.READY, "")
    assert old.sha256 == hashlib.sha256(content).hexdigest()
    with urllib.request.urlopen(archive.url(f"{old.folder}/film.mp4")) as answer:
        assert answer.read(12)[4:8] == b"ftyp"

    new = deliver(film, reel(sound=False).read_bytes())
    intake.examine(str(new.pk))
    intake.recover()

    film.refresh_from_db()
    assert film.footage == new
    assert not archive.exists(f"{old.folder}/film.mp4")
    assert archive.size(old.original) == len(content)


def test_a_refused_file_is_filed_away_all_the_same(in_bucket):
    footage = deliver(make_film(), b"not a film, but bytes")
    intake.recover()
    assert footage.upload.path.exists()  # a worker may be about to read it

    intake.examine(str(footage.pk))
    footage.refresh_from_db()
    assert footage.status == Footage.Status.REFUSED
    intake.recover()

    assert not footage.upload.path.exists()
    assert archive.size(footage.original) == 21


def test_the_bucket_is_one_variable_away(in_bucket):
    footage = deliver(make_film(), b"not a film, but bytes")
    intake.examine(str(footage.pk))
    intake.recover()

    other = subprocess.run(
        [sys.executable, "-c", LOOK.format(name=footage.original)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | in_bucket,
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.split() == ["False", "21"]
