"""Live progress: each person hears of their own jobs, and of nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival import events
from generation import allowances, dispatch
from generation.models import Job
from tests.factories import make_user
from tests.generation.makers import make_brief, make_clip, make_job

pytestmark = pytest.mark.django_db


def test_people_hear_how_their_own_jobs_stand():
    one, other = make_user(), make_user()
    job = make_job(owner=one, brief=make_brief(steps=8))
    theirs = make_job(owner=other)
    make_job()
    dispatch.take()
    Job.objects.get(pk=job.pk).beat(step=4)

    seen = events.look({one.pk, other.pk})

    assert seen[one.pk] == {
        f"job:{job.pk}": {
            "status": "running",
            "stage": "Step 4 of 8",
            "step": 4,
            "steps": 8,
            "progress": 45,
            "problem": "",
            "clip": "",
            "preview": "",
        }
    }
    assert list(seen[other.pk]) == [f"job:{theirs.pk}"]


def test_a_finished_job_is_told_of_for_a_minute_with_its_clip():
    person = make_user()
    job, clip = make_job(owner=person), make_clip(owner=person)
    dispatch.take().finish(clip)

    told = events.look({person.pk})[person.pk][f"job:{job.pk}"]
    assert (told["status"], told["progress"], told["clip"]) == ("done", 100, str(clip.pk))

    Job.objects.update(ended_at=timezone.now() - timedelta(minutes=2))
    assert events.look({person.pk})[person.pk] == {}


def test_one_look_is_one_query_for_jobs(django_assert_num_queries):
    people = {make_job().owner_id for _ in range(3)}

    with django_assert_num_queries(1):
        assert len(list(events.SOURCES["job"](people))) == 3


def test_whoever_only_counts_leaves_briefs_where_they_lie():
    """A directed brief may hold a megabyte, and live pages look four times a second."""
    job = make_job()

    with CaptureQueriesContext(connection) as asked:
        list(events.SOURCES["job"]({job.owner_id}))
        allowances.left_s(job.owner, job.edition)
        dispatch.outlooks()

    read = [query["sql"].partition(" FROM ")[0] for query in asked if "generation_job" in query["sql"]]
    assert len(read) >= 4 and not [sql for sql in read if '"brief"' in sql]
