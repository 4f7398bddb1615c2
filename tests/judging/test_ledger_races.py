"""Appends from several threads at once, and from acts that fail among them."""

import pytest
from django.db import transaction

from festival.errors import Refused
from judging import ledger
from judging.models import Ledger
from judging.tally import chain
from tests.factories import make_edition
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
