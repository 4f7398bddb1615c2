"""A second factor from its first code to its last, in a browser, every page judged by axe in both themes."""

from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.axe import findings
from tests.factories import make_user
from tests.journeys.conftest import SHOTS

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "three reels and a lamp"


def code(secret: str) -> str:
    """What an authenticator app shows now for `secret`. RFC 6238."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).click()


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_every_page_of_the_second_factor(theme, asgi_server, browser):
    person = make_user(email="ines@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    context = browser.new_context(base_url=asgi_server)
    context.add_cookies([{"name": "theme", "value": theme, "url": asgi_server}])
    page = context.new_page()
    found = {}

    def judge(path):
        assert urlsplit(page.url).path == path
        found[path] = findings(page)
        page.screenshot(path=SHOTS / f"{path.strip('/').replace('/', '-')}-{theme}.png", full_page=True)

    sign_in(page, person.email)
    page.goto("/accounts/2fa/totp/activate/")
    judge("/accounts/reauthenticate/")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    judge("/accounts/2fa/totp/activate/")
    secret = page.get_by_label("Or type this secret into the app").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    press(page, "Turn it on")
    judge("/accounts/2fa/recovery-codes/")
    codes = RecoveryCodes(person.authenticator_set.get(type="recovery_codes")).get_unused_codes()
    assert page.get_by_label("Unused codes").input_value().split() == codes
    for path in (
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/generate/",
    ):
        page.goto(path)
        judge(path)
    page.goto("/accounts/2fa/reauthenticate/")
    judge("/accounts/2fa/reauthenticate/")

    context.clear_cookies(name="sessionid")
    sign_in(page, person.email)
    judge("/accounts/2fa/authenticate/")
    page.get_by_label("Code").fill(codes[0])
    press(page, "Sign in")
    assert urlsplit(page.url).path == "/foyer/"
    context.close()

    assert found == {path: [] for path in found}
