"""When a film may be submitted or withdrawn, and the sentence when not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from festival import access, notices
from festival.models import Edition, Film, Footage
from tests.factories import (
    make_edition,
    make_entry,
    make_film,
    make_footage,
    make_organiser,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


# why_not_submit


def why_not_submit(film, *, by=None, at=None):
    film = Film.objects.get(pk=film.pk)
    return access.why_not_submit(by or film.entrant, film, at=at or timezone.now())


def test_the_entrant_may_submit_an_entry_that_lacks_nothing():
    assert why_not_submit(make_entry()) == ""


def test_only_the_entrant_may_submit():
    film = make_entry()

    for other in (make_user(), make_organiser(film.edition), AnonymousUser()):
        assert why_not_submit(film, by=other) == "Only the entrant can submit this film."


@pytest.mark.parametrize(
    "status", [Film.Status.SUBMITTED, Film.Status.ELIGIBLE, Film.Status.SELECTED, Film.Status.DECLINED]
)
def test_a_film_is_submitted_once(status):
    assert why_not_submit(make_entry(status=status)) == "This film has already been submitted."


def test_a_withdrawn_film_is_not_submitted_again():
    assert why_not_submit(make_entry(status=Film.Status.WITHDRAWN)).startswith("This film was withdrawn.")


def test_a_film_is_not_submitted_to_a_closed_call():
    film = make_entry(edition=make_edition(status=Edition.Status.CLOSED, name="Marquee 2027"))

    assert why_not_submit(film) == "The call of Marquee 2027 is not open."


def test_a_film_is_not_submitted_after_the_deadline_by_the_servers_clock():
    film = make_entry()

    assert why_not_submit(film, at=film.edition.deadline_at) == ""
    assert why_not_submit(film, at=film.edition.deadline_at + timedelta(seconds=1)).startswith(
        "The call closed on"
    )


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"section": None}, "Choose a section."),
        ({"title": " "}, "Give the film a title."),
        ({"logline": ""}, "Write a logline: one sentence that says what the film is about."),
        ({"synopsis": "\n"}, "Write a synopsis."),
        ({"year": None}, "Say in which year the film was completed."),
        ({"contact_email": ""}, "Give an e-mail address at which the festival can reach you."),
        ({"rights_picture": False}, "Say whether you hold the rights to every picture."),
        ({"rights_music": False}, "Say whether you hold the rights to the music and sound."),
        ({"rights_screening": False}, "Allow the festival to screen the film."),
        ({"footage": False}, "Upload the film first."),
    ],
)
def test_a_film_is_not_submitted_while_something_is_missing(lacking, sentence):
    film = make_entry(**lacking)

    assert why_not_submit(film) == sentence
    assert access.missing(film) == [sentence]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("credits", "Credit the director, or each of them."),
        ("countries", "Name a country of production."),
        ("languages", "Name the film's language, or say that it has no dialogue."),
    ],
)
def test_a_film_is_not_submitted_without_its_director_country_and_language(rows, sentence):
    film = make_entry()
    getattr(film, rows).all().delete()

    assert why_not_submit(film) == sentence


def test_a_director_of_photography_is_no_director():
    film = make_entry()
    film.credits.update(role="Director of photography")

    assert why_not_submit(film) == "Credit the director, or each of them."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            Footage.Status.WAITING,
            "The file “cut.mp4” is still being examined. You can submit as soon as it is ready.",
        ),
        (
            Footage.Status.EXAMINING,
            "The file “cut.mp4” is still being examined. You can submit as soon as it is ready.",
        ),
        (Footage.Status.REFUSED, "The file “cut.mp4” cannot be used: There is no picture in it."),
        (
            Footage.Status.FAILED,
            "The examination of “cut.mp4” broke off. Start it again, or upload the film once more.",
        ),
    ],
)
def test_a_film_is_not_submitted_before_its_file_is_ready(status, sentence):
    film = make_entry(footage=False)
    make_footage(film=film, name="cut.mp4", status=status, problem="There is no picture in it.")

    assert why_not_submit(film) == sentence


def test_a_film_is_submitted_with_the_file_it_has_while_a_newer_one_is_examined():
    film = make_entry()
    make_footage(film=film, status=Footage.Status.EXAMINING)

    assert why_not_submit(film) == ""


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (
            {"max_duration_s": 59},
            "The film runs 1:00, but Shorts takes films of 0:59 at most. "
            "Choose another section or send a shorter cut.",
        ),
        (
            {"min_duration_s": 61},
            "The film runs 1:00, but Shorts takes films of 1:01 at least. "
            "Choose another section or send a longer cut.",
        ),
    ],
)
def test_a_film_is_not_submitted_to_a_section_whose_length_it_has_not(section, sentence):
    film = make_entry()
    film.edition.sections.update(name="Shorts", **section)

    assert why_not_submit(film) == sentence


def test_a_film_exactly_as_long_as_its_section_allows_is_submitted():
    film = make_entry()
    film.edition.sections.update(min_duration_s=60, max_duration_s=60)

    assert why_not_submit(film) == ""


# why_not_withdraw


@pytest.mark.parametrize(
    "status", [Film.Status.DRAFT, Film.Status.SUBMITTED, Film.Status.ELIGIBLE, Film.Status.SELECTED]
)
def test_the_entrant_may_withdraw_until_the_programme_is_published(status):
    film = make_film(status=status)

    assert access.why_not_withdraw(film.entrant, film) == ""


def test_only_the_entrant_may_withdraw():
    film = make_film()

    assert access.why_not_withdraw(make_organiser(film.edition), film) == (
        "Only the entrant can withdraw this film."
    )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Film.Status.WITHDRAWN, "This film has already been withdrawn."),
        (Film.Status.DECLINED, "This film is “Not selected”, so there is nothing to withdraw."),
    ],
)
def test_a_film_that_is_out_is_not_withdrawn(status, sentence):
    film = make_film(status=status)
    if status == Film.Status.DECLINED:
        assert "about to write to you" in access.why_not_withdraw(film.entrant, film)  # nothing is given away
        notices.write(film.entrant, "declined", film=film)

    assert access.why_not_withdraw(film.entrant, film) == sentence


def test_a_film_in_a_published_programme_is_withdrawn_by_the_office_only():
    film = make_film(status=Film.Status.SELECTED, edition=make_edition(status=Edition.Status.PUBLISHED))

    assert access.why_not_withdraw(film.entrant, film) == (
        "The programme with this film is published. Write to the festival office to withdraw it."
    )
