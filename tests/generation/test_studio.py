"""From words to a signed clip in a film: with a real, tiny pipeline, a real encoder and real certificates."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from festival import archive
from festival.errors import Refused, Unacceptable
from festival.models import Disclosure
from festival.provenance import credentials
from generation import dispatch, studio, tasks
from generation.engines import scenes
from generation.engines.base import Brief
from generation.models import Clip, Job, Stopped
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import hush, make_brief, make_clip, make_job, rings

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


def test_a_request_becomes_a_job_with_a_brief_and_one_ring(quick, django_capture_on_commit_callbacks):
    hush()
    person = make_user()

    with django_capture_on_commit_callbacks(execute=True):
        job = studio.request(make_edition(), by=person, **WISH)

    assert (job.owner, job.status, job.steps) == (person, "queued", 3)
    brief = Brief(**job.brief)
    assert (brief.prompt, brief.frames, brief.width, brief.seed) == ("a cat", 5, 64, 7)
    assert brief.revision == quick.revision
    assert rings() == 1


def test_without_a_seed_any_is_taken(quick):
    person, edition = make_user(), make_edition()

    seeds = {studio.request(edition, by=person, **WISH | {"seed": None}).brief["seed"] for _ in range(3)}

    assert len(seeds) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"engine": "gone"}, "not here any more"),
        ({"seconds": 60}, "draws 0.5 to 2"),
        ({"prompt": " "}, "Say in"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_no_job(quick, change, words):
    with pytest.raises(Unacceptable, match=words):
        studio.request(make_edition(), by=make_user(), **WISH | change)

    assert not Job.objects.exists()


def test_a_person_with_enough_on_the_way_is_refused(quick, settings):
    settings.JOBS_A_PERSON = 1
    person, edition = make_user(), make_edition()
    studio.request(edition, by=person, **WISH)

    with pytest.raises(Refused, match="You have 1 clip on the way"):
        studio.request(edition, by=person, **WISH)


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
    before, steps, beat = files(), [], Job.beat

    def beat_then_cancel(job, *, step):
        steps.append(step)
        beat(job, step=step)
        if step == 1:
            dispatch.cancel(Job.objects.get(pk=job.pk), by=asked.owner)

    monkeypatch.setattr(Job, "beat", beat_then_cancel)  # the person presses Cancel during step 1
    tasks.draw()

    asked.refresh_from_db()
    assert (asked.status, asked.clip, steps) == ("cancelled", None, [1, 2])
    assert files() == before
    assert not Clip.objects.exists()


def test_taken_over_at_the_last_moment_the_slower_worker_keeps_nothing(asked, monkeypatch):
    before, keep = files(), studio._keep

    def taken_over(clip, job):
        Job.objects.filter(pk=job.pk).update(attempt=2)
        keep(clip, job)

    monkeypatch.setattr(studio, "_keep", taken_over)
    with pytest.raises(Stopped):
        studio.draw(dispatch.take())

    assert files() == before
    assert not Clip.objects.exists()


def test_the_second_attempt_tidies_what_the_first_left(asked):
    Job.objects.update(attempt=1)
    before = files()
    job = dispatch.take()
    brief = replace(
        Brief(**job.brief),
        software=studio._engine(settings.ENGINES_ROOT, "quick", job.brief["revision"]).software(),
    )
    orphan = studio._name(job, brief, attempt=1)
    archive.path(f"{orphan}.mp4").parent.mkdir(parents=True, exist_ok=True)
    archive.path(f"{orphan}.mp4").write_bytes(b"half a clip")

    clip = studio.draw(job)

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

    with pytest.raises(FileNotFoundError):
        tasks.draw()

    asked.refresh_from_db()
    assert (asked.status, asked.problem) == ("failed", dispatch.BROKE_OFF)


def test_when_one_job_ends_the_next_is_rung(quick, authority):
    make_job(brief=make_brief(revision="older"))
    make_job(brief=make_brief(revision="older"))
    hush()

    tasks.draw()

    assert rings() == 1


def test_a_clip_is_placed_in_a_film_with_its_facts_copied():
    film = make_film(footage=True)
    clip = make_clip(owner=film.entrant, sha256="ab" * 32)

    line = studio.deliver(clip, by=film.entrant, film=film, start_s=5.0)

    assert Disclosure.objects.get() == line
    assert (line.start_s, line.end_s, line.kind, line.standing) == (5.0, 9.0, "generated", "verified")
    assert (line.clip_id, line.engine, line.revision, line.seed) == (clip.pk, "quick", "r1", clip.seed)
    assert (line.clip_sha256, line.prompt_sha256) == (clip.sha256, Brief(**clip.brief).prompt_sha256)


def test_a_clip_is_not_placed_in_somebody_elses_film():
    clip, film = make_clip(), make_film(footage=True)

    with pytest.raises(Refused, match="Only the entrant"):
        studio.deliver(clip, by=clip.owner, film=film, start_s=0, at=timezone.now())

    assert not Disclosure.objects.exists()


def test_the_web_process_never_imports_torch():
    code = (
        "import django, sys; django.setup(); import festival.asgi; from festival.urls import urlpatterns;"
        "from django.urls import reverse; reverse('studio:clips');"
        "print([name for name in ('torch', 'diffusers', 'transformers', 'ortools') if name in sys.modules])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}

    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )

    assert ran.stdout.strip() == "[]"


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
