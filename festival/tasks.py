"""Celery entry points of the trunk: fetch the row, call the act."""

from celery import shared_task


@shared_task
def examine(footage_id: str) -> None:
    """Examine one delivered file. Rung twice, it is examined once: only the claimant goes on."""
    from festival import intake  # acts import their tasks; this is the one sanctioned inline import

    intake.examine(footage_id)


@shared_task
def recover() -> None:
    """Every minute: ring again for files that wait or whose worker died. The table is the truth."""
    from festival import intake

    intake.recover()


@shared_task
def send(notice_id: int) -> None:
    """Send one letter, unless it has been sent."""
    from festival import notices

    notices.send(notice_id)


@shared_task
def send_waiting() -> None:
    """Every minute: ring again for letters that wait."""
    from festival import notices

    notices.send_waiting()


@shared_task
def clear_uploads() -> None:
    """Every hour: forget uploads that expired unfinished, and their bytes."""
    from festival import uploads

    uploads.clear_expired()
