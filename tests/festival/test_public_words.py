"""How pages write time, places and shares."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from festival import names
from festival.models import Edition, Film
from festival.templatetags import marquee
from tests.factories import make_film, make_footage

LISBON = Edition(time_zone="Europe/Lisbon")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0, "0:00"), (4.99, "0:04"), (62, "1:02"), (3599.9, "59:59"), (3723, "1:02:03")],
)
def test_timecode(seconds, words):
    assert marquee.timecode(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (44.6, "44 s"), (0.4, "1 s"), (60, "1 min"), (89, "1 min"), (725, "12 min")],
)
def test_minutes(seconds, words):
    assert marquee.minutes(seconds) == words


@pytest.mark.parametrize(
    ("share", "words"), [(None, ""), (0, "0 %"), (0.4, "<1 %"), (31.2, "31 %"), (100, "100 %")]
)
def test_percent(share, words):
    assert marquee.percent(share) == words


def test_local_is_the_festivals_time_summer_and_winter_with_its_name():
    summer, winter = datetime(2027, 7, 3, 22, 59, tzinfo=UTC), datetime(2027, 12, 3, 22, 59, tzinfo=UTC)

    assert ">Sat 3 July 2027, 23:59 Lisbon time</time>" in marquee.local(summer, LISBON)
    assert ">Fri 3 December 2027, 22:59 Lisbon time</time>" in marquee.local(winter, LISBON)
    assert 'datetime="2027-07-03T22:59+00:00"' in marquee.local(summer, LISBON)
    assert marquee.local(None, LISBON) == ""


def test_clock_and_day_turn_at_the_festivals_midnight():
    late = datetime(2027, 7, 3, 23, 30, tzinfo=UTC)

    assert (marquee.clock(late, LISBON), marquee.day(late, LISBON)) == ("00:30", "Sunday 4 July")
    assert (marquee.weekday(late, LISBON), marquee.date_in(late, LISBON)) == ("Sun", "4 Jul")


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Europe/Lisbon", "Lisbon time"), ("America/New_York", "New York time"), ("UTC", "UTC")],
)
def test_zone_name(zone, words):
    assert marquee.zone_name(Edition(time_zone=zone)) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2027, 5, 3), None, "3 May 2027"),
        (date(2027, 5, 3), date(2027, 5, 9), "3–9 May 2027"),
        (date(2027, 4, 28), date(2027, 5, 2), "28 April – 2 May 2027"),
    ],
)
def test_dates(first, last, words):
    assert marquee.dates(first, last) == words


def test_share_of_is_a_length_that_never_leaves_the_track():
    assert marquee.share_of(3, 12) == "25.000%"
    assert marquee.share_of(30, 12) == "100.000%"
    assert marquee.share_of(3, None) == "100%"


def test_tracks_always_show_the_picture_and_others_only_where_something_is():
    sound = SimpleNamespace(track="sound", kind="modified")

    assert [name for name, _, _ in marquee.tracks([])] == ["picture"]
    assert [(name, ranges) for name, _, ranges in marquee.tracks([sound])] == [
        ("picture", []),
        ("sound", [sound]),
    ]
    assert marquee.kinds([sound]) == [("modified", "Modified")]


@pytest.mark.parametrize(
    ("code", "name"),
    [("pt", "Portuguese"), ("pt-BR", "Portuguese (Brazil)"), ("zxx", "No dialogue"), ("tlh", "tlh")],
)
def test_language(code, name):
    assert names.language(code) == name


def test_country_shows_an_unknown_code_as_it_is():
    assert (names.country("ci"), names.country("XX")) == ("Côte d’Ivoire", "XX")
    assert len(names.COUNTRIES) == 249


def test_here_changes_one_word_of_the_address_and_keeps_the_rest():
    request = RequestFactory().get("/films/", {"q": "tide & sea", "page": "1"})

    address = Template("{% load marquee %}{% here page=2 %}").render(Context({"request": request}))

    assert address.replace("&amp;", "&") == "?q=tide+%26+sea&page=2"


@pytest.mark.django_db
def test_facts_leave_out_what_is_not_known():
    film = make_film(year=2026)
    film.section.name = "Stories <b>"
    assert marquee.facts(film) == "2026 · Stories &lt;b&gt;"

    film.footage = make_footage(film=film, duration_s=725)
    film.countries.create(code="NO")
    film.countries.create(code="PT")
    assert marquee.facts(Film.objects.get(pk=film.pk), section=False) == "2026 · Norway, Portugal"
    assert marquee.facts(film, section=False) == "2026 · Norway, Portugal · 12 min"


@pytest.mark.django_db
def test_poster_prefers_the_makers_own_where_it_lies():
    film = make_film(footage=True)
    frame = marquee.poster(film)
    assert frame.endswith("/poster.jpg")

    tall = film.stills.create(kind="poster", path="stills/tall.jpg", width=600, height=900)
    assert marquee.poster(film).endswith("/poster.jpg")

    tall.delete()
    film.stills.create(kind="poster", path="stills/wide.jpg", width=900, height=600)
    assert not marquee.poster(film).endswith("/poster.jpg")
    assert marquee.poster(make_film()) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("x", "y", "focus"), [(0.5, 0.5, "center center"), (0.1, 0.9, "left bottom"), (0.8, 0.2, "right top")]
)
def test_backdrop_is_a_still_kept_in_sight_where_its_maker_says(x, y, focus):
    film = make_film(footage=True)
    film.stills.create(path="stills/tall.jpg", width=600, height=900)
    assert marquee.backdrop(film) == {"src": marquee.poster(film), "focus": "center center"}

    film.stills.create(path="stills/wide.jpg", width=1600, height=900, focus_x=x, focus_y=y, position=1)
    assert marquee.backdrop(film)["focus"] == focus
    assert marquee.backdrop(film)["src"] != marquee.poster(film)
