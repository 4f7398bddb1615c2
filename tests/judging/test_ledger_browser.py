"""The ledger's public page and a juror's receipts in a real browser, in both lights and on a phone."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from judging import rounds
from tests.axe import findings
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def house(asgi_server):
    house = make_house(films=2, jurors=1).open()
    for place in range(2):
        house.review(house.assignment(place), 7 + place, 5, note="The sea.")
    rounds.close(house.round, by=house.organiser)
    return house


@pytest.fixture
def page(browser, asgi_server, house):
    """Open an address as the house's juror: page(name, **options) -> the page."""
    contexts = []

    def look(name, *, theme="auto", **options):
        client = Client()
        client.force_login(house.jurors[0])
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, "theme": theme}
        context.add_cookies([{"name": n, "value": v, "url": asgi_server} for n, v in cookies.items()])
        tab = context.new_page()
        tab.goto(asgi_server + reverse(name, args=[house.edition.slug]))
        return tab

    yield look
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["ledger:edition", "jury:receipts"])
@pytest.mark.parametrize("theme", ["night", "paper"])
def test_everyone_can_use_the_pages(page, name, theme):
    assert findings(page(name, theme=theme)) == []


@pytest.mark.parametrize("name", ["ledger:edition", "jury:receipts"])
def test_a_phone_shows_them_without_scrolling_sideways(page, name):
    tab = page(name, **PHONE)

    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert findings(tab) == []


def test_the_receipts_are_downloaded_as_text(page):
    tab = page("jury:receipts")

    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download as a text file").click()

    assert download.value.suggested_filename.startswith("receipts-")
    assert "sha256sum" in download.value.path().read_text()
