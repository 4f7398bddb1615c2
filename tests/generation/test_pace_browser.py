"""What the studio's pages do when the house takes no more for a moment: they wait, and nothing is lost."""

import pytest
from playwright.sync_api import expect

from generation import productions
from generation.models import Shot
from tests.factories import make_user
from tests.festival.clock import with_pace
from tests.generation.makers import make_shot
from tests.generation.small import MODEL, ON_THE_DESK, install_card

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]


@pytest.fixture
def shot(tmp_path, settings):
    settings.ENGINES_ROOT = tmp_path
    install_card(tmp_path / "model", MODEL)
    return make_shot(owner=make_user(), **ON_THE_DESK | {"engine": "model"})


@pytest.fixture
def page(shot, asgi_server, browser, client):
    client.force_login(shot.scene.production.owner)
    context = browser.new_context(base_url=asgi_server, viewport={"width": 1280, "height": 1200})
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": asgi_server}
    context.add_cookies([session])
    yield context.new_page()
    context.close()


@pytest.fixture
def spent(client, page, monkeypatch):
    """The one form a minute that is taken from that person has been; its clock."""
    clock = with_pace(monkeypatch, form_user="1/min")
    assert client.post("/theme/").status_code == 302
    return clock


def test_the_desk_says_that_it_waits_and_sends_all_by_itself(shot, page, spent):
    page.clock.install()
    page.goto(f"/studio/shots/{shot.pk}/")
    words, kept = page.get_by_label("What should be seen"), page.locator("[data-kept]")

    words.fill("a red boat, and a gull")

    page.clock.fast_forward(1000)
    expect(kept).to_contain_text("It is sent again by itself in a moment.")
    assert words.input_value() == "a red boat, and a gull"
    assert Shot.objects.get().words != "a red boat, and a gull"

    spent.now += 60
    page.clock.fast_forward(60_000)
    expect(kept).to_have_text("Kept on the desk.")
    assert Shot.objects.get().words == "a red boat, and a gull"


def test_a_dragged_shot_comes_to_its_place_once_the_page_is_sent_again(shot, page, spent):
    production = shot.scene.production
    productions.add_scene(production, by=production.owner, title="The harbour at night")
    page.goto(f"/studio/productions/{production.pk}/")
    first, second = page.locator("[data-scene]").all()

    first.locator("[data-shot]").first.drag_to(second.locator(".frame--add"))

    expect(page.get_by_role("heading", level=1)).to_have_text("One moment please")
    assert Shot.objects.get(pk=shot.pk).scene == shot.scene
    spent.now += 60
    page.reload()
    expect(page.locator("[data-scene]").nth(1).locator(f"[data-shot='{shot.pk}']")).to_be_visible()
    assert Shot.objects.get(pk=shot.pk).scene.title == "The harbour at night"
