"""What the studio tells the trunk, how its jobs stand, and what its own rooms do when a clip is drawn."""

from collections.abc import Iterable

from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from festival import events
from generation import showing, takes
from generation.models import UNFINISHED, Job
from generation.signals import clip_drawn


@events.source("job")
def jobs_under_way(user_ids: set[int]) -> Iterable[tuple[int, object, dict]]:
    """Jobs that wait, are being drawn, or have just ended."""
    under_way = Q(status__in=UNFINISHED)
    recent = Q(ended_at__gte=timezone.now() - events.RECENT)
    for job in Job.objects.light().filter(under_way | recent, owner__in=user_ids).order_by():
        yield (
            job.owner_id,
            job.pk,
            {
                "status": job.status,
                "stage": job.stage,
                "step": job.step,
                "steps": job.steps,
                "progress": job.progress,
                "problem": job.problem,
                "clip": str(job.clip_id) if job.clip_id else "",
                "preview": showing.address(job),
            },
        )


@receiver(clip_drawn)
def enter_the_take(sender, *, clip, job, **_) -> None:
    """A clip that was drawn for a shot becomes its take."""
    takes.complete(job, clip)
