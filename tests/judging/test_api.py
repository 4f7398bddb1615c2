"""Marks over the API, as a juror's own client would give them."""

import pytest
from rest_framework.test import APIClient

from judging import rounds
from judging.models import Assignment, Mark
from tests.factories import make_user
from tests.judging.factories import make_house, watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(films=2, jurors=2, reviews=2).open()


def as_(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def given(house, *values):
    return [{"criterion": c.pk, "value": v} for c, v in zip(house.criteria(), values, strict=False)]


def test_a_juror_lists_their_films_with_the_rubric_and_no_makers(house):
    assignment = house.assignment()
    house.review(assignment, 7, 9, note="Good.")

    answer = as_(assignment.juror).get("/api/marks/").json()

    rows = {row["id"]: row for row in answer["results"]}
    row = rows[str(assignment.pk)]
    assert len(rows) == 2
    assert (row["film"], row["round_status"], row["note"]) == (assignment.film.title, "open", "Good.")
    assert row["scores"] == given(house, 7, 9)
    assert [(c["name"], c["weight"]) for c in row["criteria"]] == [("Story", 75), ("Sound", 25)]
    assert assignment.film.entrant.name not in str(answer)


def test_an_unwatched_film_takes_no_marks(house):
    assignment = house.assignment()
    watch(assignment, percent=10)

    answer = as_(assignment.juror).put(
        f"/api/marks/{assignment.pk}/", {"scores": given(house, 7, 10)}, format="json"
    )

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("Watch at least 90 % of the film")
    assert not Mark.objects.exists()


@pytest.mark.parametrize("verb", ["put", "post"])
def test_marks_given_twice_are_given_once(house, verb):
    assignment = house.assignment()
    client = as_(assignment.juror)
    address, data = f"/api/marks/{assignment.pk}/", {"scores": given(house, 7, 10), "note": "Good."}
    if verb == "post":
        address, data = "/api/marks/", data | {"assignment": str(assignment.pk)}

    first = getattr(client, verb)(address, data, format="json")
    again = getattr(client, verb)(address, data, format="json")

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert again.json()["scores"] == given(house, 7, 10)
    assert Mark.objects.get().scores.count() == 2


def test_what_is_left_out_stays(house):
    assignment = house.assignment()
    house.review(assignment, 7, 9, note="Good.")

    answer = as_(assignment.juror).put(
        f"/api/marks/{assignment.pk}/", {"scores": given(house, 8)}, format="json"
    )

    assert answer.json()["scores"] == given(house, 8, 9)
    assert answer.json()["note"] == "Good."


@pytest.mark.parametrize("value", [0, 11])
def test_out_of_range_is_the_same_sentence_as_on_the_page(house, value):
    assignment = house.assignment()

    answer = as_(assignment.juror).put(
        f"/api/marks/{assignment.pk}/", {"scores": given(house, value)}, format="json"
    )

    assert answer.status_code == 422
    assert answer.json() == {
        "detail": f"“Story” takes a whole mark from 1 to 10, not {value}. Nothing was changed."
    }


@pytest.mark.parametrize("scores", ["seven", [7], [{"criterion": 1}], [{"criterion": 1, "value": "good"}]])
def test_what_is_no_mark_is_refused(house, scores):
    assignment = house.assignment()

    answer = as_(assignment.juror).put(f"/api/marks/{assignment.pk}/", {"scores": scores}, format="json")

    assert answer.status_code == 400
    assert not Mark.objects.exists()


def test_after_closing_nothing_is_taken(house):
    assignment = house.assignment()
    rounds.close(house.round, by=house.organiser, note="Enough.")

    answer = as_(assignment.juror).put(
        f"/api/marks/{assignment.pk}/", {"scores": given(house, 5)}, format="json"
    )

    assert answer.status_code == 403
    assert "closed on" in answer.json()["detail"]


def test_somebody_else_s_film_does_not_exist(house):
    assignment = house.assignment()
    other = next(juror for juror in house.jurors if juror != assignment.juror)

    for person in (other, make_user(), house.organiser):
        client = as_(person)
        assert client.get(f"/api/marks/{assignment.pk}/").status_code == 404
        assert client.put(f"/api/marks/{assignment.pk}/", {"scores": "?"}, format="json").status_code == 404
        assert client.post(f"/api/marks/{assignment.pk}/recuse/", {}, format="json").status_code == 404
        answer = client.put(f"/api/marks/{assignment.pk}/", {"scores": given(house, 5)}, format="json")
        assert answer.status_code == 404
        answer = client.post(
            "/api/marks/", {"assignment": str(assignment.pk), "scores": given(house, 5)}, format="json"
        )
        assert answer.status_code == 404
    assert not Mark.objects.exists()


def test_visitors_see_nothing():
    assert APIClient().get("/api/marks/").status_code in (401, 403)


def test_step_down(house):
    assignment = house.assignment()
    client = as_(assignment.juror)

    assert client.post(f"/api/marks/{assignment.pk}/recuse/", {"reason": ""}).status_code == 400
    assert client.post(f"/api/marks/{assignment.pk}/recuse/", {"reason": "Family."}).status_code == 204
    assert client.get(f"/api/marks/{assignment.pk}/").status_code == 404


@pytest.mark.parametrize("films", [1, 3])
def test_the_list_costs_the_same_for_one_film_and_three(films, django_assert_num_queries):
    house = make_house(films=films, jurors=1).open()
    for assignment in Assignment.objects.select_related("juror"):
        house.review(assignment, 6)
    client = as_(house.jurors[0])

    with django_assert_num_queries(3):
        assert len(client.get("/api/marks/").json()["results"]) == films
