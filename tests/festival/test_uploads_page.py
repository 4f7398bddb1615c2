"""The entrant's upload in a real browser: the look before a byte is sent, pause, a closed page, arrival."""

import hashlib
import os
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from festival import archive
from festival.media.binaries import ffmpeg
from festival.models import Footage, Upload
from tests import axe
from tests.factories import make_film

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

MB = 1024**2


@pytest.fixture
def film():
    return make_film()


@pytest.fixture
def page(browser, asgi_server, film):
    """The film's upload page, with its entrant signed in."""
    client = Client()
    client.force_login(film.entrant)
    context = browser.new_context(base_url=asgi_server, reduced_motion="reduce")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}])
    page = context.new_page()
    page.goto(f"/entries/{film.pk}/film/", wait_until="domcontentloaded")
    page.locator("upload-drop .drop").wait_for()
    yield page
    context.close()


def choose(page, file):
    page.locator("upload-drop input[type=file]").set_input_files(file)


def says(page, words):
    page.locator("upload-drop [data-says]", has_text=words).wait_for()


def throttle(page, rate):
    """Let the page send `rate` bytes a second, so that there is time to press something."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate}
    line.send("Network.emulateNetworkConditions", conditions)


def until(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def test_what_is_no_film_is_refused_before_a_byte_is_sent(page, tmp_path):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    words, empty, large = tmp_path / "notes.txt", tmp_path / "empty.mp4", tmp_path / "large.mp4"
    words.write_text("a film, one day")
    empty.touch()
    large.write_bytes(b"0" * 2000)

    choose(page, words)
    says(page, "is not a film we can read")
    choose(page, empty)
    says(page, "is empty")
    page.evaluate("document.querySelector('upload-drop').setAttribute('max-bytes', '1000')")
    choose(page, large)
    says(page, "at most")

    assert not [url for url in asked if "/uploads/" in url]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_the_drop_is_accessible_in_every_state(page, asgi_server, tmp_path, theme):
    page.context.add_cookies([{"name": "theme", "value": theme, "url": asgi_server}])
    page.reload(wait_until="domcontentloaded")
    page.locator("upload-drop .drop").wait_for()
    assert axe.findings(page) == []
    words, film = tmp_path / "notes.txt", tmp_path / "film.mp4"
    words.write_text("a film, one day")
    choose(page, words)
    says(page, "is not a film we can read")
    assert axe.findings(page) == []

    film.write_bytes(os.urandom(20 * MB))
    throttle(page, 2 * MB)
    choose(page, film)
    page.locator("upload-drop [data-figures]", has_text="/s").wait_for()
    assert axe.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_film_too_long_for_its_section_is_sent_only_on_request(page, tmp_path):
    file = tmp_path / "long.mp4"
    made = [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=3", "-pix_fmt", "yuv420p", file]
    subprocess.run(made, check=True)
    page.evaluate("document.querySelector('upload-drop').setAttribute('max-seconds', '2')")

    choose(page, file)
    says(page, "runs 0:03, and the section takes films up to 0:02")
    assert not Upload.objects.exists()
    page.get_by_role("button", name="Send it all the same").click()

    until(lambda: Footage.objects.filter(size_bytes=file.stat().st_size).exists())


def test_a_film_paused_goes_on_after_the_page_was_closed(page, film, tmp_path):
    file = tmp_path / "film.mp4"
    file.write_bytes(os.urandom(40 * MB))
    throttle(page, 8 * MB)

    choose(page, file)
    page.locator("upload-drop [data-figures]", has_text="/s").wait_for()
    page.get_by_role("button", name="Pause").click()
    says(page, "Paused")
    upload = until(lambda: Upload.objects.filter(lock=None, offset_bytes__gt=0).first())
    begun = upload.offset_bytes
    assert begun < 40 * MB

    again = page.context.new_page()
    page.close()
    heard = []
    again.on("response", lambda answer: heard.append((answer.request.method, answer)))
    again.goto(f"/entries/{film.pk}/film/", wait_until="domcontentloaded")
    says(again, "Choose the same file to go on")
    choose(again, file)
    again.get_by_role("heading", name="The file you sent last").wait_for()  # the page it goes to next

    footage = Footage.objects.get()
    assert Upload.objects.count() == 1
    assert [answer.headers["upload-offset"] for method, answer in heard if method == "HEAD"] == [str(begun)]
    assert [method for method, answer in heard if "/uploads/" in answer.url][:2] == ["HEAD", "PATCH"]
    with archive.open_file(footage.original) as original:
        assert hashlib.file_digest(original, "sha256").hexdigest() == digest(file)


def test_cancelling_leaves_nothing(page, tmp_path):
    file = tmp_path / "film.mp4"
    file.write_bytes(os.urandom(30 * MB))
    throttle(page, 4 * MB)
    choose(page, file)
    page.locator("upload-drop [data-figures]", has_text="%").wait_for()
    begun = Upload.objects.get().path
    until(begun.exists)

    page.get_by_role("button", name="Cancel upload").click()

    says(page, "Upload cancelled")
    until(lambda: not Upload.objects.exists())
    assert not begun.exists()


def test_a_refusal_is_shown_in_the_servers_words(page, settings, tmp_path):
    settings.UPLOAD_QUOTA_BYTES = 10
    file = tmp_path / "film.mp4"
    file.write_bytes(b"0" * 2000)

    choose(page, file)

    says(page, "of your space")
    page.get_by_role("button", name="Resume").wait_for()
    assert not Upload.objects.exists()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
