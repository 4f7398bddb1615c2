"""Each rule of who may do what: one test for yes, one for each no."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from festival import access
from festival.models import Edition, Film, Footage, Upload
from tests.factories import (
    make_edition,
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
