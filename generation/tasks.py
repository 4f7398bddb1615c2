"""Celery entry points of the studio. A message is a doorbell: whose turn it is, the table says."""

from celery import shared_task

from generation.engines.base import EngineProblem
from generation.models import Stopped


@shared_task
def draw() -> None:
    """Draw the job whose turn it is, if there is one. Rung twice for one job, it is drawn once."""
    from generation import (
        dispatch,
        studio,
    )  # acts import their tasks; this is the one sanctioned inline import

    job = dispatch.take()
    if job is None:
        return
    try:
        studio.draw(job)
    except Stopped:
        pass  # cancelled, or taken over: whoever did that has said so
    except EngineProblem as problem:
        dispatch.give_up(job, str(problem))
    except Exception:
        dispatch.give_up(job, dispatch.BROKE_OFF)
        raise
    finally:
        dispatch.ring_if_any_wait()


@shared_task
def recover() -> None:
    """Every minute: ring for jobs that wait or whose worker died. The table, not the broker, is truth."""
    from generation import dispatch

    dispatch.recover()
