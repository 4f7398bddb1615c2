"""The viewing guarantee: a round stays open for a film that is owed a viewing, but for a named exception."""

import pytest

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import access, guarantee, rounds
from judging.models import Record, Round, Viewing, Waiver
from tests.judging.factories import make_eligible, make_house, watch
from tests.judging.stages import make_stage, tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Two films, two jurors, each to be watched and marked by both; one is, whole."""
    house = make_house(films=2, jurors=2, reviews=2).open(watched=False)
    for assignment in of(house.round, house.films[0]):
        house.review(assignment, 7)
    return house


def of(round, film):
    return round.assignments.filter(film=film).select_related("juror", "film__footage", "round")


def kept(house):
    return {promise.film: (promise.kept, promise.broken) for promise in guarantee.promises(house.round)}


def test_a_juror_counts_who_watched_in_full_and_said_all_that_is_asked(house):
    one, two = house.films
    assert kept(house) == {one: (2, False), two: (0, True)}

    watched, marked = of(house.round, two)
    watch(watched)
    house.review(marked, 5)
    Viewing.objects.filter(assignment=marked).update(seen_ms=int(0.89 * 120_000))
    assert kept(house)[two] == (0, True)

    Viewing.objects.filter(assignment=marked).update(seen_ms=int(0.90 * 120_000))
    assert kept(house)[two] == (1, True)
    house.review(watched, 5)
    assert kept(house)[two] == (2, False)


def test_the_round_stays_open_while_a_film_is_owed_a_viewing(house):
    with pytest.raises(Refused, match="1 film has not been watched and judged by enough jurors"):
        rounds.close(house.round, by=house.organiser)
    assert Round.objects.get().status == "open"
    assert "1 film has not been watched" in rounds.why_not_yet(house.round)

    for assignment in of(house.round, house.films[1]):
        house.review(assignment, 6)
    rounds.close(house.round, by=house.organiser)
    assert Round.objects.get().status == "closed"


def test_an_exception_has_a_name_and_a_reason_and_lets_the_round_close(house):
    guarantee.waive(house.round, [house.films[1]], by=house.organiser, reason=" The print is lost. ")
    rounds.close(house.round, by=house.organiser)

    waiver = Waiver.objects.get()
    assert (waiver.film, waiver.by, waiver.reason) == (house.films[1], house.organiser, "The print is lost.")
    said = Record.objects.get(kind="exception.granted")
    assert (said.by, said.facts["film"]) == (house.organiser, str(house.films[1].pk))
    assert Record.objects.get(kind="round.closed").facts["missing"] == 2


def test_an_exception_made_twice_is_made_once(house):
    for reason in ("First.", "Second."):
        guarantee.waive(house.round, [house.films[1]], by=house.organiser, reason=reason)

    assert Waiver.objects.get().reason == "First."
    assert Record.objects.filter(kind="exception.granted").count() == 1


def test_a_film_that_is_owed_nothing_needs_no_exception(house):
    for film in (house.films[0], make_eligible(make_house().edition)):
        with pytest.raises(Unacceptable, match="lacks no viewing"):
            guarantee.waive(house.round, [film], by=house.organiser, reason="Why not.")
    assert not Waiver.objects.exists()


def test_exceptions_are_an_organiser_s_with_a_reason_in_an_open_round(house):
    why_not = access.why_not_waive
    assert why_not(house.organiser, house.round, reason="Lost.") == ""
    assert "organisers" in why_not(house.jurors[0], house.round, reason="Lost.")
    assert why_not(house.organiser, house.round, reason=" ").startswith("Say why.")
    draft = make_house()
    assert "is not open" in why_not(draft.organiser, draft.round, reason="Lost.")
    with pytest.raises(Refused):
        guarantee.waive(house.round, [house.films[1]], by=house.organiser, reason="")


def test_a_note_at_the_close_is_an_exception_for_each_film_that_is_owed_one(house):
    late = make_eligible(house.edition)

    rounds.close(house.round, by=house.organiser, note="The hall is booked.")

    assert {waiver.film for waiver in Waiver.objects.all()} == {house.films[1], late}
    assert {waiver.reason for waiver in Waiver.objects.all()} == {"The hall is booked."}


def test_nothing_is_owed_to_a_film_that_has_left(house):
    house.films[1].move(Film.Status.WITHDRAWN, by=house.films[1].entrant)

    assert guarantee.broken(house.round) == []


def test_a_recused_juror_s_viewing_does_not_count(house):
    tie(house.films[0], house.jurors[0], house.round)

    assert kept(house)[house.films[0]] == (1, True)


def test_where_nothing_need_be_watched_whole_reviews_count():
    house = make_house(films=1, jurors=1)
    rounds.change(house.round, by=house.organiser, watch_share=0)
    house.open(watched=False)
    assignment = house.assignment()
    house.review(assignment, 7)
    Viewing.objects.all().delete()

    assert guarantee.broken(house.round) == []


def test_a_whole_jury_s_viewings_count_wherever_they_were_made():
    first = make_stage("final", films=2, jurors=2)
    house = make_stage("final", house=first, watched=False)
    assert guarantee.broken(house.round) == []

    Viewing.objects.filter(assignment__film=house.films[0], assignment__juror=house.jurors[0]).delete()

    assert kept(house) == {house.films[0]: (1, True), house.films[1]: (2, False)}
    assert [row.seen for row in guarantee.to_watch(house.round, house.jurors[1])] == [True, True]
    mine = {row.assignment.film: row.seen for row in guarantee.to_watch(house.round, house.jurors[0])}
    assert mine == {house.films[0]: False, house.films[1]: True}


@pytest.mark.parametrize("kind", ["further", "shortlist"])
def test_the_office_s_own_rounds_owe_no_viewing(kind):
    house = make_house().open()
    row = rounds.create(house.edition, by=house.organiser, kind=kind, source=house.round)

    assert guarantee.promises(row) == []


@pytest.mark.parametrize("films", [1, 3])
def test_promises_cost_the_same_for_one_film_and_three(films, django_assert_num_queries):
    house = make_house(films=films, jurors=2, reviews=2).open()

    with django_assert_num_queries(3):
        assert len(guarantee.promises(house.round)) == films
