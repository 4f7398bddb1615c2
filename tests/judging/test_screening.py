"""The juror's player at the server, with a real film: bytes that are sent become seconds that count."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from festival import archive
from festival.media.examination import examine
from festival.media.ladder import RUNG_FILE
from judging import panels, viewings
from judging.management.commands import demo_jury
from judging.models import Viewing
from judging.tally import watching
from tests.factories import make_user
from tests.festival.reels import reel
from tests.festival.wire import ask
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECONDS = 9  # segments of four, four, and one


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("renditions")
    examine(reel(seconds=SECONDS), folder)
    return folder


@pytest.fixture
def assignment(played, tmp_path):
    """A film that really plays, on a juror's list."""
    house = make_house(films=1, jurors=1).open(watched=False)
    assignment = house.assignment()
    footage = assignment.film.footage
    footage.duration_s = SECONDS
    footage.save()
    archive.publish(shutil.copytree(played, tmp_path / "copy"), footage.folder)
    return assignment


def visit(assignment, file, *, person=None, token=None, method="GET", **headers):
    """Ask for a file as the juror's browser does."""
    client = Client()
    client.force_login(person or assignment.juror)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    address = reverse("jury:media", args=[token or viewings.give_pass(assignment), file])
    return ask(method, address, {"Host": "testserver", "Cookie": cookie} | headers)


def segments(assignment, rung="90"):
    """The byte ranges of the segments, from the playlist that the juror's player is given."""
    text = visit(assignment, f"{rung}/index.m3u8").text
    return watching.index_of_playlist(text).bytes


def sent(assignment):
    viewing = Viewing.objects.filter(assignment=assignment).first()
    return [tuple(pair) for pair in viewing.delivered] if viewing else []


def test_playlists_count_nothing_and_each_segment_its_seconds(assignment):
    assert b"90/index.m3u8" in visit(assignment, "master.m3u8").body
    first, second, third, end = segments(assignment)
    assert sent(assignment) == []

    answer = visit(assignment, f"90/{RUNG_FILE}", Range=f"bytes={second}-{third - 1}")
    assert (answer.status, len(answer.body)) == (206, third - second)
    assert sent(assignment) == [(4000, 8000)]

    visit(assignment, f"90/{RUNG_FILE}", Range=f"bytes={first}-{second - 1}")
    visit(assignment, f"90/{RUNG_FILE}", Range=f"bytes={third}-{end - 1}")
    assert sent(assignment) == [(0, 9000)]


def test_sound_is_not_picture(assignment):
    assert visit(assignment, f"audio/{RUNG_FILE}").status == 200

    assert sent(assignment) == []


def test_asking_without_taking_counts_nothing(assignment):
    visit(assignment, f"90/{RUNG_FILE}", method="HEAD")
    visit(assignment, f"90/{RUNG_FILE}", Range="bytes=99999999-")

    assert sent(assignment) == []


def test_the_progressive_file_counts_by_its_own_index(assignment):
    visit(assignment, RUNG_FILE)
    assert sent(assignment) == [(0, 9000)]


def test_half_of_the_progressive_file_is_about_half_of_the_film(assignment):
    size = archive.size(f"{assignment.film.footage.folder}/{RUNG_FILE}")

    visit(assignment, RUNG_FILE, Range=f"bytes=0-{size // 2 - 1}")

    [(start, end)] = sent(assignment)
    assert start == 0
    assert 4000 <= end <= 5000


def test_a_long_answer_is_counted_piece_by_piece(assignment, monkeypatch):
    monkeypatch.setattr("festival.views.media.PIECE", 4096)

    answer = visit(assignment, f"90/{RUNG_FILE}")

    assert len(answer.body) == archive.size(f"{assignment.film.footage.folder}/90/{RUNG_FILE}")
    assert sent(assignment) == [(0, 9000)]


def test_the_demos_jurors_watch_as_others_do(assignment):
    ended = demo_jury.watch(assignment, at=NOON)

    assert ended == NOON + timedelta(seconds=SECONDS)
    assert Viewing.objects.get().percent == 100


def test_behind_a_proxy_the_range_that_was_asked_for_counts(assignment, settings):
    settings.MEDIA_ACCEL_REDIRECT = "/inside/"
    text = archive.path(f"{assignment.film.footage.folder}/90/index.m3u8").read_text()
    first, second, *_ = watching.index_of_playlist(text).bytes

    answer = visit(assignment, f"90/{RUNG_FILE}", Range=f"bytes={first}-{second - 1}")

    assert answer.headers["x-accel-redirect"] == f"/inside/{assignment.film.footage.folder}/90/{RUNG_FILE}"
    assert sent(assignment) == [(0, 4000)]


def test_what_a_blind_round_covers_is_marked_as_a_gap_and_not_sent(assignment):
    assignment.film.title_ranges.create(start_s=3.5, end_s=8)
    for rung in ("90", "audio"):
        assert visit(assignment, f"{rung}/index.m3u8").text.count("#EXT-X-GAP") == 1

    first, second, third, end = segments(assignment)
    for asked in (
        f"bytes={second}-{third - 1}",
        f"bytes={third - 1}-",
        f"bytes=0-{end}",
        "bytes=-999999",
        "",
    ):
        answer = visit(assignment, f"90/{RUNG_FILE}", **{"Range": asked} if asked else {})
        assert answer.status == 404, asked
    assert visit(assignment, f"90/{RUNG_FILE}", Range=f"bytes={first}-{second - 1}").status == 206
    assert visit(assignment, f"90/{RUNG_FILE}", Range=f"bytes={third}-{end - 1}").status == 206
    assert sent(assignment) == [(0, 4000), (8000, 9000)]


@pytest.mark.parametrize("who", ["a stranger", "nobody", "a juror who stepped down", "with a forged pass"])
def test_nobody_else_gets_a_byte(assignment, who):
    token = viewings.give_pass(assignment)
    person = None
    if who == "a stranger":
        person = make_user()
    if who == "a juror who stepped down":
        panels.declare_conflict(assignment, by=assignment.juror, reason="I know them.")
    if who == "with a forged pass":
        token += "x"
    if who == "nobody":
        answer = ask("GET", reverse("jury:media", args=[token, "master.m3u8"]), {"Host": "testserver"})
        assert answer.status == 302 and "/accounts/login/" in answer.headers["location"]
        return

    answer = visit(assignment, "master.m3u8", person=person, token=token)

    assert answer.status == 404
    assert "address has expired or never was" in answer.text
