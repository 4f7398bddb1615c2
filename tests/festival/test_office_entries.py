"""The table of entries: finding, deciding together, one entry, letters, the spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest

from festival import office
from festival.models import (
    DepartmentUse,
    Film,
    Notice,
    Statement,
)
from tests.factories import make_edition, make_film, make_organiser
from tests.festival.office_desk import decide, page, said

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
    assert [verb for verb, _ in answer.context["verbs"]] == ["select", "wait", "decline", "send_back"]


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
