"""From a job to a signed clip: with a real, tiny pipeline, a real encoder and real certificates."""

import hashlib
import shutil
from dataclasses import replace

import pytest
from django.conf import settings
from PIL import Image

from festival import archive
from festival.provenance import credentials
from generation import dispatch, drawing, showing, studio, tasks
from generation.engines import scenes
from generation.engines.base import Brief
from generation.models import Clip, Job, Stopped
from generation.signals import clip_drawn
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import hush, make_brief, make_job, rings

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]

WISH = {"engine": "quick", "prompt": " a cat ", "seconds": 0.6, "aspect": "4:3", "seed": 7}


@pytest.fixture
def asked(quick, authority):
    """A job that a person has asked for, waiting."""
    film = make_film(footage=True)
    return studio.request(film.edition, by=film.entrant, **WISH)


def files() -> set[str]:
    folder = archive.path("clips")
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def test_a_job_is_drawn_signed_and_kept(asked):
    tasks.draw()

    asked.refresh_from_db()
    clip = asked.clip
    assert (asked.status, asked.step, asked.attempt) == ("done", 3, 1)
    assert (clip.owner, clip.prompt, clip.seed, clip.engine) == (asked.owner, "a cat", 7, "quick")
    assert (clip.width, clip.height, clip.fps, clip.duration_s) == (64, 48, 8, 0.625)
    assert clip.random_weights
    assert clip.software.startswith("diffusers ")
    assert clip.digest == replace(Brief(**asked.brief), software=clip.software).digest
    with archive.local(clip.path) as film:
        content = film.read_bytes()
        report = credentials.read(film, roots=credentials.roots_in(settings.KEYS_ROOT))
    assert hashlib.sha256(content).hexdigest() == clip.sha256
    assert b"a cat" not in content, "the words are private"
    assert report == clip.credentials
    assert (report["state"], report["generated"], report["problems"]) == ("trusted", True, [])
    assert report["facts"] == {
        "engine": "quick",
        "revision": clip.revision,
        "licence": "CC0-1.0",
        "random_weights": True,
        "seed": 7,
        "prompt_sha256": hashlib.sha256(b"a cat").hexdigest(),
        "brief_sha256": clip.digest,
        "software": clip.software,
    }
    assert archive.open_file(clip.poster).read(3) == b"\xff\xd8\xff"


def test_rung_twice_it_is_drawn_once(asked):
    before = files()

    tasks.draw()
    tasks.draw()

    assert Clip.objects.count() == 1
    assert len(files() - before) == 2, "one film and one poster"


def test_cancelled_while_drawn_it_stops_within_one_step_and_keeps_nothing(asked, monkeypatch):
    before, steps, beat = files(), [], showing.Call._beat

    def beat_then_cancel(call, jobs):
        steps.append(jobs[0].step)
        beat(call, jobs)
        if steps == [1]:
            dispatch.cancel(Job.objects.get(pk=asked.pk), by=asked.owner)

    monkeypatch.setattr(showing.Call, "_beat", beat_then_cancel)  # the person presses Cancel in step 1
    tasks.draw()

    asked.refresh_from_db()
    assert (asked.status, asked.clip, steps) == ("cancelled", None, [1, 2])
    assert files() == before
    assert not Clip.objects.exists()


def test_taken_over_at_the_last_moment_the_slower_worker_keeps_nothing(asked, monkeypatch):
    before, keep = files(), drawing._keep

    def taken_over(clip, job):
        Job.objects.filter(pk=job.pk).update(attempt=2)
        keep(clip, job)

    monkeypatch.setattr(drawing, "_keep", taken_over)
    with pytest.raises(Stopped):
        drawing.draw(dispatch.take())

    assert files() == before
    assert not Clip.objects.exists()


def test_the_second_attempt_tidies_what_the_first_left(asked):
    Job.objects.update(attempt=1)
    before = files()
    job = dispatch.take()
    brief = replace(
        Brief(**job.brief),
        software=drawing._engine(settings.ENGINES_ROOT, "quick", job.brief["revision"]).software(),
    )
    orphan = drawing.name(job, brief, attempt=1)
    archive.path(f"{orphan}.mp4").parent.mkdir(parents=True, exist_ok=True)
    archive.path(f"{orphan}.mp4").write_bytes(b"half a clip")

    (clip,) = drawing.draw(job)

    assert clip.path.endswith("-2.mp4")
    assert len(files() - before) == 2


def test_an_engine_that_was_changed_since_is_a_sentence_and_no_traceback(quick):
    make_job(brief=make_brief(revision="older"))

    tasks.draw()

    job = Job.objects.get()
    assert (job.status, job.problem) == (
        "failed",
        "Quick noise has been changed since you asked. Ask for the clip anew.",
    )


def test_a_fault_is_kept_from_the_entrant_and_shown_to_the_log(asked, settings, tmp_path):
    settings.KEYS_ROOT = tmp_path / "nothing"

    with pytest.raises(ExceptionGroup) as broke_off:
        tasks.draw()
    assert isinstance(broke_off.value.exceptions[0], FileNotFoundError)

    asked.refresh_from_db()
    assert (asked.status, asked.problem) == ("failed", dispatch.BROKE_OFF)


def test_what_is_too_large_for_this_worker_is_asked_about_and_not_lost(asked, quick, settings, tmp_path):
    far = 2**60  # bytes that no machine has
    eased = ((128, 72, 5, far), (256, 144, 5, 4 * far))
    card = replace(quick, name="large", sizes={"16:9": (256, 144)}, eased=eased)
    shutil.copytree(settings.ENGINES_ROOT / "quick", tmp_path / "large")
    (tmp_path / "large/engine.json").write_text(card.to_json())
    settings.ENGINES_ROOT = tmp_path
    wish = WISH | {"engine": "large", "aspect": "16:9"}
    job = studio.request(asked.edition, by=asked.owner, **wish)

    assert drawing.take_up([Job.objects.claim(job.pk)]) == []

    job.refresh_from_db()
    assert (job.status, job.offer["native"]) == ("paused", [128, 72])
    assert "Have it drawn at 128 × 72" in job.problem


def test_when_one_job_ends_the_next_is_rung(quick, authority):
    make_job(brief=make_brief(revision="older"))
    make_job(brief=make_brief(revision="older"))
    hush()

    tasks.draw()

    assert rings() == 1


def test_a_drawing_programmes_clip_is_signed_as_such_and_not_as_generated(authority, settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    card = replace(scenes.CARD, sizes={"4:3": (64, 48)}, fps=8, steps=2)
    scenes.build(tmp_path / "scenes", card=card)
    person = make_user()
    job = studio.request(make_edition(), by=person, **WISH | {"engine": "scenes", "seconds": 1})
    tasks.draw()

    job.refresh_from_db()
    clip = job.clip
    assert (job.status, clip.procedural) == ("done", True)
    assert clip.credentials["digital_source_types"] == ["algorithmicMedia"]
    assert clip.credentials["generated"] is False


def test_a_clip_begins_with_a_still_is_steered_and_enlarged_and_says_so(authority, tiny_sketch, tmp_path):
    film = make_film(footage=True)
    Image.new("RGB", (160, 90), "#cc8833").save(tmp_path / "still.png")
    job = studio.request(
        film.edition,
        by=film.entrant,
        first=tmp_path / "still.png",
        camera=[[0.05 * f, 0, 0] for f in range(9)],
        boxes=[[[0.1, 0.2, 0.5, 0.8]] * 9],
        **WISH | {"engine": "sketch", "prompt": "a red boat", "seconds": 1, "aspect": "16:9"},
    )
    tasks.draw()

    job.refresh_from_db()
    clip = job.clip
    assert (job.status, job.problem) == ("done", "")
    assert (clip.width, clip.height, clip.native_size) == (768, 432, (48, 27))
    assert clip.drawn_at == "48 × 27, enlarged smoothly"
    assert archive.exists(f"first-frames/{clip.brief['first']}.jpg")
    assert clip.credentials["generated"] is True
    assert (clip.procedural, clip.random_weights) == (False, False)
    line = studio.deliver(clip, by=film.entrant, film=film, start_s=1.0)
    assert (line.engine, line.standing) == ("sketch", "verified")


def test_what_hears_of_a_drawn_clip_writes_with_it_or_takes_it_back(asked):
    before, heard = files(), []

    def refuse(sender, clip, job, **kwargs):
        heard.append((clip.pk, job.pk, job.status))
        raise RuntimeError("It could not be written.")

    clip_drawn.connect(refuse)
    try:
        with pytest.raises(ExceptionGroup):
            tasks.draw()
    finally:
        clip_drawn.disconnect(refuse)

    asked.refresh_from_db()
    assert [(job, status) for _, job, status in heard] == [(asked.pk, "done")]
    assert (asked.status, Clip.objects.count(), files()) == ("failed", 0, before)
