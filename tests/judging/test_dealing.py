"""Films given out to jurors: even in minutes, without ties, in an order of each juror's own."""

from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from festival.errors import Conflict as Clash
from festival.models import Film
from judging import panels
from judging.models import Conflict, Panel, Round, Seat
from tests.factories import make_edition, make_film, make_section
from tests.judging.factories import dealt, make_eligible, make_house, seat_juror

pytestmark = pytest.mark.django_db


def test_each_film_gets_its_number_of_jurors_and_the_minutes_are_even():
    house = make_house(films=9, jurors=3, reviews=2)

    panels.assign(house.round, by=house.organiser)

    seconds = dict.fromkeys(house.jurors, 0)
    for row in house.round.assignments.select_related("juror", "film__footage"):
        seconds[row.juror] += row.film.footage.duration_s
    assert len(dealt(house.round)) == 18
    assert all(abs(each / 1800 - 1) < 0.1 for each in seconds.values())


def test_given_out_twice_it_is_given_out_once():
    house = make_house(films=5, jurors=3, reviews=2)

    panels.assign(house.round, by=house.organiser)
    first = dealt(house.round)
    panels.assign(house.round, by=house.organiser)

    assert dealt(house.round) == first


def test_two_stale_copies_of_an_open_round_add_what_is_lacking_once():
    house = make_house(films=2, jurors=3, reviews=2).open()
    make_eligible(house.edition)
    one, two = Round.objects.get(), Round.objects.get()

    panels.assign(one, by=house.organiser)
    panels.assign(two, by=house.organiser)

    assert len(dealt(house.round)) == 6


def test_what_an_open_round_has_given_out_stays():
    house = make_house(films=3, jurors=3, reviews=1).open()
    before = dealt(house.round)
    late = make_eligible(house.edition, seconds=600)
    seat_juror(house.edition)

    panels.assign(house.round, by=house.organiser)

    assert before < dealt(house.round)
    assert {film for film, _ in dealt(house.round) - before} == {late.pk}


def test_every_juror_has_an_order_of_their_own():
    house = make_house(films=8, jurors=3, reviews=3).open()

    orders = [
        tuple(house.round.assignments.filter(juror=juror).values_list("film", flat=True))
        for juror in house.jurors
    ]

    assert len(set(orders)) == 3
    assert len({frozenset(order) for order in orders}) == 1


@pytest.mark.parametrize(
    "tie", ["entrant", "credit", "contact", "declared", "section", "own film", "shared credit", "colleague"]
)
def test_a_juror_with_a_tie_never_gets_the_film(tie):
    house = make_house(films=1, jurors=1)
    film, juror = house.films[0], house.jurors[0]
    if tie == "entrant":
        Film.objects.update(entrant=juror)
    if tie == "credit":
        film.credits.create(role="Editor", name=f"  {juror.name.upper()} ")
    if tie == "contact":
        Film.objects.update(contact_email=juror.email.upper())
    if tie == "own film":
        make_film(edition=house.edition, entrant=juror, section=film.section, status=Film.Status.SUBMITTED)
    if tie == "shared credit":
        other = make_film(entrant=juror)
        other.credits.create(role="Composer", name="Iva Horvat")
        film.credits.create(role="Sound", name="IVA  HORVAT")
    if tie == "colleague":
        make_film(entrant=film.entrant).credits.create(role="Editor", name=juror.name)
    if tie == "declared":
        Conflict.objects.create(film=film, juror=juror, reason="We share a flat.")
    if tie == "section":
        juror.seats.get().panel.sections.add(make_section(edition=house.edition))

    with pytest.raises(Clash, match="can have none"):
        panels.assign(house.round, by=house.organiser)
    assert not house.round.assignments.exists()

    free = seat_juror(house.edition, panel=Panel.objects.create(edition=house.edition, name="Others"))
    panels.assign(house.round, by=house.organiser)
    assert house.round.assignments.get().juror == free


def test_too_few_jurors_are_refused_with_the_remedy():
    house = make_house(films=1, jurors=1, reviews=3)

    with pytest.raises(Clash) as refusal:
        panels.assign(house.round, by=house.organiser)

    assert str(refusal.value) == (
        f"“{house.films[0]}” needs 3 jurors and can have 1. "
        "Seat 2 more jurors without ties to it, or ask for fewer jurors a film."
    )


def test_a_plan_says_what_it_would_cost_each_juror():
    house = make_house(films=2, jurors=1, reviews=1)

    plan = panels.plan(house.round)

    assert [(load.juror, load.more_films, load.total_seconds) for load in plan.loads] == [
        (house.jurors[0], 2, 180.0)
    ]
    assert plan.heaviest == 180.0 and not plan.short
    assert not house.round.assignments.exists()


def test_films_without_a_file_or_not_eligible_are_no_part_of_the_round():
    house = make_house(films=1, jurors=1)
    make_film(edition=house.edition, status=Film.Status.ELIGIBLE)
    make_film(edition=house.edition, status=Film.Status.SUBMITTED, footage=True)
    make_eligible(make_edition())

    assert [film for film, _ in panels.plan(house.round).pairs] == house.films


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    films=st.integers(1, 6),
    jurors=st.integers(1, 5),
    reviews=st.integers(1, 3),
    own=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=4),
)
def test_nobody_judges_the_section_of_their_own_film_whatever_the_jury(films, jurors, reviews, own):
    with transaction.atomic():
        house = make_house(films=films, jurors=jurors, reviews=reviews)
        for film, juror in own:
            Film.objects.filter(pk=house.films[film % films].pk).update(entrant=house.jurors[juror % jurors])
        makers = set(house.edition.films.values_list("entrant", flat=True))
        able = [juror for juror in house.jurors if juror.pk not in makers]
        if len(able) < reviews:
            with pytest.raises(Clash, match="Seat"):
                panels.assign(house.round, by=house.organiser)
        else:
            panels.assign(house.round, by=house.organiser)
            pairs = dealt(house.round)
            assert {juror for _, juror in pairs} <= {juror.pk for juror in able}
            assert len(pairs) == films * reviews
        transaction.set_rollback(True)


# Limits of jurors' own


def minutes_of(round):
    """Minutes on each juror's list."""
    found = {}
    for row in round.assignments.standing().select_related("film__footage"):
        found[row.juror] = found.get(row.juror, 0) + row.film.footage.duration_s / 60
    return found


def test_a_juror_watches_no_more_than_they_will_and_others_take_the_rest():
    house = make_house(films=6, jurors=3, reviews=2)  # films of 1 to 6 minutes: 42 minutes to watch
    Seat.objects.filter(juror=house.jurors[0]).update(most_minutes=5)

    panels.assign(house.round, by=house.organiser)

    found = minutes_of(house.round)
    assert found[house.jurors[0]] <= 5
    assert sum(found.values()) == 42


def test_limits_that_cannot_hold_the_films_are_refused_with_the_remedy():
    house = make_house(films=3, jurors=2, reviews=1)  # films of 1, 2 and 3 minutes
    Seat.objects.update(most_minutes=2)

    assert panels.plan(house.round).short == [
        f"“{house.films[2]}” needs 1 juror and can have none ({house.jurors[0]} watches no more than 2 "
        f"minutes, {house.jurors[1]} watches no more than 2 minutes). "
        "Seat 1 more juror without ties to it, or ask for fewer jurors a film."
    ]
    Seat.objects.update(most_minutes=3)
    Film.objects.filter(pk=house.films[2].pk).update(status=Film.Status.WITHDRAWN)
    for _ in range(3):
        make_eligible(house.edition, seconds=120)
    plan = panels.plan(house.round)
    assert plan.short == [
        "All viewings come to 9 minutes, and the jurors may watch 6. Seat one more juror, or raise the most "
        f"minutes to 5. Own limits, in minutes: {house.jurors[0]} 3, {house.jurors[1]} 3."
    ]
    with pytest.raises(Clash, match="Seat one more juror"):
        panels.assign(house.round, by=house.organiser)
    assert not house.round.assignments.exists()


def test_an_open_round_moves_nothing_for_a_limit_that_came_later():
    house = make_house(films=4, jurors=2, reviews=1).open()
    before = dealt(house.round)
    Seat.objects.update(most_minutes=1)

    assert not panels.plan(house.round).pairs
    assert dealt(house.round) == before


def test_an_open_round_without_room_for_a_late_film_says_so_and_moves_nothing():
    house = make_house(films=4, jurors=2, reviews=1).open()  # films of 1 to 4 minutes
    before = dealt(house.round)
    make_eligible(house.edition, seconds=180)
    Seat.objects.update(most_minutes=7)  # enough only if films already given out changed hands

    plan = panels.plan(house.round)

    assert not plan.pairs
    assert plan.short == [
        "The jurors’ own limits leave no room for what is lacking. Raise a limit, or seat one more juror. "
        f"Own limits, in minutes: {house.jurors[0]} 7, {house.jurors[1]} 7."
    ]
    assert dealt(house.round) == before


# What is not as it should be


def test_uneven_lists_are_said_to_be_and_dealt_all_the_same():
    house = make_house(films=6, jurors=2, reviews=1)  # 21 minutes
    for film in house.films[1:]:
        Conflict.objects.create(film=film, juror=house.jurors[0], reason="Family.")

    plan = panels.plan(house.round)

    assert plan.notes[0] == (
        "Ties and limits leave the lists uneven: from 1 to 20 minutes. "
        "Seat somebody without ties to even them out."
    )
    assert len(plan.pairs) == 6 and not plan.short


def test_panels_that_share_no_film_are_called_apart():
    house = make_house(films=0, jurors=0)
    other = make_section(edition=house.edition)
    for section in house.edition.sections.all():
        panel = Panel.objects.create(edition=house.edition, name=f"Over {section}")
        panel.sections.add(section)
        seat_juror(house.edition, panel=panel)
        make_eligible(house.edition, section=section)

    plan = panels.plan(house.round)

    assert other in house.edition.sections.all()
    assert len(plan.notes) == 1 and plan.notes[0].startswith("The jury falls into parts that share no film")


def test_long_films_do_not_stand_together_on_a_list():
    house = make_house(films=0, jurors=1)
    for seconds in [60] * 8 + [1800] * 4:
        make_eligible(house.edition, seconds=seconds)

    panels.assign(house.round, by=house.organiser)

    rows = house.round.assignments.order_by("position").select_related("film__footage")
    long = [place for place, row in enumerate(rows) if row.film.footage.duration_s == 1800]
    assert min(b - a for a, b in pairwise(long)) >= 2
