"""Each rule: one yes, each no, and the sentence it says no with."""

import pytest
from django.utils import timezone

from festival.models import Edition, Film, Footage, Role
from judging import access, panels, rounds
from judging.models import Assignment, Round, Seat
from judging.rubrics import Line
from tests.factories import make_organiser, make_user
from tests.judging.factories import assign, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(films=1, jurors=1)


@pytest.fixture
def open_house(house):
    return house.open()


# Judging


def test_a_seated_juror_may_judge_an_assigned_film_while_the_round_is_open(open_house):
    assignment = open_house.assignment()

    assert access.why_not_judge(assignment.juror, assignment) == ""


def test_somebody_else_may_not_judge_it(open_house):
    why = access.why_not_judge(make_user(), open_house.assignment())

    assert why == "This film is not on your list. Open one of your own films."


def test_a_recused_juror_may_not_judge(open_house):
    assignment = open_house.assignment()
    panels.declare_conflict(assignment, by=assignment.juror, reason="I cut it.")
    assignment.refresh_from_db()

    assert "You are recused from" in access.why_not_judge(assignment.juror, assignment)


@pytest.mark.parametrize("lost", ["seat", "role"])
def test_a_juror_who_lost_seat_or_role_may_not_judge(open_house, lost):
    assignment = open_house.assignment()
    Seat.objects.all().delete() if lost == "seat" else Role.objects.jurors().delete()

    assert "You no longer sit on the jury" in access.why_not_judge(assignment.juror, assignment)


def test_a_round_in_preparation_takes_no_marks(house):
    assignment = assign(house.round, house.films[0], house.jurors[0])

    assert access.why_not_judge(house.jurors[0], assignment).endswith("appear when it does.")


def test_a_closed_round_takes_no_marks_and_says_since_when(open_house):
    edition = Edition.objects.get()
    edition.time_zone = "Europe/Lisbon"
    edition.save()
    at = timezone.datetime(2027, 6, 3, 22, 30, tzinfo=timezone.get_default_timezone())
    rounds.close(Round.objects.get(), by=open_house.organiser, note="Time is up.", at=at)
    assignment = open_house.assignment()

    why = access.why_not_judge(assignment.juror, assignment)

    assert "closed on 3 June 2027, 23:30 (Europe/Lisbon)" in why
    assert why.endswith("The marks you gave are kept.")


def test_a_film_that_is_no_longer_with_the_jury_takes_no_marks(open_house):
    Film.objects.update(status=Film.Status.DRAFT)
    assignment = open_house.assignment()

    assert "no longer with the jury" in access.why_not_judge(assignment.juror, assignment)


# Marks


def test_marks_from_one_to_ten_on_the_rubric_can_stand(house):
    criteria = {criterion.pk: criterion for criterion in house.criteria()}

    assert access.why_not_mark(criteria, dict.fromkeys(criteria, 1)) == ""
    assert access.why_not_mark(criteria, dict.fromkeys(criteria, 10)) == ""
    assert access.why_not_mark(criteria, {}) == ""


@pytest.mark.parametrize("value", [0, 11, -3, 7.5, "7", "good", None, True])
def test_marks_out_of_range_cannot(house, value):
    criteria = {criterion.pk: criterion for criterion in house.criteria()}

    why = access.why_not_mark(criteria, {next(iter(criteria)): value})

    assert why == f"“Story” takes a whole mark from 1 to 10, not {value}. Nothing was changed."


def test_a_criterion_of_another_rubric_cannot(house):
    assert "is not in this round’s rubric" in access.why_not_mark({}, {house.criteria()[0].pk: 5})


# Stepping down


@pytest.mark.parametrize(("share", "percent"), [(90, 90), (90, 100), (0, 0)])
def test_who_has_seen_enough_may_mark(house, share, percent):
    house.round.watch_share = share

    assert access.why_not_mark_yet(house.round, percent) == ""


def test_who_has_not_may_not_yet(house):
    why = access.why_not_mark_yet(house.round, 41)

    assert why == "Watch at least 90 % of the film before you mark it; you have seen 41 %."


def test_a_juror_may_step_down_even_after_closing(open_house):
    rounds.close(Round.objects.get(), by=open_house.organiser, note="Time is up.")
    assignment = open_house.assignment()

    assert access.why_not_recuse(assignment.juror, assignment) == ""


def test_nobody_steps_down_for_another(open_house):
    assert "not on your list" in access.why_not_recuse(make_user(), open_house.assignment())


# Organisers' verbs


VERBS = [
    access.why_not_edit_round,
    access.why_not_edit_rubric,
    access.why_not_assign,
    access.why_not_open,
    access.why_not_close,
]


@pytest.mark.parametrize("why_not", VERBS, ids=lambda verb: verb.__name__)
def test_only_organisers_of_the_edition_run_a_round(house, why_not):
    other = make_organiser(make_house(films=0, jurors=0).edition)

    for person in (house.jurors[0], make_user(), other):
        assert why_not(person, house.round) == "Only this edition's organisers may do that."


def test_an_unopened_round_can_be_changed(house):
    assert access.why_not_edit_round(house.organiser, house.round) == ""
    assert access.why_not_edit_rubric(house.organiser, house.round) == ""


@pytest.mark.parametrize("then", ["open", "closed"])
def test_once_opened_neither_terms_nor_rubric_change(open_house, then):
    if then == "closed":
        rounds.close(open_house.round, by=open_house.organiser, note="Enough.")

    assert "so its terms stand" in access.why_not_edit_round(open_house.organiser, open_house.round)
    assert "The rubric was fixed when" in access.why_not_edit_rubric(open_house.organiser, open_house.round)


def test_films_can_be_given_out_before_and_after_opening(house):
    assert access.why_not_assign(house.organiser, house.round) == ""
    assert access.why_not_assign(house.organiser, house.open().round) == ""


def test_a_closed_round_gives_nothing_out(open_house):
    rounds.close(open_house.round, by=open_house.organiser, note="Enough.")

    assert "is closed, so no films are given out" in access.why_not_assign(
        open_house.organiser, open_house.round
    )


@pytest.mark.parametrize("why_not", [access.why_not_assign, access.why_not_open])
def test_without_jurors_or_films_there_is_no_round(house, why_not):
    Footage.objects.all().delete()
    assert "No film is with the jury yet" in why_not(house.organiser, house.round)

    Seat.objects.all().delete()
    assert why_not(house.organiser, house.round) == "The jury has no jurors yet. Seat some first."


def test_a_round_with_rubric_jury_and_films_may_open(house):
    assert access.why_not_open(house.organiser, house.round) == ""


def test_an_open_round_does_not_open(open_house):
    assert access.why_not_open(open_house.organiser, open_house.round).endswith("is open already.")


def test_an_empty_rubric_does_not_open():
    house = make_house(lines=())

    assert access.why_not_open(house.organiser, house.round).startswith("The rubric is empty.")


def test_weights_that_do_not_sum_do_not_open():
    house = make_house(lines=[Line("Story", 60), Line("Sound", 30)])

    why = access.why_not_open(house.organiser, house.round)

    assert why == "The weights of the rubric come to 90 %, not 100 %. Mend the rubric first."


def test_an_open_round_with_all_its_reviews_closes(open_house):
    assert access.why_not_close(open_house.organiser, open_house.round) == ""


def test_a_round_that_is_not_open_does_not_close(house):
    assert access.why_not_close(house.organiser, house.round).endswith("is not open.")


def test_missing_reviews_need_a_reason(open_house):
    organiser, round = open_house.organiser, open_house.round

    assert access.why_not_close(organiser, round, missing=1).startswith("1 film has not been watched")
    assert access.why_not_close(organiser, round, missing=4, note="  ").startswith("4 films have not")
    assert access.why_not_close(organiser, round, missing=4, note="The hall is booked.") == ""


def test_assignments_are_seen_by_their_juror_alone(open_house):
    assignment = open_house.assignment()

    assert Assignment.objects.visible_to(assignment.juror).get() == assignment
    assert not Assignment.objects.visible_to(open_house.organiser).exists()
    assert not Assignment.objects.visible_to(make_user()).exists()
