"""A gpu worker is killed half way with SIGKILL: the table, not the broker, knows what is to do."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from festival import archive
from generation import dispatch, tasks
from generation.models import LEASE, Clip, Job
from tests.factories import make_edition, make_user
from tests.festival.workers import database_url, kill, wait_for, worker
from tests.generation import dying
from tests.generation.makers import hush, make_brief, make_job, rings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]

MANY = 600  # steps: some seconds, so that a worker which tells of them twice a second is killed among them


def test_a_worker_killed_half_way_loses_nothing_and_another_makes_one_clip(quick, authority):
    hush()
    archive.delete("clips")
    job = make_job(brief=make_brief(revision=quick.revision, steps=MANY))

    def now():
        return Job.objects.get(pk=job.pk)

    tasks.draw.delay()
    with worker("gpu") as process:
        wait_for(lambda: now().step > 2, within_s=240)  # torch is slow to import on a busy machine
        kill(process)
    assert (now().status, now().attempt) == (Job.Status.RUNNING, 1)
    assert now().step < MANY
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


def test_killed_at_any_stage_each_job_is_drawn_once_more_and_is_one_clip(quick, authority):
    """Killed as words are encoded, between two steps, before decoding, before signing, before it is kept."""
    hush()
    archive.delete("clips")
    person, edition = make_user(), make_edition()
    for seed, _ in enumerate(dying.STAGES):
        brief = make_brief(revision=quick.revision, seed=seed)
        make_job(owner=person, edition=edition, brief=brief, engine="quick")

    ran = subprocess.run(
        [sys.executable, "-m", "tests.generation.dying", *dying.STAGES],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    assert ran.stdout.split("\n")[:-1] == [*(f"{stage} SIGKILL" for stage in dying.STAGES), "rest 0"]
    jobs = Job.objects.select_related("clip")
    assert {(job.status, job.attempt, job.clip.credentials["state"]) for job in jobs} == {
        ("done", 2, "trusted")
    }
    assert Clip.objects.count() == len(dying.STAGES)
    found = {f"clips/{file.name}" for file in archive.path("clips").iterdir()}
    assert found == {name for clip in Clip.objects.all() for name in (clip.path, clip.poster)}
