"""What a juror may read of the others: the matrix, cell by cell, in what the pages are given."""

import pytest

from judging import checks, deliberations, rounds, sights
from judging.models import Round
from tests.judging.factories import TWO_LINES, make_house
from tests.judging.stages import lists, make_stage, tie, vote

pytestmark = pytest.mark.django_db

NEVER, AFTER, ALWAYS = Round.Sight


@pytest.fixture
def house():
    """One film, two jurors; the second has marked it in this round, both in an earlier one."""
    house = make_house(films=1, jurors=2, reviews=2).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage"):
        house.review(assignment, 4, note="Earlier.")
    rounds.close(house.round, by=house.organiser)
    house.round = rounds.create(house.edition, by=house.organiser, name="Second", reviews=2)
    rounds.write_rubric(house.round, TWO_LINES, by=house.organiser)
    house.open()
    house.review(lists(house.round, house.jurors[1])[0], 9, note="Now.")
    house.round.refresh_from_db()
    return house


def heard(house, *, done=False, **sight):
    for name, value in sight.items():
        setattr(house.round, name, value)
    film = house.films[0].pk
    return sights.voices(house.round, [film], house.jurors[0], done=done)[film]


def notes(*args, **sight):
    return [voice.note for voice in heard(*args, **sight)]


@pytest.mark.parametrize(
    ("others", "earlier", "done", "seen"),
    [
        (NEVER, NEVER, True, []),
        (AFTER, NEVER, False, []),
        (AFTER, NEVER, True, ["Now."]),
        (ALWAYS, NEVER, False, ["Now."]),
        (NEVER, AFTER, False, []),
        (NEVER, AFTER, True, ["Earlier."]),
        (NEVER, ALWAYS, False, ["Earlier."]),
        (ALWAYS, ALWAYS, False, ["Earlier.", "Now."]),
    ],
)
def test_words_are_handed_out_as_the_matrix_says(house, others, earlier, done, seen):
    assert notes(house, done=done, sees_others=others, sees_earlier=earlier) == seen


@pytest.mark.parametrize("named", [True, False])
def test_names_only_where_names_are_shown(house, named):
    (voice,) = heard(house, sees_others=ALWAYS, names_jurors=named)

    assert voice.who == (str(house.jurors[1]) if named else "A juror")
    assert voice.figure == 9.0
    assert sights.fellows(house.round, house.jurors[0]) == ([str(house.jurors[1])] if named else [])


def test_a_juror_never_reads_their_own_words_as_another_s(house):
    film = house.films[0].pk
    house.round.sees_others = ALWAYS

    assert sights.voices(house.round, [film], house.jurors[1], done=True) == {}


def test_a_recused_juror_is_not_heard(house):
    tie(house.films[0], house.jurors[1], house.round)

    assert heard(house, sees_others=ALWAYS, sees_earlier=ALWAYS) == []


def test_a_half_filled_review_has_a_note_and_no_figure(house):
    mark = lists(house.round, house.jurors[1])[0].mark
    mark.scores.first().delete()

    (voice,) = heard(house, sees_others=ALWAYS)

    assert (voice.note, voice.figure) == ("Now.", None)


def test_the_word_on_eligibility_is_heard_with_its_reason():
    house = make_stage("eligibility", films=1, jurors=2, sees_others=ALWAYS)
    assignment = lists(house.round, house.jurors[1])[0]
    checks.give(assignment, False, by=house.jurors[1], reason="Too long.")

    (voice,) = heard(house)

    assert (voice.passes, voice.note) == (False, "Too long.")


@pytest.mark.parametrize("films", [1, 3])
def test_voices_cost_the_same_for_one_film_and_three(films, django_assert_num_queries):
    house = make_house(films=films, jurors=2, reviews=2).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage"):
        house.review(assignment, 4)
    house.round.sees_others = ALWAYS

    with django_assert_num_queries(3):
        heard = sights.voices(house.round, [film.pk for film in house.films], house.jurors[0], done=True)
    assert len(heard) == films


# Deliberation


@pytest.fixture
def divided():
    """Three marked films: the jury is of one mind on the first, torn on the second, near on the third."""
    house = make_house(films=3, jurors=2, reviews=2).open()
    marks = {0: (7, 7), 1: (2, 9), 2: (6, 7)}
    for number, film in enumerate(house.films):
        rows = house.round.assignments.filter(film=film).select_related("juror", "film__footage")
        for assignment, value in zip(rows, marks[number], strict=True):
            house.review(assignment, value, note=f"{value}.")
    rounds.close(house.round, by=house.organiser)
    return make_stage("deliberation", house=house, source=house.round)


def test_the_films_the_jury_is_most_divided_on_come_first(divided):
    one, two, three = divided.films

    rows = deliberations.divided(divided.round)

    assert [row.film for row in rows] == [two, three, one]
    assert [round(row.spread, 2) for row in rows] == [4.95, 0.71, 0.0]


def test_a_juror_gets_figures_and_words_only_as_the_matrix_says(divided):
    juror = divided.jurors[0]
    divided.round.sees_earlier = AFTER
    before = deliberations.talk(divided.round, juror)
    assert [row.film for row in before] == divided.films
    assert all(row.spread is None and not row.voices and not row.reviews for row in before)

    vote(divided.round, juror, divided.films[0])

    after = deliberations.talk(divided.round, juror)
    assert after[0].film == divided.films[1] and after[0].spread
    assert [len(row.voices) for row in after] == [1, 1, 1]


def test_agreement_over_all_films_is_one_figure(divided):
    assert -1 <= deliberations.alpha(divided.round) < 0.5
    assert deliberations.alpha(make_stage("deliberation").round) is None


def test_a_deliberation_ends_in_a_second_ballot(divided):
    for juror in divided.jurors:
        vote(divided.round, juror, divided.films[2])
    rounds.close(divided.round, by=divided.organiser)

    divided.round.refresh_from_db()
    assert divided.round.outcome["winners"] == [str(divided.films[2].pk)]
