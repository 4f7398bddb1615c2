"""Two tabs, two organisers, a vote as the round closes: each at the same moment, in threads."""

from datetime import timedelta

import pytest

from festival.errors import Conflict, Refused
from judging import ballots, further, pairs, rounds
from judging.models import Ballot, Preference, Record, Round, Voter
from tests.judging.factories import make_house
from tests.judging.stages import make_stage
from tests.test_races import at_once, got_through

pytestmark = pytest.mark.django_db(transaction=True)


def told(act):
    """The act, with a refusal as its answer: threads hand on no other exceptions."""

    def run():
        try:
            return act()
        except Conflict as problem:
            return Refused(str(problem))

    return run


def cast(house, juror, film):
    return told(lambda: ballots.hand_in(Round.objects.get(pk=house.round.pk), [[str(film.pk)]], by=juror))


@pytest.mark.parametrize("secret", [True, False])
def test_of_many_tabs_one_ballot_counts(secret):
    house = make_stage("final", films=3, jurors=2, secret=secret)

    results = at_once(cast(house, house.jurors[0], house.films[0]))

    assert len(got_through(results)) == 1
    assert Ballot.objects.count() == Voter.objects.count() == 1


def test_a_whole_jury_that_votes_at_once_is_all_in_a_secret_box():
    house = make_stage("final", films=3, jurors=6, secret=True)

    results = at_once(*(cast(house, juror, house.films[0]) for juror in house.jurors))

    assert len(got_through(results)) == 6
    assert Ballot.objects.count() == Voter.objects.count() == 6


def test_a_ballot_at_the_close_is_counted_or_refused_and_never_lost():
    house = make_stage("final", films=3, jurors=3)

    def close():
        rounds.close(Round.objects.select_related("edition").get(pk=house.round.pk), by=house.organiser)

    results = at_once(*(cast(house, juror, house.films[0]) for juror in house.jurors), close)

    taken = [result for result in got_through(results) if result]
    assert Ballot.objects.count() == len(taken)
    assert Round.objects.get(pk=house.round.pk).outcome["papers"] == len(taken)


def test_of_many_posts_of_one_pair_one_counts():
    house = make_stage("pairwise", films=2, jurors=1)
    one, two = house.films

    at_once(lambda: pairs.prefer(house.round, one, two, one, by=house.jurors[0]))

    assert Preference.objects.count() == 1
    assert Record.objects.filter(kind="comparison.made").count() == 1


def test_of_two_hands_and_the_clock_one_closes_and_the_count_is_made_once():
    house = make_stage("final", films=2, jurors=1, reviews=1)
    soon = house.round.opened_at + timedelta(microseconds=1)
    rounds.reschedule(house.round, by=house.organiser, opens_at=None, closes_at=soon)
    ballots.hand_in(house.round, [[str(house.films[0].pk)]], by=house.jurors[0])

    def close():
        rounds.close(Round.objects.select_related("edition").get(pk=house.round.pk), by=house.organiser)
        return [house.round]

    results = at_once(close, close, rounds.keep_time)

    assert sum(result == [house.round] for result in results) == 1
    assert Record.objects.filter(kind="count.done").count() == 1


def test_the_budget_of_further_reviews_is_never_overdrawn():
    house = make_house(films=4, jurors=4, reviews=1).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage"):
        house.review(assignment, 7)
    make_stage("further", house=house, source=house.round, budget=4, places=1)

    at_once(*[told(lambda: further.allot(house.round, by=house.organiser))] * 6)

    house.round.refresh_from_db()
    assert further.given(house.round) == 4
    assert house.round.source.assignments.count() == 8
