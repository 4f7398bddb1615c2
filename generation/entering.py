"""Entering: the one door by which jobs come onto the queue, and takes into their shots.

All of it happens within one transaction, and whom or what it lets wait for it waits until that ends.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import transaction

from festival.errors import Refused, Unacceptable
from festival.models import Edition
from generation import access, allowances, tasks
from generation.engines.base import Brief
from generation.models import Clip, Job, Production, Shot, Take


def admit(by, edition: Edition) -> None:
    """Let `by` ask for one thing at a time. Raises Refused if they may have nothing drawn now."""
    by.one_at_a_time()
    if why := access.why_not_draw(by, edition):
        raise Refused(why)


def queue(brief: Brief, *, by, edition: Edition, estimate_s: float, **fields: Any) -> Job:
    """Put the brief on the queue for `by`, who was admitted. Raises Refused if it costs more than is left."""
    if why := allowances.why_not_spend(by, edition, estimate_s):
        raise Refused(why)
    said = {"engine": brief.engine, "batch_key": brief.batch_key, "steps": brief.steps - brief.from_step}
    said |= {"brief": asdict(brief), "estimate_s": estimate_s}
    job = Job.objects.create(owner=by, edition=edition, **said | fields)
    tasks.draw.delay_on_commit()
    return job


def hold(production: Production, *, by) -> None:
    """Let nobody leave the production. Raises Refused if `by` does not share it."""
    production.touch()  # everybody locks a production before a person, and before asking who shares it
    if why := access.why_not_direct(by, production):
        raise Refused(why)


def number(shot: Shot, count: int) -> range:
    """Give out the numbers of so many new takes. Raises Refused if the shot has enough."""
    numbers = shot.number_takes(count)
    if why := access.why_not_number(numbers):
        raise Refused(why)
    return numbers


def enter(shot: Shot, job: Job, number: int, wish: dict, *, way: Take.Way, parent: Take | None) -> Take:
    """Enter the take that waits for this job into its shot, under a number given out for it."""
    return Take.objects.create(
        production=shot.scene.production,
        shot=shot,
        number=number,
        asked_by=job.owner,
        way=way,
        parent=parent,
        wish=wish,
        engine=wish["engine"],
        aspect=wish["aspect"],
        words=wish["prompt"],
        seed=wish["seed"],
        job=job,
    )


@transaction.atomic
def make_of(
    parent: Take, queued: Callable[..., Job], *, by, way: Take.Way, why_not: Callable[[Clip], str], **wish
) -> Take:
    """Enter a take that is made of another; that one stays as it is.

    Args:
        queued: puts the job that makes it of the clip on the queue, once `by` is admitted.
        why_not: can it be made of the clip? "" for yes, else a sentence.
        wish: what is wished for besides the parent's own wish.

    Raises:
        Refused: `by` does not share the production, the take is not drawn, or `by` may have nothing drawn.
        Unacceptable: it cannot be made of the clip.
    """
    hold(parent.production, by=by)
    if why := access.why_not_use(parent):
        raise Refused(why)
    if why := why_not(parent.clip):
        raise Unacceptable(why)
    edition = parent.production.edition
    admit(by, edition)
    job = queued(parent.clip, by=by, edition=edition)
    (given,) = number(parent.shot, 1)
    return enter(parent.shot, job, given, parent.wish | wish, way=way, parent=parent)
