"""The jury's pages in a real browser: everyone can use them, and marks are kept as they are given."""

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from festival import archive
from festival.media.examination import examine
from judging.models import Mark, Round, Score
from judging.rubrics import FESTIVAL
from tests.axe import findings
from tests.festival.reels import reel
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played(tmp_path_factory) -> Path:
    """What the examination of a one-second film leaves to be played."""
    folder = tmp_path_factory.mktemp("renditions")
    examine(reel(), folder)
    return folder


@pytest.fixture
def house(asgi_server, played):
    """Two films that really play, one juror, an open round of six criteria."""
    house = make_house(films=2, jurors=1, lines=FESTIVAL)
    for film in house.films:
        copy = settings.SCRATCH_ROOT / film.footage.pk.hex
        copy.mkdir(parents=True)
        for file in played.rglob("*"):
            if file.is_file():
                target = copy / file.relative_to(played)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
        archive.publish(copy, film.footage.folder)
        film.disclosures.create(start_s=0.2, end_s=0.6, human_part="Chosen by hand.")
    return house.open()


@pytest.fixture
def room(browser, asgi_server):
    """Open a page as somebody: room(person, address, **context) -> the page."""
    contexts = []

    def enter(person, address, **options):
        client = Client()
        client.force_login(person)
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": asgi_server}])
        tab = context.new_page()
        tab.goto(asgi_server + address, wait_until="domcontentloaded")
        return tab

    yield enter
    for context in contexts:
        context.close()


def film_page(assignment) -> str:
    return reverse("jury:film", args=[assignment.pk])


def marks_of(assignment) -> dict:
    """The marks in the database, in the order of the rubric."""
    scores = Score.objects.filter(mark__assignment=assignment).order_by("criterion__position")
    return dict(scores.values_list("criterion__name", "value"))


def until(condition, seconds=10):
    """Wait for what the browser has sent to be in the database."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing arrived"
        time.sleep(0.05)


def test_axe_finds_nothing_on_any_page_in_either_theme_or_on_a_phone(house, room):
    assignment, slug, round = house.assignment(), house.edition.slug, house.round.pk
    house.review(assignment, 7, note="The last shot stayed.")
    draft = Round.objects.create(edition=house.edition, name="Final")
    office = [reverse(f"jury_office:{name}", args=[slug]) for name in ("rounds", "seats")]
    office += [
        reverse(f"jury_office:{name}", args=[slug, pk])
        for pk, names in ((round, ("round", "rubric", "results")), (draft.pk, ("round", "rubric", "assign")))
        for name in names
    ]
    office.append(reverse("jury_office:marks", args=[slug, round, assignment.film_id]))
    jury = [
        reverse("jury:films"),
        reverse("jury:background"),
        film_page(assignment),
        reverse("jury:recuse", args=[assignment.pk]),
    ]

    found, sideways = {}, []
    for person, addresses in ((house.jurors[0], jury), (house.organiser, office)):
        tab = room(person, addresses[0])
        home = tab.url.removesuffix(addresses[0])
        for address in addresses:
            tab.set_viewport_size({"width": 1280, "height": 900})
            tab.goto(home + address, wait_until="load")
            for theme in ("night", "paper"):
                tab.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
                if wrong := findings(tab):
                    found[address, theme] = wrong
            tab.set_viewport_size({"width": 360, "height": 740})
            if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
                sideways.append(address)

    assert found == {}
    assert sideways == []


def test_digits_mark_the_lit_criterion_light_the_next_and_save(house, room):
    assignment = house.assignment()
    tab = room(house.jurors[0], film_page(assignment))
    lit, chosen = tab.locator("[data-criterion][data-current]"), tab.locator("input[type=radio]:checked")
    expect(lit).to_contain_text("Story and emotion")

    for key in "7890":
        tab.keyboard.press(key)

    expect(lit).to_contain_text("Originality")
    expect(tab.locator("[data-saved]")).to_contain_text("Saved")
    until(lambda: list(marks_of(assignment).values()) == [7, 8, 9, 10])

    tab.reload()
    assert chosen.evaluate_all("radios => radios.map(r => r.value)") == ["7", "8", "9", "10"]
    expect(lit).to_contain_text("Originality")
    tab.locator("[data-criterion] input").first.focus()
    tab.keyboard.press("4")
    tab.keyboard.press("ArrowRight")  # the focus has moved on, so the arrow sets the second criterion
    until(lambda: list(marks_of(assignment).values()) == [4, 9, 9, 10])


def test_words_are_shown_as_one_moves_and_digits_in_the_note_are_words(house, room):
    assignment = house.assignment()
    tab = room(house.jurors[0], film_page(assignment))
    row = tab.locator("[data-criterion]").first
    words = row.locator("[data-anchor]")
    expect(words).to_have_text("Does the film have something to tell, and did you feel it?")

    row.locator("label").nth(9).hover()
    expect(words).to_have_text("10: I will carry this film with me.")
    row.locator("label").nth(4).click()
    tab.locator("h1").hover()
    expect(words).to_have_text("5: Told clearly; it held my attention without moving me.")

    tab.locator("textarea[name=note]").press_sequentially("Shot 10 of 12")
    tab.get_by_label("The entrant may read this note").check()
    until(lambda: Mark.objects.filter(note="Shot 10 of 12", share_note=True).exists())
    assert marks_of(assignment) == {"Story and emotion": 5}


def test_the_film_plays_and_digits_mark_while_it_has_the_focus(house, room):
    assignment = house.assignment()
    tab = room(house.jurors[0], film_page(assignment))

    tab.locator(".player__stage").click()
    until(lambda: tab.evaluate("document.querySelector('video').currentTime") > 0.1)
    tab.keyboard.press("9")

    until(lambda: marks_of(assignment) == {"Story and emotion": 9})
    assert not tab.evaluate("document.querySelector('video').paused")


def test_marks_survive_a_lost_connection_and_leaving_at_once(house, room):
    assignment = house.assignment()
    tab = room(house.jurors[0], film_page(assignment))
    tab.context.set_offline(True)

    tab.keyboard.press("6")
    expect(tab.locator("[data-saved]")).to_contain_text("Not saved yet: there is no connection.")
    tab.context.set_offline(False)
    until(lambda: list(marks_of(assignment).values()) == [6])
    expect(tab.locator("[data-saved]")).to_contain_text("Saved")

    tab.keyboard.press("5")
    tab.get_by_role("link", name="Your films").click()
    until(lambda: list(marks_of(assignment).values()) == [6, 5])


def test_without_scripts_the_button_saves_and_leads_on(house, room):
    assignment = house.assignment()
    tab = room(house.jurors[0], film_page(assignment), java_script_enabled=False)

    for row in range(6):
        tab.locator("[data-criterion]").nth(row).locator("input[value='8']").check()
    tab.get_by_role("button", name="Save and go to the next film").click()

    assert len(marks_of(assignment)) == 6
    assert assignment.film.title not in tab.locator("h1").inner_text()
    assert "1 of 2" in tab.locator(".pace").inner_text()
