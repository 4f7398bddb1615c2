"""The programme as organisers build it, form by form."""

from datetime import UTC, datetime

import pytest

from festival import letters, notices
from festival.models import (
    Film,
    Screening,
    Venue,
)
from tests.factories import make_edition, make_film, make_organiser
from tests.festival.office_desk import decide, page, said

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


# The programme


def test_a_programme_is_built_published_and_taken_back_by_its_forms(edition, olga, client):
    film = make_film(edition=edition, title="Rain", status=Status.ELIGIBLE, footage=True)
    other = make_film(edition=edition, title="Snow", status=Status.ELIGIBLE, footage=True)
    decide(client, edition, [film, other], "select")
    client.post(page("venue_add", edition), {"name": "Hall", "seats": "120"})
    hall = Venue.objects.get()
    evening = {
        "title": "Evening",
        "venue": hall.pk,
        "starts_at": "2027-07-01T20:00",
        "gap_s": 30,
        "talk_min": 0,
    }
    client.post(page("screening_add", edition), evening)
    screening = Screening.objects.get()
    assert screening.starts_at == datetime(2027, 7, 1, 19, tzinfo=UTC)  # typed in Lisbon's summer

    for each in (film, other):
        client.post(page("place", edition), {"film": each.pk, "screening": screening.pk})
    slot = screening.slots.get(film=other)
    client.post(page("place", edition), {"slot": slot.pk, "to": f"{screening.pk}:0"})
    assert [slot.film.title for slot in screening.slots.all()] == ["Snow", "Rain"]
    client.post(page("place", edition), {"slot": screening.slots.get(film=film).pk, "to": ""})
    assert [slot.film.title for slot in screening.slots.all()] == ["Snow"]

    answer = client.post(page("publish", edition), {"verb": "publish"}, follow=True)
    assert said(answer)[-1].startswith("Not published yet. Close the call first")
    client.post(page("call", edition), {"verb": "close"})
    client.post(page("letters", edition))
    answer = client.post(page("publish", edition), {"verb": "publish"}, follow=True)
    assert "2 entrants have not been told yet" in said(answer)[-1]
    for letter in letters.unheard(edition):
        notices.send(letter.pk)
    answer = client.post(page("publish", edition), {"verb": "publish"}, follow=True)
    assert said(answer)[-1] == "The programme is published."
    answer = client.post(page("publish", edition), {"verb": "unpublish"}, follow=True)
    assert said(answer) == ["The programme is back in the office."]


def test_a_screening_is_changed_and_removed_by_its_page(edition, olga, client):
    hall = Venue.objects.create(edition=edition, name="Hall")
    words = {
        "title": "Evening",
        "venue": hall.pk,
        "starts_at": "2027-07-01T20:00",
        "gap_s": 30,
        "talk_min": 0,
    }
    client.post(page("screening_add", edition), words)
    screening = Screening.objects.get()

    client.post(page("screening", edition, screening.pk), {**words, "title": "Late", "talk_min": 20})
    screening.refresh_from_db()
    assert (screening.title, screening.ends_at) == ("Late", datetime(2027, 7, 1, 19, 20, tzinfo=UTC))

    answer = client.post(page("venue_remove", edition, hall.pk), follow=True)
    assert said(answer)[-1:] == ["Screenings are planned in “Hall”. Move or remove them first."]
    client.post(page("screening_remove", edition, screening.pk))
    client.post(page("venue_remove", edition, hall.pk))
    assert not Venue.objects.exists()


def test_a_screening_without_a_time_is_not_added(edition, olga, client):
    hall = Venue.objects.create(edition=edition, name="Hall")

    answer = client.post(page("screening_add", edition), {"title": "Evening", "venue": hall.pk})

    assert "required" in answer.content.decode()
    assert not Screening.objects.exists()


def test_placing_nothing_or_something_foreign_is_answered_with_a_sentence(edition, olga, client):
    assert said(client.post(page("place", edition), follow=True)) == ["Choose a film first."]
    foreign = make_film(edition=make_edition(), status=Status.SELECTED)
    answer = client.post(page("place", edition), {"film": foreign.pk}, follow=True)
    assert answer.status_code == 200
    assert said(answer)
