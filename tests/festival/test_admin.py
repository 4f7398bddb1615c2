"""The repair pages."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from festival.models import (
    Film,
)
from tests.factories import make_edition, make_film

pytestmark = pytest.mark.django_db
Status = Film.Status


@pytest.fixture
def edition():
    return make_edition(name="Marquee 2027", slug="2027", time_zone="Europe/Lisbon")


def test_the_repair_pages_open_and_never_change_what_was_recorded(edition, admin_client):
    film = make_film(edition=edition)
    event = film.events.create(became="draft")

    for model in (
        "person",
        "edition",
        "film",
        "footage",
        "upload",
        "notice",
        "filmevent",
        "screening",
        "venue",
    ):
        assert admin_client.get(f"/admin/festival/{model}/").status_code == 200
    assert admin_client.get(f"/admin/festival/film/{film.pk}/change/").status_code == 200
    changed = admin_client.post(f"/admin/festival/filmevent/{event.pk}/change/", {"note": "Rewritten."})
    assert changed.status_code == 403
    assert (
        admin_client.post(f"/admin/festival/filmevent/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    )


def test_the_repair_pages_ask_for_the_ordinary_sign_in(client):
    response = client.get("/admin/login/?next=/admin/", follow=False)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_the_repair_pages_ask_staff_for_the_second_factor_where_the_house_does(
    admin_client, admin_user, settings
):
    settings.ORGANISERS_NEED_SECOND_FACTOR = True

    shut = admin_client.get("/admin/festival/person/")
    assert shut.status_code == 302 and shut.url.startswith("/admin/login/")
    assert admin_client.get(shut.url).url == reverse("mfa_activate_totp")

    Authenticator.objects.create(user=admin_user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert admin_client.get("/admin/festival/person/").status_code == 200


def test_whoever_is_signed_in_is_offered_no_second_password_form(admin_client):
    """It would sign in as somebody else without that person's second factor."""
    assert admin_client.get("/admin/login/").url == "/admin/"
    assert admin_client.post("/admin/login/", {"username": "a@example.com", "password": "x"}).url == "/admin/"
