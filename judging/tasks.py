"""Celery entry points of the jury: fetch nothing, call the act."""

from celery import shared_task


@shared_task
def keep_time() -> None:
    """Every minute: open and close the rounds whose hour has come."""
    from judging import rounds  # an act; acts may import tasks

    rounds.keep_time()


@shared_task
def fix_results() -> None:
    """Every minute: calibrate in full what has closed, and keep large rounds ready for pages."""
    from judging import ranking, ready

    ranking.fix_what_is_owed()
    ready.keep()
