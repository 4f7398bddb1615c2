"""Final ballots: who may vote, once; what is counted; and what a secret ballot tells nobody."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from festival.errors import Conflict, Refused, Unacceptable
from festival.models import Film
from judging import ballots, panels, rounds
from judging.models import Ballot, Record, Round, Seat, Viewing, Voter
from tests.factories import make_film, make_juror, make_user
from tests.judging.stages import make_stage, tie, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def final():
    return make_stage("final", films=3, jurors=3)


def close(house):
    rounds.close(house.round, by=house.organiser, note="Enough.")
    house.round.refresh_from_db()
    return house.round


# Who may vote


def test_a_juror_who_has_watched_every_film_may_vote(final):
    assert ballots.why_not_vote(final.jurors[0], final.round) == ""


def test_a_film_not_watched_to_its_end_comes_before_the_vote(final):
    Viewing.objects.filter(assignment__juror=final.jurors[0], assignment__film=final.films[1]).delete()
    Viewing.objects.filter(assignment__juror=final.jurors[0], assignment__film=final.films[2]).delete()

    why = ballots.why_not_vote(final.jurors[0], final.round)

    assert why == f"Watch “{final.films[1]}” to its end before you vote, and 1 more."
    with pytest.raises(Refused, match="Watch"):
        vote(final.round, final.jurors[0], final.films[0])


def test_where_nothing_need_be_watched_nothing_is_asked():
    house = make_stage("final", watched=False, watch_share=0)

    assert ballots.why_not_vote(house.jurors[0], house.round) == ""


def test_somebody_without_a_seat_does_not_vote(final):
    Seat.objects.filter(juror=final.jurors[0]).delete()

    for person in (final.jurors[0], make_user(), make_juror(final.edition)):
        with pytest.raises(Refused, match="You do not sit on the jury of “Final ballot”"):
            vote(final.round, person, final.films[0])
    assert not Ballot.objects.exists() and not Voter.objects.exists()


def test_a_juror_tied_to_a_film_in_the_final_takes_no_part(final):
    tie(final.films[2], final.jurors[0], final.round)

    with pytest.raises(Refused, match="so you take no part in the ballot"):
        vote(final.round, final.jurors[0], final.films[0])


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_a_round_that_is_not_open_takes_no_ballot(status):
    house = make_stage("final", opened=status == "closed")
    if status == "closed":
        close(house)

    with pytest.raises(Refused, match="not opened" if status == "draft" else "closed on"):
        vote(house.round, house.jurors[0], house.films[0])


def test_a_stale_page_of_a_closed_round_hands_nothing_in(final):
    stale = Round.objects.select_related("edition").get(pk=final.round.pk)
    close(final)

    with pytest.raises(Refused, match="closed on"):
        vote(stale, final.jurors[0], final.films[0])
    assert not Ballot.objects.exists()


def test_rounds_of_other_kinds_take_no_ballots():
    house = make_stage("pairwise")

    with pytest.raises(Refused, match="takes no ballots"):
        vote(house.round, house.jurors[0], house.films[0])


# What can be handed in


def test_a_ballot_is_kept_with_its_tiers_and_written_down(final):
    one, two, three = final.films

    receipt = vote(final.round, final.jurors[0], one, (two, three))

    ballot = Ballot.objects.get()
    assert ballot.juror == final.jurors[0]
    assert ballot.tiers == [[str(one.pk)], [str(two.pk), str(three.pk)]]
    assert ballot.commitment == ballots.commitment(ballot.tiers, receipt)
    said = Record.objects.get(kind="ballot.cast")
    assert said.by == final.jurors[0] and said.facts["tiers"] == ballot.tiers


def test_a_ballot_from_a_second_tab_changes_nothing(final):
    one, two, _ = final.films
    vote(final.round, final.jurors[0], one)

    with pytest.raises(Conflict, match="A ballot is given once, and yours is kept"):
        vote(final.round, final.jurors[0], two)

    assert Ballot.objects.get().tiers == [[str(one.pk)]]
    assert Record.objects.filter(kind="ballot.cast").count() == 1


def test_a_film_that_does_not_stand_is_said(final):
    stranger = make_film(edition=final.edition)

    for key in (str(stranger.pk), "nothing", "0" * 32):
        with pytest.raises(Unacceptable, match="does not stand in this round"):
            ballots.hand_in(final.round, [[key]], by=final.jurors[0])
    assert not Voter.objects.exists()


def test_a_film_twice_on_a_ballot_is_said(final):
    with pytest.raises(Unacceptable, match="stands twice on your ballot"):
        vote(final.round, final.jurors[0], final.films[0], final.films[0])


def test_a_film_withdrawn_while_one_votes_is_said_and_the_ballot_can_be_given_anew(final):
    gone = final.films[0]
    gone.move(Film.Status.WITHDRAWN, by=gone.entrant)
    panels.take_off(gone)

    with pytest.raises(Unacceptable, match=f"“{gone}” has left the round while you voted"):
        vote(final.round, final.jurors[0], gone, final.films[1])
    vote(final.round, final.jurors[0], final.films[1])

    assert Ballot.objects.count() == 1


# The count


def test_a_count_is_kept_as_the_round_closes_and_told_afterwards(final):
    one, two, three = final.films
    for juror, tiers in zip(final.jurors, [(one, two, three), (one, three, two), (two, one)], strict=True):
        vote(final.round, juror, *tiers)
    assert ballots.transcript(final.round) is None and final.round.outcome is None

    transcript = ballots.transcript(close(final))

    assert (transcript.winners, transcript.papers, transcript.abstained) == ([one], 3, 0)
    assert [[film.pk for film in tier] for tier in transcript.order] == [[one.pk], [two.pk], [three.pk]]
    assert transcript.steps and not any(str(one.pk) in step.words for step in transcript.steps)
    said = Record.objects.get(kind="count.done").facts
    assert said["result"] == Round.objects.get(pk=final.round.pk).outcome
    assert (said["method"], said["seats"], said["seed"]) == ("schulze", 1, final.round.seed)


def test_the_method_and_the_number_for_ties_are_fixed_and_written_down_at_the_opening(final):
    composed = Record.objects.filter(kind="round.composed").last().facts

    assert composed["seed"] == final.round.seed
    assert (composed["rules"]["method"], composed["rules"]["places"]) == ("schulze", 1)
    with pytest.raises(Refused, match="so its terms stand"):
        rounds.change(final.round, by=final.organiser, method="irv")


def test_instant_runoff_is_offered_and_its_rounds_are_told():
    house = make_stage("final", films=3, jurors=5, method="irv")
    one, two, three = house.films
    papers = [(one, two), (one, two), (two, one), (three, two), (three, two)]
    for juror, tiers in zip(house.jurors, papers, strict=True):
        vote(house.round, juror, *tiers)

    transcript = ballots.transcript(close(house))

    assert transcript.winners == [three] or transcript.winners == [one]  # two drops out; its vote goes to one
    assert transcript.winners == [one]
    assert dict(transcript.steps[0].rows) == {one: 2.0, two: 1.0, three: 2.0}


def test_a_tie_is_told_as_a_tie_and_broken_by_the_number_alone():
    house = make_stage("final", films=2, jurors=2, seed=7)
    one, two = house.films
    vote(house.round, house.jurors[0], one, two)
    vote(house.round, house.jurors[1], two, one)

    transcript = ballots.transcript(close(house))

    assert [len(tier) for tier in transcript.order] == [2]
    assert len(transcript.winners) == 1
    assert "7" in transcript.steps[-1].words and "tied" in transcript.steps[-1].words


def test_who_abstains_has_voted_and_is_counted_apart(final):
    vote(final.round, final.jurors[0], final.films[1])
    ballots.hand_in(final.round, [], by=final.jurors[1])

    transcript = ballots.transcript(close(final))

    assert (transcript.papers, transcript.abstained, transcript.winners) == (1, 1, [final.films[1]])
    assert Voter.objects.count() == 2


@pytest.mark.parametrize(
    ("box", "decisive"),
    [
        ([[["a"]]] * 5, 0),
        ([[["a"]]] * 3 + [[["b"]]], 0),
        ([[["a"]]], None),
        ([[["a"]]] * 61, None),
        ([], None),
    ],
)
def test_how_close_it_was_is_told_in_ballots(box, decisive):
    terms = {"standing": ["a", "b"], "method": "plurality", "seats": 1, "seed": 1}
    found = ballots.tallied(box, **terms)

    assert found["decisive"] == decisive


def test_a_ballot_that_decides_is_counted():
    papers = [[["a"], ["b"]], [["a"], ["b"]], [["b"], ["a"]], [["b"], ["a"]], [["c"], ["a"], ["b"]]]
    terms = {"standing": ["a", "b", "c"], "method": "irv", "seats": 1, "seed": 1}

    found = ballots.tallied(papers, **terms)

    assert found["winners"] == ["a"]
    again = [ballots.tallied(papers[:i] + papers[i + 1 :], **terms)["winners"] for i in range(5)]
    assert found["decisive"] == sum(winners != ["a"] for winners in again) > 0


def test_where_nobody_votes_nobody_wins(final):
    transcript = ballots.transcript(close(final))

    assert (transcript.winners, transcript.order, transcript.papers) == ([], [], 0)


def test_a_film_withdrawn_in_the_final_leaves_every_ballot(final):
    one, two, three = final.films
    for juror in final.jurors:
        vote(final.round, juror, one, two, three)
    one.move(Film.Status.WITHDRAWN, by=one.entrant)

    transcript = ballots.transcript(close(final))

    assert transcript.winners == [two]
    assert one not in [film for tier in transcript.order for film in tier]


def test_a_film_withdrawn_after_the_close_changes_no_result(final):
    vote(final.round, final.jurors[0], final.films[0])
    closed = close(final)
    final.films[0].move(Film.Status.WITHDRAWN, by=final.films[0].entrant)

    assert ballots.transcript(closed).winners == [final.films[0]]


def test_a_counted_round_does_not_open_again(final):
    close(final)

    with pytest.raises(Refused, match="has been counted"):
        rounds.open(final.round, by=final.organiser)


films = st.sampled_from("abcd")
papers = st.lists(films, unique=True, max_size=4).map(lambda order: [[film] for film in order])


@settings(max_examples=60)
@given(st.lists(papers, max_size=9), st.sampled_from(Round.Method.values), st.integers(0, 99), st.randoms())
def test_the_same_box_gives_the_same_result_in_whatever_order_it_is_opened(box, method, seed, chance):
    terms = {"standing": list("abcd"), "method": method, "seats": 1, "seed": seed}
    found = ballots.tallied(box, **terms)
    shaken = list(box)
    chance.shuffle(shaken)

    assert ballots.tallied(shaken, **terms) == found
    assert found["papers"] + found["abstained"] == len(box)
    assert len(found["winners"]) == bool(found["papers"])
    assert all(Fraction(value) >= 0 for step in found["rounds"] for value in step["tallies"].values())


# Secrecy


@pytest.fixture
def secret():
    return make_stage("final", films=3, jurors=6, secret=True)


def fill(house, count=6):
    """Every juror votes for another order; returns what was cast."""
    cast = []
    for number, juror in enumerate(house.jurors[:count]):
        order = house.films[number % 3 :] + house.films[: number % 3]
        cast.append((juror, order, vote(house.round, juror, *order)))
    return cast


def test_who_voted_and_what_was_voted_have_nothing_in_common(secret):
    fill(secret)

    voters, box = list(Voter.objects.all()), list(Ballot.objects.all())
    assert {voter.juror for voter in voters} == set(secret.jurors)
    assert [ballot.juror_id for ballot in box] == [None] * 6
    columns = {field.name for field in Ballot._meta.get_fields()}
    assert columns == {"id", "round", "juror", "tiers", "commitment"}
    assert {field.name for field in Voter._meta.get_fields()} == {"id", "round", "juror"}


def test_no_row_keeps_its_place_or_its_id_when_another_ballot_comes(secret):
    before = set()
    for juror in secret.jurors:
        vote(secret.round, juror, *secret.films)
        ids = set(Ballot.objects.values_list("pk", flat=True))
        assert not ids & before
        before |= ids
    assert Ballot.objects.count() == 6


def test_nothing_is_written_of_a_secret_ballot_before_the_close(secret):
    rows = Record.objects.count()
    fill(secret)

    assert Record.objects.count() == rows
    assert ballots.transcript(secret.round) is None

    close(secret)
    said = Record.objects.get(kind="ballots.revealed")
    assert said.by is None
    assert said.facts["voters"] == sorted(juror.pk for juror in secret.jurors)
    commitments = [ballot["commitment"] for ballot in said.facts["ballots"]]
    assert commitments == sorted(commitments) and len(commitments) == 6


@pytest.mark.parametrize(("count", "hidden"), [(4, True), (5, False)])
def test_below_five_ballots_nothing_but_the_winner_is_told(secret, count, hidden):
    fill(secret, count)

    transcript = ballots.transcript(close(secret))

    assert len(transcript.winners) == 1
    assert (transcript.hidden, bool(transcript.order), bool(transcript.steps)) == (
        hidden,
        not hidden,
        not hidden,
    )


def test_a_receipt_finds_its_ballot_after_the_close_and_no_other(secret):
    cast = fill(secret)
    assert ballots.find(secret.round, cast[0][2]) is None

    closed = close(secret)

    for _, order, receipt in cast:
        assert ballots.find(closed, f" {receipt} ").tiers == [[str(film.pk)] for film in order]
    assert ballots.find(closed, "0" * 16) is None


def test_a_second_secret_ballot_is_refused_too(secret):
    vote(secret.round, secret.jurors[0], secret.films[0])

    with pytest.raises(Conflict, match="given once"):
        vote(secret.round, secret.jurors[0], secret.films[1])
    assert Ballot.objects.count() == 1


def test_a_juror_removed_half_way_keeps_a_ballot_given_and_gives_no_other(final):
    vote(final.round, final.jurors[0], final.films[0])
    for juror in final.jurors[:2]:
        panels.unseat(Seat.objects.get(juror=juror), by=final.organiser)

    with pytest.raises(Refused, match="You do not sit"):
        vote(final.round, final.jurors[1], final.films[1])
    assert ballots.transcript(close(final)).winners == [final.films[0]]


def test_the_hour_of_closing_is_the_clock_s_as_well(final):
    at = timezone.now() + timedelta(hours=1)
    for juror in final.jurors:
        vote(final.round, juror, final.films[0])
    rounds.reschedule(final.round, by=final.organiser, opens_at=None, closes_at=at)

    assert rounds.keep_time(at=at - timedelta(seconds=1)) == []
    assert rounds.keep_time(at=at) == [final.round]
    final.round.refresh_from_db()
    assert final.round.outcome["winners"] == [str(final.films[0].pk)]
