"""Further reviews: to the films near the cut, in the round of review itself, in parts."""

import pytest

from festival.errors import Conflict, Refused
from festival.models import Film, Section
from judging import access, further, rounds, screeners
from judging.models import Assignment
from tests.judging.factories import make_house
from tests.judging.stages import make_stage, tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Eight films reviewed once each by one of six jurors, the first film best; eight further reviews."""
    house = make_house(films=8, jurors=6, reviews=1).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage"):
        house.review(assignment, 9 - house.films.index(assignment.film))
    house.review_round = house.round
    return make_stage("further", house=house, source=house.round, budget=8, places=1)


def counts(house):
    rows = house.review_round.assignments.standing()
    return [rows.filter(film=film).count() for film in house.films]


def test_a_part_goes_to_the_films_near_the_cut_in_the_round_of_review(house):
    made = further.allot(house.round, by=house.organiser)

    assert len(made) == 2
    assert {assignment.round for assignment in made} == {house.review_round}
    assert sum(counts(house)) == 10
    assert counts(house)[6:] == [1, 1]  # the weakest get nothing more


def test_the_number_of_a_section_is_a_name_and_no_size(house):
    section = Section.objects.create(pk=2_000_000, edition=house.edition, name="Late", slug="late")
    Film.objects.filter(pk=house.films[7].pk).update(section=section)

    assert len(further.allot(house.round, by=house.organiser)) == 2


def test_all_of_the_budget_goes_in_four_parts_and_no_more(house):
    for _ in range(4):
        further.allot(house.round, by=house.organiser)
    house.round.refresh_from_db()

    assert further.given(house.round) == 8 == sum(counts(house)) - 8
    assert house.round.outcome["parts"] == [2, 2, 2, 2]
    with pytest.raises(Conflict, match="All 8 further reviews are given out"):
        further.allot(house.round, by=house.organiser)
    assert house.round.events.filter(note__contains="further reviews").count() == 4


def test_nobody_gets_a_film_twice_or_one_they_are_tied_to(house):
    given = house.review_round.assignments.get(film=house.films[0])
    tied = next(juror for juror in house.jurors if juror != given.juror)
    Assignment.objects.create(round=house.review_round, film=house.films[0], juror=tied)
    tie(house.films[0], tied, house.review_round)

    for _ in range(4):
        further.allot(house.round, by=house.organiser)

    pairs = list(Assignment.objects.filter(round=house.review_round).values_list("film", "juror"))
    assert len(pairs) == len(set(pairs))
    assert not house.review_round.assignments.standing().filter(film=house.films[0], juror=tied).exists()


def test_a_juror_sees_one_list_and_no_other_round(house):
    further.allot(house.round, by=house.organiser)

    for juror in house.jurors:
        assert {hand.round for hand in screeners.hands(juror)} <= {house.review_round}


def test_without_a_whole_review_there_is_nothing_to_go_by():
    house = make_house(films=3, jurors=3, reviews=1).open()
    make_stage("further", house=house, source=house.round, budget=4)

    with pytest.raises(Conflict, match="No review is whole yet"):
        further.allot(house.round, by=house.organiser)


def test_who_may_and_when(house):
    assert access.why_not_allot(house.organiser, house.round) == ""
    assert "organisers" in access.why_not_allot(house.jurors[0], house.round)
    assert "gives out no further reviews" in access.why_not_allot(house.organiser, house.review_round)
    rounds.close(house.review_round, by=house.organiser, note="Enough.")
    house.round.refresh_from_db()
    with pytest.raises(Refused, match="while it is open, and it is not"):
        further.allot(house.round, by=house.organiser)


def test_a_round_without_a_budget_does_not_open():
    house = make_house().open()

    with pytest.raises(Refused, match="Say how many further reviews"):
        make_stage("further", house=house, source=house.round)
