"""Appends from several threads at once, and from acts that fail among them."""

import pytest
from django.db import transaction

from festival.errors import Refused
from judging import ballots, ledger, marks, panels, rounds
from judging.models import Ledger, Round
from judging.tally import chain
from tests.factories import make_edition
from tests.judging.factories import make_house
from tests.judging.stages import make_stage
from tests.test_races import at_once, got_through

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 5


def test_appends_at_once_give_one_chain_without_a_gap():
    edition = make_edition()

    def write():
        for number in range(EACH):
            ledger.append(edition, "round.opened", {"round": number})
        return EACH

    results = at_once(write)

    rows = [record.row for record in edition.records.all()]
    assert [row.sequence for row in chain.walk(edition.pk, rows)] == list(range(1, sum(results) + 1))
    end = Ledger.objects.get(edition=edition)
    assert (end.rows, end.head) == (len(rows), rows[-1].hash)


def test_acts_that_fail_beside_others_leave_no_gap():
    edition = make_edition()

    def write():
        return ledger.append(edition, "round.opened", {"round": 1})

    def fail():
        with transaction.atomic():
            ledger.append(edition, "round.opened", {"round": 2})
            raise Refused("not today")

    results = at_once(write, fail, write, fail, write)

    rows = [record.row for record in edition.records.all()]
    assert len(got_through(results)) == 3
    assert [row.body for row in chain.walk(edition.pk, rows)] == ['{"round":1}'] * 3


def test_acts_of_every_kind_at_once_wait_for_each_other_and_never_for_good():
    """Each of them holds rows of its own when it comes to the ledger, and some go on to others after."""
    house = make_house(films=4, jurors=4, reviews=2).open()
    one, two, three, four = house.jurors
    lists = {juror: list(house.round.assignments.filter(juror=juror)) for juror in house.jurors}
    score = {house.criteria()[0].pk: 7}
    final = make_stage("final", house=house).round
    tiers = [[str(house.films[0].pk)]]

    results = at_once(
        *(lambda row=row: marks.give(row, score, by=one) for row in lists[one]),
        *(lambda row=row: panels.declare_conflict(row, by=two, reason="A friend.") for row in lists[two]),
        lambda: panels.unseat(three.seats.get(), by=house.organiser),
        lambda: panels.declare_conflict(lists[three][0], by=three, reason="A cousin."),
        lambda: ballots.hand_in(final, tiers, by=four),
        lambda: rounds.close(Round.objects.get(pk=final.pk), by=house.organiser, note="It is late."),
        lambda: rounds.close(Round.objects.get(pk=house.round.pk), by=house.organiser, note="It is late."),
    )

    assert len(got_through(results)) >= 5
    rows = [record.row for record in house.edition.records.all()]
    assert [row.sequence for row in chain.walk(house.edition.pk, rows)] == list(range(1, len(rows) + 1))
