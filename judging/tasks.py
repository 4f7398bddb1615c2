"""Celery entry points of the jury: fetch nothing, call the act."""

from celery import shared_task


@shared_task
def keep_time() -> None:
    """Every minute: open and close the rounds whose hour has come."""
    from judging import rounds  # an act; acts may import tasks

    rounds.keep_time()


@shared_task
def fix_results() -> None:
    """Every minute: keep large rounds ready for pages, and calibrate in full what has closed."""
    from judging import ranking, ready

    ready.keep()
    ranking.fix_what_is_owed()
