"""Where the judging stands: one round with its films and jurors, and the line of them all."""

import pytest

from festival.models import Film
from judging import pairs, panels, rounds, standing
from judging.models import Record, Seat
from tests.judging.factories import make_house
from tests.judging.stages import make_stage, vote

pytestmark = pytest.mark.django_db


# Where it stands


def test_progress_is_in_films_and_in_film():
    house = make_house(films=2, jurors=1).open()
    shorter = house.round.assignments.get(film=house.films[0])
    house.review(shorter, 7)

    overview = standing.overview(house.round)

    progress = overview.progress
    assert (progress.films, progress.done, progress.left) == (2, 1, 1)
    assert (progress.seconds, progress.done_seconds, progress.left_seconds) == (180.0, 60.0, 120.0)
    assert overview.jurors == [(house.jurors[0], progress, None)]
    assert {row.film: (row.done, row.short) for row in overview.films} == {
        house.films[0]: (1, 0),
        house.films[1]: (0, 0),
    }
    assert (overview.weight, overview.lacking, overview.unassigned) == (100, 1, 0)


@pytest.mark.parametrize("size", [1, 3])
def test_an_overview_costs_the_same_for_one_film_and_three(size, django_assert_num_queries):
    house = make_house(films=size, jurors=size).open()

    with django_assert_num_queries(15):
        assert len(standing.overview(house.round).films) == size


def of_juror(house, juror):
    return next(row for row in standing.overview(house.round).jurors if row.juror == juror)


def test_a_juror_who_left_stands_there_with_when_and_what_became_of_their_films():
    house = make_house(films=4, jurors=2, reviews=1).open()
    leaver, other = house.jurors
    theirs = list(house.round.assignments.filter(juror=leaver).select_related("juror", "film__footage"))
    house.review(theirs[0], 8)
    assert of_juror(house, leaver).left is None

    panels.unseat(Seat.objects.get(juror=leaver), by=house.organiser)

    row = of_juror(house, leaver)
    assert row.left.at == Record.objects.get(kind="seat.freed").moment
    assert (row.progress.done, row.progress.films, row.left.passed_on) == (1, 1, len(theirs) - 1)
    assert of_juror(house, other).left is None


def test_a_juror_who_left_before_finishing_anything_is_still_named():
    house = make_house(films=2, jurors=2, reviews=1).open()
    panels.unseat(Seat.objects.get(juror=house.jurors[0]), by=house.organiser)

    row = of_juror(house, house.jurors[0])

    assert (row.progress.films, row.left.passed_on) == (0, 1)


def test_a_film_lost_to_a_conflict_or_withdrawn_is_not_one_passed_on():
    house = make_house(films=3, jurors=1).open()
    juror, (tied, gone, _) = house.jurors[0], house.films
    panels.recuse(tied, juror, by=house.organiser, reason="Family.")
    panels.take_off(gone)
    Film.objects.filter(pk=gone.pk).update(status="withdrawn")
    assert of_juror(house, juror).left is None

    panels.unseat(Seat.objects.get(juror=juror), by=house.organiser)

    assert of_juror(house, juror).left.passed_on == 1


# The line


def follow(house, kind, **terms):
    return rounds.create(house.edition, by=house.organiser, kind=kind, name="Next", **terms)


def test_the_line_tells_what_each_round_is_and_how_far():
    house = make_house(films=2, jurors=2, reviews=1).open()
    house.review(house.assignment(), 7)
    final = follow(house, "final", source=house.round)
    picked = follow(house, "pairwise", choice="picked", picked=house.films[:1])

    line = {stage.round: stage for stage in standing.line(house.edition)}

    review = line[house.round]
    assert (review.films, review.done, review.asked, review.unit, review.share) == (2, 1, 2, "reviews", 0.5)
    assert (line[final].films, line[final].asked, line[final].share) == (None, 0, 0.0)
    assert line[picked].films == 1


def test_the_line_of_a_vote_counts_votes_and_that_of_pairs_counts_pairs():
    house = make_stage("final", films=3, jurors=2)
    vote(house.round, house.jurors[0], *house.films)
    assert [(one.done, one.asked, one.unit) for one in standing.line(house.edition)] == [(1, 2, "ballots")]

    other = make_stage("pairwise", films=3, jurors=2)
    pairs.prefer(other.round, *other.films[:2], None, by=other.jurors[0])
    assert [(one.done, one.asked) for one in standing.line(other.edition)] == [(1, 6)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_line_costs_the_same_for_one_round_and_three(count, django_assert_num_queries):
    house = make_house().open()
    for _ in range(count - 1):
        follow(house, "final", source=house.round)

    with django_assert_num_queries(5):
        assert len(standing.line(house.edition)) == count
