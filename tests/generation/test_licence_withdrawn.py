"""A licence that the office withdraws while jobs wait: they end at their turn, and nothing is drawn."""

from dataclasses import replace

import pytest
from django.utils import timezone

from festival.errors import Refused
from generation import allowances, barring, dispatch, finishing, takes
from generation.engines import scenes
from generation.models import LEASE, Clip, Job, Take, Terms, Turn
from tests.factories import make_edition, make_organiser, make_user
from tests.generation.makers import make_clip, make_job, make_shot, make_take
from tests.generation.small import ON_THE_DESK, SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(tmp_path, settings):
    settings.ENGINES_ROOT = tmp_path
    return scenes.build(tmp_path / "small", card=replace(SMALL, licence="MIT"))


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def shot(person):
    return make_shot(owner=person, **ON_THE_DESK)


def state(edition, **asked) -> Terms:
    return allowances.state_terms(edition, by=make_organiser(edition), **asked)


def turn_of(job: Job) -> Job:
    """The job after a worker asked for the next one, which was none."""
    assert dispatch.take_together(worker="hand") == []
    return Job.objects.get(pk=job.pk)


def test_a_licence_withdrawn_while_a_job_waits_ends_it_at_its_turn_and_its_time_is_given_back(shot, person):
    edition = shot.scene.production.edition
    had_s = allowances.left_s(person, edition)
    take = takes.draw(shot, by=person)[0]
    assert allowances.left_s(person, edition) < had_s
    terms = state(edition, licences=["CC0-1.0"])

    job = turn_of(take.job)

    assert (job.status, job.attempt, job.started_at, job.spent_s) == ("failed", 0, None, 0)
    assert "terms have changed since you asked" in job.problem
    assert "Small is licensed under MIT, and" in job.problem
    assert allowances.left_s(person, edition) == had_s
    assert not Turn.objects.filter(deficit_s__gt=0).exists()
    assert list(Take.objects.failed()) == [take] and not Clip.objects.exists()
    with pytest.raises(Refused, match="is licensed under MIT"):
        dispatch.retry(job, by=person)
    terms.delete()
    dispatch.retry(job, by=person)
    assert dispatch.take().pk == job.pk


def test_a_long_queue_ends_by_and_by_and_the_editions_record_says_how_much(shot, person, small, monkeypatch):
    monkeypatch.setattr(barring, "MOST", 3)
    edition, brief = shot.scene.production.edition, small.brief(prompt="a", seconds=0.6, aspect="1:1", seed=1)
    for _ in range(4):
        make_job(owner=person, edition=edition, brief=brief, engine="small")
    other = make_job(owner=person, brief=brief, engine="small", priority=-1)
    terms = state(edition, licences=["CC0-1.0"])
    before = edition.events.count()

    assert dispatch.take_together() == []
    assert Job.objects.filter(status="failed").count() == 3, "the rest waits for the next look"
    assert [job.pk for job in dispatch.take_together()] == [other.pk]
    assert Job.objects.filter(status="failed").count() == 4

    rows = list(edition.events.values_list("by", "note"))[before:]
    assert [by for by, _ in rows] == [terms.by_id] * 2
    assert [note.split(" not drawn")[0] for _, note in rows] == [
        "3 clips that waited were",
        "1 clip that waited was",
    ]
    assert not other.edition.events.filter(note__contains="not drawn").exists()


def test_a_job_whose_worker_died_is_not_drawn_again_without_a_licence(shot, person):
    job = takes.draw(shot, by=person)[0].job
    long_ago = timezone.now() - 2 * LEASE
    assert Job.objects.claim(job.pk, at=long_ago)
    state(shot.scene.production.edition, commercial=True, licences=["CC0-1.0"])

    job = turn_of(job)

    assert (job.status, job.attempt) == ("failed", 1)


def test_of_a_call_only_jobs_without_a_licence_end_and_the_others_are_drawn(person, small):
    barred, taken = make_edition(), make_edition()
    state(barred, licences=["CC0-1.0"])
    state(taken, licences=["MIT"])
    first, second = (
        make_job(
            owner=person,
            edition=edition,
            brief=small.brief(prompt="a cat", seconds=0.6, aspect="1:1", seed=1),
            engine="small",
            batch_key="alike",
        )
        for edition in (barred, taken)
    )

    claimed = dispatch.take_together(batchable=frozenset({"small"}))

    assert [job.pk for job in claimed] == [second.pk]
    assert Job.objects.get(pk=first.pk).status == "failed"


def test_what_is_done_to_a_clip_that_is_drawn_already_needs_no_licence(shot, person):
    edition = shot.scene.production.edition
    take = make_take(shot=shot, clip=make_clip(owner=person, edition=edition, engine="small"))
    made = finishing.ask(take, by=person, contrast=1.2)
    state(edition, licences=["CC0-1.0"])

    assert [job.pk for job in dispatch.take_together()] == [made.job_id]


def test_who_cancels_a_job_as_it_is_ended_has_cancelled_it(shot, person):
    job = takes.draw(shot, by=person)[0].job
    state(shot.scene.production.edition, licences=["CC0-1.0"])
    stale = Job.objects.get(pk=job.pk)
    dispatch.cancel(Job.objects.get(pk=job.pk), by=person)

    dispatch.give_up(stale, "too late")

    assert turn_of(job).status == "cancelled"
