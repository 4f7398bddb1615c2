"""Segments and reports that arrive at once, from one tab and from several."""

from datetime import timedelta

import pytest

from judging import viewings
from judging.models import Viewing
from tests.judging.factories import make_house
from tests.judging.players import NOON, Player
from tests.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assignment():
    return make_house(films=1, jurors=1).open(watched=False).assignment()


def test_segments_sent_at_once_are_all_remembered(assignment):
    file = Player(assignment).file

    at_once(*(lambda n=n: viewings.deliver(file, n * 4000, (n + 1) * 4000) for n in range(6)))

    assert Viewing.objects.get().delivered == [[0, 24_000]]


def test_reports_at_once_from_many_tabs_get_the_time_of_one(assignment):
    tabs = [Player(assignment).receive() for _ in range(4)]
    for tab in tabs:
        tab.now = NOON + timedelta(seconds=5)

    at_once(*(lambda n=n: tabs[n].report((n * 12_000, (n + 1) * 12_000)) for n in range(4)))

    assert Viewing.objects.get().seen_ms == 11_000  # five seconds at double speed, and the second of slack


def test_films_watched_side_by_side_share_the_jurors_time():
    house = make_house(films=4, jurors=1).open(watched=False)
    tabs = [Player(house.assignment(place)).receive() for place in range(4)]
    for tab in tabs:
        tab.now = NOON + timedelta(seconds=5)

    at_once(*(lambda tab=tab: tab.report((0, 60_000)) for tab in tabs))

    assert sorted(Viewing.objects.values_list("seen_ms", flat=True)) == [1000, 1000, 1000, 11_000]
