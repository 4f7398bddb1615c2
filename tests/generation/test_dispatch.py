"""Whose turn it is, who gets it when many ask, and what becomes of jobs without a worker."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from festival.errors import IllegalMove, Refused
from generation import dispatch
from generation.models import LEASE, Job, Stopped
from tests.factories import make_user
from tests.generation.makers import hush, make_clip, make_job, rings

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + LEASE + timedelta(seconds=1)


def test_a_job_is_taken_once():
    job = make_job()

    taken = dispatch.take(NOW)

    assert (taken.pk, taken.status, taken.attempt, taken.heartbeat_at) == (job.pk, "running", 1, NOW)
    assert dispatch.take(NOW) is None


def test_people_take_turns_and_the_one_who_waited_longest_is_first():
    one, other = make_user(), make_user()
    mine = [make_job(owner=one) for _ in range(3)]
    theirs = make_job(owner=other)

    order = [dispatch.take(NOW + timedelta(seconds=n)).pk for n in range(4)]

    assert order == [mine[0].pk, theirs.pk, mine[1].pk, mine[2].pk]


def test_of_two_stale_copies_one_beats_and_the_other_is_stopped():
    make_job()
    first = dispatch.take(NOW)
    second = dispatch.take(LATER)
    assert (first.pk, first.attempt, second.attempt) == (second.pk, 1, 2)

    second.beat(step=1, at=LATER)
    with pytest.raises(Stopped):
        first.beat(step=3)
    with pytest.raises(IllegalMove):
        first.finish(make_clip())

    assert Job.objects.get().step == 1


def test_of_two_stale_copies_that_finish_and_cancel_one_wins():
    make_job()
    drawn, seen = dispatch.take(NOW), Job.objects.get()

    drawn.finish(make_clip())
    with pytest.raises(IllegalMove):
        seen.cancel()

    assert Job.objects.get().status == "done"


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_that_take_three_jobs_each_job_goes_to_one():
    jobs = {make_job().pk for _ in range(3)}
    start, got = threading.Barrier(8), []

    def take():
        start.wait()
        got.append(dispatch.take())
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8
    taken = [job for job in got if job]
    assert {job.pk for job in taken} == jobs
    assert [job.attempt for job in taken] == [1, 1, 1]


def test_a_silent_worker_is_given_its_lease_and_then_its_job_is_rung_again():
    make_job()
    dispatch.take(NOW)
    hush()

    dispatch.recover(NOW + LEASE - timedelta(seconds=1))
    assert rings() == 0
    dispatch.recover(LATER)
    assert rings() == 1


def test_a_queued_job_whose_ring_was_lost_is_rung_again_after_a_minute():
    make_job()
    hush()

    dispatch.recover(NOW)
    assert rings() == 0
    dispatch.recover(timezone.now() + timedelta(minutes=2))
    assert rings() == 1


def test_a_job_that_loses_its_worker_three_times_is_given_up():
    make_job()
    at = NOW
    for _ in range(3):
        assert dispatch.take(at)
        at += LEASE + timedelta(seconds=1)

    assert dispatch.take(at) is None
    dispatch.recover(at)

    job = Job.objects.get()
    assert (job.status, job.problem) == ("failed", dispatch.WORKER_DIED)


def test_cancelled_while_it_waits_it_is_never_taken():
    job = make_job()

    dispatch.cancel(job, by=job.owner)

    assert Job.objects.get().status == "cancelled"
    assert dispatch.take() is None


def test_cancelled_by_somebody_who_saw_it_waiting_while_a_worker_took_it_it_is_cancelled_all_the_same():
    stale = make_job()
    running = dispatch.take(NOW)

    dispatch.cancel(stale, by=stale.owner)

    with pytest.raises(Stopped):
        running.beat(step=1)


def test_cancelled_too_late_it_says_so():
    stale = make_job()
    dispatch.take(NOW).finish(make_clip())

    with pytest.raises(Refused, match="no longer on the way: done"):
        dispatch.cancel(stale, by=stale.owner)


def test_a_failed_job_is_tried_again_with_the_same_brief(django_capture_on_commit_callbacks):
    job = make_job()
    dispatch.give_up(dispatch.take(NOW), dispatch.BROKE_OFF)
    job.refresh_from_db()
    brief = job.brief
    hush()

    with django_capture_on_commit_callbacks(execute=True):
        dispatch.retry(job, by=job.owner)

    job.refresh_from_db()
    assert (job.status, job.problem, job.step, job.ended_at) == ("queued", "", 0, None)
    assert (job.brief, rings()) == (brief, 1)
    assert dispatch.take().attempt == 2


def test_retry_refuses_a_stranger_and_leaves_the_failure():
    job = make_job(status=Job.Status.FAILED)

    with pytest.raises(Refused, match="Only the person"):
        dispatch.retry(job, by=make_user())

    assert Job.objects.get().status == "failed"


def test_giving_up_does_not_touch_a_job_that_was_cancelled_meanwhile():
    make_job()
    running = dispatch.take(NOW)
    Job.objects.get().cancel()

    dispatch.give_up(running, "The disk was full.")

    assert Job.objects.get().status == "cancelled"
