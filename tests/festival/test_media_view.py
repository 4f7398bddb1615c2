"""Signed media as a player, a stranger and a proxy meet it."""

import tracemalloc

import pytest
from django.core import signing

from festival import archive, screenings
from festival.views import media
from tests.festival.wire import ask, no_other_loop

pytestmark = pytest.mark.django_db

HOST = {"Host": "testserver"}


@pytest.fixture
def store(settings, tmp_path):
    """An archive of its own; call it with a name and bytes to fill it."""
    options = {"location": tmp_path / "archive", "base_url": None}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {"archive": {"BACKEND": backend, "OPTIONS": options}}

    def put(name, content):
        source = tmp_path / "source"
        source.write_bytes(content)
        archive.put(source, name)

    return put


def get(address, method="GET", **headers):
    return ask(method, address, HOST | {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_playlists_neighbours_play_by_relative_addresses(store):
    store("footage/1/1/master.m3u8", b"#EXTM3U\n720/index.m3u8\n")
    store("footage/1/1/720/s0001.m4s", b"segment")

    list_ = get(address := screenings.address("footage/1/1/master.m3u8", folder="footage/1/1"))
    assert (list_.status, list_.body) == (200, b"#EXTM3U\n720/index.m3u8\n")
    assert list_.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert list_.headers["x-content-type-options"] == "nosniff"
    assert list_.headers["cache-control"] == "private, max-age=3600"
    assert "content-disposition" not in list_.headers

    segment = get(address.removesuffix("master.m3u8") + "720/s0001.m4s")
    assert (segment.status, segment.body) == (200, b"segment")
    assert segment.headers["content-type"] == "video/iso.segment"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp4", "video/mp4"), ("a.vtt", "text/vtt; charset=utf-8"), ("a.jpg", "image/jpeg")],
)
def test_a_single_file_has_an_address_without_a_rest(store, name, kind):
    store(f"stills/{name}", b"bytes")
    answer = get(screenings.address(f"stills/{name}"))
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, kind, b"bytes")


def test_an_original_is_saved_and_never_shown(store):
    store("originals/1.mp4", b"<script>")
    store("clips/odd.html", b"<script>")
    for name in ("originals/1.mp4", "clips/odd.html"):
        answer = get(screenings.address(name))
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("asked", "status", "body", "range_"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-30", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-100", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=0-1", 200, b"0123456789", None),
        (f"bytes={'1' * 5000}-", 200, b"0123456789", None),
    ],
)
def test_one_range_is_answered_with_that_range(store, asked, status, body, range_):
    store("clips/a.mp4", b"0123456789")

    answer = get(screenings.address("clips/a.mp4"), Range=asked)

    assert (answer.status, answer.body, answer.headers.get("content-range")) == (status, body, range_)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(body))


def test_what_has_not_changed_is_not_sent_again(store):
    store("clips/a.mp4", b"0123456789")
    address = screenings.address("clips/a.mp4")
    etag = get(address).headers["etag"]

    again = get(address, If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert get(address, Range="bytes=0-1", If_Range=etag).status == 206
    assert get(address, Range="bytes=0-1", If_Range='"older"').status == 200


def test_head_tells_the_length_and_sends_nothing(store):
    store("clips/a.mp4", b"0123456789")
    answer = get(screenings.address("clips/a.mp4"), method="HEAD")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "10", b"")


def test_a_large_file_streams_in_pieces(store):
    content = bytes(range(256)) * (3 * media.PIECE // 256) + b"end"
    store("clips/a.mp4", content)
    answer = get(screenings.address("clips/a.mp4"))
    assert (answer.status, answer.body == content) == (200, True)
    part = get(screenings.address("clips/a.mp4"), Range=f"bytes={media.PIECE}-{3 * media.PIECE}")
    assert part.body == content[media.PIECE : 3 * media.PIECE + 1]


def test_a_large_file_is_never_in_memory_whole(store, tmp_path):
    store("clips/a.mp4", b"")
    size = 200 * 1024**2
    with archive.path("clips/a.mp4").open("r+b") as file:
        file.truncate(size)
    seen = 0

    async def read_through():
        nonlocal seen
        async for piece in media.pieces(archive.path("clips/a.mp4"), 0, size):
            seen += len(piece)

    import asyncio

    tracemalloc.start()
    with no_other_loop():
        asyncio.run(read_through())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seen == size
    assert peak < 8 * media.PIECE


def test_forged_and_expired_addresses_are_not_found(store, settings):
    store("clips/a.mp4", b"0123456789")
    address = screenings.address("clips/a.mp4")
    forged = address.replace("/media/", "/media/x")

    settings.MEDIA_TOKEN_AGE_S = -1
    expired = get(address)
    settings.MEDIA_TOKEN_AGE_S = 100
    for answer in (get(forged), expired, get("/media/nothing/")):
        assert (answer.status, "Reload the page" in answer.text) == (404, True)
    assert get(address).status == 200


@pytest.mark.parametrize(
    "rest",
    ["../2/a.mp4", "720/../../2/a.mp4", "/etc/passwd", "./a.mp4", "..\\2\\a.mp4", "a\0.mp4", "720//a.mp4"],
)
def test_no_path_leads_out_of_what_the_token_covers(store, rest):
    store("footage/1/a.mp4", b"mine")
    store("footage/2/a.mp4", b"not mine")
    folder = screenings.address("footage/1/a.mp4", folder="footage/1").removesuffix("a.mp4")

    assert get(f"{folder}a.mp4").body == b"mine"
    assert get(f"{folder}{rest}").status == 404


def test_a_token_for_one_file_opens_no_other(store):
    store("footage/1/a.mp4", b"mine")
    store("footage/1/a.mp4x", b"not mine")
    address = screenings.address("footage/1/a.mp4")
    assert get(f"{address}x").status == 404
    assert get(f"{address}../a.mp4x").status == 404


def test_a_missing_file_and_a_folder_are_not_found(store):
    store("footage/1/720/a.m4s", b"x")
    folder = screenings.address("footage/1/a.mp4", folder="footage/1").removesuffix("a.mp4")
    assert get(f"{folder}none.m4s").status == 404
    assert get(f"{folder}720").status == 404


def test_nginx_is_told_where_the_file_lies(store, settings):
    settings.MEDIA_ACCEL_REDIRECT = "/protected"
    answer = get(screenings.address("stills/á b.jpg"))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["x-accel-redirect"] == "/protected/stills/%C3%A1%20b.jpg"
    assert answer.headers["content-type"] == "image/jpeg"


def test_the_token_names_its_scope_and_nothing_else():
    token = screenings.address("footage/1/a.mp4", folder="footage/1/").split("/")[2]
    assert screenings.opened(token, "720/a.m4s", age_s=10) == "footage/1/720/a.m4s"
    with pytest.raises(signing.BadSignature):
        screenings.opened(token, "720/../../2/a.m4s", age_s=10)
