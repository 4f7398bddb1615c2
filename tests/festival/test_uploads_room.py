"""Uploads and their limits: room, two writers at once, and time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festival import uploads
from festival.errors import Conflict, Full, Refused, Unacceptable
from festival.models import Footage, Upload
from tests.factories import make_film, make_footage
from tests.festival.tus import create, head, make_upload, patch

pytestmark = pytest.mark.django_db

# No room


def test_a_full_disk_refuses_before_a_byte_is_sent(settings):
    upload, film = make_upload(), make_film()
    settings.FREE_DISK_BYTES = 2**62

    answer = create(film)
    assert (answer.status, "disk is full" in answer.text) == (507, True)
    assert Upload.objects.count() == 1
    again = patch(upload, b"0123")
    assert (again.status, "What has arrived is kept" in again.text) == (507, True)
    upload.refresh_from_db()
    assert upload.lock is None


def test_room_promised_to_others_is_not_given_twice(monkeypatch, settings):
    settings.FREE_DISK_BYTES = 100
    monkeypatch.setattr(uploads, "free_bytes", lambda: 160)
    make_upload(size_bytes=40)

    with pytest.raises(Full, match="disk is full"):
        make_upload(size_bytes=30)
    make_upload(size_bytes=20)


def test_a_disk_that_fills_up_keeps_what_fitted(monkeypatch):
    upload = make_upload()
    delivery = uploads.hold(upload, by=upload.owner, offset=0)
    delivery.write([b"0123"])
    delivery.file.close()
    delivery.file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115

    with pytest.raises(Full, match="filled up"):
        delivery.pour([b"4567"])

    upload.refresh_from_db()
    assert (upload.offset_bytes, upload.lock) == (4, None)


def test_a_person_has_a_quota(settings):
    settings.UPLOAD_QUOTA_BYTES = 100
    film = make_film()
    make_footage(film=film, size_bytes=50)
    make_upload(film=film, size_bytes=40)

    with pytest.raises(Full, match="leave 10"):
        make_upload(film=film, size_bytes=11)
    make_upload(film=film, size_bytes=10)
    make_upload(size_bytes=100)  # somebody else


def test_an_expired_upload_burdens_no_quota(settings):
    settings.UPLOAD_QUOTA_BYTES = 100
    film = make_film()
    make_upload(film=film, size_bytes=100, at=timezone.now() - timedelta(hours=settings.UPLOAD_AGE_H))
    assert make_upload(film=film, size_bytes=100)


# Two at once


def test_only_one_of_two_stale_copies_takes_the_lock():
    upload = make_upload()
    first, second = Upload.objects.get(), Upload.objects.get()
    at = timezone.now()

    delivery = uploads.hold(first, by=upload.owner, offset=0, at=at)
    with pytest.raises(uploads.Busy):
        uploads.hold(second, by=upload.owner, offset=0, at=at)
    answer = patch(upload, b"0123")
    assert (answer.status, "being written to" in answer.text) == (423, True)
    with pytest.raises(uploads.Busy):
        uploads.cancel(second, at=at)

    delivery.pour([b"0123"])
    assert patch(upload, b"45", offset=4).status == 204


def test_a_killed_servers_lock_lapses_and_its_tail_is_cut_off():
    upload = make_upload()
    at = timezone.now()
    killed = uploads.hold(upload, by=upload.owner, offset=0, at=at)
    killed.write([b"0123"])
    killed.renew(offset=4, at=at)
    killed.write([b"567"])  # reached the file, was never counted

    with pytest.raises(uploads.Busy):
        uploads.hold(upload, by=upload.owner, offset=4, at=at + uploads.LEASE - timedelta(milliseconds=1))
    later = uploads.hold(Upload.objects.get(), by=upload.owner, offset=4, at=at + uploads.LEASE)

    assert upload.path.read_bytes() == b"0123"
    with pytest.raises(uploads.Busy, match="taken this upload over"):
        killed.land(complete=True)
    later.pour([b"456789"])
    assert Footage.objects.get().size_bytes == 10


def test_a_writer_that_lost_its_lease_stops_before_it_writes():
    upload = make_upload()
    at = timezone.now()
    slow = uploads.hold(upload, by=upload.owner, offset=0, at=at)
    taker = uploads.hold(Upload.objects.get(), by=upload.owner, offset=0, at=at + uploads.LEASE)
    taker.write([b"01"])
    slow.renewed -= uploads.RENEW_S + 1  # the silence it has been through

    with pytest.raises(uploads.Busy):
        slow.write([b"zzzz"])

    assert upload.path.read_bytes() == b"01"


def test_a_file_shorter_than_its_row_counts_for_what_is_there():
    upload = make_upload()
    patch(upload, b"01234567")
    with upload.path.open("r+b") as file:
        file.truncate(3)  # as after a power cut

    assert head(upload).headers["upload-offset"] == "3"
    assert patch(upload, b"3456789", offset=3).status == 204
    assert Footage.objects.count() == 1


def test_finishing_twice_is_finishing_once():
    upload = make_upload()
    first, second = Upload.objects.get(), Upload.objects.get()
    upload.path.parent.mkdir(exist_ok=True)
    upload.path.write_bytes(b"0123456789")
    Upload.objects.update(offset_bytes=10)
    for copy in (first, second):
        copy.offset_bytes = 10

    uploads.finish(first)
    uploads.finish(second)

    assert Footage.objects.count() == 1
    assert Upload.objects.get().finished_at == first.finished_at


def test_head_finishes_what_a_killed_server_left():
    upload = make_upload()
    upload.path.parent.mkdir(exist_ok=True)
    upload.path.write_bytes(b"0123456789")
    Upload.objects.update(offset_bytes=10)

    assert head(upload).headers["upload-offset"] == "10"
    assert Footage.objects.get().upload == upload


# Time


def test_an_upload_left_alone_expires_and_is_cleared(settings):
    at = timezone.now()
    upload = make_upload(at=at - timedelta(hours=settings.UPLOAD_AGE_H))
    upload.path.parent.mkdir(exist_ok=True)
    upload.path.write_bytes(b"0123")
    Upload.objects.update(offset_bytes=4)

    gone = patch(upload, b"4567", offset=4)
    assert (gone.status, "expired" in gone.text) == (410, True)
    assert head(upload).status == 410
    uploads.clear_expired(at=at)
    assert head(upload).status == 404
    assert not upload.path.exists()


def test_each_piece_prolongs_the_uploads_life(settings):
    at = timezone.now()
    upload = make_upload(at=at - timedelta(hours=settings.UPLOAD_AGE_H - 1))
    patch(upload, b"0123")
    upload.refresh_from_db()
    assert upload.expires_at >= at + timedelta(hours=settings.UPLOAD_AGE_H)


def test_clearing_spares_the_living_and_finishes_the_whole(settings):
    living, whole = make_upload(), make_upload()
    living.path.parent.mkdir(exist_ok=True)
    living.path.write_bytes(b"")
    whole.path.write_bytes(b"0123456789")
    Upload.objects.filter(pk=whole.pk).update(offset_bytes=10)
    stray = settings.UPLOAD_ROOT.joinpath("0" * 32)
    stray.write_bytes(b"nobody's")

    uploads.clear_expired(at=timezone.now())

    assert Upload.objects.filter(finished_at=None).get() == living
    assert living.path.exists()
    assert not stray.exists()
    assert Footage.objects.get().upload == whole


def test_a_late_upload_is_refused_and_one_begun_in_time_is_not():
    film = make_film()
    deadline = film.edition.tiers.get().closes_at
    upload = make_upload(film=film, at=deadline - timedelta(minutes=1))

    with pytest.raises(Refused, match="closed on"):
        make_upload(at=deadline + timedelta(minutes=1), film=make_film(edition=film.edition))
    assert uploads.hold(upload, by=film.entrant, offset=0, at=deadline + timedelta(hours=1))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\Der Weg.mp4", "Der Weg.mp4"),
        ("a\x00b\n.mp4", "ab.mp4"),
        ("", "film"),
        ("x" * 400, "x" * 255),
    ],
)
def test_a_files_name_is_only_ever_words(name, kept):
    assert uploads.tidy(name) == kept


def test_acts_refuse_by_problems():
    upload = make_upload()
    with pytest.raises(Unacceptable):
        make_upload(size_bytes=0)
    with pytest.raises(Conflict):
        uploads.hold(upload, by=upload.owner, offset=1)
