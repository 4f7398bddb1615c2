"""The office's pages: who comes in, what they show, and that a form does what its button says."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse

from festival import office, programme
from festival.models import (
    DeadlineTier,
    DepartmentUse,
    Edition,
    Film,
    Notice,
    Role,
    Screening,
    Statement,
    Venue,
)
from tests.factories import make_edition, make_film, make_juror, make_organiser, make_section, make_user

pytestmark = pytest.mark.django_db
Status = Film.Status

PAGES = ["edition", "setup", "call", "people", "entries", "entries_csv", "letters", "programme", "to_accept"]
POSTS = ["call", "people", "decide", "letters", "place", "publish", "venue_add", "screening_add", "setup"]


@pytest.fixture
def edition():
    return make_edition(name="Marquee 2027", slug="2027", time_zone="Europe/Lisbon")


@pytest.fixture
def olga(edition, client):
    """An organiser, signed in."""
    olga = make_organiser(edition, name="Olga")
    client.force_login(olga)
    return olga


def page(name, edition, *more):
    return reverse(f"office:{name}", args=[edition.slug, *more])


def said(response):
    """What the page says about the act just done; what earlier posts said is read and gone."""
    return [str(message) for message in response.context["messages"]]


# The door


def addresses(edition, olga):
    """Every address of the office, with rows for those that name one."""
    film = make_film(edition=edition, footage=True, status=Status.SUBMITTED)
    venue = Venue.objects.create(edition=edition, name="Hall")
    evening = Screening.objects.create(
        edition=edition, venue=venue, title="Evening", starts_at=datetime.now(UTC), ends_at=datetime.now(UTC)
    )
    named = {
        "entry": film.pk,
        "unseat": olga.roles.get().pk,
        "venue_remove": venue.pk,
        "screening": evening.pk,
        "screening_remove": evening.pk,
    }
    house = [reverse("office:editions"), reverse("office:edition_new")]
    return (
        house
        + [page(name, edition) for name in {*PAGES, *POSTS}]
        + [page(name, edition, pk) for name, pk in named.items()]
    )


@pytest.mark.parametrize("who", ["stranger", "entrant", "juror"])
def test_nobody_but_organisers_finds_the_office(edition, olga, client, who):
    every = addresses(edition, olga)
    entrant = Film.objects.get().entrant
    client.force_login(
        {"stranger": make_user, "entrant": lambda: entrant}.get(who, lambda: make_juror(edition))()
    )

    assert {address: client.get(address).status_code for address in every} == dict.fromkeys(every, 404)
    assert {address: client.post(address).status_code for address in every} == dict.fromkeys(every, 404)


def test_an_organiser_of_another_edition_finds_only_their_own(edition, olga, client):
    theirs = [address for address in addresses(edition, olga) if "/2027/" in address]
    other = make_organiser(make_edition(slug="2028"))
    client.force_login(other)

    assert {client.get(address).status_code for address in theirs} == {404}
    assert {client.post(address).status_code for address in theirs} == {404}
    assert client.get("/office/2028/").status_code == 200
    assert b"Marquee 2027" not in client.get("/office/").content


def test_visitors_are_asked_to_sign_in(edition, olga, client):
    client.logout()
    for address in addresses(edition, olga):
        assert client.get(address).url.startswith("/accounts/login/?next=/office/")


def test_an_entry_of_another_edition_is_not_found_here(edition, olga, client):
    film = make_film(edition=make_edition())

    assert client.get(page("entry", edition, film.pk)).status_code == 404


@pytest.mark.parametrize("address", ["/office/", "/office/new/", "/office/2027/", "/office/2027/entries/"])
def test_where_asked_for_an_organiser_sets_up_a_second_factor_first(olga, client, settings, address):
    assert client.get(address).status_code == 200
    settings.ORGANISERS_NEED_SECOND_FACTOR = True

    answer = client.get(address)

    assert answer.url == reverse("mfa_activate_totp")
    Authenticator.objects.create(user=olga, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(address).status_code == 200


def test_the_sentence_about_the_second_factor_is_said(olga, client, settings, rf):
    from django.contrib.messages.storage.fallback import FallbackStorage

    from festival.views import office as views

    settings.ORGANISERS_NEED_SECOND_FACTOR = True
    request = rf.get("/office/2027/")
    request.user, request.session = olga, {}
    request._messages = FallbackStorage(request)

    views.edition(request, edition="2027")

    assert next(str(message) for message in request._messages).startswith("The office holds other people's")


# Query counts: one row and three


@pytest.mark.parametrize("films", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("entries", 12), ("entries_csv", 8), ("letters", 5), ("edition", 18), ("programme", 12)],
)
def test_pages_cost_the_same_for_one_entry_and_three(
    edition, olga, client, films, name, queries, django_assert_num_queries
):
    hall = Venue.objects.create(edition=edition, name="Hall")
    for number in range(films):
        film = make_film(edition=edition, footage=True, status=Status.SELECTED)
        film.countries.create(code="PT")
        film.disclosures.create(start_s=0, end_s=5, human_part="Cut.")
        evening = programme.add_screening(
            edition,
            by=olga,
            venue=hall,
            title=f"S{number}",
            starts_at=datetime(2027, 5, 1, number, tzinfo=UTC),
        )
        programme.place(film, evening, by=olga)

    with django_assert_num_queries(queries):
        answer = client.get(page(name, edition))

    assert answer.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_people_and_editions_cost_the_same_for_one_and_three(
    edition, olga, client, rows, django_assert_num_queries
):
    for number in range(rows):
        make_juror(edition)
        other = make_edition(slug=f"more-{number}")
        Role.objects.create(edition=other, person=olga, kind="organiser")

    with django_assert_num_queries(5):
        client.get(page("people", edition))
    with django_assert_num_queries(6):
        client.get("/office/")


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


# Entries


def test_the_address_of_the_list_holds_its_filters_and_its_order(edition, olga, client):
    for title in ("Rain", "Snow"):
        make_film(edition=edition, title=title, status=Status.SUBMITTED, footage=True)
    make_film(edition=edition, title="Draft of rain")

    def titles(**query):
        return [film.title for film in client.get(page("entries", edition), query).context["page"]]

    assert titles(order="-title") == ["Snow", "Rain", "Draft of rain"]
    assert titles(state="submitted", words="rain") == ["Rain"]
    assert titles(longest_s="0:30") == []
    assert titles(shortest_s="1", order="title") == ["Rain", "Snow"]
    assert len(titles(section="999", country="nowhere", shortest_s="soon", order="nonsense")) == 3


def test_the_head_of_the_table_says_how_it_is_sorted(edition, olga, client):
    make_film(edition=edition)

    html = client.get(page("entries", edition), {"order": "title", "state": "draft"}).content.decode()

    assert '<th scope="col" aria-sort="ascending"><a href="?order=-title&amp;state=draft&amp;page=1">' in html


def test_the_list_is_paged(edition, olga, client):
    for _ in range(51):
        make_film(edition=edition)

    assert len(client.get(page("entries", edition)).context["page"]) == 50
    second = client.get(page("entries", edition), {"page": 2})
    assert len(second.context["page"]) == 1
    assert "Page 2 of 2" in second.content.decode()


def test_empty_lists_say_what_to_do_first(edition, olga, client):
    assert "No entries yet" in client.get(page("entries", edition)).content.decode()
    assert "No entry fits" in client.get(page("entries", edition), {"words": "x"}).content.decode()
    assert "Everyone knows" in client.get(page("letters", edition)).content.decode()
    assert "No venue yet" in client.get(page("programme", edition)).content.decode()


def test_the_spreadsheet_has_the_filtered_rows(edition, olga, client):
    make_film(edition=edition, title="=cmd()", status=Status.SUBMITTED)
    make_film(edition=edition, title="Draft")

    answer = client.get(page("entries_csv", edition), {"state": "submitted"})

    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row["Title"] for row in rows] == ["'=cmd()"]
    assert answer["Content-Disposition"] == 'attachment; filename="2027-entries.csv"'


def decide(client, edition, films, verb, **words):
    data = {"films": [film.pk for film in films], "verb": verb, **words}
    return client.post(page("decide", edition), data, follow=True)


def test_ticked_entries_are_decided_together(edition, olga, client):
    films = [make_film(edition=edition, status=Status.ELIGIBLE) for _ in range(2)]
    submitted = make_film(edition=edition, title="Rain", status=Status.SUBMITTED)

    answer = decide(client, edition, [*films, submitted], "select", note="Good.")

    assert said(answer) == ["2 entries selected.", "“Rain” has not been accepted yet. Accept it first."]
    assert edition.films.filter(status=Status.SELECTED).count() == 2
    assert said(decide(client, edition, films[:1], "take_back")) == ["1 entry back with the jury."]
    assert said(decide(client, edition, films[:1], "decline")) == ["1 entry declined."]


def state_no_ai(film):
    """A signed statement that no department used AI."""
    for department in DepartmentUse.Department:
        film.departments.create(department=department, extent=DepartmentUse.Extent.NONE)
    Statement.objects.create(
        film=film,
        attested_name="Ada",
        attested_by=film.entrant,
        attested_at=datetime.now(UTC),
        process="Cut.",
    )


def test_entries_are_accepted_and_sent_back_with_a_reason(edition, olga, client):
    whole = make_film(edition=edition, status=Status.SUBMITTED, footage=True)
    state_no_ai(whole)
    bare = make_film(edition=edition, title="Rain", status=Status.SUBMITTED)

    answer = decide(client, edition, [whole, bare], "accept")
    assert said(answer)[0] == "1 entry accepted."
    assert said(answer)[1].startswith("“Rain”")
    assert Film.objects.get(pk=whole.pk).status == Status.ELIGIBLE

    answer = decide(client, edition, [bare], "send_back")
    assert said(answer) == ["Say what the entrant should change; the letter carries these words."]

    decide(client, edition, [bare], "send_back", note="The file is missing.")
    assert Film.objects.get(pk=bare.pk).status == Status.DRAFT
    assert "The file is missing." in Notice.objects.get().body


def test_many_refusals_are_counted_not_listed(edition, olga, client):
    drafts = [make_film(edition=edition) for _ in range(10)]

    answer = decide(client, edition, drafts, "select")

    assert len(said(answer)) == 9
    assert said(answer)[-1] == "2 more were left alone for such reasons."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"verb": "select"}, "Tick at least one entry first."),
        ({"films": ["theirs"], "verb": "select"}, "One of these entries is no longer here. Reload the page."),
        ({"films": ["mine"], "verb": "explode"}, "Choose a verb."),
        ({"films": ["mine"]}, "Choose what to do with them."),
    ],
)
def test_a_decision_that_makes_no_sense_changes_nothing(edition, olga, client, words, sentence):
    mine = make_film(edition=edition, status=Status.ELIGIBLE)
    theirs = make_film(edition=make_edition(), status=Status.ELIGIBLE)
    pks = {"mine": mine.pk, "theirs": theirs.pk}
    words = {**words, "films": [pks[name] for name in words.get("films", [])]}

    answer = client.post(page("decide", edition), words, follow=True)

    assert said(answer) == [sentence]
    assert set(Film.objects.values_list("status", flat=True)) == {"eligible"}


def test_after_deciding_one_comes_back_to_the_same_list_and_nowhere_else(edition, olga, client):
    film = make_film(edition=edition, status=Status.ELIGIBLE)

    there = "/office/2027/entries/?state=eligible&page=1"
    assert decide(client, edition, [film], "select", back=there).redirect_chain[0][0] == there
    for elsewhere in ("https://evil.example/office/", "//evil.example", "/admin/"):
        answer = decide(client, edition, [film], "select", back=elsewhere)
        assert answer.redirect_chain[0][0] == "/office/2027/entries/"


def test_an_entry_shows_everything_and_only_the_verbs_that_work(edition, olga, client):
    film = make_film(
        edition=edition, title="Rain", status=Status.ELIGIBLE, footage=True, synopsis="It rains."
    )
    film.disclosures.create(start_s=4, end_s=9, human_part="Cut by hand.")
    film.credits.create(role="Director", name="Ada")
    film.events.create(by=olga, was="submitted", became="eligible", note="Complete.")
    Notice.objects.create(person=film.entrant, film=film, kind="receipt", subject="Received", body="Thanks.")

    answer = client.get(page("entry", edition, film.pk))

    html = answer.content.decode()
    for words in ("Rain", "It rains.", "0:04–0:09", "Cut by hand.", "Ada", "Complete.", "Received", "0" * 64):
        assert words in html
    assert "<film-player" in html
    assert [verb for verb, _ in answer.context["verbs"]] == ["select", "decline", "send_back"]


def test_an_entry_without_a_file_is_shown_too(edition, olga, client):
    film = make_film(edition=edition)

    html = client.get(page("entry", edition, film.pk)).content.decode()

    assert "No file has been uploaded yet." in html
    assert "there is nothing to decide" in html


def test_letters_are_sent_by_their_button(edition, olga, client):
    film = make_film(edition=edition, title="Rain", status=Status.ELIGIBLE)
    office.decide([film], Status.SELECTED, by=olga)
    assert "Rain" in client.get(page("letters", edition)).content.decode()
    assert not Notice.objects.exists()

    assert said(client.post(page("letters", edition), follow=True)) == ["1 letter is on the way."]
    assert Notice.objects.get().kind == "selected"


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
    assert [column.number for column in answer.context["days"]] == [2, 0]
    assert answer.context["minutes"] == 2
    assert "The call closes in" in answer.content.decode()


@pytest.mark.parametrize("status", ["draft", "open", "closed", "published"])
def test_the_overview_stands_in_every_state_of_an_edition(client, status):
    edition = make_edition(status=status, deadline_in=timedelta(days=-1))
    client.force_login(make_organiser(edition))

    assert client.get(page("edition", edition)).status_code == 200


# The programme


def test_a_programme_is_built_published_and_taken_back_by_its_forms(edition, olga, client):
    film = make_film(edition=edition, title="Rain", status=Status.ELIGIBLE, footage=True)
    other = make_film(edition=edition, title="Snow", status=Status.ELIGIBLE, footage=True)
    decide(client, edition, [film, other], "select")
    client.post(page("venue_add", edition), {"name": "Hall", "seats": "120"})
    hall = Venue.objects.get()
    evening = {
        "title": "Evening",
        "venue": hall.pk,
        "starts_at": "2027-07-01T20:00",
        "gap_s": 30,
        "talk_min": 0,
    }
    client.post(page("screening_add", edition), evening)
    screening = Screening.objects.get()
    assert screening.starts_at == datetime(2027, 7, 1, 19, tzinfo=UTC)  # typed in Lisbon's summer

    for each in (film, other):
        client.post(page("place", edition), {"film": each.pk, "screening": screening.pk})
    slot = screening.slots.get(film=other)
    client.post(page("place", edition), {"slot": slot.pk, "to": f"{screening.pk}:0"})
    assert [slot.film.title for slot in screening.slots.all()] == ["Snow", "Rain"]
    client.post(page("place", edition), {"slot": screening.slots.get(film=film).pk, "to": ""})
    assert [slot.film.title for slot in screening.slots.all()] == ["Snow"]

    answer = client.post(page("publish", edition), {"verb": "publish"}, follow=True)
    assert said(answer)[-1].startswith("Not published yet. Close the call first")
    client.post(page("call", edition), {"verb": "close"})
    client.post(page("letters", edition))
    answer = client.post(page("publish", edition), {"verb": "publish"}, follow=True)
    assert said(answer)[-1] == "The programme is published."
    answer = client.post(page("publish", edition), {"verb": "unpublish"}, follow=True)
    assert said(answer) == ["The programme is back in the office."]


def test_a_screening_is_changed_and_removed_by_its_page(edition, olga, client):
    hall = Venue.objects.create(edition=edition, name="Hall")
    words = {
        "title": "Evening",
        "venue": hall.pk,
        "starts_at": "2027-07-01T20:00",
        "gap_s": 30,
        "talk_min": 0,
    }
    client.post(page("screening_add", edition), words)
    screening = Screening.objects.get()

    client.post(page("screening", edition, screening.pk), {**words, "title": "Late", "talk_min": 20})
    screening.refresh_from_db()
    assert (screening.title, screening.ends_at) == ("Late", datetime(2027, 7, 1, 19, 20, tzinfo=UTC))

    answer = client.post(page("venue_remove", edition, hall.pk), follow=True)
    assert said(answer)[-1:] == ["Screenings are planned in “Hall”. Move or remove them first."]
    client.post(page("screening_remove", edition, screening.pk))
    client.post(page("venue_remove", edition, hall.pk))
    assert not Venue.objects.exists()


def test_a_screening_without_a_time_is_not_added(edition, olga, client):
    hall = Venue.objects.create(edition=edition, name="Hall")

    answer = client.post(page("screening_add", edition), {"title": "Evening", "venue": hall.pk})

    assert "required" in answer.content.decode()
    assert not Screening.objects.exists()


def test_placing_nothing_or_something_foreign_is_answered_with_a_sentence(edition, olga, client):
    assert said(client.post(page("place", edition), follow=True)) == ["Choose a film first."]
    foreign = make_film(edition=make_edition(), status=Status.SELECTED)
    answer = client.post(page("place", edition), {"film": foreign.pk}, follow=True)
    assert answer.status_code == 200
    assert said(answer)


# What a browser says


@pytest.fixture
def furnished(edition, olga):
    section = make_section(edition=edition, name="Night")
    for number in range(6):
        film = make_film(
            edition=edition,
            title=f"Film {number}",
            section=section,
            footage=True,
            status=list(Status)[number],
        )
        film.countries.create(code="PT")
        film.disclosures.create(start_s=4, end_s=9, human_part="Cut by hand.")
    make_juror(edition)
    hall = Venue.objects.create(edition=edition, name="Hall")
    for minute in (0, 30):
        evening = programme.add_screening(
            edition,
            by=olga,
            venue=hall,
            title=f"Evening {minute}",
            starts_at=datetime(2027, 5, 1, 20, minute, tzinfo=UTC),
            talk_min=45,
        )
        programme.place(Film.objects.get(status=Status.SELECTED), evening, by=olga)


AXE = [Path("tests/node_modules/axe-core/axe.min.js"), Path("/tmp/npm/node_modules/axe-core/axe.min.js")]


def test_axe_finds_nothing_on_any_page_of_the_office_in_either_theme(
    asgi_server, browser, edition, olga, furnished, client
):
    axe = next(path for path in AXE if path.exists()).read_text()
    context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "theme", "value": "paper", "url": asgi_server}, session(client, asgi_server)]
    )
    tab = context.new_page()
    eligible = Film.objects.get(status=Status.ELIGIBLE)
    every = ["/office/", "/office/new/"]
    every += [page(name, edition) for name in PAGES if name not in ("entries_csv", "to_accept")]
    every += [page("entry", edition, eligible.pk), page("screening", edition, Screening.objects.first().pk)]

    found = {}
    for address in every:
        tab.goto(asgi_server + address, wait_until="domcontentloaded")
        tab.evaluate(axe)
        violations = tab.evaluate(f"axe.run().then({SHORT})")
        tab.evaluate("document.documentElement.dataset.theme = 'night'")
        violations += tab.evaluate(f"axe.run({{runOnly: ['color-contrast']}}).then({SHORT})")
        if violations:
            found[address] = violations
    context.close()

    assert found == {}


SHORT = "run => run.violations.map(v => [v.id, v.nodes[0].target.join(' ')])"


def session(client, base):
    """The signed-in session as a cookie for a browser."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": base}


def test_rows_are_ticked_and_films_dragged_in_a_browser(
    asgi_server, browser, edition, olga, furnished, client
):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([session(client, asgi_server)])
    tab = context.new_page()

    tab.goto(asgi_server + page("entries", edition))
    tab.get_by_label("Tick every entry on this page").check()
    assert tab.locator("[data-count]").inner_text() == "6 ticked"
    tab.get_by_label("Tick every entry on this page").uncheck()
    tab.get_by_label("Tick Film 2").check()
    assert tab.locator("[data-count]").inner_text() == "1 ticked"
    tab.get_by_role("button", name="Select", exact=True).click()
    tab.get_by_text("1 entry selected.").wait_for()

    tab.goto(asgi_server + page("programme", edition))
    tab.locator("[data-unplaced] [data-film]").drag_to(tab.locator("[data-screening]").first)
    tab.get_by_text("Every selected film has a place.").wait_for()
    first = Screening.objects.order_by("starts_at").first()
    assert "Film 2" in [slot.film.title for slot in first.slots.all()]

    tab.goto(asgi_server + page("setup", edition))
    rows = tab.locator("formset-rows[prefix=tiers] .row")
    before = rows.count()
    tab.get_by_role("button", name="Add another deadline").click()
    assert rows.count() == before + 1
    context.close()


# Repairs


def test_the_repair_pages_open_and_never_change_what_was_recorded(edition, admin_client):
    film = make_film(edition=edition)
    event = film.events.create(became="draft")

    for model in (
        "person",
        "edition",
        "film",
        "footage",
        "upload",
        "notice",
        "filmevent",
        "screening",
        "venue",
    ):
        assert admin_client.get(f"/admin/festival/{model}/").status_code == 200
    assert admin_client.get(f"/admin/festival/film/{film.pk}/change/").status_code == 200
    changed = admin_client.post(f"/admin/festival/filmevent/{event.pk}/change/", {"note": "Rewritten."})
    assert changed.status_code == 403
    assert (
        admin_client.post(f"/admin/festival/filmevent/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    )
