"""Pairs: only watched films, each pair once, nobody's own; strengths from all answers together."""

import pytest

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import pairs, panels, rounds
from judging.models import Preference, Record, Round, Seat, Viewing
from tests.factories import make_film, make_user
from tests.judging.stages import make_stage, tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_stage("pairwise", films=3, jurors=2)


def test_a_preference_is_kept_in_one_order_of_the_two_and_written_down(house):
    one, two, _ = sorted(house.films, key=lambda film: film.pk)

    pairs.prefer(house.round, two, one, two, by=house.jurors[0])

    kept = Preference.objects.get()
    assert (kept.first, kept.second, kept.better) == (one, two, two)
    said = Record.objects.get(kind="comparison.made").facts
    assert (said["first"], said["second"], said["better"]) == (str(one.pk), str(two.pk), str(two.pk))


def test_a_second_word_on_the_same_two_changes_nothing(house):
    one, two, _ = house.films
    first = pairs.prefer(house.round, one, two, one, by=house.jurors[0])

    again = pairs.prefer(house.round, two, one, two, by=house.jurors[0])

    assert again == first and Preference.objects.get().better == one
    assert Record.objects.filter(kind="comparison.made").count() == 1


def test_neither_may_be_better(house):
    one, two, _ = house.films

    assert pairs.prefer(house.round, one, two, None, by=house.jurors[0]).better is None


def test_both_films_are_watched_first(house):
    one, two, three = house.films
    Viewing.objects.filter(assignment__juror=house.jurors[0], assignment__film=two).update(seen_ms=1000)

    with pytest.raises(Unacceptable, match=f"Watch “{two}” to its end before you compare it"):
        pairs.prefer(house.round, one, two, one, by=house.jurors[0])
    assert set(pairs.next_pair(house.round, house.jurors[0])) == {one, three}
    Viewing.objects.filter(assignment__juror=house.jurors[0]).delete()
    assert pairs.next_pair(house.round, house.jurors[0]) is None


def test_a_film_watched_in_an_earlier_round_need_not_be_watched_again():
    first = make_stage("pairwise", films=2, jurors=1)
    house = make_stage("pairwise", house=first, watched=False)

    assert len(pairs.candidates(house.round, house.jurors[0])) == 2


def test_a_conflict_is_never_shown_and_its_answers_never_count(house):
    one, two, three = house.films
    pairs.prefer(house.round, one, two, one, by=house.jurors[0])
    pairs.prefer(house.round, two, three, two, by=house.jurors[0])
    tie(one, house.jurors[0], house.round)

    assert list(Preference.objects.counted()) == list(Preference.objects.exclude(better=one))
    with pytest.raises(Unacceptable, match="You may not judge"):
        pairs.prefer(house.round, one, three, one, by=house.jurors[0])
    assert pairs.next_pair(house.round, house.jurors[0]) is None
    assert pairs.far(house.round, house.jurors[0]) == (1, 1)


def test_a_juror_is_asked_every_pair_once_and_the_same_until_answered(house):
    asked = []
    while pair := pairs.next_pair(house.round, house.jurors[0]):
        assert pairs.next_pair(house.round, house.jurors[0]) == pair
        asked.append(frozenset(pair))
        pairs.prefer(house.round, *pair, pair[0], by=house.jurors[0])

    assert len(asked) == len(set(asked)) == 3
    assert pairs.far(house.round, house.jurors[0]) == (3, 3)


def test_a_film_that_has_left_is_not_compared(house):
    one, two, _ = house.films
    two.move(Film.Status.WITHDRAWN, by=two.entrant)

    with pytest.raises(Unacceptable, match="any more"):
        pairs.prefer(house.round, one, two, one, by=house.jurors[0])
    with pytest.raises(Unacceptable, match="any more"):
        pairs.prefer(house.round, one, make_film(edition=house.edition), one, by=house.jurors[0])


def test_only_one_of_the_two_can_be_better(house):
    one, two, three = house.films

    for asked in [(one, one, one), (one, two, three)]:
        with pytest.raises(Unacceptable, match="Choose one of the two"):
            pairs.prefer(house.round, *asked, by=house.jurors[0])


def test_who_may_compare(house):
    stale = Round.objects.select_related("edition").get(pk=house.round.pk)
    final = make_stage("final")
    assert pairs.why_not_prefer(house.jurors[0], house.round) == ""
    assert "compares no films" in pairs.why_not_prefer(final.jurors[0], final.round)
    with pytest.raises(Refused, match="You do not sit"):
        pairs.prefer(house.round, *house.films[:2], None, by=make_user())
    panels.unseat(Seat.objects.get(juror=house.jurors[1]), by=house.organiser)
    with pytest.raises(Refused, match="You do not sit"):
        pairs.prefer(house.round, *house.films[:2], None, by=house.jurors[1])
    rounds.close(house.round, by=house.organiser, note="Enough.")
    with pytest.raises(Refused, match="closed on"):
        pairs.prefer(stale, *house.films[:2], None, by=house.jurors[0])


# Strengths


def close(house):
    rounds.close(house.round, by=house.organiser, note="Enough.")
    house.round.refresh_from_db()
    return house.round


def test_strengths_follow_the_answers_and_are_told_after_the_close(house):
    one, two, three = house.films
    for juror in house.jurors:
        pairs.prefer(house.round, one, two, one, by=juror)
        pairs.prefer(house.round, two, three, two, by=juror)
        pairs.prefer(house.round, one, three, one, by=juror)
    assert pairs.strengths(house.round) == []

    found = pairs.strengths(close(house))

    assert [(row.film, row.place) for row in found] == [(one, 1), (two, 2), (three, 3)]
    assert [(row.won, row.tied, row.lost) for row in found] == [(4, 0, 0), (2, 0, 2), (0, 0, 4)]
    assert sum(row.strength for row in found) == pytest.approx(0, abs=1e-5)
    said = Record.objects.get(kind="count.done").facts
    assert (said["method"], said["result"]["winners"]) == ("bradley-terry", [str(one.pk)])


def test_equal_strengths_share_a_place_and_the_public_number_breaks_the_tie(house):
    one, two, three = house.films
    for juror in house.jurors:
        for pair in [(one, two), (two, three), (one, three)]:
            pairs.prefer(house.round, *pair, None, by=juror)

    closed = close(house)

    assert [row.place for row in pairs.strengths(closed)] == [1, 1, 1]
    assert len(closed.outcome["winners"]) == 1


def test_without_answers_there_is_no_winner(house):
    assert close(house).outcome["winners"] == []
    assert pairs.strengths(house.round) == []


def test_the_same_answers_give_the_same_result_to_the_last_digit(house):
    one, two, three = house.films
    pairs.prefer(house.round, one, two, one, by=house.jurors[0])
    pairs.prefer(house.round, two, three, two, by=house.jurors[1])
    closed = close(house)
    films = sorted(film.pk for film in house.films)
    index = {pk: i for i, pk in enumerate(films)}

    again = pairs.tallied(
        [str(pk) for pk in films], pairs._votes(closed, index)[::-1], seats=1, seed=closed.seed
    )

    assert again == closed.outcome
