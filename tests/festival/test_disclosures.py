from datetime import date, timedelta

import pytest
from django.utils import timezone

from festival import disclosures
from festival.errors import Refused, UndisclosedFootage
from festival.models import Consent, Disclosure, Film, Statement
from tests.factories import make_film, make_section, make_statement, make_user
from tests.festival.cues import a_clip, mark, say

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=31)  # after the deadline of make_edition


@pytest.fixture
def film():
    """A minute of film, with a signed statement that picture was generated with a brush."""
    film = make_film(footage=True)
    make_statement(film)
    say(film, "picture", "generated", tool="Brush")
    return film


# What is still unsaid


def test_nothing_is_left_to_say_about_a_film_without_ai_and_with_a_signed_statement():
    film = make_film(footage=True)
    make_statement(film)

    assert disclosures.gaps(film) == []


def test_nothing_is_left_to_say_about_a_film_whose_every_range_is_stated(film):
    mark(film, 4, 9)

    assert disclosures.gaps(film) == []


def test_a_new_film_has_everything_left_to_say():
    assert disclosures.gaps(make_film()) == [
        "Say how far AI went in the script, the storyboard, the picture, the voices, music and sound, "
        "the edit, the effects, the subtitles and poster and texts.",
        "Sign the statement with your name.",
    ]


def test_a_range_without_a_word_is_named_by_its_seconds(film):
    mark(film, 4, 9, method="", tool=None, human_part="")

    assert disclosures.gaps(film) == ["Say how the footage at 0:04–0:09 was made."]


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"human_part": ""}, "what a person did is missing"),
        ({"tool": None}, "the tool is missing"),
        ({"tool": None, "method": ""}, "the method and the tool are missing"),
    ],
)
def test_a_range_half_stated_says_what_is_missing(film, missing, words):
    mark(film, 4, 9, **missing)

    assert disclosures.gaps(film) == [f"Say how the footage at 0:04–0:09 was made: {words}."]


@pytest.mark.parametrize(("track", "words"), [("sound", "sound"), ("text", "text")])
def test_a_range_of_sound_or_text_is_called_so(film, track, words):
    mark(film, 0, 1.5, track=track, method="", tool=None, human_part="")
    for department in ("sound", "subtitles"):
        say(film, department, "assisted")
    mark(film, 2, 3)

    assert disclosures.gaps(film) == [f"Say how the {words} at 0:00–0:01 was made."]


def test_captured_footage_needs_no_more_words(film):
    mark(film, 4, 9)
    mark(film, 10, 12, kind="captured", method="", tool=None, human_part="")

    assert disclosures.gaps(film) == []


def test_the_queryset_and_the_row_agree_on_what_is_unstated(film):
    mark(film, 0, 1)
    mark(film, 1, 2, kind="captured", method="", tool=None, human_part="")
    bare = [
        mark(film, 2, 3, **{field: None if field == "tool" else ""})
        for field in ("method", "tool", "human_part")
    ]

    assert list(film.disclosures.unstated()) == bare
    assert [line for line in film.disclosures.all() if line.unstated] == bare


def test_a_range_beyond_the_films_end_is_named(film):
    mark(film, 58, 61)

    assert disclosures.gaps(film) == [
        "The generated footage at 0:58–1:01 reaches beyond the film’s end at 1:00.00. Correct its times."
    ]


def test_a_range_may_stand_over_the_end_by_a_frame(film):
    mark(film, 58, 60.04)

    assert disclosures.gaps(film) == []


def test_a_department_that_says_none_against_the_cue_sheet_is_named(film):
    say(film, "picture", "none")
    mark(film, 4, 9)
    mark(film, 20, 21)

    assert disclosures.gaps(film) == [
        "Picture says no AI, but the cue sheet has generated footage at 0:04–0:09 and 0:20–0:21. "
        "Change one of them."
    ]


def test_either_of_two_departments_may_answer_for_sound(film):
    mark(film, 4, 9)
    mark(film, 0, 60, track="sound", method="music")
    assert disclosures.gaps(film) == [
        "Voice and Music and sound say no AI, but the cue sheet has generated sound at 0:00–1:00. "
        "Change one of them."
    ]

    say(film, "sound", "assisted")

    assert disclosures.gaps(film) == []


def test_a_picture_that_says_generated_needs_a_range(film):
    assert disclosures.gaps(film) == [
        "Picture says generated, but the cue sheet has no range of it. Mark where that footage stands."
    ]


def test_a_generated_department_needs_a_tool(film):
    mark(film, 4, 9)
    say(film, "voice", "generated")
    say(film, "sound", "assisted")

    assert disclosures.gaps(film) == ["Name the tools that generated the voices."]


def test_a_voice_clone_needs_a_consent(film):
    mark(film, 4, 9)
    mark(film, 4, 9, track="sound", method="voice-clone")
    say(film, "voice", "assisted")
    assert disclosures.gaps(film) == [
        "Voice clone at 0:04–0:09 needs the consent of the person whose voice it is. Add it under consents."
    ]

    Consent.objects.create(
        film=film, kind="voice", person="Ana", given_on=date(2026, 1, 2), scope="This film"
    )

    assert disclosures.gaps(film) == []


@pytest.mark.parametrize(
    ("section", "end_s", "words"),
    [
        (
            {"min_ai_share": 50},
            15,
            "“Dreams” takes films with at least 50 % AI picture, and the cue sheet comes to 25.0 %.",
        ),
        (
            {"max_ai_share": 20},
            15,
            "“Dreams” takes films with at most 20 % AI picture, and the cue sheet comes to 25.0 %.",
        ),
        ({"min_ai_share": 25, "max_ai_share": 25}, 15, ""),
    ],
)
def test_a_sections_limits_are_told_in_numbers(film, section, end_s, words):
    film.section = make_section(edition=film.edition, name="Dreams", **section)
    mark(film, 0, end_s)

    gaps = disclosures.gaps(film)

    assert gaps == ([f"{words} Complete the cue sheet, or choose another section."] if words else [])


def test_what_could_be_taken_for_real_needs_a_notice():
    film = make_film(footage=True)
    statement = make_statement(film, realistic=True)
    assert disclosures.gaps(film) == [
        "The film could be taken for real people or events, so say how the audience is told: the wording of "
        "the notice, and where it stands."
    ]

    statement.notice = "“Scenes imagined with AI”, in the end titles"
    statement.save()

    assert disclosures.gaps(film) == []


def test_credentials_in_the_file_are_held_against_an_empty_cue_sheet():
    film = make_film(footage=True)
    make_statement(film)
    film.footage.credentials = {"generated": True}
    film.footage.save()

    (gap,) = disclosures.gaps(film)

    assert gap.startswith("The file carries Content Credentials that say footage in it was generated")


def test_a_statement_without_a_signature_is_not_enough():
    film = make_film(footage=True)
    make_statement(film, attested_at=None, attested_by=None)

    assert disclosures.gaps(film) == ["Sign the statement with your name."]


def test_gaps_cost_the_same_for_one_range_and_for_many(film, django_assert_num_queries):
    for second in range(12):
        mark(film, second, second + 1)
    film = Film.objects.select_related("footage", "section").get(pk=film.pk)

    with django_assert_num_queries(5):
        disclosures.gaps(film)


# The entrant's statement


class Part:
    """A form that has been found valid, as far as the act can tell."""

    def __init__(self, save):
        self.save = save


def test_state_keeps_a_draft_with_gaps_and_does_not_sign_it():
    film = make_film(footage=True)

    disclosures.state(film, by=film.entrant, parts=[Part(lambda: Statement.objects.create(film=film))])

    assert film.statement.attested_at is None
    assert "Sign the statement with your name." in disclosures.gaps(film)


def test_state_does_not_sign_for_what_is_not_said_and_keeps_the_name():
    film = make_film(footage=True)

    disclosures.state(film, by=film.entrant, parts=[], sign_as="Maya Lindqvist")

    statement = Statement.objects.get(film=film)
    assert (statement.attested_name, statement.attested_by, statement.attested_at) == (
        "Maya Lindqvist",
        None,
        None,
    )


def test_state_signs_with_name_person_and_moment():
    film, at = make_film(footage=True), timezone.now()
    make_statement(film)

    disclosures.state(film, by=film.entrant, parts=[], sign_as="Maya Lindqvist", at=at)

    statement = Statement.objects.get(film=film)
    assert (statement.attested_name, statement.attested_by, statement.attested_at) == (
        "Maya Lindqvist",
        film.entrant,
        at,
    )


def test_a_change_without_a_signature_takes_the_old_one_back(film):
    disclosures.state(film, by=film.entrant, parts=[])

    assert Statement.objects.get(film=film).attested_at is None


def test_a_submitted_entry_must_stay_complete_and_loses_nothing(film):
    line = mark(film, 4, 9)
    Film.objects.filter(pk=film.pk).update(status=Film.Status.SUBMITTED)
    film.refresh_from_db()
    forget = Part(lambda: Disclosure.objects.filter(pk=line.pk).update(human_part=""))

    with pytest.raises(UndisclosedFootage, match="0:04–0:09 was made: what a person did is missing"):
        disclosures.state(film, by=film.entrant, parts=[forget], sign_as="Maya")

    line.refresh_from_db()
    assert line.human_part == "Chosen among forty takes."


def test_what_was_submitted_meanwhile_must_stay_complete_too(film):
    line = mark(film, 4, 9)
    stale = Film.objects.get(pk=film.pk)
    Film.objects.filter(pk=film.pk).update(status=Film.Status.SUBMITTED)
    forget = Part(lambda: Disclosure.objects.filter(pk=line.pk).update(human_part=""))

    with pytest.raises(UndisclosedFootage):
        disclosures.state(stale, by=film.entrant, parts=[forget], sign_as="Maya")

    line.refresh_from_db()
    assert line.human_part == "Chosen among forty takes."


def test_a_submitted_entry_may_be_stated_better(film):
    line = mark(film, 4, 9)
    Film.objects.filter(pk=film.pk).update(status=Film.Status.SUBMITTED)
    film.refresh_from_db()
    better = Part(lambda: Disclosure.objects.filter(pk=line.pk).update(human_part="Drawn over by hand."))

    disclosures.state(film, by=film.entrant, parts=[better], sign_as="Maya")

    line.refresh_from_db()
    assert line.human_part == "Drawn over by hand."


def test_state_refuses_a_stranger_and_a_late_entrant(film):
    with pytest.raises(Refused, match="Only the entrant"):
        disclosures.state(film, by=make_user(), parts=[])
    with pytest.raises(Refused, match="The call closed on"):
        disclosures.state(film, by=film.entrant, parts=[], at=timezone.now() + LONG_AGO)


def test_a_studio_tool_that_no_range_uses_any_more_is_forgotten():
    film = make_film(footage=True)
    line = disclosures.adopt(film, by=film.entrant, start_s=0, clip=a_clip())

    disclosures.state(film, by=film.entrant, parts=[Part(line.delete)])

    assert not film.tools.exists()


def test_a_tool_in_the_cue_sheet_answers_for_the_picture_but_for_no_other_department(film):
    mark(film, 4, 9)
    film.departments.get(department="picture").tools.clear()
    assert disclosures.gaps(film) == []

    say(film, "voice", "generated")
    assert disclosures.gaps(film) == ["Name the tools that generated the voices."]
