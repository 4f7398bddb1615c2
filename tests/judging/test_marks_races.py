"""Marks, words and step-downs as a round closes: each at the same moment, in threads."""

import pytest

from festival.errors import Refused
from judging import checks, marks, panels, rounds, verification
from judging.models import Assignment, Check, Mark, Record, Round
from tests.judging.factories import make_house, watch_all
from tests.judging.stages import make_stage
from tests.test_races import at_once, got_through

pytestmark = pytest.mark.django_db(transaction=True)


def lists(house):
    rows = Assignment.objects.select_related("round__edition", "film__footage", "juror")
    return list(rows.filter(round=house.round))


def close(house):
    return lambda: rounds.close(
        Round.objects.select_related("edition").get(pk=house.round.pk), by=house.organiser, note="Enough."
    )


def findings(house):
    """What verification finds; the factory seats jurors without a row, which is no concern here."""
    found = verification.verify(house.edition).findings
    return [finding.what for finding in found if not finding.what.startswith("The seat")]


def after_the_close(house, kind) -> int:
    closed = Record.objects.get(edition=house.edition, kind="round.closed").sequence
    return Record.objects.filter(edition=house.edition, kind=kind, sequence__gt=closed).count()


@pytest.mark.parametrize("turn", range(3))
def test_a_mark_at_the_close_is_in_the_result_or_refused(turn):
    house = make_house(films=5, jurors=1).open()
    scores = {criterion.pk: 7 for criterion in house.criteria()}
    watch_all(house.round)

    results = at_once(
        *(lambda one=one: marks.give(one, scores, by=one.juror) for one in lists(house)), close(house)
    )

    given = [result for result in got_through(results) if isinstance(result, Mark)]
    means = Record.objects.get(edition=house.edition, kind="result.computed").facts["means"]
    assert sorted(film for film, _, _ in means) == sorted(str(mark.assignment.film_id) for mark in given)
    assert after_the_close(house, "mark.given") == 0
    assert findings(house) == []


@pytest.mark.parametrize("turn", range(3))
def test_who_steps_down_at_the_close_is_counted_before_or_struck_after(turn):
    house = make_house(films=4, jurors=1).open()
    for assignment in lists(house):
        house.review(assignment, 8)

    at_once(
        *(
            lambda one=one: panels.declare_conflict(one, by=one.juror, reason="Family.")
            for one in lists(house)
        ),
        close(house),
    )

    assert findings(house) == []


@pytest.mark.parametrize("turn", range(3))
def test_a_word_on_eligibility_at_the_close_is_settled_with_or_refused(turn):
    house = make_stage("eligibility", films=4, jurors=1, reviews=1)

    results = at_once(
        *(lambda one=one: checks.give(one, True, by=one.juror) for one in lists(house)), close(house)
    )

    said = [result for result in results if isinstance(result, Check)]
    assert all("closed" in str(result) for result in results if isinstance(result, Refused))
    assert after_the_close(house, "check.given") == 0
    assert Check.objects.count() == len(said)
    assert findings(house) == []
