"""A gpu worker is killed half way with SIGKILL: the table, not the broker, knows what is to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festival import archive
from generation import dispatch, tasks
from generation.models import LEASE, Clip, Job
from tests.festival.workers import kill, wait_for, worker
from tests.generation.makers import hush, make_brief, make_job, rings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]


def test_a_worker_killed_half_way_loses_nothing_and_another_makes_one_clip(quick, authority):
    hush()
    archive.delete("clips")
    job = make_job(brief=make_brief(revision=quick.revision, steps=200))

    def now():
        return Job.objects.get(pk=job.pk)

    tasks.draw.delay()
    with worker("gpu") as process:
        wait_for(lambda: now().step > 2, within_s=240)  # torch is slow to import on a busy machine
        kill(process)
    assert (now().status, now().attempt) == (Job.Status.RUNNING, 1)
    assert now().step < 200
    dispatch.recover()
    assert rings() == 0, "its lease runs: the worker may only be slow"

    Job.objects.update(heartbeat_at=timezone.now() - LEASE - timedelta(seconds=1))
    dispatch.recover()
    dispatch.recover()
    assert rings() == 2
    with worker("gpu", name="two"):
        wait_for(lambda: now().status == Job.Status.DONE and not rings(), within_s=240)

    clip = Clip.objects.get()
    assert (now().attempt, now().clip, clip.credentials["state"]) == (2, clip, "trusted")
    found = {file.name for file in archive.path("clips").iterdir()}
    assert found == {clip.path.removeprefix("clips/"), clip.poster.removeprefix("clips/")}
