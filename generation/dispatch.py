"""Whose job is next, and what becomes of jobs that are cancelled, fail, or lose their worker."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from festival.errors import IllegalMove, Refused
from generation import access, tasks
from generation.models import MOST_ATTEMPTS, Job

PATIENCE = timedelta(minutes=1)  # a job that waits longer may have lost its ring
BROKE_OFF = (
    "The drawing broke off, through no fault of yours. Your words and the seed are kept: try again, and "
    "if it breaks off again, write to the festival office."
)
WORKER_DIED = (
    f"The worker stopped {MOST_ATTEMPTS} times while it drew this clip, so we gave up. Your words and the "
    "seed are kept: try again with fewer seconds."
)


def take(at=None) -> Job | None:
    """The free job whose turn it is, claimed for the caller; None when nothing is free."""
    at = at or timezone.now()
    for pk in Job.objects.free(at).by_turn().values_list("pk", flat=True):
        if job := Job.objects.claim(pk, at=at):
            return job
    return None


def recover(at=None) -> None:
    """Ring once if a free job waits without a ring, and give up those that keep losing their worker."""
    at = at or timezone.now()
    for job in Job.objects.lost(at).filter(attempt__gte=MOST_ATTEMPTS):
        give_up(job, WORKER_DIED)
    forgotten = Job.objects.waiting().filter(created_at__lt=at - PATIENCE)
    if forgotten.exists() or Job.objects.lost(at).exists():
        tasks.draw.delay()


def ring_if_any_wait() -> None:
    """Ring again when a worker puts down a job and another waits; a lost ring then costs little."""
    if Job.objects.waiting().exists():
        tasks.draw.delay()


def give_up(job: Job, problem: str) -> None:
    """Mark the job as failed, unless somebody has cancelled it or taken it over meanwhile."""
    with suppress(IllegalMove):
        job.fail(problem)


def cancel(job: Job, *, by) -> Job:
    """Stop the job: at once while it waits, after the running step while it is drawn.

    Raises:
        Refused: it is not `by`'s, or has ended.
    """
    if why := access.why_not_cancel(by, job):
        raise Refused(why)
    try:
        job.cancel()
    except IllegalMove:  # a worker took it between our reading and now; what counts is how it stands
        job = Job.objects.get(pk=job.pk)
        if why := access.why_not_cancel(by, job):
            raise Refused(why) from None
        job.cancel()
    return job


@transaction.atomic
def retry(job: Job, *, by) -> Job:
    """Queue a failed job again, with the same brief.

    Raises:
        Refused: it is not `by`'s, did not fail, or `by` has enough on the way.
    """
    by.one_at_a_time()
    if why := access.why_not_retry(by, job):
        raise Refused(why)
    job.queue_again()
    tasks.draw.delay_on_commit()
    return job
