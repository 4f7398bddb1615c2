"""The office's pages for an edition: set-up, the call, people, the overview."""

from datetime import UTC, datetime, timedelta

import pytest

from festival.models import (
    DeadlineTier,
    Edition,
    Film,
)
from tests.factories import make_edition, make_film, make_organiser
from tests.festival.office_desk import page, said

pytestmark = pytest.mark.django_db
Status = Film.Status


@pytest.fixture
def edition():
    return make_edition(name="Marquee 2027", slug="2027", time_zone="Europe/Lisbon")


@pytest.fixture
def olga(edition, client):
    """An organiser, signed in."""
    olga = make_organiser(edition, name="Olga")
    client.force_login(olga)
    return olga


# Editions and set-up


def test_a_new_edition_is_begun_by_form(olga, client):
    answer = client.post(
        "/office/new/", {"name": "Marquee 2028", "slug": "2028", "time_zone": "Asia/Tokyo"}, follow=True
    )

    edition = Edition.objects.get(slug="2028")
    assert answer.redirect_chain == [("/office/2028/setup/", 302)]
    assert edition.roles.get().person == olga
    assert edition.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"slug": "new"}, "This address is taken by the office itself"),
        ({"slug": "2027"}, "already exists"),
        ({"time_zone": "Europe/Atlantis"}, "Choose a time zone from the IANA list"),
        ({"name": ""}, "required"),
    ],
)
def test_an_edition_with_a_mistake_is_not_begun(olga, client, fields, sentence):
    words = {"name": "Marquee 2028", "slug": "2028", "time_zone": "UTC", **fields}

    answer = client.post("/office/new/", words)

    assert sentence in answer.content.decode()
    assert Edition.objects.count() == 1


def setup_words(edition, **changes):
    """The set-up form as a browser would send it back, with some fields changed."""
    section, tier = edition.sections.get(), edition.tiers.get()
    return {
        "name": edition.name,
        "slug": edition.slug,
        "tagline": "",
        "time_zone": edition.time_zone,
        "starts_on": "",
        "ends_on": "",
        "upload_grace_h": "48",
        "rules": "",
        "sections-TOTAL_FORMS": "2",
        "sections-INITIAL_FORMS": "1",
        "sections-0-id": section.pk,
        "sections-0-name": section.name,
        "sections-0-min_duration_s": "0:00",
        "sections-0-max_duration_s": "20:00",
        "sections-0-min_ai_share": "0",
        "sections-0-max_ai_share": "100",
        "sections-0-position": "0",
        "sections-0-description": "",
        "sections-1-name": "",
        "sections-1-min_duration_s": "0:00",
        "sections-1-max_duration_s": "20:00",
        "sections-1-min_ai_share": "0",
        "sections-1-max_ai_share": "100",
        "sections-1-position": "0",
        "sections-1-description": "",
        "tiers-TOTAL_FORMS": "1",
        "tiers-INITIAL_FORMS": "1",
        "tiers-0-id": tier.pk,
        "tiers-0-name": tier.name,
        "tiers-0-closes_at": f"{tier.closes_at.astimezone(edition.zone):%Y-%m-%dT%H:%M}",
        "tiers-0-fee": "",
        **changes,
    }


def test_a_deadline_is_typed_and_shown_in_the_editions_own_zone(edition, olga, client):
    client.post(page("setup", edition), setup_words(edition, **{"tiers-0-closes_at": "2027-07-03T23:59"}))

    assert DeadlineTier.objects.get().closes_at == datetime(
        2027, 7, 3, 22, 59, tzinfo=UTC
    )  # summer in Lisbon
    assert 'value="2027-07-03T23:59"' in client.get(page("setup", edition)).content.decode()


def test_a_deadline_typed_beside_a_new_zone_is_meant_in_the_new_zone(edition, olga, client):
    words = setup_words(edition, time_zone="Asia/Tokyo", **{"tiers-0-closes_at": "2027-07-03T23:59"})

    client.post(page("setup", edition), words)

    assert DeadlineTier.objects.get().closes_at == datetime(2027, 7, 3, 14, 59, tzinfo=UTC)


def test_an_hour_that_the_clock_skips_is_refused(edition, olga, client):
    answer = client.post(
        page("setup", edition), setup_words(edition, **{"tiers-0-closes_at": "2027-03-28T01:30"})
    )

    assert "couldn’t be interpreted in time zone Europe/Lisbon" in answer.content.decode()


def test_sections_are_set_in_minutes_and_seconds_and_the_history_says_what_changed(edition, olga, client):
    section = edition.sections.get()
    words = setup_words(
        edition,
        **{
            "sections-0-max_duration_s": "12:30",
            "sections-0-min_ai_share": "20",
            "sections-1-name": "Music film",
            "sections-1-max_duration_s": "8",
        },
    )

    client.post(page("setup", edition), words)

    section.refresh_from_db()
    assert (section.max_duration_s, section.min_ai_share) == (750, 20)
    music = edition.sections.get(name="Music film")
    assert (music.slug, music.max_duration_s) == ("music-film", 480)
    event = edition.events.get()
    assert event.by == olga
    assert event.note.split("; ") == [
        f"{section}, Longest: “20:00” → “12:30”",
        f"{section}, Least AI, %: 0 → 20",
        "Music film added",
    ]


def test_saving_without_a_change_writes_no_history(edition, olga, client):
    client.post(page("setup", edition), setup_words(edition))

    assert not edition.events.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sections-0-DELETE": "on"}, "it needs at least one section"),
        ({"tiers-0-DELETE": "on"}, "it needs at least one deadline"),
        ({"sections-0-max_duration_s": "soon"}, "Write minutes and seconds, such as 12:30"),
        ({"sections-0-min_duration_s": "30:00"}, "longest time is shorter than the shortest"),
        ({"sections-0-min_ai_share": "60", "sections-0-max_ai_share": "40"}, "smaller than the least"),
        ({"starts_on": "2027-05-09", "ends_on": "2027-05-06"}, "The last day is before the first"),
        ({"slug": ""}, "required"),
    ],
)
def test_a_mistake_in_the_set_up_saves_nothing(edition, olga, client, changes, sentence):
    answer = client.post(page("setup", edition), setup_words(edition, name="Renamed", **changes))

    assert answer.status_code == 200
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert Edition.objects.get().name == "Marquee 2027"
    assert edition.sections.count() == edition.tiers.count() == 1


def test_a_section_with_entries_stays(edition, olga, client):
    film = make_film(edition=edition)
    edition.status = Edition.Status.DRAFT
    edition.save()

    answer = client.post(page("setup", edition), setup_words(edition, **{"sections-0-DELETE": "on"}))

    assert f"“{film.section}” has entries, so it stays" in answer.content.decode()


def test_the_call_is_closed_and_opened_by_its_page(edition, olga, client):
    assert said(client.post(page("call", edition), {"verb": "close"}, follow=True)) == ["The call is closed."]
    assert said(client.post(page("call", edition), {"verb": "open"}, follow=True)) == ["The call is open."]
    assert Edition.objects.get().status == Edition.Status.OPEN


def test_a_call_that_cannot_open_says_what_is_missing(client):
    edition = make_edition(status=Edition.Status.DRAFT, sections=0)
    client.force_login(make_organiser(edition))

    answer = client.post(page("call", edition), {"verb": "open"}, follow=True)

    assert said(answer) == ["Add a section first, so that entrants know where their film belongs."]


# People


def test_people_are_seated_and_removed(edition, olga, client):
    client.post(page("people", edition), {"email": "new@example.org", "kind": "juror"})
    role = edition.roles.jurors().get()
    assert b"new@example.org" in client.get(page("people", edition)).content

    client.post(page("unseat", edition, role.pk))
    assert not edition.roles.jurors().exists()


def test_the_only_organiser_reads_why_they_stay(edition, olga, client):
    answer = client.post(page("unseat", edition, olga.roles.get().pk), follow=True)

    assert said(answer)[0].startswith("This is the only organiser")


def test_a_bad_address_is_not_seated(edition, olga, client):
    answer = client.post(page("people", edition), {"email": "nobody", "kind": "juror"})

    assert "Enter a valid email address" in answer.content.decode()
    assert edition.roles.count() == 1


# The overview


def test_the_overview_counts_and_says_what_comes_next(edition, olga, client):
    make_film(edition=edition, status=Status.SUBMITTED, footage=True)
    make_film(edition=edition, status=Status.SELECTED, footage=True)
    Film.objects.update(submitted_at=datetime.now(UTC) - timedelta(days=1))

    answer = client.get(page("edition", edition))

    assert [step.text for step in answer.context["steps"]] == [
        "1 entry waiting to be accepted.",
        "Nobody sits on the jury yet.",
    ]
    assert {bar.label: bar.number for bar in answer.context["states"]}["Submitted"] == 1
    assert [(bar.number, bar.note) for bar in answer.context["sections"]] == [(2, "2 min")]
    assert [column.number for column in answer.context["days"]] == 12 * [0] + [2, 0]
    assert answer.context["minutes"] == 2
    assert "The call closes in" in answer.content.decode()


@pytest.mark.parametrize("status", ["draft", "open", "closed", "published"])
def test_the_overview_stands_in_every_state_of_an_edition(client, status):
    edition = make_edition(status=status, deadline_in=timedelta(days=-1))
    client.force_login(make_organiser(edition))

    assert client.get(page("edition", edition)).status_code == 200
