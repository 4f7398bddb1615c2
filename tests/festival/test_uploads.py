"""The tus 1.0 protocol as a client meets it, every refusal, and the rules behind it."""

import hashlib

import pytest
from django.test import Client

from festival import archive, asgi, uploads
from festival.models import Edition, Film, Footage, Upload
from tests.factories import make_film, make_user
from tests.festival.tus import BYTES, b64, create, head, make_upload, patch
from tests.festival.wire import GONE, ask, signed_in

pytestmark = pytest.mark.django_db

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


@pytest.mark.parametrize("slow_s", [60.0, -1.0])  # every disk counts as quick, and none does
def test_a_file_arrives_whole_on_a_quick_disk_and_on_a_slow_one(monkeypatch, slow_s):
    monkeypatch.setattr(asgi, "SLOW_S", slow_s)
    monkeypatch.setattr(asgi, "BATCH", 1000)
    upload = make_upload(size_bytes=10_000)
    pieces = [bytes([n]) * 400 for n in range(25)]

    answer = patch(upload, pieces)

    assert (answer.status, answer.headers["upload-offset"]) == (204, "10000")
    with archive.open_file(Footage.objects.get().original) as original:
        assert original.read() == b"".join(pieces)


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
