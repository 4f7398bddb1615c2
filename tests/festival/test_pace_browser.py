"""The page that asks for a moment, as a browser shows it; and that reloading it sends what was refused."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.axe import findings
from tests.festival.clock import with_pace

LOOK = os.environ.get("LOOK", "")  # a folder for pictures of the page, for people


@pytest.fixture
def page(browser, asgi_server):
    context = browser.new_context(base_url=asgi_server, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text))
    yield page
    context.close()


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_it_is_calm_in_either_light_and_on_a_phone(page, monkeypatch, theme, asgi_server):
    clock = with_pace(monkeypatch, form_anon="1/min")
    page.goto("/")
    page.get_by_role("button", name=theme.capitalize()).click()
    other = {"night": "Paper", "paper": "Night"}[theme]
    page.get_by_role("button", name=other).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("One moment please")
    expect(page.locator(".lead")).to_contain_text("Nothing is lost: wait 60 seconds, then send it again.")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    if LOOK:
        page.screenshot(path=Path(LOOK, f"429-{theme}.png"), full_page=True)
    assert findings(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if LOOK:
        page.screenshot(path=Path(LOOK, f"429-{theme}-phone.png"), full_page=True)
    assert [said for said in page.complaints if "429" not in said] == []

    clock.now += 60
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", other.lower())
