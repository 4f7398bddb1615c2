import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from festival.errors import Refused
from judging import conflicts, panels, ties
from judging.models import Conflict, Finding, Mark
from tests.factories import make_organiser, make_user
from tests.judging.factories import make_eligible, make_house, seat_juror

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    house = make_house(films=0, jurors=0)
    house.juror = seat_juror(house.edition, name="Ana Lucía Gómez", email="ana.gomez@northlight.example")
    return house


def grounds(house):
    return [(s.film, s.juror, s.grounds) for s in conflicts.suspected(house.edition)]


# What is suspected


@pytest.mark.parametrize(
    "name", ["Gomez, Ana Lucia", "ANA LUCÍA GÓMEZ-", "Ana Lucía Gomes", "Gómez Ana Lucía"]
)
def test_a_name_that_is_nearly_the_juror_s_is_put_to_an_organiser(house, name):
    film = make_eligible(house.edition)
    film.credits.create(role="Editor", name=name)

    assert grounds(house) == [(film, house.juror, [f"“{name}”, its editor, has nearly the juror’s name."])]


@pytest.mark.parametrize("name", ["Ana Gruber", "Ana", "Lucy Gold", "Northern Lights"])
def test_other_names_are_nobody_s_business(house, name):
    make_eligible(house.edition).credits.create(role="Editor", name=name)

    assert grounds(house) == []


def test_a_mail_domain_of_one_house_is_a_ground_and_a_free_one_is_not(house):
    own = make_eligible(house.edition, contact_email="desk@northlight.example")
    make_eligible(house.edition, contact_email="someone@gmail.com")
    seat_juror(house.edition, email="other@gmail.com")

    assert grounds(house) == [(own, house.juror, ["Both write from northlight.example."])]


@pytest.mark.parametrize(
    ("domain", "free"),
    [
        ("gmail.com", True),
        ("yahoo.co.uk", True),
        ("gmx.at", True),
        ("northlight.example", False),
        ("webb.de", False),
    ],
)
def test_free_mail_is_known(domain, free):
    assert ties.is_free(domain) == free


def test_the_same_box_elsewhere_is_a_ground_and_a_common_box_is_not(house):
    film = make_eligible(house.edition, contact_email="Ana.Gomez+films@gmail.com")
    make_eligible(house.edition, contact_email="office@far.example")
    seat_juror(house.edition, email="office@near.example")

    assert grounds(house) == [(film, house.juror, ["Both write as ana.gomez@."])]


def test_a_company_in_the_credits_whose_address_the_juror_writes_from(house):
    film = make_eligible(house.edition)
    film.credits.create(role="Production company", name="North-Light")

    assert grounds(house) == [
        (
            film,
            house.juror,
            ["The juror writes from northlight.example, and “North-Light” is in the credits."],
        )
    ]


def test_what_is_certain_is_not_asked(house):
    film = make_eligible(house.edition, contact_email="desk@northlight.example")
    Conflict.objects.create(film=film, juror=house.juror, reason="Said so.")
    make_eligible(house.edition, entrant=house.juror)

    assert grounds(house) == []


def test_suspecting_costs_the_same_for_one_film_and_three(house):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            conflicts.suspected(house.edition)
        return len(found)

    make_eligible(house.edition, contact_email="desk@northlight.example")
    one = queries()
    for _ in range(2):
        make_eligible(house.edition, contact_email="desk@northlight.example")
        seat_juror(house.edition)

    assert queries() == one


# What an organiser says


def test_confirmed_it_is_a_conflict_and_the_mark_is_struck(house):
    film = make_eligible(house.edition, contact_email="desk@northlight.example")
    house.round.reviews = 1
    house.round.save()
    house.open()
    heir = seat_juror(house.edition, email="heir@south.example")
    house.review(house.assignment(), 9)

    finding = conflicts.rule(film, house.juror, by=house.organiser, stands=True)

    assert (finding.stands, finding.found_by, finding.grounds) == (
        True,
        house.organiser,
        ["Both write from northlight.example."],
    )
    assert Conflict.objects.get().reason == "Both write from northlight.example."
    assert not Mark.objects.counted().exists()
    assert house.round.assignments.standing().get().juror == heir
    assert grounds(house) == []


def test_dismissed_it_is_remembered_until_there_are_new_grounds(house):
    film = make_eligible(house.edition, contact_email="desk@northlight.example")

    conflicts.rule(film, house.juror, by=house.organiser, stands=False)

    assert grounds(house) == [] and not Conflict.objects.exists()
    assert list(conflicts.ruled(house.edition)) == [Finding.objects.get()]
    film.credits.create(role="Editor", name="Ana Lucia Gomes")
    assert [len(found) for *_, found in grounds(house)] == [2]


def test_ruled_twice_the_second_is_told(house):
    film = make_eligible(house.edition, contact_email="desk@northlight.example")
    conflicts.rule(film, house.juror, by=house.organiser, stands=False)

    with pytest.raises(Refused, match="ruled on this already"):
        conflicts.rule(film, house.juror, by=house.organiser, stands=True)
    assert Finding.objects.count() == 1 and not Conflict.objects.exists()


def test_only_the_edition_s_organisers_rule(house):
    film = make_eligible(house.edition, contact_email="desk@northlight.example")

    for person in (make_user(), house.juror, make_organiser(make_house(films=0, jurors=0).edition)):
        with pytest.raises(Refused):
            conflicts.rule(film, house.juror, by=person, stands=True)
    assert not Finding.objects.exists()


def test_a_possible_tie_bars_nobody(house):
    film = make_eligible(house.edition, contact_email="desk@northlight.example")

    assert panels.plan(house.round).pairs == [(film, house.juror)]
