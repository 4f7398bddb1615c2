"""Watching, told: what a blind round covers, what entrants hear of it, and what the page reports."""

import pytest
from django.core import signing
from django.urls import reverse

from festival.models import Viewership
from judging import viewings
from judging.models import Viewing
from tests.judging.factories import make_house, watch
from tests.judging.players import NOON, Player

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Two films of one and two minutes, one juror, who has seen nothing yet."""
    return make_house(films=2, jurors=1).open(watched=False)


# A blind round


def test_what_a_blind_round_covers_need_not_be_seen(house):
    assignment = house.assignment()
    assignment.film.title_ranges.create(start_s=0, end_s=10)
    assignment.film.title_ranges.create(start_s=5, end_s=12, kind="other")
    player = Player(house.assignment()).receive()

    heard = player.play(12, player.whole / 1000)

    assert viewings.covered(assignment) == [(0, 12_000)]
    assert heard.percent == 100


def test_covered_seconds_earn_nothing(house):
    assignment = house.assignment()
    assignment.film.title_ranges.create(start_s=0, end_s=20)
    player = Player(house.assignment()).receive()

    assert player.play(0, 20).percent == 0


def test_a_round_with_names_covers_nothing(house):
    house.round.blind = False
    house.round.save()
    assignment = house.assignment()
    assignment.film.title_ranges.create(start_s=0, end_s=10)

    assert viewings.covered(assignment) == []
    assert viewings.play(assignment)["sprite"]


@pytest.mark.parametrize("file", sorted(viewings.TELLTALE))
def test_what_would_show_covered_names_is_neither_named_nor_sent(house, file):
    assignment = house.assignment()
    assignment.film.title_ranges.create(start_s=0, end_s=10)
    addresses = viewings.play(assignment, at=NOON)

    assert file not in " ".join(addresses.values())
    with pytest.raises(signing.BadSignature):
        viewings.asked_for(addresses["pass"], file, by=assignment.juror, at=NOON)


def test_the_addresses_of_a_film_name_neither_it_nor_its_makers(house):
    assignment = house.assignment()
    film = assignment.film
    film.footage.name = "quagliozzi_final.mp4"
    film.footage.save()

    addresses = " ".join(viewings.play(assignment).values())

    assert film.title not in addresses and "quagliozzi" not in addresses
    assert str(film.entrant) not in addresses and str(film.pk) not in addresses


# The entrant is told


def test_the_entrant_is_told_when_a_viewing_is_full_and_when_the_round_closes(house):
    first, second = house.assignment(), house.assignment(1)
    player = Player(first).receive()
    player.play(0, 30)
    assert not Viewership.objects.exists()

    player.play(30, player.whole / 1000)
    told = Viewership.objects.get(film=first.film)
    assert (told.round_name, told.jurors, told.viewings, told.share) == (house.round.name, 1, 1, 100)

    watch(second, percent=40)
    viewings.tell_all(house.round, at=NOON)
    told = Viewership.objects.get(film=second.film)
    assert (told.viewings, told.share, told.at) == (0, 40, NOON)


@pytest.mark.parametrize("films", [1, 3])
def test_telling_a_whole_round_costs_the_same_for_one_film_and_three(films, django_assert_num_queries):
    house = make_house(films=films, jurors=2, reviews=2).open()

    with django_assert_num_queries(2):
        viewings.tell_all(house.round, at=NOON)

    assert list(Viewership.objects.values_list("jurors", "viewings", "share")) == [(2, 2, 100)] * films


def test_full_viewings_can_be_counted_by_the_database(house):
    first, second = house.assignment(), house.assignment(1)
    watch(first, percent=90)
    watch(second, percent=89)

    assert [viewing.assignment for viewing in Viewing.objects.full()] == [first]


# The page's report


def post(client, player, played, *, sign_in=True):
    if sign_in:
        client.force_login(player.assignment.juror)
    address = reverse("jury:watched", args=[player.assignment.pk, viewings.give_pass(player.assignment)])
    return client.post(address, {"played": played})


def test_a_report_is_answered_with_what_counts(client, house):
    player = Player(house.assignment()).receive()

    answer = post(client, player, "0-500")

    assert answer.json() == {
        "percent": 50_000 // player.whole,
        "enough": False,
        "rest": False,
        "again": False,
    }


@pytest.mark.parametrize("played", ["", "all", "0-", "5", "0-1;2-3", "-5-10", "0-999999999", "[" * 9000])
def test_a_report_that_is_none_is_refused(client, house, played):
    player = Player(house.assignment()).receive()

    answer = post(client, player, played)

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(("Report what was played", "Ensure this value has at most"))


def test_a_report_after_closing_is_refused_in_words(client, house):
    player = Player(house.assignment()).receive()
    type(house.round).objects.filter(pk=house.round.pk).update(status="closed", closed_at=NOON)

    answer = post(client, player, "0-500")

    assert answer.status_code == 403
    assert "closed on" in answer.json()["detail"]


def test_a_report_costs_one_update(client, house, django_assert_max_num_queries):
    player = Player(house.assignment()).receive()
    post(client, player, "0-100")

    with django_assert_max_num_queries(16) as asked:
        post(client, player, "0-500", sign_in=False)

    written = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("UPDATE")]
    assert [sql.split('"')[1] for sql in written if "session" not in sql] == ["judging_viewing"]
