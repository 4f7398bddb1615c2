"""Plans, of which control clips and masks are drawn: kept while something needs them, and cleared away."""

import os
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.utils import timezone

from festival import archive
from festival.errors import Refused
from generation import clearing, desk, material, takes, tasks
from generation.animatic import Direction
from generation.models import Clip, Job, Shot, Take
from tests.factories import make_user
from tests.generation import watched
from tests.generation.makers import make_brief, make_clip, make_job, make_shot
from tests.generation.small import MODEL, ON_THE_DESK, install_card
from tests.test_races import at_once

DAYS_ON = timedelta(days=2)


def panned(speed: float) -> dict:
    return {"camera": {"curves": {"pan": [{"t": 0, "v": 0}, {"t": 1, "v": speed}]}}}


@pytest.fixture(autouse=True)
def steered(tmp_path, settings):
    """An engine that takes control clips, and an archive of this test's own."""
    settings.ENGINES_ROOT = tmp_path / "engines"
    settings.ENGINES_ROOT.mkdir()
    install_card(settings.ENGINES_ROOT / "model", replace(MODEL, inputs=("text", "control")))
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "a"}}
    settings.STORAGES = settings.STORAGES | {"archive": disk}


@pytest.fixture
def shot():
    return make_shot(**ON_THE_DESK | {"engine": "model"})


def asked(shot: Shot, speed: float = 8.0) -> Take:
    owner = shot.scene.production.owner
    desk.lay(shot, by=owner, direction=panned(speed))
    return takes.draw(shot, by=owner)[0]


def plan_of(job: Job) -> str:
    return material.plan_name(job.brief["control"])


def kept() -> set[str]:
    return {name for name, _ in archive.listed("plans")}


def clear(**when) -> int:
    return clearing.clear(clearing.PLANS, **when)


def grow_old(name: str) -> None:
    long_ago = (timezone.now() - DAYS_ON).timestamp()
    os.utime(archive.path(name), (long_ago, long_ago))


@pytest.mark.django_db
def test_a_plan_that_nothing_needs_goes_after_a_day(shot):
    job = asked(shot).job
    job.cancel()

    assert clear() == 0 and kept() == {plan_of(job)}, "it may be asked for again today"
    assert clear(at=timezone.now() + DAYS_ON) == 1
    assert kept() == set()
    assert clear(at=timezone.now() + DAYS_ON) == 0, "where nothing is, nothing is done"


@pytest.mark.django_db
@pytest.mark.parametrize("allowed", [0, 3])
def test_a_refused_wish_leaves_no_plan_behind(shot, settings, allowed):
    settings.JOBS_A_PERSON = allowed
    owner = shot.scene.production.owner
    desk.lay(shot, by=owner, direction=panned(8))

    with pytest.raises(Refused, match="on the way"):
        takes.draw(shot, by=owner, count=4)

    assert kept() == set() and not Job.objects.exists()
    settings.JOBS_A_PERSON = 4
    plans = {plan_of(take.job) for take in takes.draw(shot, by=owner, count=4)}
    assert kept() == plans


@pytest.mark.django_db
def test_the_clearing_is_a_task(shot):
    job = asked(shot).job
    job.cancel()
    grow_old(plan_of(job))

    tasks.clear()

    assert kept() == set()


@pytest.mark.django_db
def test_whoever_names_a_plan_that_is_not_there_is_refused(shot):
    brief = make_brief(engine="model", control="c" * 64)

    assert material.why_not_use(make_user(), brief) == material.UNPLANNED
    assert material.why_not_use(make_user(), brief, planned=True) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["queued", "paused", "running", "failed"])
def test_a_plan_of_a_job_that_is_or_may_be_on_its_way_stays(shot, status):
    job = asked(shot).job
    Job.objects.update(status=status)

    assert clear(at=timezone.now() + DAYS_ON) == 0
    assert kept() == {plan_of(job)}


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["control", "mask"])
def test_a_plan_that_a_clips_brief_names_stays(named):
    direction = Direction.from_json(panned(3))
    material.keep_plan(direction)
    sha256, _ = material.plan(direction)
    make_job(brief=make_brief(**{named: sha256}), status="done")
    make_clip(brief=asdict(make_brief(**{named: sha256})))

    assert clear(at=timezone.now() + DAYS_ON) == 0
    Clip.objects.all().delete()
    assert clear(at=timezone.now() + DAYS_ON) == 1


@pytest.mark.django_db
def test_a_plan_that_is_asked_for_again_is_young_again(shot):
    name = plan_of(asked(shot).job)
    grow_old(name)

    asked(shot)
    Job.objects.update(status="cancelled")

    assert clear() == 0 and kept() == {name}


@pytest.mark.django_db
def test_a_plan_that_is_asked_for_as_it_is_removed_is_put_back(shot, settings, tmp_path):
    disk = {"BACKEND": watched.BACKEND, "OPTIONS": {"location": tmp_path / "a"}}
    settings.STORAGES = settings.STORAGES | {"archive": disk}
    first = asked(shot).job
    first.cancel()
    watched.Watched.meanwhile = [lambda: asked(shot)]

    assert clear(at=timezone.now() + DAYS_ON) == 0

    assert Job.objects.waiting().count() == 1 and kept() == {plan_of(first)}


@pytest.mark.django_db
def test_a_plan_that_is_renewed_while_others_are_cleared_is_not_touched(shot, settings, tmp_path):
    disk = {"BACKEND": watched.BACKEND, "OPTIONS": {"location": tmp_path / "a"}}
    settings.STORAGES = settings.STORAGES | {"archive": disk}
    first, other = asked(shot).job, asked(shot, speed=3).job
    Job.objects.update(status="cancelled")
    for job in (first, other):
        grow_old(plan_of(job))
    renewed: set[str] = set()

    def renew():
        renewed.update({plan_of(first), plan_of(other)} & kept())
        for name in renewed:
            os.utime(archive.path(name))

    watched.Watched.meanwhile = [renew]

    assert clear() == 0
    assert kept() == renewed == {plan_of(first), plan_of(other)}


@pytest.mark.django_db
def test_of_two_who_clear_one_does_it(shot, settings, tmp_path):
    disk = {"BACKEND": watched.BACKEND, "OPTIONS": {"location": tmp_path / "a"}}
    settings.STORAGES = settings.STORAGES | {"archive": disk}
    asked(shot).job.cancel()
    second = []
    watched.Watched.meanwhile = [lambda: second.append(clear(at=timezone.now() + DAYS_ON))]

    assert clear(at=timezone.now() + DAYS_ON) == 1
    assert second == [0]


@pytest.mark.django_db
def test_what_is_looked_at_again_are_jobs_and_clips_of_late(shot):
    now = timezone.now()
    for hours, sha256 in ((2, "a" * 64), (0, "b" * 64)):
        make_job(brief=make_brief(control=sha256), created_at=now - timedelta(hours=hours))
    make_clip(brief=asdict(make_brief(mask="c" * 64)))

    assert clearing.plans_needed(now - clearing.LONGEST_WISH) == {"b" * 64, "c" * 64}
    assert clearing.plans_needed() == {"a" * 64, "b" * 64, "c" * 64}


@pytest.mark.django_db
def test_a_plan_that_is_removed_before_its_job_stands_is_put_again(shot, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        name = plan_of(asked(shot).job)
        archive.delete(name)

    assert kept() == {name}


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_while_plans_are_cleared_finds_the_plan_in_its_place(shot):
    """By the clearing's clock the plan is old and needless at the very moment in which it is asked for."""
    for _ in range(8):
        results = at_once(
            lambda: asked(Shot.objects.get(pk=shot.pk)),
            lambda: clear(at=timezone.now() + DAYS_ON),
        )

        for take in (one for one in results if isinstance(one, Take)):
            assert archive.exists(plan_of(take.job))
        Job.objects.all().update(status="cancelled")
