"""Eligibility: two who agree decide, a disagreement is an organiser's, a fail has its reason."""

import pytest

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import access, checks, rounds
from judging.models import Check, Record, Ruling
from tests.factories import make_film, make_user
from tests.judging.factories import make_eligible, make_house, watch
from tests.judging.stages import check_film, lists, make_stage, tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_stage("eligibility", films=3, jurors=2)


def standing(house, film):
    return next(one for one in checks.standings(house.round) if one.film == film)


# One juror's word


@pytest.mark.parametrize(("passes", "reason"), [(True, ""), (False, "Twelve minutes; the limit is ten.")])
def test_a_word_is_kept_and_written_down(house, passes, reason):
    assignment = lists(house.round, house.jurors[0])[0]

    checks.give(assignment, passes, by=house.jurors[0], reason=reason)

    check = Check.objects.get()
    assert (check.passes, check.reason) == (passes, reason)
    said = Record.objects.get(kind="check.given")
    assert (said.by, said.facts["passes"]) == (house.jurors[0], passes)


def test_a_word_said_twice_is_said_once_and_may_be_changed_while_the_round_is_open(house):
    assignment = lists(house.round, house.jurors[0])[0]
    for passes, reason in [(True, ""), (True, ""), (False, "Too long.")]:
        checks.give(assignment, passes, by=house.jurors[0], reason=reason)

    assert (Check.objects.get().passes, Record.objects.filter(kind="check.given").count()) == (False, 2)


@pytest.mark.parametrize(
    ("passes", "reason", "sentence"),
    [(None, "", "Say pass or fail."), (False, "  ", "Say in a few words why the film may not take part.")],
)
def test_a_fail_needs_its_reason(house, passes, reason, sentence):
    with pytest.raises(Unacceptable, match=sentence):
        checks.give(lists(house.round, house.jurors[0])[0], passes, by=house.jurors[0], reason=reason)
    assert access.why_not_check(True, "") == access.why_not_check(False, "Too long.") == ""
    assert not Check.objects.exists()


def test_a_film_is_watched_before_it_is_judged():
    house = make_stage("eligibility", watched=False)
    assignment = lists(house.round, house.jurors[0])[0]
    watch(assignment, percent=40)

    with pytest.raises(Refused, match="you have seen 40 %"):
        checks.give(assignment, True, by=assignment.juror)


def test_only_the_film_s_juror_speaks_and_only_while_the_round_is_open(house):
    assignment = lists(house.round, house.jurors[0])[0]
    with pytest.raises(Refused, match="not on your list"):
        checks.give(assignment, True, by=make_user())
    rounds.close(house.round, by=house.organiser, note="Enough.")

    with pytest.raises(Refused, match="closed on"):
        checks.give(assignment, True, by=house.jurors[0])


def test_a_round_of_review_takes_marks_and_no_word():
    house = make_house().open()

    with pytest.raises(Refused, match="takes marks, not pass or fail"):
        checks.give(house.assignment(), True, by=house.assignment().juror)


# Two of them


@pytest.mark.parametrize(
    ("words", "through", "disputed"),
    [
        ((), None, False),
        ((True,), None, False),
        (("Too long.",), None, True),
        ((True, True), True, False),
        (("Too long.", "No rights."), False, False),
        ((True, "Too long."), None, True),
    ],
)
def test_two_who_agree_decide(house, words, through, disputed):
    check_film(house.round, house.films[0], *words)

    found = standing(house, house.films[0])

    assert (found.through, found.disputed, found.waits) == (through, disputed, len(words) < 2)
    assert len(checks.disputed(house.round)) == disputed


def test_a_dispute_keeps_the_round_open_until_an_organiser_settles_it(house):
    for film, words in zip(house.films, [(True, True), (True, "Late."), ("Late.", "Late.")], strict=True):
        check_film(house.round, film, *words)
    with pytest.raises(Refused, match="1 film is still to be settled"):
        rounds.close(house.round, by=house.organiser)

    checks.rule(house.round, house.films[1], through=True, by=house.organiser, note="The clock was wrong.")
    rounds.close(house.round, by=house.organiser)

    rulings = {ruling.film: (ruling.through, ruling.by) for ruling in Ruling.objects.all()}
    assert rulings == {
        house.films[0]: (True, None),
        house.films[1]: (True, house.organiser),
        house.films[2]: (False, None),
    }
    assert Record.objects.filter(kind="ruling.made").count() == 3
    following = rounds.create(house.edition, by=house.organiser, name="Review", source=house.round)
    assert set(following.films()) == set(house.films[:2])


def test_a_recused_juror_s_word_never_counts(house):
    check_film(house.round, house.films[0], True, "Too long.")
    tie(house.films[0], house.jurors[1], house.round)

    assert (standing(house, house.films[0]).passes, standing(house, house.films[0]).fails) == (1, 0)


def test_a_film_nobody_doubts_comes_through_under_an_exception(house):
    for film in house.films[1:]:
        check_film(house.round, film, True, True)
    check_film(house.round, house.films[0], True)

    rounds.close(house.round, by=house.organiser, note="The second juror is ill.")

    assert Ruling.objects.get(film=house.films[0]).through


def test_a_ruling_needs_its_reason_its_film_and_its_organiser(house):
    ask = {"through": True, "by": house.organiser, "note": "Fine."}
    with pytest.raises(Unacceptable, match="Say why"):
        checks.rule(house.round, house.films[0], **ask | {"note": " "})
    with pytest.raises(Unacceptable, match="is not in"):
        checks.rule(house.round, make_film(edition=house.edition), **ask)
    with pytest.raises(Refused, match="organisers"):
        checks.rule(house.round, house.films[0], **ask | {"by": house.jurors[0]})
    assert not Ruling.objects.exists()


def test_rulings_are_made_where_films_are_settled_and_while_that_is_open(house):
    review, draft = make_house().open(), make_stage("eligibility", opened=False)

    assert access.why_not_rule(house.organiser, house.round) == ""
    assert "there is nothing to settle" in access.why_not_rule(review.organiser, review.round)
    assert "is not open" in access.why_not_rule(draft.organiser, draft.round)


def test_films_with_the_jury_only(house):
    late = make_eligible(house.edition)
    house.films[0].move(Film.Status.WITHDRAWN, by=house.films[0].entrant)

    assert {one.film for one in checks.standings(house.round)} == {*house.films[1:], late}


@pytest.mark.parametrize("films", [1, 3])
def test_standings_cost_the_same_for_one_film_and_three(films, django_assert_num_queries):
    house = make_stage("eligibility", films=films, jurors=2)
    for film in house.films:
        check_film(house.round, film, True, True)

    with django_assert_num_queries(3):
        assert len(checks.standings(house.round)) == films


def test_a_round_opened_again_settles_anew_what_jurors_agreed_on_and_keeps_an_organiser_s_word(house):
    for film, words in zip(house.films, [(True, True), (True, True), (True, "Late.")], strict=True):
        check_film(house.round, film, *words)
    checks.rule(house.round, house.films[2], through=False, by=house.organiser, note="Too late.")
    rounds.close(house.round, by=house.organiser)
    rounds.open(house.round, by=house.organiser)
    assert Ruling.objects.get().by == house.organiser
    check_film(house.round, house.films[0], "No rights.", "No rights.")

    rounds.close(house.round, by=house.organiser)

    through = dict(Ruling.objects.values_list("film", "through"))
    assert through == {film.pk: film == house.films[1] for film in house.films}


def test_what_a_later_round_began_with_stands():
    house = make_stage("eligibility", films=2, jurors=2)
    for film in house.films:
        check_film(house.round, film, True, True)
    rounds.close(house.round, by=house.organiser)
    following = make_stage("final", house=house, source=house.round).round

    with pytest.raises(Refused, match="A later round has begun"):
        rounds.open(following.source, by=house.organiser)
