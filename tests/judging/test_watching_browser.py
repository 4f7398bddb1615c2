"""A juror in a real browser: the film really plays, what has played counts, and notes lead back to it."""

import shutil
import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from festival import archive
from festival.media.examination import examine
from judging.models import Pin, Score, Viewing
from judging.tally import watching
from tests.axe import findings
from tests.festival.reels import reel
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db

SECONDS = 6


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("renditions")
    examine(reel(seconds=SECONDS), folder)
    return folder


@pytest.fixture
def house(asgi_server, played, tmp_path):
    """One film of six seconds that really plays, and its juror, who has seen nothing yet."""
    house = make_house(films=1, jurors=1).open(watched=False)
    footage = house.films[0].footage
    footage.duration_s = SECONDS
    footage.save()
    archive.publish(shutil.copytree(played, tmp_path / "copy"), footage.folder)
    return house


@pytest.fixture
def room(browser, asgi_server, house):
    """Open the film's page as its juror: room(**context) -> the page."""
    contexts = []

    def enter(**options):
        client = Client()
        client.force_login(house.jurors[0])
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": asgi_server}])
        tab = context.new_page()
        tab.goto(asgi_server + reverse("jury:film", args=[house.assignment().pk]))
        return tab

    yield enter
    for context in contexts:
        context.close()


def until(condition, seconds=20):
    """Wait for what the browser has done."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def at(tab) -> float:
    return tab.evaluate("document.querySelector('video').currentTime")


def ended(tab) -> bool:
    return tab.evaluate("document.querySelector('video').ended")


def percent() -> int:
    viewing = Viewing.objects.first()
    return viewing.percent if viewing else 0


def test_a_film_watched_to_the_end_is_marked_by_keys_and_a_pin_leads_back(house, room):
    tab = room()
    expect(tab.locator(".watched__words")).to_contain_text("0 % seen · enough to judge it from 90 %")
    tab.keyboard.press("3")
    expect(tab.locator("[data-saved]")).to_contain_text("Your marks wait here")
    assert not Score.objects.exists()

    tab.locator(".player__stage").click()
    until(lambda: at(tab) > 1)
    tab.keyboard.press("n")
    tab.keyboard.type("The tone")
    tab.keyboard.press("Enter")
    expect(tab.locator(".pin__words")).to_have_text("The tone")
    pinned = Pin.objects.get()
    assert 0.9 < pinned.at_s < 5

    until(lambda: ended(tab))
    until(lambda: percent() >= 90)
    expect(tab.locator(".watched__words")).to_contain_text("% seen")
    until(lambda: list(Score.objects.values_list("value", flat=True)) == [3])  # what waited is kept

    tab.keyboard.press("0")
    until(lambda: sorted(Score.objects.values_list("value", flat=True)) == [3, 10])
    expect(tab.locator("[data-saved]")).to_contain_text("Saved")

    tab.locator("[data-seek]").click()
    until(lambda: pinned.at_s - 0.1 <= at(tab) < pinned.at_s + 2)
    until(lambda: not tab.evaluate("document.querySelector('video').paused"))


def test_seeking_to_the_end_shows_little_and_marks_wait(house, room):
    tab = room()
    tab.locator(".player__stage").click()
    until(lambda: at(tab) > 0.3)
    tab.evaluate("document.querySelector('film-player').seek(5.2)")
    until(lambda: ended(tab))
    until(lambda: percent() > 0)

    tab.keyboard.press("9")
    expect(tab.locator("[data-saved]")).to_contain_text("Your marks wait here")
    tab.get_by_role("button", name="Save and return to your films").click()
    expect(tab).to_have_url(tab.url)
    assert percent() < 60
    assert not Score.objects.exists()


def test_after_fifty_minutes_a_break_is_suggested(house, room):
    long_ago = {"sitting_ms": watching.REST_AFTER_MS, "heard_at": timezone.now()}
    Viewing.objects.create(assignment=house.assignment(), footage=house.films[0].footage, **long_ago)
    tab = room()
    expect(tab.locator("[data-rest]")).to_be_hidden()

    tab.locator(".player__stage").click()

    expect(tab.locator("[data-rest]")).to_be_visible(timeout=20_000)


def test_at_double_speed_the_whole_film_counts(house, room):
    tab = room()
    tab.get_by_label("Speed").select_option("2")

    tab.locator(".player__stage").click()
    until(lambda: ended(tab))

    until(lambda: percent() >= 90)
    assert tab.evaluate("document.querySelector('video').playbackRate") == 2


LOOK = """() => {
  const video = document.querySelector("video"), cover = document.querySelector("name-cover");
  window.looks = [];
  const look = () => looks.push([video.currentTime, !cover.hidden, video.muted]);
  for (const event of ["timeupdate", "seeked"]) video.addEventListener(event, look);
}"""


def test_a_blind_round_covers_names_and_is_silent_there(house, room):
    house.films[0].title_ranges.create(start_s=1.5, end_s=3, kind="titles")
    tab = room()
    cover, muted = tab.locator("name-cover"), "document.querySelector('video').muted"
    expect(cover).to_be_hidden()
    expect(tab.locator("main")).to_contain_text("The film shows names from 0:01 to 0:03.")

    tab.evaluate("document.querySelector('film-player').seek(2)")
    expect(cover).to_be_visible()
    tab.evaluate("document.querySelector('video').muted = false")
    until(lambda: tab.evaluate(muted) is True)  # the sound cannot be turned on under the card
    tab.evaluate("document.querySelector('film-player').seek(0)")
    expect(cover).to_be_hidden()
    until(lambda: tab.evaluate(muted) is False)

    tab.evaluate(LOOK)
    tab.locator(".player__stage").click()
    until(lambda: at(tab) > 3.5)
    looks = tab.evaluate("window.looks")
    assert all(covered and silent for time, covered, silent in looks if 1.5 <= time < 3)
    assert not any(covered or silent for time, covered, silent in looks if time < 1 or time > 3.1)
    assert len(looks) > 4


def test_the_film_goes_on_behind_names_that_are_never_sent(house, room, tmp_path):
    footage = house.films[0].footage
    (tmp_path / "long").mkdir()
    examine(reel(seconds=13), tmp_path / "long")
    archive.publish(tmp_path / "long", footage.folder)
    footage.duration_s = 13
    footage.save()
    house.films[0].title_ranges.create(start_s=3.5, end_s=8)
    house.films[0].title_ranges.create(start_s=12, end_s=13, kind="credits")
    tab = room()
    asked = []
    tab.on("response", lambda answer: asked.append((answer.url.rsplit("/", 2)[-2], answer.status)))

    tab.locator(".player__stage").click()
    until(lambda: at(tab) > 8.2, seconds=30)
    until(lambda: percent() >= 90, seconds=30)

    assert 404 not in {status for _, status in asked}
    assert Viewing.objects.get().delivered == [[0, 4000], [8000, 12_000]]
    until(lambda: tab.evaluate("document.querySelector('video').paused"))


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_overlay_names_the_juror_and_moves(house, room, motion):
    tab = room(reduced_motion=motion)
    mark = tab.locator("film-player > screener-mark")
    place = "m => getComputedStyle(m, '::before').transform"

    assert mark.get_attribute("data-words").startswith(f"{house.jurors[0]} · ")
    if motion == "reduce":
        assert mark.evaluate("m => getComputedStyle(m, '::before').transitionDuration") == "0s"
    else:
        first = mark.evaluate(place)
        until(lambda: mark.evaluate(place) != first)


def test_axe_finds_nothing_with_pins_and_a_cover_in_either_theme_or_on_a_phone(house, room):
    house.films[0].title_ranges.create(start_s=0, end_s=3)
    Pin.objects.create(assignment=house.assignment(), at_s=2, words="A long thought about the light here")
    tab = room()

    found = {}
    for theme in ("night", "paper"):
        tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        for width in (1280, 360):
            tab.set_viewport_size({"width": width, "height": 800})
            if wrong := findings(tab):
                found[theme, width] = wrong
            assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert found == {}
