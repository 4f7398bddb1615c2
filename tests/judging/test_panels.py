"""Seats, conflicts, and films that leave the lists."""

import pytest
from django.core import mail

from festival.errors import Refused, Unacceptable
from festival.models import Film, Notice, Person, Role
from judging import marks, panels, rounds
from judging.models import Assignment, Conflict, Mark, Panel, Round, Seat
from tests.factories import make_edition, make_organiser, make_user
from tests.judging.factories import assign, dealt, make_house

pytestmark = pytest.mark.django_db


# Seats


def test_a_seat_makes_a_juror_of_whoever_reads_the_address():
    edition = make_edition()
    organiser = make_organiser(edition)

    seat = panels.seat(panels.first(edition, by=organiser), "new@example.org", by=organiser)

    assert seat.juror == Person.objects.get(email="new@example.org")
    assert edition.roles.jurors().get().person == seat.juror
    assert Notice.objects.get(person=seat.juror).kind == "seated"
    assert not mail.outbox


def test_seated_twice_is_seated_once():
    edition = make_edition()
    organiser = make_organiser(edition)
    panel = panels.first(edition, by=organiser)

    seats = [panels.seat(panel, "ana@example.org", by=organiser) for _ in range(2)]

    assert seats[0] == seats[1]
    assert Seat.objects.count() == Role.objects.jurors().count() == Notice.objects.count() == 1


def test_only_organisers_seat_and_form_panels():
    edition = make_edition()
    panel = Panel.objects.create(edition=edition)
    stranger = make_user()

    with pytest.raises(Refused):
        panels.seat(panel, "friend@example.org", by=stranger)
    with pytest.raises(Refused):
        panels.form(edition, by=stranger, name="Ours")
    assert not Seat.objects.exists() and Panel.objects.count() == 1


def test_a_freed_seat_passes_unfinished_films_on_and_keeps_whole_reviews():
    house = make_house(films=4, jurors=2, reviews=1).open()
    leaver = house.jurors[0]
    theirs = list(house.round.assignments.filter(juror=leaver))
    house.review(theirs[0], 8)
    marks.give(theirs[1], {house.criteria()[0].pk: 3}, by=leaver)

    panels.unseat(Seat.objects.get(juror=leaver), by=house.organiser)

    stay = house.round.assignments.standing()
    assert stay.filter(juror=leaver).get() == theirs[0]
    assert {film for film, _ in dealt(house.round)} == {film.pk for film in house.films}
    assert stay.count() == 4
    assert not house.edition.roles.jurors().filter(person=leaver).exists()
    assert Mark.objects.counted().get().assignment == theirs[0]


def test_a_juror_who_still_sits_elsewhere_keeps_the_films():
    house = make_house(films=2, jurors=2).open()
    juror = house.jurors[0]
    Seat.objects.create(panel=Panel.objects.create(edition=house.edition, name="Shorts"), juror=juror)
    before = dealt(house.round)

    panels.unseat(Seat.objects.filter(juror=juror).first(), by=house.organiser)

    assert dealt(house.round) == before


def test_only_organisers_free_a_seat():
    house = make_house()

    with pytest.raises(Refused):
        panels.unseat(Seat.objects.first(), by=house.jurors[1])
    assert Seat.objects.count() == 2


def test_jurors_without_a_seat_are_found():
    house = make_house(jurors=1)
    lost = make_user()
    Role.objects.create(edition=house.edition, person=lost, kind=Role.Kind.JUROR)

    assert list(panels.without_seat(house.edition)) == [lost]


# Conflicts


def test_a_conflict_strikes_the_mark_and_gives_the_film_to_somebody_free():
    house = make_house(films=2, jurors=2, reviews=1).open()
    assignment = house.assignment()
    house.review(assignment, 9)

    panels.declare_conflict(assignment, by=assignment.juror, reason=" I teach the director. ")

    assignment.refresh_from_db()
    assert assignment.recused_at and assignment.mark  # kept, and never counted
    assert not Mark.objects.counted().exists()
    assert Conflict.objects.get().reason == "I teach the director."
    heir = house.round.assignments.standing().get(film=assignment.film)
    assert heir.juror != assignment.juror
    assert [result.done for result in marks.results(house.round)] == [0, 0]


def test_declared_from_two_tabs_it_is_declared_once():
    house = make_house(films=2, jurors=3, reviews=1).open()
    first = house.assignment()
    second = Assignment.objects.select_related("round", "film").get(pk=first.pk)

    panels.declare_conflict(first, by=first.juror, reason="Family.")
    panels.declare_conflict(second, by=first.juror, reason="Family, as I said.")

    assert Conflict.objects.get().reason == "Family."
    assert house.round.assignments.standing().filter(film=first.film).count() == 1


def test_with_nobody_free_the_film_waits_for_an_organiser():
    house = make_house(films=1, jurors=1).open()
    assignment = house.assignment()

    panels.declare_conflict(assignment, by=assignment.juror, reason="My own.")

    assert not house.round.assignments.standing().exists()
    assert panels.plan(house.round).short == [
        f"“{house.films[0]}” needs 1 juror and can have none ({assignment.juror} has a conflict). "
        "Seat 1 more juror without ties to it, or ask for fewer jurors a film."
    ]


def test_a_conflict_reaches_every_round_and_closed_ones_get_nobody_new():
    house = make_house(films=1, jurors=2, reviews=1).open()
    first = house.assignment()
    house.review(first, 7)
    rounds.close(house.round, by=house.organiser)
    later = Round.objects.create(edition=house.edition, name="Final", reviews=1, status=Round.Status.OPEN)
    final = assign(later, house.films[0], first.juror)

    panels.declare_conflict(final, by=first.juror, reason="We married.")

    assert not Mark.objects.counted().exists()
    assert not house.round.assignments.standing().exists()
    assert later.assignments.standing().get().juror != first.juror


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_conflict_needs_a_reason(reason):
    house = make_house().open()
    assignment = house.assignment()

    with pytest.raises(Unacceptable, match="Say in a few words"):
        panels.declare_conflict(assignment, by=assignment.juror, reason=reason)
    assert not Conflict.objects.exists()


def test_nobody_declares_a_conflict_for_another():
    house = make_house().open()

    with pytest.raises(Refused):
        panels.declare_conflict(house.assignment(), by=house.organiser, reason="He should not.")


# A film that leaves


def test_a_withdrawn_film_leaves_every_list():
    house = make_house(films=2, jurors=2, reviews=2).open()
    film = house.films[0]
    house.review(house.round.assignments.filter(film=film).first(), 5)

    film.move(Film.Status.WITHDRAWN, by=film.entrant)

    assert not film.assignments.standing().exists()
    assert house.round.assignments.standing().count() == 2
    assert [result.film for result in marks.results(house.round)] == [house.films[1]]


@pytest.mark.parametrize("to", [Film.Status.DRAFT, Film.Status.SELECTED])
def test_other_moves_leave_the_lists_alone(to):
    house = make_house(films=1, jurors=1).open()

    house.films[0].move(to, by=house.organiser)

    assert house.round.assignments.standing().count() == 1
