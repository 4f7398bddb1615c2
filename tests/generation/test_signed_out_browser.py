"""Whoever is signed out meanwhile, in another tab or by time, is told so where they type; nothing is lost."""

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from generation.models import Shot
from tests.factories import make_user
from tests.generation.makers import make_shot
from tests.generation.small import MODEL, ON_THE_DESK, install_card

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]


@pytest.fixture
def shot(tmp_path, settings):
    settings.ENGINES_ROOT = tmp_path
    install_card(tmp_path / "model", MODEL)
    person = make_user(email="ines@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return make_shot(owner=person, **ON_THE_DESK | {"engine": "model"})


@pytest.fixture
def page(shot, asgi_server, browser, client):
    client.force_login(shot.scene.production.owner)
    context = browser.new_context(base_url=asgi_server)
    sign_in(context, client, asgi_server)
    yield context.new_page()
    context.close()


def sign_in(context, client, server, **cookies):
    cookies = {"sessionid": client.cookies["sessionid"].value, **cookies}
    context.add_cookies([{"name": n, "value": v, "url": server} for n, v in cookies.items()])


def test_the_desk_says_so_shows_no_other_page_and_keeps_all_once_one_is_back(shot, page, client, asgi_server):
    page.goto(f"/studio/shots/{shot.pk}/")
    words, kept = page.get_by_label("What should be seen"), page.locator("[data-kept]")
    words.fill("a red boat, and a gull")
    expect(kept).to_have_text("Kept on the desk.")

    page.context.clear_cookies(name="sessionid")
    words.fill("a red boat, and two gulls")

    expect(kept).to_contain_text("you are signed out. Sign in in another tab")
    expect(page.locator("[data-quote]")).to_contain_text("A take costs")
    expect(page.locator("input[type=password]")).to_have_count(0)
    assert Shot.objects.get().words == "a red boat, and a gull"

    sign_in(page.context, client, asgi_server, csrftoken="n" * 32)  # signing in makes it anew
    words.fill("a red boat, and three gulls")
    expect(kept).to_have_text("Kept on the desk.")
    assert Shot.objects.get().words == "a red boat, and three gulls"


def test_the_answer_about_words_is_never_the_page_for_signing_in(shot, page):
    page.goto("/studio/")
    page.context.clear_cookies(name="sessionid")

    with page.expect_response("**/accounts/login/**"):
        page.get_by_label("What should be seen").fill("a zebra")

    expect(page.locator("[data-unread]")).to_be_empty()
    expect(page.locator("input[type=password]")).to_have_count(0)
