"""What a juror's page does when the house takes no more for a moment: marks and what was watched are kept."""

import shutil
import time

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from festival import archive
from festival.media.examination import examine
from judging.models import Score, Viewing
from tests.festival.clock import with_pace
from tests.festival.reels import reel
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db

SECONDS = 6


@pytest.fixture
def house(asgi_server):
    return make_house(films=1, jurors=1)


@pytest.fixture
def spent(house, monkeypatch):
    """The one form a minute that is taken from the juror has been; the clock, and their session."""
    clock = with_pace(monkeypatch, form_user="1/min")
    client = Client()
    client.force_login(house.jurors[0])
    assert client.post("/theme/").status_code == 302
    return clock, client.cookies["sessionid"].value


@pytest.fixture
def tab(browser, asgi_server, spent):
    context = browser.new_context(base_url=asgi_server, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": spent[1], "url": asgi_server}])
    yield context.new_page()
    context.close()


def page_of(house) -> str:
    return reverse("jury:film", args=[house.assignment().pk])


def test_marks_wait_on_the_page_and_are_sent_again(house, tab, spent):
    house.open()
    tab.clock.install()
    tab.goto(page_of(house))
    saved = tab.locator("[data-saved]")

    tab.keyboard.press("7")

    tab.clock.fast_forward(1000)
    expect(saved).to_contain_text("too much was sent at once. Your marks stay here, and are sent again.")
    assert not Score.objects.exists()

    spent[0].now += 60
    tab.clock.fast_forward(60_000)
    expect(saved).to_contain_text("Saved")
    assert Score.objects.get().value == 7


def test_what_was_watched_meanwhile_is_told_by_the_next_report(house, tab, spent, tmp_path):
    house.open(watched=False)
    footage = house.films[0].footage
    footage.duration_s = SECONDS
    footage.save()
    examine(reel(seconds=SECONDS), tmp_path)
    archive.publish(shutil.copytree(tmp_path, tmp_path.with_suffix(".copy")), footage.folder)
    tab.goto(page_of(house))

    with tab.expect_response("**/watched/**") as answer:
        tab.locator(".player__stage").click()

    assert answer.value.status == 429
    assert not Viewing.objects.filter(seen_ms__gt=0).exists()
    spent[0].now += 60
    deadline = time.monotonic() + 60
    while not Viewing.objects.filter(seen_ms__gt=0).exists():
        assert time.monotonic() < deadline, "nothing was told"
        tab.wait_for_timeout(100)
    expect(tab.locator("[data-said]")).to_be_empty()
