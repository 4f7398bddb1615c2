"""The entrant's pages in a real browser: everyone can use them, and a film is marked with two keys."""

import shutil
import time
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from festival import archive, disclosures, listings
from festival.models import Film
from tests.axe import findings
from tests.factories import make_film, make_footage
from tests.festival.reels import reel
from tests.festival.test_captions import SRT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

PAGES = [
    "",
    "edit/",
    "extras/",
    "film/",
    "statement/",
    "preview/",
    "preview/?as=jury",
    "submit/",
    "withdraw/",
]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def film(tmp_path):
    """Six seconds that play."""
    film = make_film(title="The Salt Harbour", logline="A lamp, a notebook, a machine.")
    footage = make_footage(film=film, folder=f"footage/{uuid4()}", duration_s=6.0, frame_rate="12")
    copy = shutil.copy(reel(seconds=6), tmp_path / "film.mp4")
    archive.put(copy, f"{footage.folder}/film.mp4")
    Film.objects.filter(pk=film.pk).update(footage=footage)
    film.refresh_from_db()
    return film


@pytest.fixture
def tab(browser, asgi_server, film):
    client = Client()
    client.force_login(film.entrant)
    context = browser.new_context(
        base_url=asgi_server, reduced_motion="reduce", viewport={"width": 1280, "height": 900}
    )
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}])
    yield context.new_page()
    context.close()


def furnish(film):
    clip = disclosures.ClipFacts(
        clip_id=uuid4(),
        engine="wan",
        revision="4f" * 20,
        licence="Apache-2.0",
        seed=42,
        prompt_sha256="a" * 64,
        clip_sha256="b" * 64,
        duration_s=2.0,
    )
    disclosures.adopt(film, by=film.entrant, start_s=1, clip=clip)
    film.disclosures.create(start_s=0, end_s=6, track="sound", method="music")
    film.departments.create(department="picture", extent="generated", human_part="Directed and cut.")
    film.credits.create(role="Director", name="Maya")
    film.stills.create(path="stills/none.jpg", width=160, height=90)
    listings.add_subtitle(film, by=film.entrant, language="en", data=SRT)
    make_footage(film=film, status="refused", problem="The file ends in the middle.", name="second.mov")


def test_axe_finds_nothing_on_any_page_in_either_theme_or_on_a_telephone(tab, film):
    furnish(film)
    Film.objects.filter(pk=film.pk).update(submitted_at=timezone.now())
    every = ["/entries/", "/entries/new/", *(f"/entries/{film.pk}/{page}" for page in [*PAGES, "receipt/"])]

    found = {}
    for address in every:
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.goto(address)
        wrong = findings(tab)
        tab.evaluate("document.documentElement.dataset.theme = 'paper'")  # only colours differ on paper
        wrong += findings(tab)
        tab.set_viewport_size({"width": 360, "height": 740})
        if (pixels := tab.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"scrolls sideways by {pixels} pixels at 360")
        if wrong:
            found[address] = wrong

    assert found == {}


def seek(tab, seconds):
    """Take the film to a moment and wait until it is there."""
    deadline = time.monotonic() + 20
    go = "at => { document.querySelector('film-player').seek(at) }"
    while tab.evaluate("document.querySelector('film-player video').currentTime") != seconds:
        assert time.monotonic() < deadline
        tab.evaluate(go, seconds)
        tab.wait_for_timeout(50)


def test_a_range_is_marked_with_two_keys_and_kept(tab, film):
    tab.goto(f"/entries/{film.pk}/statement/")
    row = tab.locator("[data-range]").first
    tab.locator("film-player button").first.focus()

    seek(tab, 1.5)
    tab.keyboard.press("i")
    seek(tab, 3.25)
    tab.keyboard.press("o")

    assert row.get_by_label("In", exact=True).input_value() == "0:00:01.50"
    assert row.get_by_label("Out", exact=True).input_value() == "0:00:03.25"
    assert tab.locator("[data-strip] .kind--generated").count() == 1
    row.get_by_label("Method").select_option("text-to-video")
    row.get_by_label("Tool").fill("Brush 2")
    row.get_by_label("What a person did").fill("Chosen among forty takes.")
    tab.get_by_role("button", name="Save without signing").click()
    tab.get_by_text("Saved. It is not signed yet.").wait_for()
    line = film.disclosures.get()
    assert (line.start_s, line.end_s, str(line.tool), line.unstated) == (1.5, 3.25, "Brush 2", False)


def test_an_out_before_an_in_is_answered_and_the_next_in_takes_a_new_row(tab, film):
    tab.goto(f"/entries/{film.pk}/statement/")
    tab.locator("film-player button").first.focus()

    tab.keyboard.press("o")
    tab.get_by_text("Press I first, where the range begins.").wait_for()
    for start, end in ((1, 2), (3, 4)):
        seek(tab, start)
        tab.keyboard.press("i")
        seek(tab, end)
        tab.keyboard.press("o")

    assert [field.input_value() for field in tab.get_by_label("In", exact=True).all()] == [
        "0:00:01.00",
        "0:00:03.00",
    ]
    tab.get_by_role("button", name="Save without signing").click()
    tab.get_by_text("Saved. It is not signed yet.").wait_for()
    assert list(film.disclosures.values_list("start_s", "end_s")) == [(1.0, 2.0), (3.0, 4.0)]


def test_the_cue_sheet_works_without_scripts(browser, asgi_server, film, tab):
    context = browser.new_context(base_url=asgi_server, java_script_enabled=False)
    context.add_cookies(tab.context.cookies())
    plain = context.new_page()
    plain.goto(f"/entries/{film.pk}/statement/")

    row = plain.locator("[data-range]").first
    row.get_by_label("In", exact=True).fill("1")
    row.get_by_label("Out", exact=True).fill("0:02.5")
    plain.get_by_role("button", name="Save without signing").click()
    plain.get_by_text("Saved. It is not signed yet.").wait_for()
    context.close()

    assert list(film.disclosures.values_list("start_s", "end_s")) == [(1.0, 2.5)]


def test_credits_are_added_and_a_focal_point_is_pressed(tab, film):
    still = film.stills.create(path="stills/none.jpg", width=200, height=100)
    tab.goto(f"/entries/{film.pk}/edit/")
    tab.get_by_role("button", name="Another credit").click()
    tab.locator("#id_credits-2-role").fill("Director")
    tab.locator("#id_credits-2-name").fill("Maya")
    tab.get_by_role("button", name="Save details").click()
    tab.get_by_text("Saved.").wait_for()
    tab.goto(f"/entries/{film.pk}/extras/")
    picture = tab.locator("focal-point")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
    tab.get_by_role("button", name="Save", exact=True).click()
    tab.get_by_text("Saved.").wait_for()

    still.refresh_from_db()
    assert film.credits.get().name == "Maya"
    assert still.focus_x == pytest.approx(0.25, abs=0.02)
