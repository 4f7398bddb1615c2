"""Each rule of the studio: one yes, and each no with its sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from festival.models import Edition
from generation import access, allowances
from generation.models import Job
from tests.factories import make_edition, make_film, make_juror, make_organiser, make_user
from tests.generation.conftest import QUICK
from tests.generation.makers import make_clip, make_job

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_draw_yes_while_the_call_is_open():
    assert access.why_not_draw(make_user(), make_edition()) == ""


def test_draw_yes_for_people_with_a_role_also_after_the_call():
    edition = make_edition(status=Edition.Status.CLOSED)

    assert access.why_not_draw(make_juror(edition), edition) == ""


def test_draw_no_without_signing_in():
    assert access.why_not_draw(AnonymousUser(), make_edition()) == "Sign in to have a clip drawn."


def test_draw_no_when_the_call_is_not_open():
    edition = make_edition(status=Edition.Status.CLOSED, name="Marquee 2027")

    assert access.why_not_draw(make_user(), edition) == (
        "The studio of Marquee 2027 draws while its call is open, and it is not open now."
    )


def test_draw_no_with_enough_on_the_way(settings):
    settings.JOBS_A_PERSON = 2
    person = make_user()
    job = make_job(owner=person)
    make_job(owner=person, status=Job.Status.DONE)
    make_job()
    assert access.why_not_draw(person, job.edition) == ""

    make_job(owner=person, status=Job.Status.RUNNING)

    assert access.why_not_draw(person, job.edition).startswith("You have 2 clips on the way.")


def test_draw_no_with_more_asked_for_within_a_day_than_anybody_looks_at(settings):
    settings.JOBS_A_DAY = 2
    job = make_job(status=Job.Status.CANCELLED)
    assert access.why_not_draw(job.owner, job.edition) == ""

    make_job(owner=job.owner, status=Job.Status.CANCELLED)

    assert access.why_not_draw(job.owner, job.edition).startswith("You have asked for 2 clips within a day")
    assert access.why_not_draw(job.owner, job.edition, at=timezone.now() + timedelta(days=1)) == ""


KEEP_TO_THAT = "Keep to that, or choose another engine; its card says what it draws."
WISH = {"prompt": "a cat", "seconds": 1, "aspect": "4:3", "seed": 0}


def test_ask_yes():
    assert access.why_not_ask(QUICK, **WISH) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"prompt": "  \n"}, "Say in words what should be seen."),
        ({"prompt": "a" * 2001}, "2,001 characters are too many; 2,000 is the most. Shorten the text."),
        ({"seconds": 2.1}, "Quick noise draws 0.5 to 2 seconds. " + KEEP_TO_THAT),
        ({"seconds": 0.1}, "Quick noise draws 0.5 to 2 seconds. " + KEEP_TO_THAT),
        ({"seconds": float("nan")}, "Quick noise draws 0.5 to 2 seconds. " + KEEP_TO_THAT),
        ({"aspect": "21:9"}, "Quick noise draws in 4:3, 1:1. " + KEEP_TO_THAT),
        ({"seed": -1}, "A seed is a whole number from 0 to 4,294,967,295."),
        ({"seed": 2**32}, "A seed is a whole number from 0 to 4,294,967,295."),
    ],
)
def test_ask_no(change, words):
    assert access.why_not_ask(QUICK, **WISH | change) == words


def test_ask_no_without_an_engine():
    assert access.why_not_ask(None, **WISH) == "This engine is not here any more. Choose another."


@pytest.mark.parametrize("status", [Job.Status.QUEUED, Job.Status.RUNNING])
def test_cancel_yes_while_it_is_on_the_way(status):
    job = make_job(status=status)

    assert access.why_not_cancel(job.owner, job) == ""


def test_cancel_no_for_others():
    assert access.why_not_cancel(make_user(), make_job()).startswith("Only the person who asked")


@pytest.mark.parametrize("status", [Job.Status.DONE, Job.Status.FAILED, Job.Status.CANCELLED])
def test_cancel_no_when_it_has_ended(status):
    job = make_job(status=status)

    assert access.why_not_cancel(job.owner, job) == f"This clip is no longer on the way: {status.value}."


def test_retry_yes_after_a_failure():
    job = make_job(status=Job.Status.FAILED)

    assert access.why_not_retry(job.owner, job) == ""


def test_retry_no_for_others_for_what_did_not_fail_and_with_enough_on_the_way(settings):
    settings.JOBS_A_PERSON = 1
    failed, queued = make_job(status=Job.Status.FAILED), make_job()
    assert access.why_not_retry(make_user(), failed).startswith("Only the person who asked")
    assert access.why_not_retry(queued.owner, queued).startswith("Only a clip that could not be drawn")

    make_job(owner=failed.owner)

    assert access.why_not_retry(failed.owner, failed).startswith("You have 1 clip on the way.")


def test_deliver_yes_into_an_entry_of_ones_own():
    film = make_film()

    assert access.why_not_deliver(film.entrant, make_clip(owner=film.entrant), film, at=NOW) == ""


def test_deliver_no_with_somebody_elses_clip():
    film = make_film()

    assert access.why_not_deliver(film.entrant, make_clip(), film, at=NOW).startswith(
        "Only the person who had"
    )


def test_deliver_no_with_a_clip_that_a_programme_drew():
    film = make_film()
    clip = make_clip(owner=film.entrant, credentials={"state": "trusted", "facts": {"procedural": True}})

    assert access.why_not_deliver(film.entrant, clip, film, at=NOW).startswith("A programme drew this clip")


def test_deliver_no_into_somebody_elses_film_or_one_that_is_settled():
    clip = make_clip()
    settled = make_film(entrant=clip.owner, status="selected")

    assert access.why_not_deliver(clip.owner, clip, make_film(), at=NOW).startswith("Only the entrant")
    assert "can no longer be changed" in access.why_not_deliver(clip.owner, clip, settled, at=NOW)


# why_not_licensed, why_not_resume


def terms(edition, **said):
    organiser = make_organiser(edition)
    allowances.state_terms(edition, by=organiser, **said)
    return edition


LICENSED = replace(QUICK, licence="MIT", commercial=True, territory="")


def test_licensed_yes_without_terms_and_where_they_are_kept():
    edition = make_edition()
    assert access.why_not_licensed(LICENSED, edition) == ""

    terms(edition, licences=["MIT", "Apache-2.0"], commercial=True, everywhere=True)

    assert access.why_not_licensed(LICENSED, edition) == ""
    assert access.why_not_licensed(LICENSED, make_edition()) == ""


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (
            {"licence": "CC-BY-NC-4.0"},
            "Quick noise is licensed under CC-BY-NC-4.0, and Lantern takes Apache-2.0 or MIT.",
        ),
        (
            {"commercial": False},
            "The licence of Quick noise does not allow commercial use, which Lantern asks for.",
        ),
        (
            {"commercial": None},
            "The licence of Quick noise does not say whether it allows commercial use, which "
            "Lantern asks for.",
        ),
        (
            {"territory": "not in the EU"},
            "The licence of Quick noise does not hold everywhere (not in the EU), as Lantern asks.",
        ),
    ],
)
def test_licensed_no(card, words):
    edition = terms(
        make_edition(name="Lantern"), licences=["MIT", "Apache-2.0"], commercial=True, everywhere=True
    )

    assert access.why_not_licensed(replace(LICENSED, **card), edition) == (
        f"{words} Choose another engine, or ask the festival office."
    )


def test_resume_yes_while_the_call_is_open():
    job = make_job(status=Job.Status.PAUSED)

    assert access.why_not_resume(job.owner, job) == ""


def test_resume_no_of_others_once_resumed_or_after_the_call():
    job = make_job(status=Job.Status.PAUSED)
    assert access.why_not_resume(make_user(), job).startswith("Only the person who asked")
    assert access.why_not_resume(job.owner, make_job(owner=job.owner)).startswith("It is not paused")

    job.edition.status = Edition.Status.CLOSED
    assert "it is not open now" in access.why_not_resume(job.owner, job)
