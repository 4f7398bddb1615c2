"""Rounds and ballots over the API, with the sentences of the pages."""

import uuid

import pytest

from judging import rounds
from judging.models import Ballot, Round
from tests.factories import make_juror, make_user
from tests.judging.factories import make_house
from tests.judging.stages import make_stage, vote
from tests.judging.test_api import as_

pytestmark = pytest.mark.django_db


def at(round, verb=""):
    return f"/api/rounds/{round.pk}/{verb}"


def listed(person) -> list[int]:
    return [row["id"] for row in as_(person).get("/api/rounds/").json()["results"]]


@pytest.fixture
def final():
    return make_stage("final", films=3, jurors=2, secret=True)


def test_a_round_is_listed_for_its_office_and_once_open_for_its_jury():
    house = make_house()
    assert listed(house.organiser) == [house.round.pk]
    assert listed(house.jurors[0]) == listed(make_user()) == listed(make_juror(house.edition)) == []

    house.open()
    assert listed(house.organiser) == listed(house.jurors[0]) == [house.round.pk]
    assert listed(make_user()) == listed(make_juror(house.edition)) == []


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_costs_the_same_with_one_round_and_three(more, django_assert_num_queries):
    house = make_house().open()
    for number in range(more):
        rounds.create(house.edition, by=house.organiser, kind="review", name=f"Round {number}")
    client = as_(house.organiser)

    with django_assert_num_queries(1):
        assert len(client.get("/api/rounds/").json()["results"]) == 1 + more


def test_a_juror_reads_the_round_with_their_own_films_in_order(final):
    juror = final.jurors[0]

    answer = as_(juror).get(at(final.round)).json()

    mine = final.round.assignments.filter(juror=juror).order_by("position").select_related("film")
    assert (answer["kind"], answer["status"], answer["edition"]) == ("final", "open", final.edition.slug)
    assert answer["films"] == [
        {"id": str(row.film_id), "title": row.film.title, "mark": str(row.pk)} for row in mine
    ]
    assert as_(final.organiser).get(at(final.round)).json()["films"] == []
    assert as_(make_user()).get(at(final.round)).status_code == 404


def test_an_organiser_opens_and_closes_a_round():
    house = make_stage("final", films=2, jurors=2, opened=False, watch_share=0)
    client = as_(house.organiser)

    assert client.post(at(house.round, "open/")).json()["status"] == "open"
    again = client.post(at(house.round, "open/"))
    assert (again.status_code, again.json()["detail"]) == (403, "“Final ballot” is open already.")

    assert client.post(at(house.round, "close/")).json()["status"] == "closed"
    house.round.refresh_from_db()
    assert house.round.outcome["papers"] == 0


def test_a_round_that_owes_viewings_closes_only_with_a_reason():
    house = make_house(films=1, jurors=1).open(watched=False)
    client = as_(house.organiser)

    answer = client.post(at(house.round, "close/"), {}, format="json")
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("1 film has not been watched and judged by enough jurors")

    assert (
        client.post(at(house.round, "close/"), {"note": "The file broke."}, format="json").status_code == 200
    )
    assert house.round.waivers.get().reason == "The file broke."


@pytest.mark.parametrize("verb", ["open/", "close/"])
def test_a_juror_neither_opens_nor_closes_and_a_stranger_finds_nothing(final, verb):
    refused = as_(final.jurors[0]).post(at(final.round, verb))

    assert (refused.status_code, "organisers" in refused.json()["detail"]) == (403, True)
    assert as_(make_user()).post(at(final.round, verb)).status_code == 404
    final.round.refresh_from_db()
    assert final.round.status == Round.Status.OPEN


def test_a_ballot_is_handed_in_once_and_its_receipt_finds_it(final):
    juror, (one, two, three) = final.jurors[0], final.films
    client = as_(juror)
    tiers = [[str(two.pk)], [str(one.pk), str(three.pk)]]

    answer = client.post(at(final.round, "ballot/"), {"tiers": tiers}, format="json")
    again = client.post(at(final.round, "ballot/"), {"tiers": []}, format="json")

    assert answer.status_code == 201 and len(answer.json()["receipt"]) == 16
    assert again.status_code == 409
    assert again.json()["detail"].startswith("You have voted in “Final ballot”.")
    assert Ballot.objects.get().tiers == tiers


def test_an_empty_ballot_abstains(final):
    answer = as_(final.jurors[0]).post(at(final.round, "ballot/"), {"tiers": []}, format="json")

    assert answer.status_code == 201
    assert Ballot.objects.get().tiers == []


@pytest.mark.parametrize("tiers", [None, "all", [[]], [["one"]], [[str(uuid.uuid4())]]])
def test_what_is_no_ballot_is_refused(final, tiers):
    answer = as_(final.jurors[0]).post(at(final.round, "ballot/"), {"tiers": tiers}, format="json")

    assert answer.status_code in (400, 422)
    assert not Ballot.objects.exists()


def test_nobody_votes_in_a_round_of_marks_or_after_the_close(final):
    vote(final.round, final.jurors[1], final.films[0])
    rounds.close(final.round, by=final.organiser)
    review = make_house().open()

    late = as_(final.jurors[0]).post(at(final.round, "ballot/"), {"tiers": []}, format="json")
    here = as_(review.assignment().juror).post(at(review.round, "ballot/"), {"tiers": []}, format="json")

    assert (late.status_code, here.status_code) == (403, 403)
    assert "closed on" in late.json()["detail"]
    assert here.json()["detail"] == "“First review” is no ballot."
