"""When a file may be examined again, an entry sent back or accepted, and the sentence when not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festival import access
from festival.models import Film, Footage
from tests.factories import (
    make_entry,
    make_film,
    make_footage,
    make_organiser,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


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
