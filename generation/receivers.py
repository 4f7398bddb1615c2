"""What the studio tells the trunk, how its jobs stand, and what its own rooms do when a clip is drawn."""

from collections.abc import Iterable

from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from festival import events
from generation import showing, takes
from generation.models import UNFINISHED
from generation.signals import clip_drawn


@events.source("job")
def jobs_under_way(user_ids: set[int]) -> Iterable[tuple[int, object, dict]]:
    """Jobs that wait, are being drawn, or have just ended: told to who asked, and to who shares the take."""
    under_way = Q(status__in=UNFINISHED)
    recent = Q(ended_at__gte=timezone.now() - events.RECENT)
    for job in showing.concerning(user_ids).filter(under_way | recent).order_by():
        said = {
            "status": job.status,
            "stage": job.stage,
            "step": job.step,
            "steps": job.steps,
            "progress": job.progress,
            "problem": job.problem,
            "clip": str(job.clip_id) if job.clip_id else "",
            "preview": showing.address(job),
        }
        single = job.producer_id is None  # a take's job is its production's, whoever asked for it
        for person in {job.owner_id if single else None, job.producer_id, job.sharer_id} - {None}:
            yield person, job.pk, said


@receiver(clip_drawn)
def enter_the_take(sender, *, clip, job, **_) -> None:
    """A clip that was drawn for a shot becomes its take."""
    takes.complete(job, clip)
