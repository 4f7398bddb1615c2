"""What the studio tells the trunk: how its jobs stand, for pages that are open."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from festival import events
from generation.models import Job


@events.source("job")
def jobs_under_way(user_ids: set[int]) -> Iterable[tuple[int, object, dict]]:
    """Jobs that wait, are being drawn, or have just ended."""
    under_way = Q(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
    recent = Q(ended_at__gte=timezone.now() - events.RECENT)
    for job in Job.objects.filter(under_way | recent, owner__in=user_ids).order_by():
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
            },
        )
