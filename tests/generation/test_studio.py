"""From words to a signed clip in a film: with a real, tiny pipeline, a real encoder and real certificates."""

import os
import subprocess
import sys

import pytest
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from festival.models import Disclosure
from generation import studio
from generation.engines.base import Brief
from generation.models import Job
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import hush, make_clip, rings

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]

WISH = {"engine": "quick", "prompt": " a cat ", "seconds": 0.6, "aspect": "4:3", "seed": 7}


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
