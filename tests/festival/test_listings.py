from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from festival import archive, listings
from festival.errors import Refused, Unacceptable
from festival.forms.entry import DetailsForm
from festival.models import Edition, Film, FilmCountry, FilmLanguage, Still
from tests.factories import make_edition, make_film, make_statement, make_user
from tests.festival.entry_desk import details
from tests.festival.test_captions import SRT

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=31)


@pytest.fixture
def film():
    return make_film(footage=True)


@pytest.fixture
def photograph(tmp_path) -> Path:
    """A small picture with a place and a camera written into it."""
    path = tmp_path / "still.jpg"
    image = Image.new("RGB", (64, 36), "#3060a0")
    exif = image.getexif()
    exif[0x010F] = "A camera that remembers"
    image.save(path, exif=exif)
    return path


@pytest.fixture
def complete(film):
    """A film with all that is needed to submit it, submitted."""
    film.logline, film.synopsis, film.year = "A harbour.", "A harbour, and a lamp.", 2026
    film.contact_email = film.entrant.email
    film.rights_picture = film.rights_music = film.rights_screening = True
    film.status, film.submitted_at = Film.Status.SUBMITTED, timezone.now()
    film.save()
    FilmCountry.objects.create(film=film, code="PT")
    FilmLanguage.objects.create(film=film, code="pt")
    film.credits.create(role="Director", name="Maya")
    make_statement(film)
    return film


# Begin


def test_begin_makes_a_draft_with_a_title_and_its_entrant():
    edition, maya = make_edition(), make_user(name="Maya Lindqvist")

    film = listings.begin(edition, by=maya, title="The Salt Harbour")

    assert (film.title, film.entrant, film.status) == ("The Salt Harbour", maya, Film.Status.DRAFT)
    assert (film.contact_name, film.contact_email) == ("Maya Lindqvist", maya.email)


def test_begin_refuses_where_no_call_is_open():
    with pytest.raises(Refused, match="is not open"):
        listings.begin(make_edition(status=Edition.Status.CLOSED), by=make_user(), title="Late")


def test_begin_refuses_after_the_deadline():
    with pytest.raises(Refused, match="closed on"):
        listings.begin(make_edition(), by=make_user(), title="Late", at=timezone.now() + LONG_AGO)


# Credits


def test_set_credits_puts_lines_in_the_place_of_the_old_ones(film):
    listings.set_credits(film, by=film.entrant, credits=[("Director", "Ana"), ("Music", "João")])
    listings.set_credits(
        film, by=film.entrant, credits=[(" Music ", " João "), ("Director", "Maya"), ("Cast", " ")]
    )

    assert list(film.credits.values_list("role", "name", "position")) == [
        ("Music", "João", 0),
        ("Director", "Maya", 1),
    ]


def test_set_credits_takes_no_more_than_can_be_shown(film):
    with pytest.raises(Unacceptable, match="200 credits are the most"):
        listings.set_credits(film, by=film.entrant, credits=[("Thanks", f"Person {n}") for n in range(201)])


def test_a_submitted_entry_keeps_its_director(complete):
    with pytest.raises(Unacceptable, match=r"must stay complete.*Credit the director"):
        listings.set_credits(complete, by=complete.entrant, credits=[("Music", "João")])

    assert list(complete.credits.values_list("role", "name")) == [("Director", "Maya")]


def test_a_submitted_entry_may_be_credited_better(complete):
    listings.set_credits(complete, by=complete.entrant, credits=[("Director", "Maya"), ("Music", "João")])

    assert complete.credits.count() == 2


# Two at once: what others have moved since the page was read is not put back


def test_describing_a_film_that_the_office_has_just_passed_on_is_refused(complete):
    stale = Film.objects.get(pk=complete.pk)
    form = DetailsForm(details(stale, title="Another film"), instance=stale)
    assert form.is_valid(), form.errors
    complete.move(Film.Status.ELIGIBLE, by=make_user())

    with pytest.raises(Refused, match="can no longer be changed"):
        listings.describe(stale, by=stale.entrant, details=form, credits=[("Director", "Maya")])

    assert (Film.objects.get(pk=complete.pk).status, complete.events.count()) == (Film.Status.ELIGIBLE, 1)


def test_describing_a_film_leaves_the_file_that_has_just_been_examined(film):
    shown, film.footage = film.footage, None
    film.save()
    stale = Film.objects.get(pk=film.pk)
    form = DetailsForm(details(stale), instance=stale)
    assert form.is_valid(), form.errors
    Film.objects.filter(pk=film.pk).update(footage=shown)

    listings.describe(stale, by=stale.entrant, details=form, credits=[("Director", "Maya")])

    kept = Film.objects.get(pk=film.pk)
    assert (kept.title, kept.footage) == ("The Salt Harbour", shown)


# Captions


def test_add_subtitle_keeps_clean_captions_under_their_language(film):
    subtitle = listings.add_subtitle(film, by=film.entrant, language="pt-BR", data=SRT)

    assert (subtitle.label, subtitle.cues) == ("Portuguese (Brazil)", 2)
    assert "<" not in subtitle.vtt


def test_add_subtitle_replaces_the_language(film):
    listings.add_subtitle(film, by=film.entrant, language="en", data=SRT)
    listings.add_subtitle(film, by=film.entrant, language="en", data=SRT.replace(b"sea", b"shore"))

    assert "shore" in film.subtitles.get().vtt


def test_add_subtitle_checks_the_times_against_the_film(film):
    late = SRT.replace(b"00:00:04,000 --> 00:00:05,000", b"00:02:00,000 --> 00:02:02,000")

    with pytest.raises(Unacceptable, match=r"after the film’s end at 1:00\.00"):
        listings.add_subtitle(film, by=film.entrant, language="en", data=late)

    assert not film.subtitles.exists()


def test_remove_subtitle_takes_captions_away(film):
    listings.remove_subtitle(
        listings.add_subtitle(film, by=film.entrant, language="en", data=SRT), by=film.entrant
    )

    assert not film.subtitles.exists()


# Pictures


def test_add_still_keeps_pixels_and_nothing_else(film, photograph):
    still = listings.add_still(film, by=film.entrant, source=photograph, kind="still", alt="A blue wall")

    assert (still.width, still.height, still.alt) == (64, 36, "A blue wall")
    with archive.open_file(still.path) as file:
        data = file.read()
    assert data[:2] == b"\xff\xd8"
    assert b"remembers" not in data


def test_a_picture_of_14000_pixels_gets_a_sentence(film, tmp_path):
    huge = tmp_path / "huge.png"
    Image.new("1", (14_000, 14_000)).save(huge)

    with pytest.raises(Unacceptable, match="more than 50 million pixels"):
        listings.add_still(film, by=film.entrant, source=huge, kind="still")

    assert not film.stills.exists()


def test_a_film_that_calls_itself_a_picture_gets_a_sentence(film, tmp_path):
    lie = tmp_path / "poster.jpg"
    lie.write_text("#EXTM3U\nhttps://elsewhere.example/secret\n")

    with pytest.raises(Unacceptable, match="not a JPEG, PNG or WebP picture"):
        listings.add_still(film, by=film.entrant, source=lie, kind="still")


def test_a_new_poster_takes_the_place_of_the_old(film, photograph, django_capture_on_commit_callbacks):
    old = listings.add_still(film, by=film.entrant, source=photograph, kind="poster")
    with django_capture_on_commit_callbacks(execute=True):
        new = listings.add_still(film, by=film.entrant, source=photograph, kind="poster")

    assert list(film.stills.all()) == [new]
    assert archive.exists(new.path)
    assert not archive.exists(old.path)


def test_there_is_room_for_twelve_stills(film, photograph):
    for number in range(listings.MOST_STILLS):
        Still.objects.create(film=film, path=f"stills/{number}.jpg", width=1, height=1)

    with pytest.raises(Unacceptable, match="There are 12 stills already"):
        listings.add_still(film, by=film.entrant, source=photograph, kind="still")


def test_remove_still_takes_the_file_as_well(film, photograph, django_capture_on_commit_callbacks):
    still = listings.add_still(film, by=film.entrant, source=photograph, kind="still")

    with django_capture_on_commit_callbacks(execute=True):
        listings.remove_still(still, by=film.entrant)

    assert not film.stills.exists()
    assert not archive.exists(still.path)


def test_describe_still_keeps_words_and_focal_point(film, photograph):
    still = listings.add_still(film, by=film.entrant, source=photograph, kind="still")

    listings.describe_still(still, by=film.entrant, alt="A wall", focus_x=0.2, focus_y=0.8)

    still.refresh_from_db()
    assert (still.alt, still.focus_x, still.focus_y) == ("A wall", 0.2, 0.8)


# Who may

ACTS = {
    "set_credits": lambda film, still, subtitle, **who: listings.set_credits(film, credits=[], **who),
    "describe": lambda film, still, subtitle, **who: listings.describe(film, details=None, credits=[], **who),
    "add_subtitle": lambda film, still, subtitle, **who: listings.add_subtitle(
        film, language="en", data=SRT, **who
    ),
    "remove_subtitle": lambda film, still, subtitle, **who: listings.remove_subtitle(subtitle, **who),
    "add_still": lambda film, still, subtitle, **who: listings.add_still(
        film, source=Path("never-opened"), kind="still", **who
    ),
    "describe_still": lambda film, still, subtitle, **who: listings.describe_still(
        still, alt="", focus_x=0, focus_y=0, **who
    ),
    "remove_still": lambda film, still, subtitle, **who: listings.remove_still(still, **who),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_open_to_a_stranger_nor_after_the_deadline_nor_once_the_jury_has_it(film, act):
    still = Still.objects.create(film=film, path="stills/one.jpg", width=1, height=1)
    subtitle = film.subtitles.create(language="pt", label="Portuguese", vtt="WEBVTT\n", cues=0)

    def do(**who):
        ACTS[act](film, still, subtitle, **who)

    with pytest.raises(Refused, match="Only the entrant"):
        do(by=make_user())
    with pytest.raises(Refused, match="The call closed on"):
        do(by=film.entrant, at=timezone.now() + LONG_AGO)
    film.status = Film.Status.ELIGIBLE
    with pytest.raises(Refused, match="can no longer be changed"):
        do(by=film.entrant)
    assert list(film.stills.all()) == [still]
    assert list(film.subtitles.all()) == [subtitle]
