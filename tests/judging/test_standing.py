"""Where the judging stands: one round with its films and jurors, and the line of them all."""

import pytest

from judging import pairs, rounds, standing
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
    assert overview.jurors == [(house.jurors[0], progress)]
    assert {row.film: (row.done, row.short) for row in overview.films} == {
        house.films[0]: (1, 0),
        house.films[1]: (0, 0),
    }
    assert (overview.weight, overview.lacking, overview.unassigned) == (100, 1, 0)


@pytest.mark.parametrize("size", [1, 3])
def test_an_overview_costs_the_same_for_one_film_and_three(size, django_assert_num_queries):
    house = make_house(films=size, jurors=size).open()

    with django_assert_num_queries(13):
        assert len(standing.overview(house.round).films) == size


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
