"""Watching: what the server has sent and the player reports, and what of it counts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse

from festival.errors import Refused
from festival.models import Viewership
from judging import marks, panels, viewings
from judging.models import Mark, Record, Viewing
from judging.tally.watching import Index
from judging.viewings import Playing
from tests.factories import make_footage, make_user
from tests.judging.factories import make_house, watch

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def house():
    """Two films of one and two minutes, one juror, who has seen nothing yet."""
    return make_house(films=2, jurors=1).open(watched=False)


class Player:
    """A juror's page with a player, at a clock of its own: a film's byte is its millisecond here."""

    def __init__(self, assignment, *, at=NOON):
        self.assignment, self.now, self.played = assignment, at, []
        self.token = viewings.give_pass(assignment, at=at)
        footage = assignment.film.footage
        self.whole = round(footage.duration_s * 1000)
        index = Index((0, self.whole), (0, self.whole))
        self.file = Playing(assignment.pk, footage.pk, "film.mp4", index)

    def receive(self, start=0, end=None):
        viewings.deliver(self.file, start, end or self.whole)
        return self

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        return self

    def report(self, *ranges, by=None):
        by = by or self.assignment.juror
        return viewings.hear(self.assignment, list(ranges), by=by, token=self.token, at=self.now)

    def play(self, start, end, *, speed=1.0, every=5.0):
        """Play from second to second of the film, reporting every few seconds all that was played so far."""
        reached, heard = start, None
        while reached < end:
            step = min(every * speed, end - reached)
            reached += step
            self.wait(step / speed)
            heard = self.report(*self.played, (round(start * 1000), round(reached * 1000)))
        self.played.append((round(start * 1000), round(end * 1000)))
        return heard


def seen(assignment):
    return [tuple(pair) for pair in Viewing.objects.get(assignment=assignment).played]


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
