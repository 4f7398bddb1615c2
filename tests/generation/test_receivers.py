"""Live progress: each person hears of their own jobs, and of nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival import events
from generation import allowances, dispatch, showing
from generation.models import Job, Member, Take
from tests.factories import make_user
from tests.generation.makers import make_brief, make_clip, make_job, make_take

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


def test_who_shares_a_production_sees_its_takes_come_on_and_nobody_else_does():
    owner, bob, invited, gone, stranger = (make_user() for _ in range(5))
    take = make_take(owner=owner, clip=None)
    job = make_job(owner=bob)
    models.QuerySet.update(Take.objects.filter(pk=take.pk), job=job)
    for person, accepted_at, ended_at in (
        (bob, take.asked_at, None),
        (invited, None, None),
        (gone, take.asked_at, take.asked_at),
    ):
        Member.objects.create(
            production=take.production,
            person=person,
            invited_by=owner,
            accepted_at=accepted_at,
            ended_at=ended_at,
        )
    apart = make_job(owner=owner)
    dispatch.take()
    Job.objects.filter(pk=job.pk).update(previewed_at=timezone.now())

    seen = events.look({person.pk for person in (owner, bob, invited, gone, stranger)})

    topics = {person: sorted(rows) for person, rows in seen.items()}
    assert topics == {
        owner.pk: sorted([f"job:{job.pk}", f"job:{apart.pk}"]),
        bob.pk: [f"job:{job.pk}"],
        invited.pk: [],
        gone.pk: [],
        stranger.pk: [],
    }
    assert seen[owner.pk][f"job:{job.pk}"] == seen[bob.pk][f"job:{job.pk}"]
    assert set(showing.watched_by(owner)) == {job, apart}
    assert set(showing.watched_by(bob)) == {job}
    assert not showing.watched_by(invited) | showing.watched_by(gone) | showing.watched_by(stranger)


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
