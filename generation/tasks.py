"""Celery entry points of the studio. A message is a doorbell: whose turn it is, the table says."""

from celery import shared_task


@shared_task
def draw() -> None:
    """Draw the jobs whose turn it is, if any. Rung twice for one job, it is drawn once."""
    from generation import dispatch, drawing  # acts import their tasks; the one sanctioned inline import

    try:
        drawing.work()
    finally:
        dispatch.ring_if_any_wait()


@shared_task
def recover() -> None:
    """Every minute: ring for jobs that wait or whose worker died. The table, not the broker, is truth."""
    from generation import dispatch

    dispatch.recover()


@shared_task
def clear() -> None:
    """Every day: remove plans and stills that nobody waits for any more."""
    from generation import clearing

    for sort in (clearing.PLANS, clearing.STILLS):
        clearing.clear(sort)


@shared_task
def clear_latents() -> None:
    """Every day: remove latents that were kept long enough, and those of no clip."""
    from generation import latents

    latents.clear()
