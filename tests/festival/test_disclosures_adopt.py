"""Clips made here enter a film's cue sheet with the facts that the platform vouches for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festival import disclosures
from festival.errors import Refused, Unacceptable
from festival.models import Film
from tests.factories import make_film, make_statement, make_user
from tests.festival.cues import a_clip

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=31)  # after the deadline of make_edition


def test_adopt_copies_the_facts_of_a_clip():
    film, clip = make_film(footage=True), a_clip()
    at = timezone.now()

    line = disclosures.adopt(film, by=film.entrant, start_s=4.5, clip=clip, at=at)

    line.refresh_from_db()
    assert (line.start_s, line.end_s, line.track, line.kind) == (4.5, 9.5, "picture", "generated")
    assert (line.clip_id, line.engine, line.revision, line.seed) == (clip.clip_id, "wan", "4f" * 20, 42)
    assert (line.prompt_sha256, line.clip_sha256, line.clip_s) == ("a" * 64, "b" * 64, 5.0)
    assert (line.standing, line.method, line.adopted_at) == ("verified", "text-to-video", at)
    assert (line.tool.name, line.tool.version) == ("wan", "4f" * 20)
    assert (line.tool.licence, line.tool.from_platform) == ("Apache-2.0", True)


def test_adopt_leaves_the_human_part_to_the_entrant():
    film = make_film(footage=True)
    disclosures.adopt(film, by=film.entrant, start_s=4, clip=a_clip())

    assert "Say how the footage at 0:04–0:09 was made: what a person did is missing." in disclosures.gaps(
        film
    )


def test_adopt_takes_a_signature_back():
    film = make_film(footage=True)
    make_statement(film)

    disclosures.adopt(film, by=film.entrant, start_s=4, clip=a_clip())

    assert "Sign the statement with your name." in disclosures.gaps(film)
    assert film.statement.attested_name == film.entrant.name  # ready to be signed anew


def test_adopt_twice_at_one_place_enters_one_line():
    film, clip = make_film(footage=True), a_clip()

    first = disclosures.adopt(film, by=film.entrant, start_s=4, clip=clip)
    again = disclosures.adopt(film, by=film.entrant, start_s=4, clip=clip)
    other = disclosures.adopt(film, by=film.entrant, start_s=30, clip=clip)

    assert again == first
    assert other != first
    assert film.tools.count() == 1


@pytest.mark.parametrize(("before", "after"), [("", "Wan 2.1"), ("Wan 2.1", ""), ("Wan 2.1", "Wan")])
def test_an_engine_is_one_tool_of_a_film_whatever_it_is_called_later(before, after):
    film = make_film(footage=True)
    for start_s, title in ((4, before), (30, after)):
        disclosures.adopt(film, by=film.entrant, start_s=start_s, clip=a_clip(title=title))

    assert [tool.name for tool in film.tools.all()] == [before or "wan"]
    assert film.disclosures.filter(tool=film.tools.get()).count() == 2


def test_another_revision_of_an_engine_is_another_tool():
    film = make_film(footage=True)
    for start_s, revision in ((4, "4f" * 20), (30, "5a" * 20)):
        disclosures.adopt(film, by=film.entrant, start_s=start_s, clip=a_clip(revision=revision))

    assert film.tools.count() == 2


@pytest.mark.parametrize(
    ("start_s", "clip_s", "words"),
    [
        (
            56,
            5,
            "The clip would end at 1:01.00, but the film ends at 1:00.00. Place it at 0:55.00 or earlier.",
        ),
        (-1, 5, "A clip cannot begin before the film does."),
        (0, 61, "The clip lasts 1:01.00 and the film only 1:00.00, so it cannot be part of it."),
    ],
)
def test_adopt_refuses_a_clip_that_does_not_lie_within_the_film(start_s, clip_s, words):
    film = make_film(footage=True)

    with pytest.raises(Unacceptable, match=words):
        disclosures.adopt(film, by=film.entrant, start_s=start_s, clip=a_clip(duration_s=clip_s))

    assert not film.disclosures.exists()
    assert not film.tools.exists()


def test_adopt_trims_the_last_frame_to_the_films_end():
    film = make_film(footage=True)

    line = disclosures.adopt(film, by=film.entrant, start_s=55.03, clip=a_clip())

    assert line.end_s == 60.0


def test_adopt_takes_any_place_before_the_film_is_here():
    film = make_film()

    assert disclosures.adopt(film, by=film.entrant, start_s=300, clip=a_clip()).end_s == 305


@pytest.mark.parametrize("start_s", [86_401, 1e15, 1e300])
def test_adopt_refuses_a_place_in_which_no_film_is(start_s):
    film = make_film()

    with pytest.raises(Unacceptable, match="No film is that long"):
        disclosures.adopt(film, by=film.entrant, start_s=start_s, clip=a_clip())


def test_adopt_asks_of_the_entry_as_it_is_by_now():
    film = make_film(footage=True)
    stale = Film.objects.get(pk=film.pk)
    Film.objects.filter(pk=film.pk).update(status=Film.Status.ELIGIBLE)

    with pytest.raises(Refused, match="can no longer be changed"):
        disclosures.adopt(stale, by=film.entrant, start_s=0, clip=a_clip())


def test_adopt_refuses_a_stranger():
    film = make_film(footage=True)

    with pytest.raises(Refused, match="Only the entrant"):
        disclosures.adopt(film, by=make_user(), start_s=0, clip=a_clip())


def test_adopt_refuses_after_the_deadline():
    film = make_film(footage=True)

    with pytest.raises(Refused, match="The call closed on"):
        disclosures.adopt(film, by=film.entrant, start_s=0, clip=a_clip(), at=timezone.now() + LONG_AGO)
