from datetime import timedelta

import pytest
from django.utils import timezone

from festival.errors import Conflict as Clash
from festival.errors import IllegalMove, Refused, Unacceptable
from festival.models import Film
from judging import costs, panels, rounds
from judging.models import Criterion, Round, Seat
from judging.rubrics import FESTIVAL, FORTY_EIGHT_HOURS, Line
from tests.factories import make_organiser, make_section, make_user
from tests.judging.factories import make_house
from tests.judging.stages import make_stage

pytestmark = pytest.mark.django_db

NOON = timezone.datetime(2027, 5, 3, 12, tzinfo=timezone.get_default_timezone())
HOUR = timedelta(hours=1)


def test_a_round_says_beforehand_what_it_will_cost():
    house = make_house(films=3, jurors=4, reviews=2)

    cost = costs.cost(house.round)

    assert (cost.films, cost.seconds, cost.reviews, cost.jurors) == (3, 360.0, 2, 4)
    assert cost.viewing_seconds == 720.0
    assert cost.juror_seconds == 180.0


def test_without_jurors_a_round_has_no_cost_a_juror():
    assert costs.cost(make_house(jurors=0).round).juror_seconds is None


def test_begin_a_round_and_remember_who_did():
    house = make_house()

    round = rounds.create(house.edition, by=house.organiser, name="Final", reviews=5, blind=False)

    assert (round.status, round.reviews, round.blind) == ("draft", 5, False)
    assert round.events.get().by == house.organiser


def test_only_organisers_begin_rounds():
    house = make_house()

    with pytest.raises(Refused):
        rounds.create(house.edition, by=house.jurors[0], name="Mine")
    assert Round.objects.count() == 1


def test_terms_change_until_the_round_opens():
    house = make_house()
    rounds.change(house.round, by=house.organiser, name="Long list", reviews=2, blind=False)
    assert Round.objects.get().name == "Long list"

    stale = Round.objects.get()
    rounds.open(Round.objects.get(), by=house.organiser)

    with pytest.raises(Refused, match="terms stand"):
        rounds.change(stale, by=house.organiser, name="Short list", reviews=1, blind=True)
    assert Round.objects.get().name == "Long list"


# Rubric


@pytest.mark.parametrize("preset", [FESTIVAL, FORTY_EIGHT_HOURS], ids=["festival", "48"])
def test_ready_rubrics_sum_and_have_words_for_1_5_and_10(preset):
    assert sum(line.weight for line in preset) == 100
    assert all({"1", "5", "10"} <= set(line.anchors) for line in preset)
    assert not rounds.why_not_rubric(list(preset))


def test_a_rubric_is_written_in_order_and_replaced_whole():
    house = make_house()

    rounds.write_rubric(house.round, FORTY_EIGHT_HOURS, by=house.organiser)

    criteria = list(house.round.criteria.values_list("name", "weight"))
    assert criteria == [("Artistic merit", 45), ("Technical merit", 30), ("Adherence to the assignment", 25)]


def test_a_rubric_changed_after_opening_is_refused():
    house = make_house()
    stale = Round.objects.get()
    house.open()

    with pytest.raises(Refused, match="fixed when"):
        rounds.write_rubric(stale, FESTIVAL, by=house.organiser)
    assert Criterion.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (Line(" ", 10), "Give every criterion a name."),
        (Line("sound ", 10), "There are two criteria called “Sound”. Rename one of them."),
        (Line("Light", 0), "“Light” needs a weight from 1 to 100 per cent."),
        (Line("Light", 101), "“Light” needs a weight from 1 to 100 per cent."),
        (Line("Light", 5, "", {"11": "Beyond."}), "Words for “Light” can stand at marks from 1 to 10."),
    ],
)
def test_lines_that_cannot_be_kept_change_nothing(line, sentence):
    house = make_house()

    with pytest.raises(Unacceptable, match=sentence[:30]):
        rounds.write_rubric(house.round, [Line("Sound", 50), line], by=house.organiser)
    assert Criterion.objects.count() == 2
    assert rounds.why_not_rubric([Line("Sound", 50), line]) == sentence


def test_a_mark_between_two_anchors_has_the_words_of_both():
    criterion = Criterion(anchors={"1": "Nothing.", "5": "Clear.", "10": "All."})

    assert criterion.words_for(5) == "Clear."
    assert criterion.words_for(7) == "Between “Clear” and “All”."
    assert Criterion(anchors={"5": "Clear."}).words_for(7) == ""
    assert criterion.ladder == [(1, "Nothing."), (5, "Clear."), (10, "All.")]


# Opening and closing


def test_opening_gives_films_their_jurors_and_fixes_the_moment():
    house = make_house(films=3, jurors=2, reviews=2)

    rounds.open(house.round, by=house.organiser)

    house.round.refresh_from_db()
    assert house.round.status == "open" and house.round.opened_at
    assert house.round.assignments.count() == 6
    assert list(house.round.events.values_list("by", "was", "became")) == [
        (house.organiser.pk, "draft", "open")
    ]


def test_a_round_that_cannot_be_dealt_stays_closed():
    house = make_house(films=1, jurors=1, reviews=2)

    with pytest.raises(Clash, match="Seat 1 more juror"):
        rounds.open(house.round, by=house.organiser)

    assert Round.objects.get().status == "draft"
    assert not Round.objects.get().events.exists()


def test_of_two_organisers_one_opens():
    house = make_house()
    first, second = Round.objects.get(), Round.objects.get()

    rounds.open(first, by=house.organiser)
    with pytest.raises(IllegalMove):
        rounds.open(second, by=make_organiser(house.edition))

    assert house.round.events.count() == 1


def test_strangers_neither_open_nor_close():
    house = make_house()

    with pytest.raises(Refused):
        rounds.open(house.round, by=make_user())
    house.open()
    with pytest.raises(Refused):
        rounds.close(house.round, by=house.jurors[0])
    assert Round.objects.get().status == "open"


def test_a_whole_round_closes_and_opens_again_with_its_first_opening_kept():
    house = make_house(films=1, jurors=1).open()
    house.review(house.assignment(), 7)

    rounds.close(house.round, by=house.organiser)
    opened_at = Round.objects.get().opened_at
    assert Round.objects.get().closed_at

    rounds.open(house.round, by=house.organiser)
    assert (Round.objects.get().opened_at, Round.objects.get().closed_at) == (opened_at, None)


def test_closing_with_reviews_missing_keeps_the_reason():
    house = make_house(films=2, jurors=1).open()
    house.review(house.assignment(), 7)

    with pytest.raises(Refused, match="1 film has not been watched and judged"):
        rounds.close(house.round, by=house.organiser)
    rounds.close(house.round, by=house.organiser, note=" The hall is booked. ")

    assert house.round.events.last().note == "The hall is booked."


def test_of_two_organisers_one_closes():
    house = make_house(films=1, jurors=1).open()
    first, second = Round.objects.get(), Round.objects.get()

    rounds.close(first, by=house.organiser, note="Enough.")
    with pytest.raises(IllegalMove):
        rounds.close(second, by=house.organiser, note="Enough.")


# Composing


def follow(house, kind, **terms):
    return rounds.create(house.edition, by=house.organiser, kind=kind, name="Next", **terms)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"kind": "shortlist"}, "Say which it follows"),
        ({"kind": "further"}, "Say which it follows"),
        ({"choice": "through"}, "Say which earlier round it follows."),
        ({"opens_at": NOON, "closes_at": NOON}, "would close before it opens"),
    ],
)
def test_terms_that_do_not_fit_each_other_begin_nothing(terms, sentence):
    house = make_house()

    with pytest.raises(Unacceptable, match=sentence):
        rounds.create(house.edition, by=house.organiser, **terms)
    assert Round.objects.count() == 1


def test_a_round_follows_rounds_of_its_own_edition_and_never_itself():
    house, other = make_house(), make_house()
    second = follow(house, "final", source=house.round)

    with pytest.raises(Unacceptable, match="another edition"):
        rounds.change(second, by=house.organiser, source=other.round)
    with pytest.raises(Unacceptable, match="cannot follow itself"):
        rounds.change(house.round, by=house.organiser, choice="through", source=second)
    with pytest.raises(Unacceptable, match="“Next” is none"):
        follow(house, "further", source=second)


def test_a_round_takes_all_films_or_those_picked_or_those_of_its_panels_sections():
    house = make_house(films=3)
    row = house.round
    assert set(row.films()) == set(house.films)

    rounds.change(row, by=house.organiser, choice="picked", picked=house.films[:1])
    assert list(row.films()) == house.films[:1]

    rounds.change(row, by=house.organiser, choice="all", panels=[])
    section = make_section(edition=house.edition)
    house.films[2].section = section
    house.films[2].save()
    panel = house.edition.panels.get()
    panel.sections.add(section)
    assert set(row.films()) == set(house.films)
    rounds.change(row, by=house.organiser, panels=[panel])
    assert list(row.films()) == house.films[2:]


def test_the_final_takes_films_of_the_programme_and_a_review_does_not():
    house = make_house(films=2)
    house.films[0].move(Film.Status.SELECTED, by=house.organiser)

    assert list(house.round.films()) == house.films[1:]
    assert set(follow(house, "final").films()) == set(house.films)


def test_an_empty_round_does_not_open():
    house = make_house()
    rounds.change(house.round, by=house.organiser, choice="picked", picked=[])

    with pytest.raises(Refused, match="The round is empty"):
        rounds.open(house.round, by=house.organiser)


def test_a_ballot_on_one_film_does_not_open():
    house = make_stage("final", films=1, jurors=2, opened=False)

    with pytest.raises(Refused, match="nothing to choose between"):
        rounds.open(house.round, by=house.organiser)


def test_a_round_waits_for_the_one_it_follows():
    house = make_house().open()
    following = follow(house, "final", source=house.round)

    with pytest.raises(Refused, match="has not closed yet"):
        rounds.open(following, by=house.organiser)
    rounds.close(house.round, by=house.organiser, note="Enough.")
    following = Round.objects.select_related("edition", "source").get(pk=following.pk)
    rounds.open(following, by=house.organiser)

    assert following.assignments.count() == 4  # both jurors, both films


def test_rounds_without_marks_have_no_rubric():
    house = make_stage("eligibility", opened=False)

    with pytest.raises(Refused, match="so it has no rubric"):
        rounds.write_rubric(house.round, FESTIVAL, by=house.organiser)


def test_a_juror_removed_half_way_leaves_their_films_to_the_others_and_the_round_goes_on():
    house = make_house(films=2, jurors=3, reviews=2).open()
    gone = house.round.assignments.first().juror
    panels.unseat(Seat.objects.get(juror=gone), by=house.organiser)

    for assignment in house.round.assignments.standing().select_related("juror", "film__footage"):
        house.review(assignment, 6)
    rounds.close(house.round, by=house.organiser)

    assert not house.round.assignments.standing().filter(juror=gone).exists()
    assert Round.objects.get().status == "closed"
