"""Drawing a take larger: its latents are kept for some days, and its own engine goes on from them."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from festival import archive
from festival.errors import Refused, Unacceptable
from generation import access, dispatch, drawing, enlarging, estimates, latents, takes, tasks
from generation.engines import noise, registry
from generation.engines.stages import Kept
from generation.models import Clip, Job, Take, Terms
from tests.factories import make_user
from tests.festival.workers import database_url
from tests.generation.conftest import QUICK
from tests.generation.makers import hush, make_shot
from tests.generation.small import INSTALLED, drawn, pixels
from tests.test_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]
GROWS = replace(QUICK, name="grows", title="Grows", steps=4, larger={"4:3": (128, 96)})
MONTH = timedelta(days=30)


@pytest.fixture(scope="module")
def grows(authority):
    """A tiny Wan that draws 64 × 48 pixels, and takes larger at 128 × 96; gone after these tests."""
    yield noise.build(INSTALLED / "grows", card=GROWS)
    shutil.rmtree(INSTALLED / "grows")


@pytest.fixture(autouse=True)
def engines(grows):
    """The installed engines, and no latents of other tests."""
    archive.delete("latents")
    yield
    archive.delete("latents")
    drawing.forget_engine()


@pytest.fixture
def person():
    return make_user()


def asked(person, **given) -> Take:
    return takes.draw(make_shot(owner=person, **{"engine": "grows", "seed": 7} | given), by=person)[0]


@pytest.fixture
def take(person):
    return drawn(asked(person))


def kept() -> set[str]:
    folder = archive.path("latents")
    return {f"latents/{file.name}" for file in folder.iterdir()} if folder.exists() else set()


def owned() -> set[str]:
    return {latents.name(clip.path) for clip in Clip.objects.all()}


# Keeping


def test_a_clips_latents_are_kept_beside_it_and_decode_to_its_pixels(take):
    engine = drawing._engine(INSTALLED, "grows", take.clip.revision)

    whole = latents.load(take.asked_by, take.clip.latents)
    clip = engine.draw(whole.brief, on_step=print)

    assert kept() == owned() and len(kept()) == 1
    assert archive.size(latents.name(take.clip.path)) == take.clip.latents_bytes > 0
    assert np.array_equal(engine.decode(whole.latents[None])[0], clip)


def test_two_peoples_clips_of_one_brief_share_no_file():
    ours, theirs = drawn(asked(make_user())), drawn(asked(make_user()))

    assert ours.clip.digest == theirs.clip.digest and ours.clip.latents == theirs.clip.latents
    assert kept() == owned() and len(kept()) == 2
    archive.delete(latents.name(ours.clip.path))
    assert latents.why_not_use(ours.asked_by, ours.clip.latents) == latents.GONE
    assert latents.why_not_use(theirs.asked_by, theirs.clip.latents) == ""


def test_takes_of_one_call_keep_each_its_own(person):
    pair = takes.draw(make_shot(owner=person, engine="grows", seed=7), by=person, count=2)
    drawing.draw(*[Job.objects.claim(one.job_id) for one in pair])

    one, two = (latents.load(person, Take.objects.get(pk=take.pk).clip.latents) for take in pair)
    assert (one.brief.seed, two.brief.seed) == (7, 8)
    assert kept() == owned() and not np.array_equal(one.latents, two.latents)


def test_what_cannot_be_drawn_larger_keeps_nothing(person, quick):
    drawn(asked(person, engine="quick"))

    assert kept() == set() and Clip.objects.get().latents == ""


@pytest.mark.parametrize(("name", "value"), [("LATENTS_DAYS", 0), ("LATENTS_MOST_BYTES", 10)])
def test_where_none_may_be_kept_or_there_is_no_room_the_clip_is_whole_all_the_same(
    person, settings, name, value
):
    setattr(settings, name, value)

    made = drawn(asked(person))

    assert kept() == set() and (made.clip.latents, made.clip.latents_bytes) == ("", 0)
    assert made.clip.credentials["state"] == "trusted"


def test_what_others_have_kept_takes_room_until_it_is_cleared(take, settings):
    settings.LATENTS_MOST_BYTES = take.clip.latents_bytes + 10

    assert latents.has_room(10) and not latents.has_room(11)
    assert latents.has_room(11, at=timezone.now() + MONTH)


def test_after_some_days_they_go_and_so_do_those_of_no_clip(take, settings):
    orphan = archive.path("latents/other.safetensors")
    orphan.write_bytes(b"a worker died")

    assert latents.clear() == 0, "a worker may just have put it"
    assert latents.clear(at=timezone.now() + timedelta(days=2)) == 1 and kept() == owned()
    assert latents.clear(at=timezone.now() + timedelta(days=settings.LATENTS_DAYS - 1)) == 0
    assert latents.clear(at=timezone.now() + timedelta(days=settings.LATENTS_DAYS + 1)) == 1
    assert kept() == set()
    tasks.clear_latents()


def test_what_somebody_waits_for_stays(take, person):
    made = enlarging.ask(take, by=person)

    assert latents.clear(at=timezone.now() + MONTH) == 0
    dispatch.cancel(made.job, by=person)
    assert latents.clear(at=timezone.now() + MONTH) == 1


def test_cancelled_or_taken_over_at_the_last_moment_nothing_is_left(person, monkeypatch):
    take, keep = asked(person), drawing._keep

    def taken_over(clip, job):
        Job.objects.filter(pk=job.pk).update(attempt=2)
        keep(clip, job)

    monkeypatch.setattr(drawing, "_keep", taken_over)
    drawing.take_up([Job.objects.claim(take.job_id)])

    assert kept() == set() and not Clip.objects.exists()


# Drawing larger


def test_a_larger_take_is_another_take_and_the_first_stays(take, person):
    made = drawn(enlarging.ask(take, by=person, strength=0.5))

    assert (made.number, made.way, made.parent, made.seed, made.words) == (
        2, "larger", take, take.seed, take.words,
    )  # fmt: skip
    assert (made.clip.width, made.clip.height, made.clip.duration_s) == (128, 96, take.clip.duration_s)
    assert pixels(made.clip).shape == (5, 96, 128, 3)
    assert (made.job.steps, made.job.step, made.clip.credentials["state"]) == (2, 2, "trusted")
    assert Take.objects.get(pk=take.pk).clip == take.clip and made.shot.selected == take
    assert kept() == {latents.name(take.clip.path)}, "there is nothing larger, so nothing is kept for it"


def test_its_recipe_says_what_it_was_drawn_from(take, person):
    made = drawn(enlarging.ask(take, by=person, strength=0.5))

    said = {name: made.recipe[name] for name in ("parent_sha256", "latents_sha256", "strength", "from_step")}
    assert said == {
        "parent_sha256": take.clip.sha256,
        "latents_sha256": take.clip.latents,
        "strength": 0.5,
        "from_step": 2,
    }
    assert made.recipe["brief"]["latents"] == take.clip.latents
    assert made.clip.digest != take.clip.digest and "latents_sha256" not in take.recipe


def test_asked_for_twice_it_is_the_same_picture_twice_and_bolder_another(take, person):
    ours, again, bolder = (
        drawn(enlarging.ask(take, by=person, strength=strength)) for strength in (0.5, 0.5, 0.75)
    )

    assert np.array_equal(pixels(ours.clip), pixels(again.clip))
    assert not np.array_equal(pixels(ours.clip), pixels(bolder.clip))


def test_what_is_made_from_a_larger_take_is_drawn_anew(take, person):
    again = takes.another(drawn(enlarging.ask(take, by=person)), by=person)

    assert "larger" not in again.wish and again.job.brief["latents"] == ""
    assert again.job.brief["width"] == 64


def test_its_cost_grows_with_its_size_and_with_the_steps_that_are_drawn(take, person):
    brief = estimates.Brief(**take.clip.brief)
    Clip.objects.update(drawn_in_s=10)

    made = enlarging.ask(take, by=person, strength=0.5)

    assert made.job.estimate_s == pytest.approx(estimates.of(brief) * 4 / 2, rel=0.01)
    assert enlarging.offer(take).seconds == pytest.approx(estimates.of(brief) * 4 / 2, rel=0.01)
    done = drawn(made)
    Clip.objects.filter(pk=done.clip_id).update(drawn_in_s=20)
    assert estimates.of(brief) == pytest.approx(10, rel=0.01), "and teaches what it was"


def test_what_was_drawn_at_half_its_size_gets_the_whole_of_it(take, person):
    half = replace(enlarging.Brief(**take.clip.brief), native=(32, 32), software="")
    size = registry.cards(INSTALLED)["grows"].larger_size(half)

    assert size == (64, 48)


@pytest.mark.parametrize("strength", [0, 0.05, 0.95, -1])
def test_how_far_it_may_depart_has_limits(take, person, strength):
    with pytest.raises(Unacceptable, match=r"from 0\.1 to 0\.9"):
        enlarging.ask(take, by=person, strength=strength)

    assert (Job.objects.count(), Take.objects.count()) == (1, 1)


def test_only_what_is_drawn_from_words_and_kept_is_drawn_larger(take, person, quick):
    other = drawn(asked(person, engine="quick"))
    waiting = asked(person)

    with pytest.raises(Unacceptable, match="Quick noise draws nothing larger"):
        enlarging.ask(other, by=person)
    with pytest.raises(Refused, match="not drawn yet"):
        enlarging.ask(waiting, by=person)
    archive.delete(latents.name(take.clip.path))
    with pytest.raises(Unacceptable, match="not here any more"):
        enlarging.ask(take, by=person)
    assert enlarging.offer(take) is enlarging.offer(other) is enlarging.offer(waiting) is None


def test_a_changed_engine_or_one_that_is_gone_is_said(take, person, settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    with pytest.raises(Unacceptable, match="engine of this take is not here any more"):
        enlarging.ask(take, by=person)
    shutil.copytree(INSTALLED / "grows", tmp_path / "grows")
    (tmp_path / "grows/engine.json").write_text(replace(GROWS, revision="r2").to_json())
    with pytest.raises(Unacceptable, match="has been changed since it drew this take"):
        enlarging.ask(take, by=person)


def test_only_who_shares_the_production_has_it_drawn_and_within_limits(take, person, settings, monkeypatch):
    with pytest.raises(Refused, match="share this production"):
        enlarging.ask(take, by=make_user())
    settings.JOBS_A_PERSON = 0
    with pytest.raises(Refused, match="on the way"):
        enlarging.ask(take, by=person)
    settings.JOBS_A_PERSON, settings.GPU_ALLOWANCE_S = 50, 0.0001
    with pytest.raises(Refused):
        enlarging.ask(take, by=person)
    settings.GPU_ALLOWANCE_S = 1000
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 1)
    with pytest.raises(Refused, match="Go on in another shot"):
        enlarging.ask(take, by=person)
    Terms.objects.create(edition=take.production.edition, licences=["MIT"], by=make_user())
    with pytest.raises(Refused, match="licensed under CC0"):
        enlarging.ask(take, by=person)

    assert Job.objects.count() == 1


def test_a_worker_without_the_memory_for_it_is_said_beforehand(take, person, settings, tmp_path):
    shutil.copytree(INSTALLED / "grows", tmp_path / "grows")
    settings.ENGINES_ROOT = tmp_path
    card = replace(GROWS, revision=take.clip.revision, eased=((64, 48, 5, 2**30), (128, 96, 5, 2**60)))
    (tmp_path / "grows/engine.json").write_text(card.to_json())
    dispatch.note_worker("one")
    dispatch.Worker.objects.update(memory_bytes=2**40)

    with pytest.raises(Refused, match="not enough memory here for 128 × 96"):
        enlarging.ask(take, by=person)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.unlink(), "not here any more"),
        (lambda file: file.write_bytes(b"nothing"), "is spoilt"),
        (lambda file: file.write_bytes(file.read_bytes()[:-1] + b"x"), "is spoilt"),
    ],
)
def test_latents_that_are_missing_or_spoilt_when_its_turn_comes_are_a_sentence(take, person, spoil, words):
    made = enlarging.ask(take, by=person)
    spoil(archive.path(latents.name(take.clip.path)))
    tasks.draw()

    job = Job.objects.get(pk=made.job_id)
    assert job.status == "failed" and words in job.problem
    assert Clip.objects.count() == 1


def test_latents_of_other_weights_are_a_sentence_of_the_worker_too(take, person):
    file = archive.path(latents.name(take.clip.path))
    whole = Kept.load(file)
    replace(whole, brief=replace(whole.brief, revision="r0")).save(file)
    Clip.objects.filter(pk=take.clip_id).update(latents=latents._sha256(file))
    made = enlarging.ask(Take.objects.select_related("clip").get(pk=take.pk), by=person)
    tasks.draw()

    assert "of weights that have been changed" in Job.objects.get(pk=made.job_id).problem


def test_whoever_no_longer_shares_the_take_gets_nothing_of_it(take, person):
    member = make_user()
    part = take.production.members.create(person=member, invited_by=person, accepted_at=timezone.now())
    made = enlarging.ask(take, by=member)
    take.production.members.filter(pk=part.pk).update(ended_at=timezone.now())
    tasks.draw()

    job = Job.objects.get(pk=made.job_id)
    assert job.status == "failed" and "not here any more" in job.problem


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_two_at_once_each_has_a_number_of_its_own(take, person):
    stale = [Take.objects.get(pk=take.pk) for _ in range(2)]

    at_once(*[lambda one=one: enlarging.ask(one, by=person) for one in stale])

    assert sorted(Take.objects.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_killed_while_it_keeps_or_draws_larger_there_are_the_clips_own_files_and_no_more(take, person):
    hush()
    made = [enlarging.ask(take, by=person, strength=strength) for strength in (0.5, 0.75)]
    more = [asked(person, seconds=seconds) for seconds in (0.6, 1.1)]

    stages = ("denoise", "keep", "put", "keep")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.generation.dying", *stages],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    assert ran.stdout.split("\n")[:-1] == [*(f"{stage} SIGKILL" for stage in stages), "rest 0"]
    jobs = Job.objects.filter(take__in=[*made, *more]).select_related("clip")
    assert {(job.status, job.attempt, job.clip.credentials["state"]) for job in jobs} == {
        ("done", 2, "trusted")
    }
    assert kept() == {latents.name(clip.path) for clip in Clip.objects.exclude(latents="")}
    assert len(kept()) == 3
