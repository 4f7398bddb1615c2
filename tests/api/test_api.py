"""The API: the same rules and the same sentences as the pages."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from festival.models import Edition, Film
from tests.factories import make_edition, make_film, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user(name="Alice")


@pytest.fixture
def api(alice):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=alice).key}")
    return client


@pytest.fixture
def two_a_minute(monkeypatch):
    """Two requests a minute, of which none has been made."""
    cache.clear()
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "2/min"})
    yield
    cache.clear()


def test_entry_is_created_in_an_open_edition(api, alice):
    edition = make_edition()

    response = api.post(
        "/api/entries/",
        {"title": "Low Tide", "edition": edition.slug, "section": edition.sections.get().slug},
    )

    assert response.status_code == 201, response.data
    film = Film.objects.get(pk=response.data["id"])
    assert (film.title, film.entrant, film.status) == ("Low Tide", alice, "draft")


def test_entry_is_refused_after_the_deadline_in_the_pages_own_words(api):
    edition = make_edition(deadline_in=timedelta(days=-1))

    response = api.post("/api/entries/", {"title": "Late", "edition": edition.slug})

    assert response.status_code == 403
    assert response.data["detail"].startswith(f"The call of {edition} closed on")
    assert not Film.objects.exists()


def test_section_of_another_edition_is_refused(api):
    edition, other = make_edition(), make_edition()

    response = api.post(
        "/api/entries/", {"title": "X", "edition": edition.slug, "section": other.sections.get().slug}
    )

    assert response.status_code == 400
    assert "section" in response.data


def test_status_is_no_field_to_patch(api, alice):
    film = make_film(entrant=alice)

    response = api.patch(f"/api/entries/{film.pk}/", {"status": "selected", "logline": "New."})

    film.refresh_from_db()
    assert response.status_code == 200
    assert (film.status, film.logline) == ("draft", "New.")


def test_a_submitted_entry_cannot_be_patched_incomplete(api, alice):
    film = make_film(entrant=alice, status=Film.Status.SUBMITTED, logline="Kept.", footage=True)

    response = api.patch(f"/api/entries/{film.pk}/", {"logline": ""})

    film.refresh_from_db()
    assert response.status_code == 422
    assert response.data["detail"].endswith(".")
    assert film.logline == "Kept."


def test_entry_cannot_be_moved_to_another_edition(api, alice):
    film, other = make_film(entrant=alice), make_edition()

    api.patch(f"/api/entries/{film.pk}/", {"edition": other.slug})

    film.refresh_from_db()
    assert film.edition != other


def test_submit_says_what_is_missing_and_leaves_the_draft(api, alice):
    film = make_film(entrant=alice)

    response = api.post(f"/api/entries/{film.pk}/submit/")

    film.refresh_from_db()
    assert response.status_code in (403, 422)
    assert response.data["detail"]
    assert film.status == "draft"


def test_withdraw_is_a_verb(api, alice):
    film = make_film(entrant=alice)

    response = api.post(f"/api/entries/{film.pk}/withdraw/")

    assert response.status_code == 200
    assert response.data["status"] == "withdrawn"


@pytest.mark.parametrize("verb", ["submit", "withdraw", "retry"])
def test_stranger_gets_404_on_every_verb(verb, api):
    assert api.post(f"/api/entries/{make_film().pk}/{verb}/").status_code == 404


def test_stranger_gets_404_on_an_entry_and_its_disclosure(api):
    film = make_film()

    assert api.get(f"/api/entries/{film.pk}/").status_code == 404
    assert api.get(f"/api/entries/{film.pk}/disclosure/").status_code == 404
    assert api.get(f"/api/programme/{film.pk}/").status_code == 404


def test_anonymous_reads_the_programme_and_nothing_else():
    client = APIClient()
    film = make_film(edition=make_edition(status=Edition.Status.PUBLISHED), status="selected", footage=True)

    shown = client.get("/api/programme/")

    assert [row["title"] for row in shown.data["results"]] == [film.title]
    assert client.get(f"/api/programme/{film.pk}/disclosure/").data["film"]
    for private in ("entries", "uploads", "clips", "jobs", "marks"):
        assert client.get(f"/api/{private}/").status_code == 401


@pytest.mark.parametrize("rows", [1, 3])
def test_entries_cost_the_same_for_one_and_three(rows, api, alice, django_assert_num_queries):
    edition = make_edition()
    for _ in range(rows):
        make_film(entrant=alice, edition=edition, footage=True)

    with django_assert_num_queries(3):  # the token's person, the entries, their letters
        response = api.get("/api/entries/")

    assert len(response.data["results"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_programme_costs_the_same_for_one_and_three(rows, django_assert_num_queries):
    edition = make_edition(status=Edition.Status.PUBLISHED)
    for _ in range(rows):
        film = make_film(edition=edition, status="selected", footage=True)
        film.countries.create(code="PT")

    with django_assert_num_queries(3):  # the films, their countries, their languages
        response = APIClient().get("/api/programme/")

    assert len(response.data["results"]) == rows


def test_pages_follow_a_cursor(api, alice):
    edition = make_edition()
    for number in range(5):
        make_film(entrant=alice, edition=edition, title=f"Film {number}")
    seen, url = [], "/api/entries/?page_size=2"

    while url:
        page = api.get(url).data
        seen += [row["title"] for row in page["results"]]
        url = page["next"]

    assert sorted(seen) == [f"Film {number}" for number in range(5)]


def test_token_is_made_only_in_a_signed_in_session(alice):
    client = APIClient()
    assert client.post("/api/token/", {"email": alice.email, "password": "x"}).status_code == 403
    client.force_login(alice)

    made = client.post("/api/token/")

    assert Token.objects.get(key=made.data["token"]).user == alice
    assert client.delete("/api/token/").status_code == 204
    assert not Token.objects.exists()


def test_uploads_are_ones_own(api, alice):
    film = make_film(entrant=alice)
    mine = film.uploads.create(
        owner=alice, name="a.mp4", size_bytes=5, expires_at=timezone.now() + timedelta(days=1)
    )
    other = make_film()
    theirs = other.uploads.create(
        owner=other.entrant, name="b.mp4", size_bytes=5, expires_at=timezone.now() + timedelta(days=1)
    )

    assert [row["id"] for row in api.get("/api/uploads/").data["results"]] == [str(mine.pk)]
    assert api.get(f"/api/uploads/{theirs.pk}/").status_code == 404


@pytest.mark.parametrize("body", [[], [1], "words", 7, None])
def test_what_is_no_object_is_refused_in_words(api, body):
    response = api.post("/api/entries/", body, format="json")

    assert response.status_code == 400, response.data


def test_an_address_a_visitor_makes_up_does_not_widen_the_throttle(two_a_minute):
    client = APIClient()

    said = [client.get("/api/programme/", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code for n in range(3)]

    assert said == [200, 200, 429]


def test_beginning_uploads_is_throttled_and_sending_pieces_is_not(two_a_minute, alice):
    client = APIClient()
    client.force_authenticate(alice)
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0"}

    assert [client.post("/uploads/", **tus).status_code for _ in range(3)] == [400, 400, 429]
    address = f"/uploads/{make_film().pk}/"
    assert [client.head(address, **tus).status_code for _ in range(3)] == [404, 404, 404]


def test_requests_are_throttled(two_a_minute, alice):
    client = APIClient()
    client.force_authenticate(alice)

    assert [client.get("/api/entries/").status_code for _ in range(3)] == [200, 200, 429]


def test_a_new_password_ends_the_token(alice):
    token = Token.objects.create(user=alice)
    alice.name = "Alice B."
    alice.save()
    assert Token.objects.filter(pk=token.pk).exists()

    alice.set_password("another reel entirely")
    alice.save()

    assert not Token.objects.filter(pk=token.pk).exists()
