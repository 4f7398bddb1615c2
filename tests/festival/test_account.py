"""Signing up: from the form to the page one wanted, by the link in the letter."""

import re

import pytest
from django.core import mail

from festival.models import Person

pytestmark = pytest.mark.django_db

WANTED = "/entries/new/"
FORM = {"name": "Ines", "email": "ines@example.org", "password1": "three reels and a lamp"}


def sign_up(client) -> str:
    """Fill in the form, and return the path of the link in the letter."""
    client.post(f"/accounts/signup/?next={WANTED}", FORM | {"password2": FORM["password1"], "next": WANTED})
    [letter] = mail.outbox
    assert letter.to == ["ines@example.org"]
    return re.search(r"https?://[^/]+(/accounts/confirm-email/\S+/)", letter.body)[1]


def test_confirming_in_the_same_browser_signs_in_and_goes_on(client):
    answer = client.post(sign_up(client))

    assert answer.url == WANTED
    assert client.get(WANTED).status_code == 200


def test_a_name_stands_on_one_line(client):
    lines = FORM | {"name": "Festival office\n Pay the fee", "password2": FORM["password1"]}

    client.post("/accounts/signup/", lines)

    assert Person.objects.get(email=FORM["email"]).name == "Festival office Pay the fee"


def test_confirming_elsewhere_confirms_and_asks_to_sign_in(client):
    link = sign_up(client)
    elsewhere = type(client)()

    elsewhere.post(link)

    assert elsewhere.get(WANTED).url.startswith("/accounts/login/")
    signed_in = elsewhere.post("/accounts/login/", {"login": FORM["email"], "password": FORM["password1"]})
    assert signed_in.url == "/foyer/"


@pytest.mark.parametrize(
    ("backend", "printed"),
    [
        ("django.core.mail.backends.console.EmailBackend", True),
        ("django.core.mail.backends.smtp.EmailBackend", False),
    ],
)
def test_where_letters_are_printed_a_newcomer_is_told_where(client, settings, backend, printed):
    settings.EMAIL_BACKEND = backend

    page = client.get("/accounts/confirm-email/").content.decode()

    assert ("This house sends no mail" in page) == printed
