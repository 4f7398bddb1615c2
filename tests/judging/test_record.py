"""What each act of the jury leaves in the ledger, and that one which changes nothing leaves nothing."""

import pytest
from django.db import IntegrityError

from festival.models import Film
from judging import marks, panels, record, rounds
from judging.models import Finding, Ledger, Record, Round, Words
from judging.tally.replay import Replay
from tests.factories import make_user
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


def kinds(house) -> list[str]:
    return list(Record.objects.filter(edition=house.edition).values_list("kind", flat=True))


def last(house, kind: str) -> Record:
    return Record.objects.filter(edition=house.edition, kind=kind).last()


def facts(house, kind: str) -> dict:
    return {name: value for name, value in last(house, kind).facts.items() if name != "salt"}


# Rounds


def test_a_first_opening_fixes_all_the_round_is_judged_by():
    house = make_house(films=2, jurors=1).open()

    assert kinds(house)[:2] == ["round.composed", "round.opened"]
    terms, rules = facts(house, "round.composed"), facts(house, "round.composed")["rules"]
    story, sound = house.criteria()
    assert terms["rubric"] == [
        {"criterion": story.pk, "name": "Story", "weight": 75},
        {"criterion": sound.pk, "name": "Sound", "weight": 25},
    ]
    house.round.refresh_from_db()
    assert (terms["type"], terms["reviews"], terms["seed"]) == ("review", 1, house.round.seed or 0)
    assert (rules["method"], rules["places"], rules["secret"]) == ("schulze", 1, False)
    assert last(house, "round.opened").by == house.organiser


def test_lists_are_written_once_the_round_is_open_and_not_before():
    house = make_house(films=2, jurors=2, reviews=2)
    panels.assign(house.round, by=house.organiser)
    assert "assignment.made" not in kinds(house)

    house.open()

    made = Record.objects.filter(edition=house.edition, kind="assignment.made")
    assert {row.facts["assignment"] for row in made} == {
        str(pk) for pk in house.round.assignments.values_list("pk", flat=True)
    }
    assert made.count() == 4


def test_a_close_fixes_the_means_and_an_opening_again_is_told_apart():
    house = make_house(films=1, jurors=2, reviews=2).open()
    for value, assignment in zip((7, 4), house.round.assignments.select_related("juror"), strict=True):
        house.review(assignment, value)
    rounds.close(house.round, by=house.organiser)

    assert facts(house, "round.closed")["missing"] == 0
    assert facts(house, "result.computed")["means"] == [[str(house.films[0].pk), "5.5", 2]]
    rounds.open(house.round, by=house.organiser)
    assert kinds(house)[-2:] == ["round.reopened", "head.published"]
    assert kinds(house).count("round.composed") == 1


def test_means_are_exact_and_leave_out_half_reviews_and_recused_jurors():
    house = make_house(films=1, jurors=3, reviews=3).open()
    first, second, third = house.round.assignments.select_related("round__edition", "juror")
    house.review(first, 8, 7)
    house.review(second, 9, 1)
    house.review(third, 5)
    panels.declare_conflict(third, by=third.juror, reason="A friend.")
    marks.give(second, {house.criteria()[1].pk: 2}, by=second.juror)

    # (8 · 75 + 7 · 25 + 9 · 75 + 2 · 25) / 200
    assert record.means(house.round) == [[str(house.films[0].pk), "7.5", 2]]


# Seats, lists, conflicts


def test_a_seat_taken_and_freed_is_written_each_once():
    house = make_house(films=1, jurors=1)
    panel = house.edition.panels.get()

    seat = panels.seat(panel, "new@example.org", by=house.organiser)
    panels.seat(panel, "new@example.org", by=house.organiser)
    panels.unseat(seat, by=house.organiser)

    assert kinds(house) == ["seat.taken", "seat.freed"]
    assert facts(house, "seat.freed") == {"panel": panel.pk, "juror": seat.juror_id}


def test_a_juror_who_leaves_is_recused_and_the_films_given_anew():
    house = make_house(films=2, jurors=2).open()
    leaving = house.assignment()

    panels.unseat(leaving.juror.seats.get(), by=house.organiser)

    assert facts(house, "assignment.recused") == {
        "assignment": str(leaving.pk),
        "round": house.round.pk,
        "film": str(leaving.film_id),
        "juror": leaving.juror_id,
        "reason": "left",
    }
    assert kinds(house)[-3:] == ["assignment.recused", "assignment.made", "seat.freed"]


def test_a_conflict_strikes_what_was_given_and_keeps_its_reason_sealed():
    house = make_house(films=1, jurors=2).open()
    tied = house.assignment()
    house.review(tied, 9)

    panels.declare_conflict(tied, by=tied.juror, reason="My brother shot it.")
    panels.declare_conflict(tied, by=tied.juror, reason="Again.")

    assert kinds(house).count("conflict.declared") == 1
    row = last(house, "conflict.declared")
    assert row.facts["struck"] == [str(tied.pk)]
    assert "brother" not in row.body
    assert Words.objects.get(record=row).text == "My brother shot it."


def test_a_withdrawn_film_leaves_every_list():
    house = make_house(films=2, jurors=1).open()
    film = house.films[0]

    film.move(Film.Status.WITHDRAWN, by=film.entrant, note="Sold to another festival.")

    assert facts(house, "assignment.recused")["reason"] == "withdrawn"
    verdict = facts(house, "verdict.given")
    assert (verdict["was"], verdict["became"], verdict["film"]) == ("eligible", "withdrawn", str(film.pk))
    assert last(house, "verdict.given").by == film.entrant


def test_a_verdict_and_its_row_stand_or_fall_together():
    house = make_house(films=1, jurors=1).open()
    film, before = house.films[0], kinds(house)
    Ledger.objects.filter(edition=house.edition).update(rows=0)  # so the next row's number is taken

    with pytest.raises(IntegrityError):
        film.move(Film.Status.SELECTED, by=house.organiser)

    assert Film.objects.get(pk=film.pk).status == Film.Status.ELIGIBLE
    assert kinds(house) == before


# Marks


def test_a_mark_is_written_whole_each_time_it_changes_and_never_when_it_does_not():
    house = make_house(films=1, jurors=1).open()
    assignment, (story, sound) = house.assignment(), house.criteria()

    marks.give(assignment, {story.pk: 7}, by=assignment.juror)
    marks.give(assignment, {story.pk: 7}, by=assignment.juror)
    marks.give(assignment, {sound.pk: 8}, by=assignment.juror, share_note=True)

    assert kinds(house).count("mark.given") == 2
    given = facts(house, "mark.given")
    assert given["scores"] == {str(story.pk): 7, str(sound.pk): 8}
    assert (given["share"], given["note"]) == (True, None)
    assert given["watched"] == 60, "the film, seen once"


def test_decisions_before_the_jury_has_a_film_are_none_of_its_business():
    house = make_house(films=1, jurors=1)
    film = house.films[0]
    Film.objects.filter(pk=film.pk).update(status=Film.Status.DRAFT)
    film.refresh_from_db()

    film.move(Film.Status.WITHDRAWN, by=make_user())

    assert kinds(house) == []


def test_what_an_organiser_says_of_a_possible_tie_is_written():
    house = make_house(films=1, jurors=1)
    finding = Finding.objects.create(
        film=house.films[0],
        juror=house.jurors[0],
        grounds=["Same name."],
        stands=False,
        found_by=house.organiser,
    )

    record.tie_ruled(finding, by=house.organiser)

    row = facts(house, "tie.ruled")
    assert (row["film"], row["juror"], row["stands"]) == (str(house.films[0].pk), house.jurors[0].pk, False)
    assert Words.objects.get().text == "Same name."


# Read again


def test_the_rows_alone_tell_where_everything_stands():
    house = make_house(films=2, jurors=2, reviews=2).open()
    first, *others = house.round.assignments.select_related("round__edition", "juror")
    for assignment in (first, *others):
        house.review(assignment, 6, 8)
    panels.declare_conflict(first, by=first.juror, reason="A friend.")

    replay = Replay()
    for row in Record.objects.filter(edition=house.edition):
        replay.read(row.row)

    assert replay.states[house.round.pk][1] == Round.Status.OPEN
    assert set(replay.recused) == {str(first.pk)}
    assert sorted(film for film, _ in replay.reviews(house.round.pk)) == sorted(
        str(assignment.film_id) for assignment in others
    )


def test_no_head_tells_jurors_that_some_films_are_reviewed_further():
    house = make_house(films=1, jurors=1)
    further = Round.objects.create(edition=house.edition, kind=Round.Kind.FURTHER, name="Further reviews")

    record.round_opened(further, by=house.organiser)
    record.round_closed(further, missing=0, by=house.organiser)

    assert kinds(house) == ["round.composed", "round.opened", "round.closed"]
