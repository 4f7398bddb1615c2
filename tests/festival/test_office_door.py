"""The door of the office: who comes in, and that a page costs the same for one row and three."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from festival import programme
from festival.models import (
    Film,
    Role,
    Screening,
    Venue,
)
from tests.factories import make_edition, make_film, make_juror, make_organiser, make_user
from tests.festival.office_desk import page

pytestmark = pytest.mark.django_db
Status = Film.Status


@pytest.fixture
def edition():
    return make_edition(name="Marquee 2027", slug="2027", time_zone="Europe/Lisbon")


@pytest.fixture
def olga(edition, client):
    """An organiser, signed in."""
    olga = make_organiser(edition, name="Olga")
    client.force_login(olga)
    return olga


PAGES = ["edition", "setup", "call", "people", "entries", "entries_csv", "letters", "programme", "to_accept"]
POSTS = ["call", "people", "decide", "letters", "place", "publish", "venue_add", "screening_add", "setup"]


# The door


def addresses(edition, olga):
    """Every address of the office, with rows for those that name one."""
    film = make_film(edition=edition, footage=True, status=Status.SUBMITTED)
    venue = Venue.objects.create(edition=edition, name="Hall")
    evening = Screening.objects.create(
        edition=edition, venue=venue, title="Evening", starts_at=datetime.now(UTC), ends_at=datetime.now(UTC)
    )
    named = {
        "entry": film.pk,
        "unseat": olga.roles.get().pk,
        "venue_remove": venue.pk,
        "screening": evening.pk,
        "screening_remove": evening.pk,
    }
    house = [reverse("office:editions"), reverse("office:edition_new")]
    return (
        house
        + [page(name, edition) for name in {*PAGES, *POSTS}]
        + [page(name, edition, pk) for name, pk in named.items()]
    )


@pytest.mark.parametrize("who", ["stranger", "entrant", "juror"])
def test_nobody_but_organisers_finds_the_office(edition, olga, client, who):
    every = addresses(edition, olga)
    entrant = Film.objects.get().entrant
    client.force_login(
        {"stranger": make_user, "entrant": lambda: entrant}.get(who, lambda: make_juror(edition))()
    )

    assert {address: client.get(address).status_code for address in every} == dict.fromkeys(every, 404)
    assert {address: client.post(address).status_code for address in every} == dict.fromkeys(every, 404)


def test_an_organiser_of_another_edition_finds_only_their_own(edition, olga, client):
    theirs = [address for address in addresses(edition, olga) if "/2027/" in address]
    other = make_organiser(make_edition(slug="2028"))
    client.force_login(other)

    assert {client.get(address).status_code for address in theirs} == {404}
    assert {client.post(address).status_code for address in theirs} == {404}
    assert client.get("/office/2028/").status_code == 200
    assert b"Marquee 2027" not in client.get("/office/").content


def test_visitors_are_asked_to_sign_in(edition, olga, client):
    client.logout()
    for address in addresses(edition, olga):
        assert client.get(address).url.startswith("/accounts/login/?next=/office/")


def test_an_entry_of_another_edition_is_not_found_here(edition, olga, client):
    film = make_film(edition=make_edition())

    assert client.get(page("entry", edition, film.pk)).status_code == 404


@pytest.mark.parametrize("address", ["/office/", "/office/new/", "/office/2027/", "/office/2027/entries/"])
def test_where_asked_for_an_organiser_sets_up_a_second_factor_first(olga, client, settings, address):
    assert client.get(address).status_code == 200
    settings.ORGANISERS_NEED_SECOND_FACTOR = True

    answer = client.get(address)

    assert answer.url == reverse("mfa_activate_totp")
    Authenticator.objects.create(user=olga, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(address).status_code == 200


def test_the_sentence_about_the_second_factor_is_said(olga, client, settings, rf):
    from django.contrib.messages.storage.fallback import FallbackStorage

    from festival.views import office as views

    settings.ORGANISERS_NEED_SECOND_FACTOR = True
    request = rf.get("/office/2027/")
    request.user, request.session = olga, {}
    request._messages = FallbackStorage(request)

    views.edition(request, edition="2027")

    assert next(str(message) for message in request._messages).startswith("The office holds other people's")


# Query counts: one row and three


@pytest.mark.parametrize("films", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("entries", 12), ("entries_csv", 8), ("letters", 7), ("edition", 18), ("programme", 13)],
)
def test_pages_cost_the_same_for_one_entry_and_three(
    edition, olga, client, films, name, queries, django_assert_num_queries
):
    hall = Venue.objects.create(edition=edition, name="Hall")
    for number in range(films):
        film = make_film(edition=edition, footage=True, status=Status.SELECTED)
        film.countries.create(code="PT")
        film.disclosures.create(start_s=0, end_s=5, human_part="Cut.")
        evening = programme.add_screening(
            edition,
            by=olga,
            venue=hall,
            title=f"S{number}",
            starts_at=datetime(2027, 5, 1, number, tzinfo=UTC),
        )
        programme.place(film, evening, by=olga)

    with django_assert_num_queries(queries):
        answer = client.get(page(name, edition))

    assert answer.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_people_and_editions_cost_the_same_for_one_and_three(
    edition, olga, client, rows, django_assert_num_queries
):
    for number in range(rows):
        make_juror(edition)
        other = make_edition(slug=f"more-{number}")
        Role.objects.create(edition=other, person=olga, kind="organiser")

    with django_assert_num_queries(5):
        client.get(page("people", edition))
    with django_assert_num_queries(6):
        client.get("/office/")
