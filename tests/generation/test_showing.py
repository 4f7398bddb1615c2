"""Previews: sent while a job is drawn, to its owner alone, and gone when it ends."""

import io
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.core.signing import BadSignature
from django.utils import timezone
from PIL import Image

from festival import archive
from generation import dispatch, drawing, receivers, showing, studio, tasks
from generation.engines import scenes
from generation.models import Job, Stopped
from tests.factories import make_edition, make_user
from tests.generation.makers import make_brief, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]


def running(**fields) -> Job:
    make_job(**fields)
    return dispatch.take()


def payload(job) -> dict:
    return {pk: said for _, pk, said in receivers.jobs_under_way({job.owner_id})}[job.pk]


def test_a_preview_is_seen_by_its_owner_and_each_one_has_an_address_of_its_own(client):
    job = running()
    assert payload(job)["preview"] == ""
    showing.show(job, b"one")
    first = payload(job)["preview"]
    assert payload(job)["preview"] == first, "looked at again, nothing has changed"
    showing.show(job, b"two")
    second = payload(job)["preview"]
    assert first != second

    client.force_login(job.owner)
    answer = client.get(second)

    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/webp", b"two")
    assert "private" in answer["Cache-Control"]


def test_a_stranger_and_a_forger_see_nothing(client):
    job = running()
    showing.show(job, b"one")
    address = payload(job)["preview"]
    client.force_login(make_user())

    assert client.get(address).status_code == 404
    client.force_login(job.owner)
    assert client.get(address[:-5] + "aaaa/").status_code == 404


def test_an_address_works_for_some_minutes():
    job = running()
    showing.show(job, b"one")
    job.refresh_from_db()
    token = showing.address(job).split("/")[-2]
    assert showing.opened(token) == job.pk.hex

    with pytest.raises(BadSignature):
        showing.opened(token, at=timezone.now() + timedelta(seconds=showing.AGE_S + 1))


@pytest.mark.parametrize("end", ["done", "cancelled", "failed"])
def test_when_the_job_ends_its_preview_is_removed(end, client):
    job = running()
    showing.show(job, b"one")
    address = payload(job)["preview"]

    if end == "cancelled":
        dispatch.cancel(Job.objects.get(), by=job.owner)
    else:
        dispatch.give_up(job, "It broke off.")

    assert not archive.exists(showing.preview_name(job))
    assert (Job.objects.get().previewed_at, payload(job)["preview"]) == (None, "")
    client.force_login(job.owner)
    assert client.get(address).status_code == 404


def test_a_preview_that_comes_after_the_end_is_not_kept():
    job = running()
    dispatch.cancel(Job.objects.get(), by=job.owner)

    showing.show(job, b"late")

    assert not archive.exists(showing.preview_name(job))


def test_at_most_two_are_sent_a_second_however_fast_the_steps():
    job, clock, sent = running(), [0.0], []
    video = np.zeros((1, 4, 9, 16, 3), np.uint8)

    class Procedural:
        """An engine without latents."""

    call = showing.Call([job], Procedural(), clock=lambda: clock[0])
    with call.part(0, 1) as on_step:
        for step in range(60):
            on_step(step, lambda: video)
            job.refresh_from_db()
            if job.previewed_at not in sent:
                sent.append(job.previewed_at)
            clock[0] += 0.1

    assert len(sent) == 12, "six seconds of steps"


def test_a_cancel_is_noticed_by_the_next_step_and_before_the_next_part():
    job = running()
    call = showing.Call([job], object.__new__(scenes.ScenesEngine))
    with call.part(0, 1) as on_step:
        on_step(0)
        dispatch.cancel(Job.objects.get(), by=job.owner)
        with pytest.raises(Stopped):
            on_step(1)

    with pytest.raises(Stopped), call.part(0, 1):
        pass


class Silent:
    """An engine that shows nothing of its steps."""


def test_a_worker_is_heard_of_twice_a_second_at_most_and_after_the_first_and_last_steps():
    job, clock, said = running(brief=make_brief(steps=60)), [0.0], []
    call = showing.Call([job], Silent(), clock=lambda: clock[0])
    with call.part(0, 1) as on_step:
        for step in range(60):
            on_step(step)
            at_step = Job.objects.get().step
            said += [] if at_step in said else [at_step]
            clock[0] += 0.125

    assert said == [1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57, 60]


def test_a_preview_says_also_that_the_worker_is_alive_and_how_far_it_has_come(django_assert_num_queries):
    job, video = running(brief=make_brief(steps=60)), np.zeros((1, 4, 9, 16, 3), np.uint8)
    call = showing.Call([job], Silent(), clock=lambda: 0.0)

    with django_assert_num_queries(2), call.part(0, 1) as on_step:
        on_step(6, lambda: video)  # its row is written once, and asked after a cancel

    told = Job.objects.get()
    assert (told.step, told.heartbeat_at, told.previewed_at) == (7, job.heartbeat_at, job.heartbeat_at)


@pytest.mark.parametrize("end", ["cancelled", "taken over", "gone"])
def test_between_two_beats_whatever_ends_a_job_is_noticed_by_its_next_step(end):
    job, other = (running(brief=make_brief(steps=9)) for _ in range(2))
    call = showing.Call([job, other], Silent(), clock=lambda: 0.0)
    with call.part(0, 2) as on_step:
        on_step(0)
        if end == "cancelled":
            dispatch.cancel(Job.objects.get(pk=job.pk), by=job.owner)
        elif end == "taken over":
            Job.objects.filter(pk=job.pk).update(attempt=2)
        else:
            job.owner.delete()
        on_step(1)
        assert call.live == [other], "drawn on for the other"
        dispatch.cancel(Job.objects.get(pk=other.pk), by=other.owner)
        with pytest.raises(Stopped):
            on_step(2)

    ends = {"cancelled": [("cancelled", 1)], "taken over": [("running", 1)], "gone": []}
    assert [(one.status, one.step) for one in Job.objects.exclude(pk=other.pk)] == ends[end]


@pytest.mark.parametrize("kind", ["latents", "frames"])
def test_a_worker_shows_a_strip_of_what_is_coming(kind, quick, authority, settings, tmp_path, monkeypatch):
    if kind == "frames":
        settings.ENGINES_ROOT = tmp_path
        card = replace(scenes.CARD, name="quick", sizes={"4:3": (64, 48)}, fps=8, steps=3)
        scenes.build(tmp_path / "quick", card=card)
    strips = []
    show = showing.show
    monkeypatch.setattr(showing, "show", lambda job, strip: (strips.append(strip), show(job, strip)))
    wish = {"engine": "quick", "prompt": "a cat", "seconds": 1, "aspect": "4:3", "seed": 7}
    job = studio.request(make_edition(), by=make_user(), **wish)

    tasks.draw()

    job.refresh_from_db()
    assert (job.status, job.previewed_at) == ("done", None)
    picture = Image.open(io.BytesIO(strips[0]))
    assert (picture.format, picture.n_frames) == ("WEBP", 6 if kind == "frames" else picture.n_frames)
    assert not archive.exists(showing.preview_name(job))
    drawing.forget_engine()
