"""The office's pages of seats and lists: limits, likely ties, and why films cannot be given out."""

import pytest
from django.urls import reverse

from judging import panels
from judging.models import Conflict, Finding, Round, Seat
from tests.factories import make_organiser, make_user
from tests.judging.factories import make_eligible, make_house, seat_juror

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    house = make_house(films=2, jurors=1)
    house.juror = seat_juror(house.edition, name="Mira Dolenc", email="mira@northlight.example")
    house.film = make_eligible(house.edition, contact_email="desk@northlight.example")
    return house


def at(name, house, *args):
    return reverse(f"jury_office:{name}", args=[house.edition.slug, *args])


def words(response) -> str:
    return response.content.decode()


def ruling(house, stands):
    return {"film": house.film.pk, "juror": house.juror.pk, "stands": stands}


def test_a_likely_tie_is_shown_with_its_reason_and_settled_by_a_button(client, house):
    client.force_login(house.organiser)
    page = words(client.get(at("seats", house)))
    assert "Both write from northlight.example." in page and "Ties you have ruled on" not in page
    assert "1 possible tie between jurors and films waits for your word" in words(
        client.get(at("assign", house, house.round.pk))
    )

    after = client.post(at("tie", house), ruling(house, "yes"), follow=True)

    assert Conflict.objects.get().juror == house.juror
    assert Finding.objects.get().found_by == house.organiser
    assert "Possible ties" not in words(after) and "a conflict." in words(after)
    assert "possible tie" not in words(client.get(at("assign", house, house.round.pk)))


def test_no_conflict_leaves_the_juror_free(client, house):
    client.force_login(house.organiser)

    client.post(at("tie", house), ruling(house, "no"))

    assert not Conflict.objects.exists() and Finding.objects.get().stands is False


@pytest.mark.parametrize("field", ["film", "juror", "stands"])
def test_a_ruling_on_what_is_not_here_changes_nothing(client, house, field):
    foreign = make_house(films=1, jurors=1)
    other = {"film": foreign.films[0].pk, "juror": foreign.jurors[0].pk, "stands": "perhaps"}
    client.force_login(house.organiser)

    after = client.post(at("tie", house), ruling(house, "yes") | {field: other[field]}, follow=True)

    assert "Nothing was changed." in words(after)
    assert not Finding.objects.exists()


def test_a_limit_is_kept_shown_and_taken_away(client, house):
    client.force_login(house.organiser)
    seat = house.juror.seats.get()

    client.post(at("limit", house, seat.pk), {"most_minutes": "2"})

    seat.refresh_from_db()
    assert seat.most_minutes == 2
    assert "at most 2 min" in words(client.get(at("assign", house, house.round.pk)))
    refused = client.post(at("limit", house, seat.pk), {"most_minutes": "-3"}, follow=True)
    assert "whole minutes" in words(refused)
    client.post(at("limit", house, seat.pk), {"most_minutes": ""})
    seat.refresh_from_db()
    assert seat.most_minutes is None


def test_only_the_edition_s_organisers_set_limits_and_rule(client, house):
    seat = house.juror.seats.get()
    for person in (make_user(), house.juror, make_organiser(make_house(films=0, jurors=0).edition)):
        client.force_login(person)
        assert client.post(at("limit", house, seat.pk), {"most_minutes": "2"}).status_code == 404
        assert client.post(at("tie", house), ruling(house, "yes")).status_code == 404
    assert not Finding.objects.exists() and not Seat.objects.exclude(most_minutes=None).exists()


def test_what_cannot_be_given_out_is_said_with_the_remedy_and_no_button(client, house):
    Seat.objects.update(most_minutes=1)
    client.force_login(house.organiser)

    page = words(client.get(at("assign", house, house.round.pk)))

    assert "This cannot be done yet" in page and "watches no more than 1 minute)" in page
    assert "Give out the films" not in page and "has them" not in page


@pytest.mark.parametrize("name", ["seats", "assign"])
def test_pages_cost_the_same_for_one_film_and_juror_and_three(
    client, house, name, django_assert_max_num_queries
):
    client.force_login(house.organiser)
    args = [house.round.pk] if name == "assign" else []
    with django_assert_max_num_queries(60) as found:
        client.get(at(name, house, *args))
    once = len(found)
    for _ in range(3):
        make_eligible(house.edition, contact_email="desk@northlight.example")
        seat_juror(house.edition)

    with django_assert_max_num_queries(once):
        client.get(at(name, house, *args))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("review", "What they had finished stays, and counts: 1 film. 1 unfinished film went back"),
        ("eligibility", "They had finished no film. 2 unfinished films went back"),
        ("pairwise", "Their pairs of films they had watched in full stay"),
        ("final", "A ballot they had handed in stays, and counts."),
    ],
)
def test_a_round_says_in_words_that_a_juror_left(client, kind, said):
    house = make_house(films=2, jurors=2, reviews=2)
    Round.objects.filter(pk=house.round.pk).update(kind=kind)
    house.round.refresh_from_db()
    house.open(watched=False)
    if kind == "review":
        house.review(house.assignment(), 7)
    client.force_login(house.organiser)
    assert "no longer on the jury" not in client.get(at("round", house, house.round.pk)).content.decode()

    panels.unseat(house.jurors[0].seats.get(), by=house.organiser)

    text = " ".join(client.get(at("round", house, house.round.pk)).content.decode().split())
    assert "no longer on the jury since" in text and said in text
