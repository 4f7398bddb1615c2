"""The account's pages, the foyer and a page that is not there, judged by axe in both themes."""

import pytest
from allauth.account.models import EmailAddress

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
