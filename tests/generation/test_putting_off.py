"""What people do with jobs that wait: pause, put first, ask for something else."""

import pytest
from rest_framework.test import APIClient

from festival.errors import IllegalMove, Refused, Unacceptable
from generation import allowances, dispatch, studio
from generation.engines.base import Brief
from generation.models import Job
from tests.factories import make_edition, make_organiser, make_user
from tests.generation.makers import hush, make_brief, make_job, make_shot, make_take, rings

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(quick):
    wish = {"engine": "quick", "prompt": " a cat ", "seconds": 0.6, "aspect": "4:3", "seed": 7}
    job = studio.request(make_edition(), by=make_user(), **wish)
    return Job.objects.get(pk=job.pk)


def test_a_paused_job_is_not_taken_until_it_is_resumed(asked, django_capture_on_commit_callbacks):
    job = asked
    hush()

    dispatch.pause(job, by=job.owner)
    assert (dispatch.take(), Job.objects.get().status, job.unfinished) == (None, "paused", True)
    with django_capture_on_commit_callbacks(execute=True):
        dispatch.resume(job, by=job.owner)

    assert rings() == 1
    assert dispatch.take().pk == job.pk


def test_a_paused_job_is_not_resumed_once_it_could_not_be_asked_for(asked, settings):
    dispatch.pause(asked, by=asked.owner)
    settings.GPU_ALLOWANCE_S = 0
    with pytest.raises(Refused, match="used up"):
        dispatch.resume(asked, by=asked.owner)

    type(asked.edition).objects.update(status="closed")
    with pytest.raises(Refused, match="not open now"):
        dispatch.resume(Job.objects.get(), by=asked.owner)

    assert Job.objects.get().status == "paused"


def test_what_is_paused_is_not_counted_against_itself(asked, settings):
    dispatch.pause(asked, by=asked.owner)
    settings.GPU_ALLOWANCE_S = asked.estimate_s

    assert dispatch.resume(asked, by=asked.owner).status == "queued"


def test_a_paused_job_whose_engine_was_changed_is_asked_for_anew(asked):
    dispatch.pause(asked, by=asked.owner)
    Job.objects.update(brief=asked.brief | {"revision": "another"})

    with pytest.raises(Refused, match="has been changed since"):
        dispatch.resume(Job.objects.get(), by=asked.owner)


def test_what_is_put_off_or_failed_goes_on_only_under_the_terms_of_the_day(asked):
    dispatch.pause(asked, by=asked.owner)
    allowances.state_terms(asked.edition, by=make_organiser(asked.edition), licences=["MIT"])
    with pytest.raises(Refused, match="is licensed under CC0"):
        dispatch.resume(asked, by=asked.owner)
    Job.objects.update(status="failed")
    with pytest.raises(Refused, match="is licensed under CC0"):
        dispatch.retry(Job.objects.get(), by=asked.owner)


def test_a_paused_job_whose_engine_has_gone_is_cancelled_and_not_resumed(asked, settings, tmp_path):
    dispatch.pause(asked, by=asked.owner)
    settings.ENGINES_ROOT = tmp_path

    with pytest.raises(Refused, match="engine is not here any more"):
        dispatch.resume(asked, by=asked.owner)


def test_a_paused_job_that_no_engine_draws_is_resumed():
    job = make_job(engine="finishing", estimate_s=4, brief=make_brief(fps=30, engine="gone"))
    dispatch.pause(job, by=job.owner)

    assert (dispatch.resume(job, by=job.owner).status, job.estimate_s) == ("queued", 4)


def test_a_paused_job_can_be_cancelled():
    job = dispatch.pause(make_job(), by=Job.objects.get().owner)

    dispatch.cancel(job, by=job.owner)

    assert Job.objects.get().status == "cancelled"


@pytest.mark.parametrize("verb", [dispatch.pause, dispatch.resume])
def test_a_stranger_neither_pauses_nor_resumes(verb):
    with pytest.raises(Refused, match="Only the person"):
        verb(make_job(), by=make_user())


def test_what_a_worker_has_begun_is_not_paused_even_by_somebody_who_saw_it_wait():
    stale = make_job()
    dispatch.take()

    with pytest.raises(Refused, match="no longer be changed: drawing"):
        dispatch.pause(stale, by=stale.owner)

    assert Job.objects.get().status == "running"


def test_ones_own_jobs_are_drawn_in_the_order_one_puts_them():
    person, edition = make_user(), make_edition()
    one, two, three = [make_job(owner=person, edition=edition) for _ in range(3)]

    dispatch.put(three, by=person, place=0)
    dispatch.put(one, by=person, place=9)

    assert [dispatch.take().pk for _ in range(3)] == [three.pk, two.pk, one.pk]


def test_putting_first_does_not_overtake_other_people():
    mine, theirs = make_job(), make_job()
    second = make_job(owner=mine.owner)

    dispatch.put(second, by=mine.owner, place=0)

    assert [dispatch.take().pk for _ in range(3)] == [theirs.pk, second.pk, mine.pk]


def test_a_stranger_does_not_put_jobs_elsewhere():
    with pytest.raises(Refused, match="Only the person"):
        dispatch.put(make_job(), by=make_user(), place=0)


def test_a_waiting_job_is_asked_for_anew_in_its_place(asked):
    was = Brief(**asked.brief)

    studio.rewrite(asked, by=asked.owner, prompt="a dog", seconds=1.2)

    job = Job.objects.get()
    brief = Brief(**job.brief)
    assert (brief.prompt, brief.seed, brief.frames) == ("a dog", was.seed, 9)
    assert (job.created_at, job.batch_key) == (asked.created_at, brief.batch_key)
    assert job.estimate_s > 0


def test_what_cannot_be_drawn_leaves_the_job_as_it_was(asked):
    with pytest.raises(Unacceptable, match=r"draws 0\.5 to 2"):
        studio.rewrite(asked, by=asked.owner, seconds=60)

    assert Job.objects.get().brief == asked.brief


def test_of_two_stale_copies_a_worker_takes_and_a_person_rewrites_one_wins(asked):
    stale = Job.objects.get()
    dispatch.take()

    with pytest.raises(IllegalMove):
        stale.rewrite(Brief(**stale.brief), estimate_s=1)
    with pytest.raises(Refused, match="no longer be changed"):
        studio.rewrite(Job.objects.get(), by=asked.owner, prompt="a dog")

    assert Job.objects.get().brief == asked.brief


def test_a_strangers_job_is_not_rewritten(asked):
    with pytest.raises(Refused, match="Only the person"):
        studio.rewrite(asked, by=make_user(), prompt="a dog")


def test_a_takes_wish_stands(asked):
    make_take(shot=make_shot(owner=asked.owner), clip=None, job=asked)

    with pytest.raises(Refused, match="A take never changes"):
        studio.rewrite(asked, by=asked.owner, prompt="a dog")


def test_the_api_offers_the_same_verbs(asked):
    api = APIClient()
    api.force_authenticate(asked.owner)
    other = make_job(owner=asked.owner)

    def post(verb, job=asked, **data):
        return api.post(f"/api/jobs/{job.pk}/{verb}/", data, format="json")

    assert post("pause").data["status"] == "paused"
    assert post("resume").data["status"] == "queued"
    assert post("place", other, place=0).data["priority"] == 2
    assert post("rewrite", prompt="a dog").data["brief"]["prompt"] == "a dog"
    assert post("rewrite", seconds=60).status_code == 422
    assert api.get(f"/api/jobs/{asked.pk}/outlook/").data["ahead"] == 1
    api.force_authenticate(make_user())
    assert post("pause").status_code == 404


def test_a_first_look_takes_the_engines_few_steps_also_once_rewritten(tiny_sketch):
    wish = {"engine": "sketch", "prompt": "a boat", "seconds": 1, "aspect": "3:2", "seed": 7}
    whole, draft = [
        studio.request(make_edition(), by=make_user(), draft=draft, **wish) for draft in (False, True)
    ]

    studio.rewrite(draft, by=draft.owner, prompt="a red boat")

    assert (whole.steps, whole.brief["steps"]) == (16, 16)
    assert (Job.objects.get(pk=draft.pk).steps, draft.brief["steps"]) == (4, 4)


def test_a_place_beyond_all_bounds_is_the_last():
    first = make_job()
    second = make_job(owner=first.owner)

    dispatch.put(first, by=first.owner, place=10**30)

    assert list(Job.objects.changeable().in_own_order()) == [second, first]
