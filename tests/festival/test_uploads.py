"""The tus 1.0 protocol as a client meets it, every refusal, and the rules behind it."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from festival import uploads
from festival.errors import Conflict, Full, Refused, Unacceptable
from festival.models import Edition, Film, Footage, Upload
from tests.factories import make_film, make_footage, make_user
from tests.festival.wire import GONE, ask, signed_in

pytestmark = pytest.mark.django_db

BYTES = "application/offset+octet-stream"


def b64(data) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def make_upload(*, size_bytes=10, film=None, **fields):
    film = film or make_film()
    return uploads.begin(film, by=film.entrant, name="film.mp4", size_bytes=size_bytes, **fields)


def create(film, *, by=None, length=10, body=b"", **headers):
    told = {
        "Upload-Length": length,
        "Upload-Metadata": f"film {b64(str(film.pk))},filename {b64('Der Weg.mp4')}",
    }
    return ask("POST", "/uploads/", signed_in(by or film.entrant, **told) | headers, body)


def patch(upload, body, *, offset=0, by=None, **headers):
    told = {"Upload-Offset": offset, "Content-Type": BYTES}
    if isinstance(body, bytes):
        told["Content-Length"] = len(body)
    who = signed_in(by or upload.owner, **told) | headers
    who = {name: value for name, value in who.items() if value is not None}
    return ask("PATCH", f"/uploads/{upload.pk}/", who, body)


def head(upload, *, by=None):
    return ask("HEAD", f"/uploads/{upload.pk}/", signed_in(by or upload.owner))


# The path of a file


def test_options_say_what_the_server_can_to_anybody(settings):
    settings.UPLOAD_MAX_BYTES = 5000
    answer = ask("OPTIONS", "/uploads/", {"Host": "testserver"})

    assert answer.status == 204
    assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
    assert answer.headers["tus-max-size"] == "5000"
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "expiration",
        "checksum",
        "termination",
    }


def test_a_file_in_two_pieces_becomes_footage():
    film = make_film()
    made = create(film, length=10)
    assert made.status == 201
    assert made.headers["upload-expires"].endswith("GMT")
    upload = Upload.objects.get()
    assert made.headers["location"] == f"/uploads/{upload.pk}/"
    assert (upload.name, upload.owner, upload.film, upload.size_bytes) == (
        "Der Weg.mp4",
        film.entrant,
        film,
        10,
    )

    first = patch(upload, b"01234")
    assert (first.status, first.headers["upload-offset"]) == (204, "5")
    assert first.headers["tus-resumable"] == "1.0.0"
    asked = head(upload)
    assert (asked.status, asked.headers["upload-offset"], asked.headers["upload-length"]) == (200, "5", "10")
    assert asked.headers["cache-control"] == "no-store"
    assert b64("Der Weg.mp4") in asked.headers["upload-metadata"]
    second = patch(upload, [b"56", b"789"], offset=5)
    assert (second.status, second.headers["upload-offset"]) == (204, "10")

    footage = Footage.objects.get()
    assert (footage.film, footage.upload, footage.size_bytes) == (film, upload, 10)
    assert footage.status == Footage.Status.WAITING
    from festival import archive

    with archive.open_file(footage.original) as original:
        assert original.read() == b"0123456789"
    assert not upload.path.exists()
    assert head(upload).headers["upload-offset"] == "10"


def test_a_file_may_come_with_its_creation():
    made = create(make_film(), body=b"01234", **{"Content-Type": BYTES, "Content-Length": 5})

    assert (made.status, made.headers["upload-offset"]) == (201, "5")
    assert Upload.objects.get().path.read_bytes() == b"01234"


def test_post_stands_in_for_patch_head_and_delete():
    upload = make_upload()
    over = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": 0, "Content-Type": BYTES}
    answer = ask("POST", f"/uploads/{upload.pk}/", signed_in(upload.owner, **over), b"0123")
    assert (answer.status, answer.headers["upload-offset"]) == (204, "4")

    gone = ask(
        "POST", f"/uploads/{upload.pk}/", signed_in(upload.owner, **{"X-HTTP-Method-Override": "DELETE"})
    )
    assert gone.status == 204
    assert not Upload.objects.exists()


def test_delete_takes_the_bytes_away():
    upload = make_upload()
    patch(upload, b"0123")
    assert upload.path.exists()

    assert ask("DELETE", f"/uploads/{upload.pk}/", signed_in(upload.owner)).status == 204
    assert not upload.path.exists()
    assert head(upload).status == 404


def test_delete_refuses_a_file_that_has_arrived():
    upload = make_upload()
    patch(upload, b"0123456789")

    answer = ask("DELETE", f"/uploads/{upload.pk}/", signed_in(upload.owner))

    assert (answer.status, "already arrived" in answer.text) == (409, True)
    assert Footage.objects.count() == 1


def test_a_server_without_the_door_takes_a_body_too():
    upload = make_upload()
    client = Client(headers=signed_in(upload.owner))

    answer = client.patch(
        f"/uploads/{upload.pk}/", b"01234", content_type=BYTES, headers={"Upload-Offset": "0"}
    )

    assert (answer.status_code, answer["Upload-Offset"]) == (204, "5")


# Who may


def test_nobody_uploads_without_signing_in():
    upload = make_upload()
    nobody = {"Authorization": None, "Host": "testserver"}
    assert patch(upload, b"0", **nobody).status == 401
    assert ask("POST", "/uploads/", {"Host": "testserver", "Tus-Resumable": "1.0.0"}).status == 401


def test_a_session_needs_its_csrf_token():
    film = make_film()
    client = Client(enforce_csrf_checks=True)
    client.force_login(film.entrant)
    told = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "10",
        "Upload-Metadata": f"film {b64(str(film.pk))},filename {b64('a.mp4')}",
    }
    assert client.post("/uploads/", headers=told).status_code == 403

    client.cookies["csrftoken"] = token = "a" * 32
    assert client.post("/uploads/", headers=told | {"X-CSRFToken": token}).status_code == 201


def test_a_stranger_finds_nothing():
    upload, stranger = make_upload(), make_user()

    assert head(upload, by=stranger).status == 404
    assert patch(upload, b"0123", by=stranger).status == 404
    assert ask("DELETE", f"/uploads/{upload.pk}/", signed_in(stranger)).status == 404
    assert create(upload.film, by=stranger).status == 404
    assert Upload.objects.get().offset_bytes == 0


def test_only_the_entrant_sends_a_film_that_everybody_sees():
    film = make_film(status=Film.Status.SELECTED)
    Edition.objects.filter(pk=film.edition_id).update(status=Edition.Status.PUBLISHED)

    answer = create(film, by=make_user())

    assert (answer.status, "Only the entrant" in answer.text) == (403, True)


def test_an_entry_with_the_jury_takes_no_more_bytes():
    upload = make_upload()
    Film.objects.update(status=Film.Status.ELIGIBLE)

    assert patch(upload, b"0123").status == 403
    assert Upload.objects.get().lock is None


# What is refused


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "tus 1.0.0"),
        ({"Upload-Length": ""}, 400, "Upload-Length"),
        ({"Upload-Length": "-1"}, 400, "Upload-Length"),
        ({"Upload-Length": "0"}, 422, "empty"),
        ({"Upload-Length": str(10**12)}, 413, "at most"),
        ({"Upload-Defer-Length": "1"}, 400, "how many bytes"),
        ({"Upload-Metadata": ""}, 400, "which film"),
        ({"Upload-Metadata": f"film {b64('7')}"}, 400, "which film"),
        ({"Upload-Metadata": "film ***"}, 400, "base64"),
    ],
)
def test_creation_says_what_is_wrong(headers, status, words):
    answer = create(make_film(), **headers)

    assert (answer.status, words in answer.text) == (status, True), answer.text
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({"Tus-Resumable": None}, 412, "tus 1.0.0"),
        ({"Content-Type": "video/mp4"}, 415, BYTES),
        ({"Upload-Offset": None}, 400, "Upload-Offset"),
        ({"Upload-Offset": "1e3"}, 400, "Upload-Offset"),
        ({"Upload-Offset": "3"}, 409, "stands at byte 0"),
        ({"Content-Length": "11"}, 413, "more bytes"),
        ({"Content-Length": None}, 413, "more bytes"),  # found out while they come
        ({"Upload-Checksum": "md5 AAAA"}, 400, "sha1"),
        ({"Upload-Checksum": "sha1 ***"}, 400, "base64"),
    ],
)
def test_patch_says_what_is_wrong_and_keeps_the_upload_open(headers, status, words):
    upload = make_upload()

    answer = patch(upload, b"0123456789a", **headers)

    assert (answer.status, words in answer.text) == (status, True), answer.text
    upload.refresh_from_db()
    assert (upload.offset_bytes, upload.lock) == (0, None)
    assert patch(upload, b"0123456789").status == 204


def test_patch_of_a_finished_file_is_a_conflict():
    upload = make_upload()
    patch(upload, b"0123456789")
    assert patch(upload, b"", offset=10).status == 409


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_counts_when_its_checksum_matches(algorithm):
    upload = make_upload()
    good = {"Upload-Checksum": f"{algorithm} {b64(hashlib.new(algorithm, b'01234').digest())}"}

    damaged = patch(upload, b"01934", **good)
    assert (damaged.status, "damaged" in damaged.text) == (460, True)
    assert head(upload).headers["upload-offset"] == "0"

    assert patch(upload, [b"01", b"234"], **good).headers["upload-offset"] == "5"
    assert upload.path.read_bytes() == b"01234"


def test_a_broken_line_keeps_what_came():
    upload = make_upload()

    assert patch(upload, [b"012", b"3", GONE]).status == 408

    assert head(upload).headers["upload-offset"] == "4"
    assert patch(upload, b"456789", offset=4).status == 204
    assert Footage.objects.count() == 1


def test_a_broken_line_keeps_nothing_of_a_piece_with_a_checksum():
    upload = make_upload()
    checked = {"Upload-Checksum": f"sha1 {b64(hashlib.sha1(b'01234').digest())}"}

    assert patch(upload, [b"012", GONE], **checked).status == 408

    assert head(upload).headers["upload-offset"] == "0"
    upload.refresh_from_db()
    assert upload.lock is None


def test_no_header_from_outside_opens_the_door():
    upload = make_upload()
    forged = {
        uploads.HANDOVER: "x",
        "Upload-Offset": 0,
        "X-Forwarded-For": "127.0.0.1",
        "Authorization": None,
    }

    answer = patch(upload, b"0123", **forged)

    assert answer.status == 401
    assert uploads.HANDOVER not in answer.headers
    assert not upload.path.exists()


def test_a_form_larger_than_any_is_cut_off(settings):
    settings.FORM_MAX_BYTES = 100
    said = {"Host": "testserver", "Content-Type": "application/x-www-form-urlencoded"}

    answer = ask("POST", "/accounts/login/", said, [b"a=" + b"0" * 60, b"1" * 60, b"2"])

    assert (answer.status, "more than" in answer.text) == (413, True)


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
