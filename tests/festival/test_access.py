"""Each rule of who may do what: one test for yes, one for each no."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from festival import access, notices
from festival.models import Edition, Film, Footage, Upload
from tests.factories import (
    make_edition,
    make_entry,
    make_film,
    make_footage,
    make_juror,
    make_organiser,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def deadline(film):
    return film.edition.deadline_at


def make_upload(film, *, begun_at, **fields):
    return Upload.objects.create(
        film=film,
        owner=film.entrant,
        name="film.mp4",
        size_bytes=10,
        begun_at=begun_at,
        expires_at=begun_at + 72 * HOUR,
        **fields,
    )


# why_not_organise


def test_organisers_of_the_edition_and_superusers_may_organise():
    edition = make_edition()

    assert access.why_not_organise(make_organiser(edition), edition) == ""
    assert access.why_not_organise(make_user(is_superuser=True), edition) == ""


def test_nobody_else_may_organise():
    edition = make_edition()
    others = [AnonymousUser(), make_user(), make_juror(edition), make_organiser(make_edition())]

    assert {access.why_not_organise(other, edition) for other in others} == {
        "Only this edition's organisers may do that."
    }


# why_not_enter


def test_anybody_signed_in_may_enter_an_open_call():
    assert access.why_not_enter(make_user(), make_edition(), at=timezone.now()) == ""
    assert access.why_not_enter(make_user(), make_edition(deadline_in=None), at=timezone.now()) == ""


def test_a_visitor_must_sign_in_to_enter():
    why = access.why_not_enter(AnonymousUser(), make_edition(), at=timezone.now())

    assert why == "Sign in to enter a film."


def test_a_call_that_is_not_open_cannot_be_entered():
    edition = make_edition(name="Marquee 2027", status=Edition.Status.CLOSED)

    assert access.why_not_enter(make_user(), edition, at=timezone.now()) == (
        "The call of Marquee 2027 is not open."
    )


def test_a_call_cannot_be_entered_after_its_deadline():
    edition = make_edition(name="Marquee 2027", time_zone="Europe/Lisbon")

    why = access.why_not_enter(make_user(), edition, at=edition.deadline_at + HOUR)

    assert why == f"The call of Marquee 2027 closed on {access.local(edition.deadline_at, edition)}."


# why_not_edit


@pytest.mark.parametrize("status", [Film.Status.DRAFT, Film.Status.SUBMITTED])
def test_the_entrant_may_edit_until_the_deadline(status):
    film = make_film(status=status)

    assert access.why_not_edit(film.entrant, film, at=deadline(film)) == ""


def test_only_the_entrant_may_edit():
    film = make_film()

    for other in (make_user(), make_organiser(film.edition), AnonymousUser()):
        assert access.why_not_edit(other, film, at=timezone.now()) == (
            "Only the entrant may change this entry."
        )


@pytest.mark.parametrize(
    "status", [Film.Status.ELIGIBLE, Film.Status.SELECTED, Film.Status.DECLINED, Film.Status.WITHDRAWN]
)
def test_an_entry_with_the_jury_cannot_be_edited(status):
    film = make_film(status=status)

    assert access.why_not_edit(film.entrant, film, at=timezone.now()) == (
        "This entry can no longer be changed. Write to the festival office if something is wrong."
    )


def test_an_entry_cannot_be_edited_after_the_deadline():
    film = make_film()

    why = access.why_not_edit(film.entrant, film, at=deadline(film) + HOUR)

    assert why == (
        f"The call closed on {access.local(deadline(film), film.edition)}. Nothing you entered is lost."
    )


# why_late: the deadline, and the hours of grace


def late(film, *, after):
    return access.why_late(Film.objects.get(pk=film.pk), at=deadline(film) + after)


def test_the_deadline_itself_is_still_in_time():
    film = make_film()

    assert late(film, after=timedelta()) == ""
    assert "Nothing you entered is lost" in late(film, after=timedelta(microseconds=1))


def test_a_call_without_a_deadline_stays_open():
    film = make_film(edition=make_edition(deadline_in=None))

    assert access.why_late(film, at=timezone.now() + timedelta(days=900)) == ""
    assert access.open_until(film) is None


def test_an_upload_begun_in_time_has_the_hours_of_grace_and_no_more():
    film = make_film(edition=make_edition(upload_grace_h=48))
    make_upload(film, begun_at=deadline(film) - HOUR)

    assert late(film, after=48 * HOUR) == ""
    assert "Nothing you entered is lost" in late(film, after=48 * HOUR + timedelta(seconds=1))


def test_an_upload_begun_after_the_deadline_has_no_grace():
    film = make_film()
    make_upload(film, begun_at=deadline(film) + timedelta(seconds=1))

    assert "Nothing you entered is lost" in late(film, after=HOUR)


def test_an_upload_that_was_over_and_examined_by_the_deadline_has_no_grace():
    film = make_film()
    before = deadline(film) - 2 * HOUR
    upload = make_upload(film, begun_at=before, finished_at=before)
    make_footage(film=film, upload=upload, examined_at=before)

    assert "Nothing you entered is lost" in late(film, after=HOUR)


@pytest.mark.parametrize(
    "examined_after", [None, HOUR], ids=["still being examined", "examined after the deadline"]
)
def test_a_file_on_time_that_was_not_yet_examined_at_the_deadline_has_grace(examined_after):
    film = make_film()
    before = deadline(film) - 2 * HOUR
    upload = make_upload(film, begun_at=before, finished_at=before)
    examined_at = deadline(film) + examined_after if examined_after else None
    make_footage(film=film, upload=upload, status=Footage.Status.WAITING, examined_at=examined_at)

    assert late(film, after=2 * HOUR) == ""


def test_another_films_upload_gives_no_grace():
    film = make_film()
    make_upload(make_film(edition=film.edition), begun_at=deadline(film) - HOUR)

    assert "Nothing you entered is lost" in late(film, after=HOUR)


def test_an_entry_that_was_sent_back_has_the_hours_of_grace_anew():
    film = make_film(edition=make_edition(upload_grace_h=48))
    sent_back = film.events.create(by=None, was=Film.Status.SUBMITTED, became=Film.Status.DRAFT)
    film.events.filter(pk=sent_back.pk).update(at=deadline(film) + 10 * HOUR)

    assert late(film, after=58 * HOUR) == ""
    assert "Nothing you entered is lost" in late(film, after=59 * HOUR)


def test_a_call_closed_before_its_deadline_is_late_from_then_on_but_for_uploads_under_way():
    edition = make_edition()
    quick, slow = make_film(edition=edition), make_film(edition=edition)
    now = timezone.now()
    make_upload(slow, begun_at=now - HOUR)
    edition.move(Edition.Status.CLOSED, by=make_organiser(edition))

    assert "Nothing you entered is lost" in access.why_late(quick, at=now + HOUR)
    assert access.why_late(slow, at=now + HOUR) == ""


@pytest.mark.parametrize("status", [Edition.Status.DRAFT, Edition.Status.PUBLISHED])
def test_an_edition_that_calls_for_nothing_is_not_open_even_to_uploads_under_way(status):
    film = make_film(edition=make_edition(status=status, name="Marquee 2027"))
    make_upload(film, begun_at=timezone.now() - HOUR)

    assert access.why_late(film, at=timezone.now()) == "The call of Marquee 2027 is not open."


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

    assert why_not_submit(film, at=deadline(film)) == ""
    assert why_not_submit(film, at=deadline(film) + timedelta(seconds=1)).startswith("The call closed on")


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


# why_not_retry


def test_the_entrant_and_the_office_may_have_a_file_examined_again():
    for status in (Footage.Status.REFUSED, Footage.Status.FAILED):
        footage = make_footage(status=status)

        assert access.why_not_retry(footage.film.entrant, footage) == ""
        assert access.why_not_retry(make_organiser(footage.film.edition), footage) == ""


def test_a_stranger_may_not_have_a_file_examined_again():
    footage = make_footage(status=Footage.Status.FAILED)

    assert access.why_not_retry(make_user(), footage) == (
        "Only the entrant can have this file examined again."
    )


@pytest.mark.parametrize("status", [Footage.Status.WAITING, Footage.Status.EXAMINING, Footage.Status.READY])
def test_a_file_that_did_not_fail_is_not_examined_again(status):
    footage = make_footage(status=status)

    why = access.why_not_retry(footage.film.entrant, footage)

    assert why == f"There is nothing to try again: {footage.get_status_display().lower()}."


def test_the_file_of_a_film_with_the_jury_stays_as_it_is():
    footage = make_footage(status=Footage.Status.FAILED, film=make_film(status=Film.Status.ELIGIBLE))

    assert access.why_not_retry(footage.film.entrant, footage) == (
        "The film is “With the jury”, so its file stays as it is."
    )


def test_a_file_with_a_newer_one_is_not_examined_again():
    film = make_film()
    old = make_footage(film=film, status=Footage.Status.FAILED, created_at=timezone.now() - HOUR)
    make_footage(film=film, status=Footage.Status.WAITING)

    assert access.why_not_retry(film.entrant, old) == "A newer file has taken the place of this one."


# why_not_send_back, why_not_accept


@pytest.mark.parametrize("status", [Film.Status.SUBMITTED, Film.Status.ELIGIBLE])
def test_an_organiser_may_send_an_entry_back(status):
    film = make_film(status=status)

    assert access.why_not_send_back(make_organiser(film.edition), film) == ""


def test_nobody_else_may_send_an_entry_back():
    film = make_film(status=Film.Status.SUBMITTED)

    assert access.why_not_send_back(film.entrant, film) == "Only this edition's organisers may do that."


@pytest.mark.parametrize(
    "status", [Film.Status.DRAFT, Film.Status.SELECTED, Film.Status.DECLINED, Film.Status.WITHDRAWN]
)
def test_an_entry_that_is_not_in_the_office_is_not_sent_back(status):
    film = make_film(title="Gulls", status=status)

    assert access.why_not_send_back(make_organiser(film.edition), film) == (
        f"“Gulls” is “{film.get_status_display()}”, so it cannot be sent back."
    )


def test_an_organiser_may_accept_an_entry_with_a_file():
    film = make_entry(status=Film.Status.SUBMITTED)

    assert access.why_not_accept(make_organiser(film.edition), film) == ""


def test_nobody_else_may_accept_an_entry():
    film = make_entry(status=Film.Status.SUBMITTED)

    assert access.why_not_accept(film.entrant, film) == "Only this edition's organisers may do that."


def test_an_entry_that_was_not_submitted_is_not_accepted():
    film = make_entry(title="Gulls")

    assert access.why_not_accept(make_organiser(film.edition), film) == (
        "“Gulls” is “Draft”, so it cannot be accepted."
    )


def test_an_entry_without_a_file_is_not_accepted():
    film = make_entry(status=Film.Status.SUBMITTED, footage=False)

    assert access.why_not_accept(make_organiser(film.edition), film) == (
        f"“{film}” cannot be accepted yet. Its entrant is told: Upload the film first."
    )


def test_an_entry_longer_than_its_section_is_not_accepted():
    film = make_entry(status=Film.Status.SUBMITTED)
    film.edition.sections.update(max_duration_s=30)

    why = access.why_not_accept(make_organiser(film.edition), Film.objects.get(pk=film.pk))

    assert why.startswith(f"“{film}” cannot be accepted yet. Its entrant is told: The film runs 1:00, but")


# words


def test_moments_are_told_in_the_editions_own_time():
    edition = make_edition(time_zone="Europe/Lisbon")
    summer = datetime(2027, 5, 3, 22, 59, tzinfo=UTC)

    assert access.local(summer, edition) == "3 May 2027, 23:59 (Europe/Lisbon)"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (9.6, "0:10"), (249, "4:09"), (3599.7, "1:00:00"), (3750, "1:02:30")]
)
def test_running_times_read_as_on_a_clock(seconds, words):
    assert access.clock(seconds) == words
