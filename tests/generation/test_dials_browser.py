"""The finer dials in a browser: kept as one turns them, and left behind with the engine that had them."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from generation import desk
from generation.models import Shot
from tests.axe import findings
from tests.factories import make_user
from tests.generation.makers import make_shot
from tests.generation.small import MODEL, ON_THE_DESK, install_card

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]

LOOK = os.environ.get("LOOK", "")  # a folder for pictures of the page, for people
OTHER = replace(MODEL, name="other", title="Other", steps=30, guidance=6.5)


@pytest.fixture
def shot(tmp_path, settings):
    settings.ENGINES_ROOT = tmp_path
    for card in (MODEL, OTHER):
        install_card(tmp_path / card.name, card)
    person = make_user(email="ines@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return make_shot(owner=person, **ON_THE_DESK | {"engine": "model"})


@pytest.fixture
def open_page(shot, asgi_server, browser, client):
    client.force_login(shot.scene.production.owner)
    contexts = []

    def opened(theme="night", **options):
        context = browser.new_context(base_url=asgi_server, **options)
        cookies = {"theme": theme, "sessionid": client.cookies["sessionid"].value}
        context.add_cookies([{"name": n, "value": v, "url": asgi_server} for n, v in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/studio/shots/{shot.pk}/")
        return page

    yield opened
    for context in contexts:
        context.close()


def test_dials_are_kept_and_left_behind_with_their_engine(shot, open_page):
    page = open_page()
    steps = page.get_by_label("Steps")
    expect(steps).to_be_hidden()
    page.get_by_text("Finer dials", exact=True).click()
    expect(steps).to_have_attribute("placeholder", "10")

    steps.fill("12")
    expect(page.locator("[data-kept]")).to_have_text("Kept on the desk.")
    assert Shot.objects.get().steps == 12
    page.get_by_label("Engine", exact=True).select_option("other")

    expect(steps).to_have_attribute("placeholder", "30")
    expect(steps).to_have_value("")
    expect(page.get_by_label("Guidance")).to_have_attribute("placeholder", "6.5")
    assert desk.dials(Shot.objects.get()) == {"steps": None, "guidance": None}


@pytest.mark.parametrize(("theme", "width"), [("night", 1280), ("paper", 360)])
def test_axe_finds_nothing_in_the_dials_and_nothing_stands_out_sideways(theme, width, shot, open_page):
    desk.lay(shot, by=shot.scene.production.owner, steps=12)
    page = open_page(theme, viewport={"width": width, "height": 900})

    expect(page.get_by_label("Guidance")).to_be_visible()
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if LOOK:
        page.locator(".desk__dials").screenshot(path=Path(LOOK, f"dials-{theme}-{width}.png"))
