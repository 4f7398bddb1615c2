"""The clock opens and closes rounds at their hours, and never what is not ready."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from judging import rounds
from judging.models import Round
from judging.rubrics import FORTY_EIGHT_HOURS
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db

NOON = timezone.datetime(2027, 5, 3, 12, tzinfo=timezone.get_default_timezone())
HOUR = timedelta(hours=1)


def test_the_clock_opens_and_closes_at_its_hours_and_nobody_did_it():
    house = make_house(films=1, jurors=1)
    rounds.reschedule(house.round, by=house.organiser, opens_at=NOON, closes_at=NOON + 2 * HOUR)

    assert rounds.keep_time(at=NOON - HOUR) == []
    assert rounds.keep_time(at=NOON) == [house.round]
    assert rounds.keep_time(at=NOON) == []
    house.review(house.assignment(), 7)
    assert rounds.keep_time(at=NOON + 2 * HOUR) == [house.round]

    row = Round.objects.get()
    assert (row.status, row.opened_at, row.closed_at) == ("closed", NOON, NOON + 2 * HOUR)
    assert list(row.events.values_list("by", "became")) == [(None, "open"), (None, "closed")]


def test_the_clock_opens_nothing_that_is_not_ready_and_closes_nothing_that_owes():
    house = make_house(films=1, jurors=1, lines=())
    rounds.reschedule(house.round, by=house.organiser, opens_at=NOON, closes_at=NOON + HOUR)
    assert rounds.keep_time(at=NOON) == []

    rounds.write_rubric(house.round, FORTY_EIGHT_HOURS, by=house.organiser)
    rounds.keep_time(at=NOON)
    assert rounds.keep_time(at=NOON + 2 * HOUR) == []
    assert Round.objects.get().status == "open"


def test_a_round_whose_films_cannot_be_dealt_does_not_stop_the_clock():
    house = make_house(films=1, jurors=1, reviews=2)
    ready = make_house(films=1, jurors=1)
    for one in (house, ready):
        rounds.reschedule(one.round, by=one.organiser, opens_at=NOON, closes_at=None)

    assert rounds.keep_time(at=NOON) == [ready.round]
    assert Round.objects.get(pk=house.round.pk).status == "draft"


def test_a_hand_that_was_quicker_leaves_the_clock_nothing():
    house = make_house(films=1, jurors=1)
    rounds.reschedule(house.round, by=house.organiser, opens_at=NOON, closes_at=None)
    house.open()

    assert rounds.keep_time(at=NOON) == []


def test_hours_change_until_the_round_closes():
    house = make_house(films=1, jurors=1).open()
    rounds.reschedule(house.round, by=house.organiser, opens_at=None, closes_at=NOON)
    assert Round.objects.get().closes_at == NOON
    stale = Round.objects.select_related("edition").get()
    rounds.close(house.round, by=house.organiser, note="Enough.")

    with pytest.raises(Refused, match="so its hours stand"):
        rounds.reschedule(stale, by=house.organiser, opens_at=None, closes_at=NOON + HOUR)
    with pytest.raises(Refused, match="is closed"):
        rounds.reschedule(Round.objects.get(), by=house.organiser, opens_at=None, closes_at=NOON)
    with pytest.raises(Refused, match="organisers"):
        rounds.reschedule(stale, by=house.jurors[0], opens_at=None, closes_at=None)


def test_an_hour_that_cannot_be_is_refused():
    house = make_house()

    with pytest.raises(Unacceptable, match="before it opens"):
        rounds.reschedule(house.round, by=house.organiser, opens_at=NOON, closes_at=NOON - HOUR)


def test_a_round_opened_again_is_not_closed_by_an_hour_that_is_past():
    house = make_house(films=1, jurors=1)
    rounds.reschedule(house.round, by=house.organiser, opens_at=None, closes_at=NOON)
    house.open()
    house.review(house.assignment(), 7)
    rounds.keep_time(at=NOON)
    row = Round.objects.get()

    rounds.open(row, by=house.organiser, at=NOON + HOUR)

    assert Round.objects.get().closes_at is None
