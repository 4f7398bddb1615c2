"""What a round will cost, and whether the jury can do it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from judging import costs, rounds
from judging.models import Panel
from tests.judging.factories import make_eligible, make_house, seat_juror
from tests.judging.stages import make_stage

pytestmark = pytest.mark.django_db

AT = timezone.datetime(2027, 5, 1, 12, tzinfo=timezone.get_default_timezone())


def until(house, **wait):
    rounds.reschedule(house.round, by=house.organiser, opens_at=AT, closes_at=AT + timedelta(**wait))
    return costs.cost(house.round, at=AT)


def test_without_an_hour_of_closing_nothing_can_be_said():
    assert costs.cost(make_house().round).fits is None


def test_a_jury_with_time_enough_can_do_it():
    """Ten minutes of film and two films' marking, twice: 28 min; two jurors at 2 h a day for one day: 4 h."""
    house = make_house(films=0, jurors=2, reviews=2)
    make_eligible(house.edition, seconds=240)
    make_eligible(house.edition, seconds=360)

    cost = until(house, days=1)

    assert (cost.work_seconds, cost.room_s) == (2 * 600 + 4 * 120, 2 * 7200)
    assert cost.fits is True and cost.more_jurors == 0


def test_a_jury_that_cannot_is_told_how_many_would():
    """Twenty hours of film for each of two: 40 h and 8 min; a day gives 2 h a juror, so 21 are needed."""
    house = make_house(films=0, jurors=2, reviews=2)
    for _ in range(2):
        make_eligible(house.edition, seconds=10 * 3600)

    cost = until(house, days=1)

    assert cost.work_seconds == 40 * 3600 + 480
    assert cost.fits is False and cost.more_jurors == 21 - 2


def test_where_everybody_judges_all_each_juror_watches_all():
    house = make_stage("final", films=3, jurors=4, opened=False)

    cost = costs.cost(house.round)

    assert (cost.reviews, cost.viewings, cost.juror_seconds) == (4, 12, 360.0)


def test_further_reviews_cost_what_their_budget_buys():
    house = make_house(films=3, jurors=2).open()
    row = rounds.create(house.edition, by=house.organiser, kind="further", source=house.round, budget=10)

    cost = costs.cost(row)

    assert (cost.viewings, cost.viewing_seconds) == (10, 10 * 120.0)


def test_a_shortlist_costs_no_viewing():
    house = make_house().open()
    row = rounds.create(house.edition, by=house.organiser, kind="shortlist", source=house.round)

    assert (costs.cost(row).viewings, costs.cost(row).fits) == (0, None)


def test_only_the_round_s_own_panels_work():
    house = make_house(jurors=2)
    guests = Panel.objects.create(edition=house.edition, name="Guests")
    seat_juror(house.edition, panel=guests)
    assert costs.cost(house.round).jurors == 3

    rounds.change(house.round, by=house.organiser, panels=[guests])

    assert costs.cost(house.round).jurors == 1


def test_jurors_who_say_how_much_they_will_watch_are_taken_at_their_word():
    """Two films of a minute for two jurors, who give a minute of film each; with marking it is three."""
    house = make_house(films=0, jurors=2, reviews=2)
    for _ in range(2):
        make_eligible(house.edition, seconds=60)
    one, other = house.edition.panels.get().seats.all()
    one.most_minutes = 1
    one.save()
    assert costs.cost(house.round).fits is None
    other.most_minutes = 1
    other.save()

    cost = costs.cost(house.round)

    assert (cost.work_seconds, cost.room_s) == (4 * 60 + 4 * 120, 2 * 60 * 3)
    assert cost.fits is False and cost.more_jurors == 2


def test_what_a_jury_has_watched_before_it_need_not_watch_again():
    first = make_stage("final", films=2, jurors=2)
    house = make_stage("final", house=first, opened=False)

    cost = costs.cost(house.round)

    assert (cost.seen_s, cost.viewing_seconds) == (2 * 180.0, 0.0)
    assert cost.work_seconds == 4 * costs.PLACING_S
