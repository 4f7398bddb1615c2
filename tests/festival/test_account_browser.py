"""The account's pages, the foyer and the pages that say no, judged by axe in both themes."""

import pytest
from allauth.account.models import EmailAddress
from django.template.loader import render_to_string

from tests.axe import findings
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

SIGNED_IN = {
    "/foyer/": 200,
    "/accounts/email/": 200,
    "/accounts/password/change/": 200,
    "/accounts/logout/": 200,
    "/accounts/2fa/": 200,
    "/nothing-here/": 404,
}
SIGNED_OUT = {"/accounts/signup/": 200, "/accounts/password/reset/": 200, "/accounts/confirm-email/": 200}


@pytest.mark.parametrize("theme", ["night", "paper"])
@pytest.mark.parametrize("pages", [SIGNED_IN, SIGNED_OUT], ids=["signed in", "signed out"])
def test_axe_finds_nothing(pages, theme, asgi_server, browser, client):
    context = browser.new_context(base_url=asgi_server)
    cookies = {"theme": theme}
    if pages is SIGNED_IN:
        person = make_user(email="ines@example.org")
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        client.force_login(person)
        cookies["sessionid"] = client.cookies["sessionid"].value
    context.add_cookies([{"name": n, "value": v, "url": asgi_server} for n, v in cookies.items()])
    page = context.new_page()

    answered, found = {}, {}
    for path in pages:
        answered[path] = page.goto(path).status
        found[path] = findings(page)
    context.close()

    assert answered == pages
    assert found == {path: [] for path in pages}


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_axe_finds_nothing_where_something_broke(theme, asgi_server, browser):
    """What Django shows then has no address of its own, so the templates are served at one."""
    page = browser.new_page(base_url=asgi_server)
    found = {}
    for name in ("403.html", "500.html"):
        html = render_to_string(name, {"theme": theme}).replace('data-theme="auto"', f'data-theme="{theme}"')
        page.route(f"**/{name}", lambda route, _, html=html: route.fulfill(body=html))
        page.goto(f"/{name}")
        assert page.locator("h1").count() == 1
        found[name] = findings(page)
    page.close()

    assert found == {"403.html": [], "500.html": []}


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_an_old_form_is_refused_in_words(theme, asgi_server, browser):
    context = browser.new_context(base_url=asgi_server)
    context.add_cookies([{"name": "theme", "value": theme, "url": asgi_server}])
    page = context.new_page()
    page.goto("/accounts/password/reset/")
    context.clear_cookies(name="csrftoken")
    page.locator("input[name=email]").fill("ines@example.org")
    with page.expect_navigation() as answered:
        page.locator("main").get_by_role("button").click()

    assert answered.value.status == 403
    assert page.locator("h1").inner_text().casefold() == "this form has grown old"
    assert findings(page) == []
    context.close()
