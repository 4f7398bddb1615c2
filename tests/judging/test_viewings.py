"""Watching: what the server has sent and the player reports, and what of it counts."""

from datetime import timedelta

import pytest
from django.core import signing

from festival.errors import Refused
from judging import marks, panels, viewings
from judging.models import Mark, Record, Viewing
from tests.factories import make_footage, make_user
from tests.judging.factories import make_house, watch
from tests.judging.players import NOON, Player, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Two films of one and two minutes, one juror, who has seen nothing yet."""
    return make_house(films=2, jurors=1).open(watched=False)


# What counts


def test_a_film_played_to_its_end_was_seen(house):
    player = Player(house.assignment()).receive()

    heard = player.play(0, player.whole / 1000)

    assert (heard.percent, heard.enough, heard.again) == (100, True, False)
    assert seen(player.assignment) == [(0, player.whole)]


@pytest.mark.parametrize("speed", [0.5, 1.5, 2.0])
def test_speed_counts_seconds_of_film(house, speed):
    player = Player(house.assignment()).receive()

    player.play(0, 30, speed=speed)

    assert seen(player.assignment) == [(0, 30_000)]
    assert player.now == NOON + timedelta(seconds=30 / speed)


def test_a_report_of_everything_after_three_seconds_is_not_believed(house):
    player = Player(house.assignment()).receive().wait(3)

    heard = player.report((0, player.whole))

    assert seen(player.assignment) == [(0, 7000)]  # twice three seconds, and the one second of slack
    assert (heard.enough, heard.again) == (False, True)


def test_what_was_not_sent_was_not_seen(house):
    player = Player(house.assignment()).receive(0, 8000).wait(60)

    player.report((0, player.whole))

    assert seen(player.assignment) == [(0, 8000)]


def test_a_report_before_anything_was_sent_counts_nothing(house):
    player = Player(house.assignment()).wait(60)

    assert player.report((0, player.whole)).percent == 0


def test_seeking_to_the_end_gives_only_what_played_there(house):
    player = Player(house.assignment()).receive()
    end = player.whole / 1000

    player.play(0, 5)
    player.play(end - 3, end)

    assert seen(player.assignment) == [(0, 5000), (player.whole - 3000, player.whole)]


def test_a_closed_tab_loses_no_more_than_one_report(house):
    assignment = house.assignment()
    Player(assignment).receive().play(0, 25)  # five reports, then gone in the middle of the next five seconds

    later = Player(assignment, at=NOON + timedelta(hours=1))
    later.play(25, 30)

    assert seen(assignment) == [(0, 30_000)]


def test_lost_late_and_repeated_reports_come_to_the_same(house):
    player = Player(house.assignment()).receive()

    player.wait(5).report((0, 5000))
    player.wait(5)  # this one is lost
    player.wait(5).report((0, 15_000))
    player.report((0, 15_000))
    player.report((0, 5000))  # and this one was long on its way

    assert seen(player.assignment) == [(0, 15_000)]


def test_two_tabs_of_one_film_count_each_second_once_and_the_time_once(house):
    assignment = house.assignment()
    one, other = Player(assignment).receive(), Player(assignment)

    for _ in range(4):
        one.wait(5)
        other.wait(5)
        reach = round((one.now - NOON).total_seconds() * 1000)
        one.report((0, reach))
        other.report((30_000, 30_000 + reach))
    assert seen(assignment) == [(0, 20_000), (30_000, 50_000)]  # as if at double speed

    assert one.report((0, one.whole)).percent < 90  # no time has passed that was not used


def test_two_films_at_once_share_the_jurors_time(house):
    first, second = (Player(house.assignment(place)).receive() for place in (0, 1))

    for _ in range(6):
        for player in (first, second):
            player.wait(5).report((0, player.whole))

    total = sum(Viewing.objects.values_list("seen_ms", flat=True))
    assert total <= 2 * 30_000 + 2 * 1000


def test_a_new_cut_is_watched_anew(house):
    assignment = house.assignment()
    watch(assignment)
    film = assignment.film
    film.footage = make_footage(film=film, duration_s=60)
    film.save()

    assert viewings.of(house.assignment()).percent == 0
    Player(house.assignment()).receive(0, 4000)
    assert Viewing.objects.get().played == []


def test_a_break_is_suggested_after_fifty_minutes_and_not_after_one(house):
    player = Player(house.assignment()).receive()
    player.wait(5).report((0, 1000))
    for _ in range(299):
        heard = player.wait(10).report((0, 1000))
    assert not heard.rest

    assert player.wait(10).report((0, 1000)).rest
    assert not player.wait(600).report((0, 1000)).rest


# Passes


@pytest.mark.parametrize("fault", ["forged", "somebody else's", "of another film", "old"])
def test_a_pass_is_good_for_one_juror_one_film_and_some_hours(house, settings, fault):
    player = Player(house.assignment()).receive()
    player.wait(5)
    if fault == "forged":
        player.token += "x"
    elif fault == "somebody else's":
        signed = signing.Signer(salt=viewings.SALT)
        player.token = signed.sign_object([str(player.assignment.pk), make_user().pk, NOON.timestamp(), ""])
    elif fault == "of another film":
        player.token = viewings.give_pass(house.assignment(1), at=NOON)
    else:
        player.wait(settings.MEDIA_TOKEN_AGE_S)

    with pytest.raises(Refused, match="This page is too old to count what you watch"):
        player.report((0, 5000))

    assert seen(player.assignment) == []


def test_a_file_is_given_only_while_the_film_is_on_the_list(house):
    assignment = house.assignment()
    token = viewings.give_pass(assignment, at=NOON)

    asked = viewings.asked_for(token, "90/film.mp4", by=assignment.juror, at=NOON)
    assert asked.name == f"{assignment.film.footage.folder}/90/film.mp4"

    for rest in ("../secret", "90/../../x", "/etc/passwd", "90//film.mp4"):
        with pytest.raises(signing.BadSignature):
            viewings.asked_for(token, rest, by=assignment.juror, at=NOON)
    with pytest.raises(signing.BadSignature):
        viewings.asked_for(token, "master.m3u8", by=make_user(), at=NOON)
    panels.declare_conflict(assignment, by=assignment.juror, reason="I know them.")
    with pytest.raises(signing.BadSignature):
        viewings.asked_for(token, "master.m3u8", by=assignment.juror, at=NOON)


# Marks need it


@pytest.mark.parametrize(("percent", "share", "kept"), [(89, 90, False), (90, 90, True), (0, 0, True)])
def test_a_mark_needs_the_rounds_share(house, percent, share, kept):
    assignment, (story, _) = house.assignment(), house.criteria()
    house.round.watch_share = share
    house.round.save()
    watch(assignment, percent=percent)

    if kept:
        marks.give(assignment, {story.pk: 7}, by=assignment.juror)
    else:
        words = f"Watch at least 90 % of the film before you mark it; you have seen {percent} %."
        with pytest.raises(Refused, match=words):
            marks.give(assignment, {story.pk: 7}, by=assignment.juror)

    assert Mark.objects.exists() == kept


def test_a_note_may_be_kept_while_one_watches(house):
    assignment = house.assignment()

    marks.give(assignment, {}, by=assignment.juror, note="The light.")

    assert Mark.objects.get().note == "The light."


def test_the_ledger_says_how_much_had_been_watched(house):
    assignment = house.assignment()
    watch(assignment, percent=95)
    house_marks = {house.criteria()[0].pk: 7}

    marks.give(assignment, house_marks, by=assignment.juror)

    said = Record.objects.get(kind="mark.given").facts
    assert said["watched"] == int(assignment.film.footage.duration_s * 0.95)
