"""The public rooms: what visitors find, and what they must not find."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from festival import bill
from festival.models import Edition, Film, Screening, Venue
from tests.factories import (
    make_edition,
    make_film,
    make_footage,
    make_juror,
    make_organiser,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
PUBLISHED, SELECTED = Edition.Status.PUBLISHED, Film.Status.SELECTED


def make_bill(*, films=1, **fields):
    """A published edition with `films` films on show, all in one screening that is on now."""
    edition = make_edition(status=PUBLISHED, time_zone="Europe/Lisbon", **fields)
    venue = Venue.objects.create(edition=edition, name="Cinema Império", address="Alameda 12")
    now = timezone.now()
    show = Screening.objects.create(
        edition=edition,
        venue=venue,
        title="Opening night",
        starts_at=now - timedelta(minutes=10),
        ends_at=now + timedelta(hours=1),
    )
    for position in range(films):
        film = make_film(edition=edition, status=SELECTED, footage=True)
        film.countries.create(code="PT")
        film.stills.create(path=f"stills/{film.pk}.jpg", width=1280, height=720)
        show.slots.create(film=film, position=position)
    return edition


def titles(response) -> list[str]:
    return [film.title for film in response.context["page"]]


# The front of the house


@pytest.mark.parametrize("films", [1, 3])
def test_home_costs_the_same_for_one_film_and_three(client, films, django_assert_num_queries):
    make_bill(films=films)

    with django_assert_num_queries(9):
        response = client.get("/")

    assert response.status_code == 200


def test_home_puts_a_film_of_the_screening_on_now_across_the_page(client):
    edition = make_bill()
    other = make_film(edition=edition, status=SELECTED, footage=True, title="Another")

    page = client.get("/")

    assert page.context["feature"] == edition.screenings.get().slots.get().film
    assert page.context["feature"] != other
    assert "Now showing, and next" in page.content.decode()


def test_home_says_what_is_next_when_nothing_is_on(client):
    edition = make_bill()
    edition.screenings.update(
        starts_at=timezone.now() + timedelta(hours=2), ends_at=timezone.now() + timedelta(hours=4)
    )

    page = client.get("/").content.decode()

    assert "Next on the bill" in page
    assert "Now showing" not in page


def test_home_gives_films_turns_where_there_are_no_screenings():
    edition = make_bill(films=3)
    Screening.objects.all().delete()

    first = datetime(2027, 5, 3, tzinfo=UTC).date()
    shown = {bill.feature(edition, [], on=first + timedelta(days=day)) for day in range(3)}

    assert len(shown) == 3


def test_home_calls_for_entries_with_the_deadline_in_the_festivals_time(client):
    edition = make_edition(name="Marquee 2028", time_zone="Europe/Lisbon", deadline_in=None)
    edition.tiers.create(name="Regular", closes_at=datetime(2028, 7, 1, 22, 59, tzinfo=UTC))

    page = client.get("/").content.decode()

    assert "Call for entries" in page
    assert "Sat 1 July 2028, 23:59 Lisbon time" in page


def test_home_shows_neither_drafts_nor_closed_calls(client):
    make_edition(status=Edition.Status.DRAFT, name="Secret year")
    make_edition(status=Edition.Status.CLOSED, name="Closed year")

    page = client.get("/").content.decode()

    assert "Coming soon" in page
    assert "year" not in page


def test_home_keeps_films_that_are_not_on_show_off_the_bill(client):
    edition = make_bill()
    show = edition.screenings.get()
    gone = make_film(edition=edition, status=Film.Status.WITHDRAWN, footage=True, title="Withdrawn since")
    show.slots.create(film=gone, position=9)

    page = client.get("/").content.decode()

    assert "Withdrawn since" not in page


# Films


@pytest.mark.parametrize("films", [1, 3])
def test_films_cost_the_same_for_one_film_and_three(client, films, django_assert_num_queries):
    make_bill(films=films)

    with django_assert_num_queries(9):
        response = client.get("/films/")

    assert len(titles(response)) == films


def test_films_shows_only_what_is_on_show(client):
    edition = make_bill()
    for status in set(Film.Status) - {SELECTED}:
        make_film(edition=edition, status=status)
    make_film(status=SELECTED)  # of an edition that is not published

    assert titles(client.get("/films/")) == list(Film.objects.on_show().values_list("title", flat=True))


def make_pair():
    """Two films on show that differ in everything a visitor may ask for."""
    edition = make_bill(films=0)
    stories, lab = make_section(edition=edition, slug="stories"), make_section(edition=edition, slug="lab")
    tide = make_film(
        edition=edition, section=stories, status=SELECTED, title="Tide", logline="A ferryman waits."
    )
    rain = make_film(edition=edition, section=lab, status=SELECTED, title="Rain", synopsis="Of a courier.")
    for film, seconds, country in ((tide, 200, "NO"), (rain, 600, "KR")):
        film.footage = make_footage(film=film, duration_s=seconds)
        film.save()
        film.countries.create(code=country)
    tide.credits.create(role="Director", name="Mina Holm")
    edition.screenings.get().slots.create(film=tide)
    return edition


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("section=stories", ["Tide"]),
        ("section=lab", ["Rain"]),
        ("country=KR", ["Rain"]),
        ("minutes=-5", ["Tide"]),
        ("minutes=5-15", ["Rain"]),
        ("minutes=15-", []),
        ("q=tide", ["Tide"]),
        ("q=ferryman", ["Tide"]),
        ("q=courier", ["Rain"]),
        ("q=holm", ["Tide"]),
        ("q=nothing", []),
        ("section=stories&country=KR", []),
        ("q=", ["Rain", "Tide"]),
    ],
)
def test_films_are_found_by_what_the_address_asks(client, query, found):
    make_pair()

    assert titles(client.get(f"/films/?{query}")) == found


def test_films_are_found_by_screening(client):
    edition = make_pair()

    assert titles(client.get(f"/films/?screening={edition.screenings.get().pk}")) == ["Tide"]


def test_films_leave_out_a_filter_that_is_not_offered_and_say_so(client):
    make_pair()

    page = client.get("/films/?section=nowhere&minutes=x&screening=1")

    assert titles(page) == ["Rain", "Tide"]
    assert "is not offered here" in page.content.decode()


def test_films_offer_a_way_back_when_nothing_is_found(client):
    make_pair()

    assert "No film like that" in client.get("/films/?q=zeppelin").content.decode()


def test_films_turn_pages_and_keep_the_filters(client):
    edition = make_bill(films=0)
    for _ in range(25):
        make_film(edition=edition, status=SELECTED)

    page = client.get("/films/?q=film")

    assert len(titles(page)) == 24
    assert 'href="?q=film&amp;page=2"' in page.content.decode()
    assert len(titles(client.get("/films/?q=film&page=2"))) == 1


def test_films_of_an_earlier_edition_stay_on_show(client):
    old = make_bill(slug="2026", starts_on=datetime(2026, 5, 1, tzinfo=UTC).date())
    make_bill(slug="2027", starts_on=datetime(2027, 5, 1, tzinfo=UTC).date())

    assert client.get("/films/").context["edition"].slug == "2027"
    assert titles(client.get("/films/?edition=2026")) == [old.films.get().title]


def test_films_say_when_there_is_no_programme(client):
    assert "The programme is not out yet" in client.get("/films/").content.decode()


# A film


@pytest.mark.parametrize("address", ["film", "label"])
def test_a_film_without_public_right_is_not_there_for_a_stranger(client, address):
    edition = make_bill()
    film = make_film(edition=edition, status=Film.Status.ELIGIBLE)
    client.force_login(make_juror(edition))

    assert client.get(reverse(f"public:{address}", args=[film.pk])).status_code == 404
    assert client.get(reverse(f"public:{address}", args=[edition.films.first().pk])).status_code == 200


def test_a_selected_film_is_not_there_until_the_programme_is_published(client):
    film = make_film(status=SELECTED, footage=True)

    assert client.get(f"/films/{film.pk}/").status_code == 404


def test_a_film_not_yet_public_is_shown_to_its_entrant_and_the_office_with_a_word(client):
    film = make_film(status=SELECTED, footage=True)

    for person in (film.entrant, make_organiser(film.edition)):
        client.force_login(person)
        assert "Only you and the festival office" in client.get(f"/films/{film.pk}/").content.decode()


@pytest.mark.parametrize("lines", [1, 3])
def test_a_film_costs_the_same_for_one_line_and_three(client, lines, django_assert_num_queries):
    film = make_bill().films.get()
    for i in range(lines):
        tool = film.tools.create(name=f"Tool {i}")
        film.credits.create(role="Director", name="Mina")
        film.languages.create(code=["en", "pt", "no"][i])
        film.subtitles.create(language=["en", "pt", "no"][i], label="English", vtt="WEBVTT\n", cues=0)
        film.disclosures.create(start_s=i, end_s=i + 1, tool=tool)
        use = film.departments.create(department=["script", "picture", "voice"][i], extent="assisted")
        use.tools.add(tool)

    with django_assert_num_queries(14):
        response = client.get(f"/films/{film.pk}/")

    assert response.status_code == 200


def test_a_film_page_prints_what_a_catalogue_prints(client):
    film = make_bill().films.get()
    Film.objects.filter(pk=film.pk).update(
        year=2026, premiere="world", content_warnings=["Flashing lights"], logline="A ferryman waits."
    )
    film.languages.create(code="pt-BR")
    film.credits.create(role="Director", name="Mina Holm")
    film.disclosures.create(start_s=0, end_s=30)

    page = client.get(f"/films/{film.pk}/").content.decode()

    for words in (
        "2026 · Portugal · 1 min",
        "World premiere",
        "Flashing lights",
        "Portuguese (Brazil)",
        "Mina Holm",
        "50 % of picture seconds",
        "Opening night",
        "Lisbon time",
    ):
        assert words in page


def test_a_film_without_footage_says_so(client):
    edition = make_bill(films=0)
    film = make_film(edition=edition, status=SELECTED)

    page = client.get(f"/films/{film.pk}/").content.decode()

    assert "The film is not here yet." in page
    assert "<film-player" not in page


def test_label_is_readable_by_machine(client):
    film = make_bill().films.get()
    film.disclosures.create(start_s=15, end_s=45, kind="generated", human_part="Drew the key frames.")

    answer = client.get(f"/films/{film.pk}/disclosure.json")
    label = answer.json()

    assert answer["Content-Type"] == "application/json"
    assert label["shares"]["all"] == 50.0
    assert [(line["start_s"], line["end_s"], line["kind"]) for line in label["ranges"]] == [
        (15.0, 45.0, "generated")
    ]


# Foyer and light


def test_foyer_is_for_people_who_have_signed_in(client):
    answer = client.get("/foyer/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_foyer_opens_the_rooms_each_person_may_enter(client):
    edition = make_edition()
    seen = {}
    for name, person in {
        "entrant": make_user(),
        "juror": make_juror(edition),
        "organiser": make_organiser(edition),
    }.items():
        client.force_login(person)
        page = client.get("/foyer/").content.decode()
        seen[name] = ("The films you are asked" in page, "Entries, decisions" in page)

    assert seen == {"entrant": (False, False), "juror": (True, False), "organiser": (False, True)}


def test_theme_is_kept_and_the_visitor_stays_where_they_were(client):
    answer = client.post("/theme/", {"theme": "paper", "next": "/films/?q=tide"})

    assert answer["Location"] == "/films/?q=tide"
    assert answer.cookies["theme"].value == "paper"
    assert 'data-theme="paper"' in client.get("/films/").content.decode()


@pytest.mark.parametrize(("theme", "there"), [("pink", "/films/"), ("night", "https://elsewhere.example/")])
def test_theme_takes_no_other_light_and_leads_to_no_other_house(client, theme, there):
    answer = client.post("/theme/", {"theme": theme, "next": there})

    assert answer["Location"] == ("/films/" if theme == "pink" else "/")
    assert ("theme" in answer.cookies) == (theme == "night")


def test_theme_asks_for_a_post(client):
    assert client.get("/theme/").status_code == 405


# The pages nobody hopes to see


def test_an_unknown_address_gets_a_page_that_says_what_to_do(client):
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "Not on the bill" in answer.content.decode()
    assert "To the front of the house" in answer.content.decode()
