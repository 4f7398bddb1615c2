"""Shortlists: proposals by figures and places, a decision by a person."""

import pytest
from django.urls import reverse

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import rounds, shortlists
from judging.models import Record, Ruling
from tests.factories import make_film, make_section
from tests.judging.factories import assign, make_house
from tests.judging.stages import make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Six marked films, three of each section: 9, 8, 7 and 6, 5, 4."""
    house = make_house(films=6, jurors=1, reviews=1)
    documentary = make_section(edition=house.edition, name="Documentary")
    for film in house.films[3:]:
        film.section = documentary
        film.save()
    house.open()
    for number, film in enumerate(house.films):
        house.review(
            house.round.assignments.select_related("juror", "film__footage").get(film=film), 9 - number
        )
    rounds.close(house.round, by=house.organiser)
    house.round.refresh_from_db()
    return house


def shortlist(house, **terms):
    return make_stage("shortlist", house=house, source=house.round, **{"places": 3, **terms}).round


def proposed(round):
    return [one.film for one in shortlists.candidates(round) if one.proposed]


def test_the_best_are_proposed_whatever_their_section(house):
    assert proposed(shortlist(house)) == house.films[:3]


def test_a_section_has_its_places_and_the_next_section_gets_the_rest(house):
    first = house.films[0].section
    documentary = house.films[3].section

    row = shortlist(house, quotas={str(first.pk): 1})

    assert proposed(row) == [house.films[0], *house.films[3:5]]
    shelves = {shelf.section: (shelf.places, len(shelf.candidates)) for shelf in shortlists.by_section(row)}
    assert shelves == {first: (1, 3), documentary: (None, 3)}


def test_candidates_know_their_place_in_their_section_and_equals_share_it(house):
    house.films[1].assignments.get().mark.scores.update(value=9)

    found = {one.film: (one.place, one.figure) for one in shortlists.candidates(shortlist(house))}

    assert [found[film] for film in house.films] == [
        (1, 9.0),
        (1, 9.0),
        (3, 7.0),
        (1, 6.0),
        (2, 5.0),
        (3, 4.0),
    ]


def test_a_strict_juror_s_film_is_not_left_behind_for_its_plain_mean():
    """Eight films, each seen by two of three jurors; the strict one takes three marks off."""
    house = make_house(films=8, jurors=3, reviews=2)
    worth, pairs = [8, 8, 6, 7, 5, 5, 4, 4], [(0, 1), (1, 2), (0, 2), (0, 1), (1, 2), (0, 2), (0, 1), (1, 2)]
    rounds.open(house.round, by=house.organiser)
    house.round.assignments.all().delete()
    for film, mark, jurors in zip(house.films, worth, pairs, strict=True):
        for one in jurors:
            given = assign(house.round, film, house.jurors[one])
            house.review(given, mark + 1 - 3 * (one == 2))
    rounds.close(house.round, by=house.organiser)

    row = shortlist(house, places=2)

    assert set(proposed(row)) == set(house.films[:2])
    found = {one.film: one for one in shortlists.candidates(row)}
    strictly, kindly = found[house.films[1]], found[house.films[3]]
    assert strictly.mean < kindly.mean and strictly.figure > kindly.figure
    assert shortlists.connected(row)


def test_groups_that_share_no_juror_are_not_said_to_compare(client):
    house = make_house(films=2, jurors=2, reviews=1).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage"):
        house.review(assignment, 5 + house.films.index(assignment.film))
    rounds.close(house.round, by=house.organiser)
    row = shortlist(house, places=1)
    client.force_login(house.organiser)

    page = client.get(reverse("jury_office:shortlist", args=[house.edition.slug, row.pk]))

    assert not shortlists.connected(row)
    assert "groups that share no juror" in page.content.decode()


def test_an_unmarked_film_comes_last_and_is_not_proposed(house):
    house.films[0].assignments.get().mark.delete()
    last = shortlists.candidates(shortlist(house, places=6))[-1]

    assert (last.film, last.figure, last.place, last.proposed) == (house.films[0], None, None, False)


def test_a_person_decides_and_the_next_round_has_those_films(house):
    row = shortlist(house)
    with pytest.raises(Refused, match="6 films are still to be settled"):
        rounds.close(row, by=house.organiser)

    shortlists.decide(row, [house.films[0], house.films[5]], by=house.organiser, note="For the shorts night.")
    shortlists.decide(row, [house.films[0], house.films[4]], by=house.organiser)
    rounds.close(row, by=house.organiser)

    through = set(Ruling.objects.filter(through=True).values_list("film", flat=True))
    assert through == {house.films[0].pk, house.films[4].pk}
    assert Record.objects.filter(kind="ruling.made").count() == 6 + 2
    final = rounds.create(house.edition, by=house.organiser, kind="final", name="Final", source=row)
    assert set(final.films()) == {house.films[0], house.films[4]}


def test_more_films_than_places_are_refused(house):
    first = house.films[0].section
    row = shortlist(house, quotas={str(first.pk): 1})

    with pytest.raises(Unacceptable, match="The list has 3 places, and 4 films are ticked"):
        shortlists.decide(row, house.films[:4], by=house.organiser)
    with pytest.raises(Unacceptable, match=f"{first} has 1 place, and 2 films are ticked"):
        shortlists.decide(row, house.films[:2], by=house.organiser)
    with pytest.raises(Unacceptable, match="Tick the films"):
        shortlists.decide(row, [], by=house.organiser)
    with pytest.raises(Unacceptable, match="is not in"):
        shortlists.decide(row, [make_film(edition=house.edition)], by=house.organiser)
    with pytest.raises(Refused, match="organisers"):
        shortlists.decide(row, house.films[:1], by=house.jurors[0])
    assert not Ruling.objects.filter(round=row).exists()


def test_a_film_withdrawn_from_the_list_leaves_it(house):
    row = shortlist(house)
    shortlists.decide(row, house.films[:2], by=house.organiser)
    house.films[0].move(Film.Status.WITHDRAWN, by=house.films[0].entrant)
    rounds.close(row, by=house.organiser)

    assert list(rounds.create(house.edition, by=house.organiser, kind="final", source=row).films()) == [
        house.films[1]
    ]


@pytest.mark.parametrize("films", [1, 3])
def test_candidates_cost_the_same_for_one_film_and_three(films, django_assert_num_queries):
    house = make_house(films=films, jurors=1, reviews=1).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage"):
        house.review(assignment, 6)
    rounds.close(house.round, by=house.organiser)
    row = shortlist(house)

    with django_assert_num_queries(10):
        assert len(shortlists.candidates(row)) == films
