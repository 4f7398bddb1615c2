"""The office in a real browser: everyone can use it, rows are ticked and films are dragged."""

from datetime import UTC, datetime

import pytest

from festival import programme
from festival.models import (
    Film,
    Screening,
    Venue,
)
from tests.axe import findings
from tests.factories import make_edition, make_film, make_juror, make_organiser, make_section
from tests.festival.office_desk import page, session

pytestmark = pytest.mark.django_db
Status = Film.Status


@pytest.fixture
def edition():
    return make_edition(name="Marquee 2027", slug="2027", time_zone="Europe/Lisbon")


@pytest.fixture
def olga(edition, client):
    """An organiser, signed in."""
    olga = make_organiser(edition, name="Olga")
    client.force_login(olga)
    return olga


LISTS = ["edition", "setup", "call", "people", "entries", "letters", "programme"]


@pytest.fixture
def furnished(edition, olga):
    section = make_section(edition=edition, name="Night")
    for number in range(6):
        film = make_film(
            edition=edition,
            title=f"Film {number}",
            section=section,
            footage=True,
            status=list(Status)[number],
        )
        film.countries.create(code="PT")
        film.disclosures.create(start_s=4, end_s=9, human_part="Cut by hand.")
    make_juror(edition)
    hall = Venue.objects.create(edition=edition, name="Hall")
    for minute in (0, 30):
        evening = programme.add_screening(
            edition,
            by=olga,
            venue=hall,
            title=f"Evening {minute}",
            starts_at=datetime(2027, 5, 1, 20, minute, tzinfo=UTC),
            talk_min=45,
        )
        programme.place(Film.objects.get(status=Status.SELECTED), evening, by=olga)


def test_axe_finds_nothing_on_any_page_of_the_office_in_either_theme(
    asgi_server, browser, edition, olga, furnished, client
):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "theme", "value": "paper", "url": asgi_server}, session(client, asgi_server)]
    )
    tab = context.new_page()
    eligible = Film.objects.get(status=Status.ELIGIBLE)
    every = ["/office/", "/office/new/"]
    every += [page(name, edition) for name in LISTS]
    every += [page("entry", edition, eligible.pk), page("screening", edition, Screening.objects.first().pk)]

    found = {}
    for address in every:
        tab.goto(asgi_server + address)
        wrong = findings(tab)
        tab.evaluate("document.documentElement.dataset.theme = 'night'")  # only colours differ at night
        wrong += findings(tab)
        if wrong:
            found[address] = wrong
    context.close()

    assert found == {}


def test_rows_are_ticked_and_films_dragged_in_a_browser(
    asgi_server, browser, edition, olga, furnished, client
):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([session(client, asgi_server)])
    tab = context.new_page()

    tab.goto(asgi_server + page("entries", edition))
    tab.get_by_label("Tick every entry on this page").check()
    assert tab.locator("[data-count]").inner_text() == "6 ticked"
    tab.get_by_label("Tick every entry on this page").uncheck()
    tab.get_by_label("Tick Film 2").check()
    assert tab.locator("[data-count]").inner_text() == "1 ticked"
    tab.get_by_role("button", name="Select", exact=True).click()
    tab.get_by_text("1 entry selected.").wait_for()

    tab.goto(asgi_server + page("programme", edition))
    tab.locator("[data-unplaced] [data-film]").drag_to(tab.locator("[data-screening]").first)
    tab.get_by_text("Every selected film has a place.").wait_for()
    first = Screening.objects.order_by("starts_at").first()
    assert "Film 2" in [slot.film.title for slot in first.slots.all()]

    tab.goto(asgi_server + page("setup", edition))
    rows = tab.locator("formset-rows[prefix=tiers] .row")
    before = rows.count()
    tab.get_by_role("button", name="Add another deadline").click()
    assert rows.count() == before + 1
    context.close()
