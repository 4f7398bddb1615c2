"""The statement page, as it is posted: with scripts or without, the form is the same."""

from uuid import uuid4

import pytest
from django.urls import reverse

from festival import disclosures
from festival.models import Disclosure, Film, Statement, Tool
from tests.factories import make_film, make_user

pytestmark = pytest.mark.django_db

EMPTY = {
    f"{prefix}-{count}": 0
    for prefix in ("tools", "ranges", "consents", "references")
    for count in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def rows(prefix, *filled, initial=0):
    """A formset's fields."""
    data = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(filled):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def a_range(**fields):
    said = {"start_s": "0:00:04.00", "end_s": "9", "track": "picture", "kind": "generated"}
    return said | {"method": "text-to-video", "tool": "Brush 2", "human_part": "Chosen by hand."} | fields


def departments(**extents):
    all_of_them = dict.fromkeys([value for value, _ in disclosures.Department.choices], "none")
    return {f"department-{name}-extent": extent for name, extent in (all_of_them | extents).items()}


@pytest.fixture
def film(client):
    film = make_film(footage=True)
    client.force_login(film.entrant)
    return film


def post(client, film, data):
    return client.post(reverse("entrant:statement", args=[film.pk]), EMPTY | data)


def test_everything_is_kept_and_signed_in_one_go(client, film):
    data = (
        departments(picture="generated", voice="assisted")
        | {"department-picture-human_part": "Directed.", "department-picture-tools": "Brush 2, Suno"}
        | rows("ranges", a_range())
        | rows("consents", {"person": "Ana", "kind": "voice", "given_on": "2026-01-02", "scope": "This film"})
        | rows("references", {"what": "Photographs", "source": "Our own", "rights": "own", "note": ""})
        | {
            "process": "We drew.",
            "realistic": "on",
            "notice": "Made with AI",
            "sign-name": "Maya L",
            "sign": "1",
        }
    )

    response = post(client, film, data)

    assert response.status_code == 302
    assert disclosures.gaps(Film.objects.get(pk=film.pk)) == []
    assert list(film.tools.values_list("name", flat=True)) == ["Brush 2", "Suno"]
    line = film.disclosures.get()
    assert (line.start_s, line.end_s, line.method, str(line.tool)) == (4.0, 9.0, "text-to-video", "Brush 2")
    assert line.standing == Disclosure.Standing.DECLARED
    assert {str(tool) for tool in film.departments.get(department="picture").tools.all()} == {
        "Brush 2",
        "Suno",
    }
    assert film.consents.get().person == "Ana"
    assert film.references.get().rights == "own"
    statement = Statement.objects.get(film=film)
    assert (statement.process, statement.attested_name) == ("We drew.", "Maya L")


def test_a_draft_may_be_kept_with_next_to_nothing(client, film):
    response = post(client, film, {"process": "More to come.", "keep": "1"})

    assert response.status_code == 302
    statement = Statement.objects.get(film=film)
    assert (statement.process, statement.attested_at) == ("More to come.", None)
    assert not film.departments.exists()  # nothing is stated until somebody states it


@pytest.mark.parametrize(
    ("human_part", "words"),
    [
        ("Directed.", "Nothing is left to say; have a look at the preview, then submit."),
        ("", "Saved, not signed: something is still to say."),
    ],
)
def test_a_signature_says_whether_anything_is_left(client, film, human_part, words):
    said = {"department-picture-human_part": "Directed.", "department-picture-tools": "Brush 2"}
    signed = departments(picture="generated") | said | {"sign": "1", "sign-name": "Maya L"}
    response = post(client, film, signed | rows("ranges", a_range(human_part=human_part)))

    assert words in client.get(response.url).content.decode()


def test_a_half_said_range_is_kept_and_named_as_a_gap(client, film):
    post(client, film, rows("ranges", a_range(method="", tool="", human_part="")))

    assert "Say how the footage at 0:04–0:09 was made." in disclosures.gaps(film)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (rows("ranges", a_range(start_s="soon")), "Write a timecode as h:mm:ss.cc"),
        (rows("ranges", a_range(end_s="")), "Where does it end?"),
        (rows("ranges", a_range(end_s="3")), "A range ends after it begins."),
        (rows("ranges", a_range(method="music")), "“Music” belongs to the sound track."),
        ({"sign": "1", "sign-name": " "}, "Sign with your full name, or save without signing."),
        ({"department-edit-human_part": "Cut by Maya"}, "Say how far AI went here"),
        (rows("tools", {"name": "Brush"}, {"name": "Brush"}), "Please correct the duplicate"),
    ],
)
def test_an_invalid_form_says_what_is_wrong_and_keeps_all_that_was_typed(client, film, data, words):
    response = post(client, film, data | {"process": "A long story, typed with care."})

    page = response.content.decode()
    assert words in page
    assert "A long story, typed with care." in page
    assert not Statement.objects.exists()
    assert not film.disclosures.exists()


def test_what_was_kept_is_shown_again_as_people_write_it(client, film):
    post(client, film, rows("ranges", a_range()) | departments(picture="assisted"))

    page = client.get(reverse("entrant:statement", args=[film.pk])).content.decode()

    assert 'value="0:00:04.00"' in page
    assert 'value="0:00:09.00"' in page
    assert 'value="Brush 2"' in page


def test_a_renamed_tool_takes_its_uses_along(client, film):
    tool = Tool.objects.create(film=film, name="Brush")
    line = film.disclosures.create(
        start_s=4, end_s=9, tool=tool, method="text-to-video", human_part="Chosen."
    )
    renamed = {"id": tool.pk, "name": "Airbrush", "version": "3", "vendor": "Atelier", "licence": "MIT"}

    post(
        client,
        film,
        rows("tools", renamed, initial=1) | rows("ranges", a_range(id=line.pk, tool="Brush"), initial=1),
    )

    line.refresh_from_db()
    assert str(line.tool) == "Airbrush 3"
    assert film.tools.count() == 1


def test_a_range_is_removed(client, film):
    line = film.disclosures.create(start_s=4, end_s=9)

    post(client, film, rows("ranges", a_range(id=line.pk, DELETE="on"), initial=1))

    assert not film.disclosures.exists()


def adopt(film):
    clip = disclosures.ClipFacts(
        clip_id=uuid4(),
        engine="wan",
        revision="4f" * 20,
        licence="Apache-2.0",
        seed=42,
        prompt_sha256="a" * 64,
        clip_sha256="b" * 64,
        duration_s=5.0,
    )
    return disclosures.adopt(film, by=film.entrant, start_s=4, clip=clip)


def test_an_adopted_clip_shows_its_facts(client, film):
    adopt(film)

    page = client.get(reverse("entrant:statement", args=[film.pk])).content.decode()

    for fact in ("wan", "4f" * 20, "42", "a" * 64, "b" * 64):
        assert fact in page
    assert 'name="ranges-0-kind"' not in page


def test_of_an_adopted_clip_only_place_and_human_part_can_be_changed(client, film):
    line = adopt(film)
    forged = a_range(
        id=line.pk, start_s="10", end_s="14", kind="captured", tool="Camera", human_part="Lit by hand."
    )
    forged |= {"seed": 7, "engine": "camera", "standing": "verified", "clip_sha256": "c" * 64}

    post(client, film, rows("ranges", forged, initial=1))

    line.refresh_from_db()
    assert (line.start_s, line.end_s, line.human_part) == (10.0, 14.0, "Lit by hand.")
    assert (line.kind, line.tool.name, line.seed, line.engine) == ("generated", "wan", 42, "wan")
    assert (line.clip_sha256, line.standing) == ("b" * 64, "verified")


def test_an_adopted_clip_vouches_for_no_more_seconds_than_it_has(client, film):
    line = adopt(film)

    response = post(client, film, rows("ranges", a_range(id=line.pk, start_s="0", end_s="60"), initial=1))

    assert "This clip lasts 0:05.00; its range cannot be longer." in response.content.decode()
    line.refresh_from_db()
    assert (line.start_s, line.end_s) == (4.0, 9.0)


def test_nobody_verifies_a_range_by_typing(client, film):
    post(client, film, rows("ranges", a_range(standing="verified", clip_id=str(uuid4()), seed=1)))

    line = film.disclosures.get()
    assert (line.standing, line.clip_id, line.seed) == ("declared", None, None)


def test_a_range_of_another_film_cannot_be_taken_over(client, film):
    other = make_film().disclosures.create(start_s=1, end_s=2)

    post(client, film, rows("ranges", a_range(id=other.pk), initial=1))

    other.refresh_from_db()
    assert (other.start_s, other.human_part) == (1.0, "")


def test_a_submitted_statement_stays_complete_and_what_was_typed_stays_on_the_page(client, film):
    signed = departments() | {"sign": "1", "sign-name": "Maya"}
    post(client, film, signed)
    Film.objects.filter(pk=film.pk).update(status=Film.Status.SUBMITTED)

    response = post(client, film, signed | rows("ranges", a_range(human_part="")) | {"process": "Kept here"})

    page = response.content.decode()
    assert "This entry has been submitted, so its statement must stay complete and signed." in page
    assert "0:04–0:09" in page
    assert "Kept here" in page
    assert not film.disclosures.exists()


def test_a_stranger_states_nothing(client, film):
    client.force_login(make_user())

    assert post(client, film, departments()).status_code == 404
    assert not film.departments.exists()


@pytest.mark.parametrize("ranges", [1, 3])
def test_the_page_costs_the_same_for_one_range_and_three(client, film, ranges, django_assert_num_queries):
    for number in range(ranges):
        tool = Tool.objects.create(film=film, name=f"Tool {number}")
        film.disclosures.create(start_s=number, end_s=number + 1, tool=tool)

    with django_assert_num_queries(26):
        client.get(reverse("entrant:statement", args=[film.pk]))
