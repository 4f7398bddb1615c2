import pytest

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import marks, panels, rounds
from judging.models import Assignment, Mark, Score
from judging.rubrics import Line
from tests.factories import make_user
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(films=2, jurors=2, reviews=2).open()


def standing(mark):
    return dict(mark.scores.values_list("criterion__name", "value"))


def test_marks_are_kept_whole_or_in_part(house):
    assignment, (story, sound) = house.assignment(), house.criteria()

    mark = marks.give(assignment, {story.pk: 7}, by=assignment.juror)
    assert standing(mark) == {"Story": 7}

    marks.give(assignment, {sound.pk: 10}, by=assignment.juror, note="A fine score.", share_note=True)
    mark.refresh_from_db()
    assert standing(mark) == {"Story": 7, "Sound": 10}
    assert (mark.note, mark.share_note) == ("A fine score.", True)


def test_given_twice_they_are_given_once(house):
    assignment = house.assignment()
    first = house.review(assignment, 7, 8, note="Good.")

    again = house.review(assignment, 7, 8, note="Good.")

    assert again.given_at == Mark.objects.get().given_at == first.given_at
    assert Score.objects.count() == 2


def test_what_is_left_out_stays(house):
    assignment = house.assignment()
    house.review(assignment, 7, 8, note="Good.", share_note=True)

    mark = marks.give(assignment, {}, by=assignment.juror, share_note=False)

    assert standing(mark) == {"Story": 7, "Sound": 8}
    assert (mark.note, mark.share_note) == ("Good.", False)


def test_an_emptied_note_is_empty(house):
    assignment = house.assignment()
    house.review(assignment, 7, note="Good.")

    assert marks.give(assignment, {}, by=assignment.juror, note="").note == ""


@pytest.mark.parametrize("value", [0, 11, "seven", 6.5])
def test_one_mark_out_of_range_and_none_is_taken(house, value):
    assignment, (story, sound) = house.assignment(), house.criteria()

    with pytest.raises(Unacceptable, match=f"“Sound” takes a whole mark from 1 to 10, not {value}"):
        marks.give(assignment, {story.pk: 5, sound.pk: value}, by=assignment.juror)

    assert not Score.objects.exists() and not Mark.objects.exists()


def test_a_criterion_of_another_round_is_refused(house):
    foreign = make_house().criteria()[0]
    assignment = house.assignment()

    with pytest.raises(Unacceptable, match="not in this round’s rubric"):
        marks.give(assignment, {foreign.pk: 5}, by=assignment.juror)


def test_two_tabs_may_mark_different_criteria(house):
    story, sound = house.criteria()
    one, two = house.assignment(), house.assignment()

    marks.give(one, {story.pk: 4}, by=one.juror)
    marks.give(two, {sound.pk: 9}, by=two.juror)

    assert Mark.objects.count() == 1
    assert standing(Mark.objects.get()) == {"Story": 4, "Sound": 9}


def test_a_stale_page_marks_nothing_after_closing(house):
    stale = house.assignment()
    rounds.close(house.round, by=house.organiser, note="Enough.")

    with pytest.raises(Refused, match="closed on"):
        marks.give(stale, {house.criteria()[0].pk: 5}, by=stale.juror)
    assert not Mark.objects.exists()


def test_a_stale_page_marks_nothing_after_stepping_down(house):
    stale = house.assignment()
    panels.declare_conflict(house.assignment(), by=stale.juror, reason="Family.")

    with pytest.raises(Refused, match="recused"):
        marks.give(stale, {house.criteria()[0].pk: 5}, by=stale.juror)
    assert not Mark.objects.exists()


def test_nobody_marks_for_another(house):
    assignment = house.assignment()

    for person in (house.organiser, make_user(), house.jurors[1]):
        if person != assignment.juror:
            with pytest.raises(Refused, match="not on your list"):
                marks.give(assignment, {house.criteria()[0].pk: 5}, by=person)
    assert not Mark.objects.exists()


def test_a_film_sent_back_takes_no_marks(house):
    assignment = house.assignment()
    assignment.film.move(Film.Status.DRAFT, by=house.organiser)

    with pytest.raises(Refused, match="no longer with the jury"):
        marks.give(assignment, {house.criteria()[0].pk: 5}, by=assignment.juror)


# Results


def test_results_weigh_whole_reviews_and_leave_the_rest_out(house):
    film = house.films[0]
    first, second = house.round.assignments.filter(film=film).select_related("juror")
    house.review(first, 8, 4)
    house.review(second, 6, 6)
    half = house.round.assignments.filter(film=house.films[1]).first()
    marks.give(half, {house.criteria()[0].pk: 10}, by=half.juror)

    by_film = {result.film: result for result in marks.results(house.round)}

    told = by_film[film]
    assert (told.done, told.needed, told.whole) == (2, 2, True)
    assert told.reviews == [6.0, 7.0] and told.mean == 6.5
    assert told.spread == pytest.approx(0.5**0.5)
    assert told.by_criterion == [7.0, 5.0]
    assert (by_film[house.films[1]].done, by_film[house.films[1]].mean) == (0, None)


def test_all_marks_equal_have_no_spread(house):
    for assignment in house.round.assignments.select_related("juror"):
        house.review(assignment, 5)

    assert [(result.mean, result.spread) for result in marks.results(house.round)] == [(5.0, 0.0)] * 2


def test_a_decided_film_stays_in_the_results(house):
    house.films[0].move(Film.Status.SELECTED, by=house.organiser)

    assert {result.film for result in marks.results(house.round)} == set(house.films)


def test_without_a_rubric_there_are_films_and_no_figures():
    house = make_house(films=1, lines=())

    assert [(result.film, result.mean) for result in marks.results(house.round)] == [(house.films[0], None)]


def test_who_said_what_with_the_recused_last(house):
    film = house.films[0]
    first, second = house.round.assignments.filter(film=film).select_related("juror").order_by("juror__name")
    house.review(first, 8, 4)
    panels.declare_conflict(first, by=first.juror, reason="Family.")

    told = marks.reviews_of(house.round, film)

    assert [(review.assignment, review.values) for review in told] == [
        (second, [None, None]),
        (first, [8, 4]),
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_results_cost_the_same_for_one_film_and_three(size, django_assert_num_queries):
    house = make_house(films=size, jurors=2, reviews=2, lines=[Line("Story", 100)]).open()
    for assignment in Assignment.objects.select_related("juror"):
        house.review(assignment, 6)

    with django_assert_num_queries(3):
        assert len(marks.results(house.round)) == size
