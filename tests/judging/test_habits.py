"""How jurors mark: who is strict, who goes with the others, whose criteria never differ."""

import pytest

from judging import habits, ranking
from tests.judging.factories import make_house, watch

pytestmark = pytest.mark.django_db

MARKS = {
    0: [(9, 5), (7, 8), (5, 2), (3, 6)],
    1: [(8, 8), (6, 6), (4, 4), (2, 2)],
    2: [(3, 3), (5, 5), (7, 7), (9, 9)],
}


@pytest.fixture
def house():
    """Two jurors who agree, the second a point stricter and under one glow; a third who marks upside down."""
    house = make_house(films=4, jurors=3, reviews=3).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage", "round__edition"):
        values = MARKS[house.jurors.index(assignment.juror)][house.films.index(assignment.film)]
        house.review(assignment, *values)
    return house


def of(house):
    found = habits.of(house.round, ranking.of(house.round))
    return [next(one for one in found if one.juror == juror) for juror in house.jurors]


def test_every_juror_stands_with_their_habits(house):
    first, second, third = of(house)

    assert [one.films for one in (first, second, third)] == [4, 4, 4]
    assert second.one_glow and third.one_glow and not first.one_glow
    assert second.apart == 0
    assert third.alike < 0 < 1  # upside down
    assert first.severity_low < first.severity < first.severity_high


def test_what_was_watched_is_a_share_of_the_film_on_the_list(house):
    for assignment in house.round.assignments.filter(juror=house.jurors[0]).select_related("film__footage"):
        watch(assignment, percent=50)

    first, second, _ = of(house)

    assert first.watched == pytest.approx(0.5) and second.watched == 1


def test_agreement_is_told_criterion_by_criterion(house):
    told = habits.by_criterion(house.round, ranking.of(house.round))

    assert [name for name, _ in told] == ["Story", "Sound"]
    assert all(alpha < 0.3 for _, alpha in told)  # one of three marks upside down


def test_a_round_without_a_review_has_nobody():
    house = make_house(films=1, jurors=1).open()

    assert habits.of(house.round, ranking.of(house.round)) == []
    assert habits.by_criterion(house.round, ranking.of(house.round)) == [("Story", None), ("Sound", None)]
