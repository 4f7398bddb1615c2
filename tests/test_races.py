"""Real threads, each with its own database connection, at the same row in the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from festival import intake, notices, office, uploads
from festival.errors import Full, IllegalMove, Refused
from festival.models import Film, Footage, Notice
from generation import dispatch
from generation.models import Job
from judging import marks
from tests.factories import make_edition, make_entry, make_film, make_footage, make_organiser, make_user
from tests.generation.makers import make_job
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def at_once(act: Callable[[], object], *others: Callable[[], object]) -> list:
    """Start `act` in many threads, or each of several acts in one, together; what they returned or raised."""
    acts = [act, *others] if others else [act] * THREADS
    gate, results = threading.Barrier(len(acts)), []

    def run(one: Callable[[], object]):
        gate.wait()
        try:
            results.append(one())
        except (Full, IllegalMove, Refused) as problem:
            results.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(acts), "a thread died of something else"
    return results


def got_through(results: list) -> list:
    return [result for result in results if not isinstance(result, IllegalMove | Refused)]


def test_of_many_submits_one_counts_and_one_receipt_is_written():
    film = make_entry()

    results = at_once(lambda: intake.submit(Film.objects.get(pk=film.pk), by=film.entrant))

    assert len(got_through(results)) == 1
    assert list(film.events.values_list("was", "became")) == [("draft", "submitted")]
    assert film.notices.filter(kind="receipt").count() == 1


def test_of_a_selection_and_a_withdrawal_one_wins_and_the_other_is_told():
    edition = make_edition()
    olga = make_organiser(edition)
    film = make_film(edition=edition, status=Film.Status.ELIGIBLE)

    def select():
        return office.decide([Film.objects.get(pk=film.pk)], Film.Status.SELECTED, by=olga)

    def withdraw():
        return intake.withdraw(Film.objects.get(pk=film.pk), by=film.entrant)

    at_once(select, withdraw)

    moves = list(film.events.values_list("was", "became"))
    film.refresh_from_db()
    assert moves[0][0] == "eligible"
    assert moves[-1][1] == film.status, "the history tells how the film got where it is"
    assert [was for was, _ in moves[1:]] == [became for _, became in moves[:-1]], "without a gap"


def test_of_two_organisers_who_decide_at_once_one_wins():
    edition = make_edition()
    olga, omar = make_organiser(edition), make_organiser(edition)
    film = make_film(edition=edition, status=Film.Status.ELIGIBLE)
    stale = [Film.objects.select_related("edition").get(pk=film.pk) for _ in range(2)]

    results = at_once(
        lambda: office.decide([stale[0]], Film.Status.SELECTED, by=olga),
        lambda: office.decide([stale[1]], Film.Status.DECLINED, by=omar),
    )

    assert sorted(len(sentences) for sentences in results) == [0, 1]
    assert film.events.count() == 1


def test_of_many_workers_that_claim_one_file_one_has_it():
    footage = make_footage(status=Footage.Status.WAITING)

    results = at_once(lambda: Footage.objects.claim(footage.pk))

    assert [claimed.attempt for claimed in results if claimed] == [1]


def test_of_many_workers_that_claim_one_job_one_has_it():
    job = make_job()

    results = at_once(lambda: Job.objects.claim(job.pk))

    assert [claimed.attempt for claimed in results if claimed] == [1]


def test_of_many_workers_with_one_letter_one_sends_it(mailoutbox):
    letter = Notice.objects.create(person=make_user(), kind="receipt", subject="Received", body="Thank you.")

    at_once(lambda: notices.send(letter.pk))

    letter.refresh_from_db()
    assert len(mailoutbox) == 1
    assert letter.tries == 1


def test_of_many_clicks_on_retry_one_counts():
    footage = make_footage(status=Footage.Status.FAILED)

    results = at_once(lambda: intake.retry(Footage.objects.get(pk=footage.pk), by=footage.film.entrant))

    assert len(got_through(results)) == 1


def test_uploads_begun_at_once_share_one_quota(settings):
    settings.UPLOAD_QUOTA_BYTES, film = 100, make_film()

    results = at_once(lambda: uploads.begin(film, by=film.entrant, name="film.mp4", size_bytes=60))

    assert sum(isinstance(result, Full) for result in results) == THREADS - 1
    assert film.uploads.count() == 1


def test_jobs_asked_for_at_once_share_one_allowance(settings):
    settings.JOBS_A_PERSON, person = 1, make_user()
    failed = [make_job(owner=person, status=Job.Status.FAILED) for _ in range(THREADS)]

    at_once(*(lambda job=job: dispatch.retry(job, by=person) for job in failed))

    assert Job.objects.waiting().count() == 1


def test_a_note_and_marks_given_at_once_are_all_kept():
    house = make_house(films=1, jurors=1, reviews=1).open()
    assignment, criteria = house.assignment(), house.criteria()
    marks.give(assignment, {}, by=assignment.juror)
    scores = [(criterion.pk, value) for value in (3, 6) for criterion in criteria]

    def note():
        marks.give(assignment, {}, by=assignment.juror, note="It moved me.")

    at_once(note, *(lambda k=k, v=v: marks.give(assignment, {k: v}, by=assignment.juror) for k, v in scores))

    assignment.mark.refresh_from_db()
    assert (assignment.mark.note, assignment.mark.scores.count()) == ("It moved me.", len(criteria))
