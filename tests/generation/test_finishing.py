"""Finishing a take: another take of it on the same queue, signed like any, with its tools in its recipe."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from festival import archive
from festival.errors import Refused, Unacceptable
from festival.media import finishing as tools
from festival.provenance import credentials
from generation import access, dispatch, drawing, finishing, takes, tasks
from generation.models import Clip, Job, Take
from tests.factories import make_film, make_user
from tests.festival.workers import database_url
from tests.generation.makers import hush, make_shot, make_take
from tests.generation.small import ON_THE_DESK, pixels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small", "authority")]

FINISH = {"fps": 24, "upscale": "lanczos", "exposure": 0.5}


@pytest.fixture
def take(person):
    """A take that was drawn: 128 × 72 pixels, 8 frames a second."""
    (asked,) = takes.draw(make_shot(owner=person, **ON_THE_DESK), by=person)
    drawing.draw(Job.objects.claim(asked.job_id))
    return Take.objects.get(pk=asked.pk)


def finished(take: Take, *, by, **said) -> Take:
    asked = finishing.ask(take, by=by, **said)
    tasks.draw()
    return Take.objects.get(pk=asked.pk)


def test_a_finished_take_is_another_take_and_the_first_stays(take, person):
    made = finished(take, by=person, **FINISH)

    assert (made.number, made.way, made.parent, made.seed, made.words) == (
        2, "finished", take, take.seed, take.words,
    )  # fmt: skip
    assert (made.clip.width, made.clip.height, made.clip.fps) == (256, 144, 24)
    assert made.clip.duration_s == take.clip.duration_s
    assert pixels(made.clip).shape == (made.clip.brief["frames"], 144, 256, 3)
    assert made.clip.brief["frames"] == 3 * take.clip.brief["frames"]
    assert pixels(made.clip).mean() > 1.1 * pixels(take.clip).mean(), "half a stop lighter"
    assert Take.objects.get(pk=take.pk).clip == take.clip and made.shot.selected == take


def test_its_recipe_names_the_tools_and_it_is_signed_like_any_take(take, person):
    made = finished(take, by=person, **FINISH)

    assert made.recipe["finish"] == FINISH
    assert made.recipe["parent_sha256"] == take.clip.sha256 == made.recipe["brief"]["source"]
    assert made.recipe["licence"] == take.recipe["licence"]
    said = made.clip.software
    assert said.startswith(take.clip.software) and "24 frames a second" in said and "ffmpeg version" in said
    with archive.local(made.clip.path) as film:
        report = credentials.read(film, roots=credentials.roots_in(settings.KEYS_ROOT))
    assert (report["state"], report["problems"]) == ("trusted", [])
    assert report["digital_source_types"] == take.clip.credentials["digital_source_types"]
    assert report["facts"]["software"] == said and made.clip.procedural


def test_how_long_an_engine_takes_is_not_learned_from_finishing(take, person):
    pace = Clip.objects.pace()
    made = finished(take, by=person, denoise=0.5)

    assert made.clip.drawn_in_s == 0 and made.spent_s > 0
    assert Clip.objects.pace() == pace
    assert made.job.engine == finishing.ENGINE and made.job.estimate_s >= 1


def test_what_is_made_from_a_finished_take_is_drawn_anew(take, person):
    made = finished(take, by=person, denoise=0.5)

    again = takes.another(made, by=person)

    assert "finish" not in again.wish and again.job.engine == "small"
    assert finishing.ask(made, by=person, steady=True).parent == made, "and it may be finished again"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Choose at least one thing"),
        ({"fps": 8}, "up to 60 a second; it has 8"),
        ({"fps": 61}, "up to 60"),
        ({"denoise": 2}, "from 0 to 1"),
        ({"exposure": 9}, "from -2 to 2 stops"),
        ({"upscale": "magic"}, "smoothly or by a trained model"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_queued(take, person, said, words):
    with pytest.raises(Unacceptable, match=words):
        finishing.ask(take, by=person, **said)

    assert (Job.objects.count(), Take.objects.count()) == (1, 1)


@pytest.mark.skipif(tools.why_not_upscale("realesrgan") == "", reason="the extra is installed here")
def test_without_the_extra_a_trained_model_is_refused_in_a_plain_sentence(take, person):
    with pytest.raises(Unacceptable, match=r"not installed at this festival\. Enlarge smoothly"):
        finishing.ask(take, by=person, upscale="realesrgan")


def test_what_does_not_fit_into_a_workers_memory_is_refused(take, person, monkeypatch):
    frames, pixels = 3 * take.clip.brief["frames"], take.clip.width * take.clip.height
    monkeypatch.setattr(finishing, "MOST_BYTES", 2 * 3 * frames * pixels)

    with pytest.raises(Unacceptable, match="Ask for fewer frames"):
        finishing.ask(take, by=person, fps=24, upscale="lanczos")
    assert finishing.ask(take, by=person, fps=24).number == 2


def test_a_shot_has_no_end_of_takes_by_finishing_either(take, person, monkeypatch):
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 1)

    with pytest.raises(Refused, match="Go on in another shot"):
        finishing.ask(take, by=person, denoise=0.5)


def test_only_who_shares_the_production_finishes_and_only_what_is_drawn(take, person):
    with pytest.raises(Refused, match="share this production"):
        finishing.ask(take, by=make_user(), denoise=0.5)
    with pytest.raises(Refused, match="not drawn yet"):
        finishing.ask(make_take(shot=take.shot, clip=None), by=person, denoise=0.5)


def test_the_page_has_a_panel_and_the_api_a_verb(take, person, client):
    client.force_login(person)
    page = client.get(f"/studio/takes/{take.pk}/").content.decode()
    assert "Finish it" in page and "8, as it is" in page and "Takes are silent" in page
    assert ("not installed at this festival" in page) == bool(tools.why_not_upscale("realesrgan"))

    as_it_is = {"exposure": "0", "contrast": "1", "saturation": "1", "kelvin": "6500"}
    empty = client.post(f"/studio/takes/{take.pk}/finishing/", as_it_is, follow=True)
    assert "Choose at least one thing" in empty.content.decode()
    client.post(f"/studio/takes/{take.pk}/finishing/", as_it_is | {"fps": "24", "saturation": "0"})
    wrong = client.post(f"/studio/takes/{take.pk}/finishing/", as_it_is | {"exposure": "9"}, follow=True)
    assert "Exposure: It is a number from -2 to 2; 0 leaves it as it is." in wrong.content.decode()
    address = f"/api/takes/{take.pk}/finishing/"
    sent = client.post(address, {"denoise": 0.5, "steady": False}, content_type="application/json")
    assert client.post(address, {"fps": 3}, content_type="application/json").status_code == 422

    asked = [one.wish["finish"] for one in Take.objects.filter(way="finished").order_by("number")]
    assert asked == [{"fps": 24, "saturation": 0.0}, {"denoise": 0.5}], "what is as it was is not said"
    assert (sent.status_code, sent.json()["way"], sent.json()["parent"]) == (201, "finished", str(take.pk))


def test_strangers_finish_nothing(take, client):
    client.force_login(make_user())

    assert client.post(f"/studio/takes/{take.pk}/finishing/", {"fps": "24"}).status_code == 404
    assert client.post(f"/api/takes/{take.pk}/finishing/", {"fps": 24}).status_code == 404


def test_cancelled_while_it_is_worked_on_it_keeps_nothing(take, person, monkeypatch):
    asked, beat = finishing.ask(take, by=person, fps=24), Job.beat

    def beat_then_cancel(job, *, step):
        beat(job, step=step)
        if Job.objects.get(pk=job.pk).status == "running":
            dispatch.cancel(Job.objects.get(pk=job.pk), by=person)

    monkeypatch.setattr(Job, "beat", beat_then_cancel)  # the person presses Cancel as it begins
    tasks.draw()

    assert (Job.objects.get(pk=asked.job_id).status, Clip.objects.count()) == ("cancelled", 1)


def test_a_take_that_is_gone_is_a_sentence(take, person):
    asked = finishing.ask(take, by=person, denoise=0.5)
    archive.delete(take.clip.path)
    tasks.draw()

    assert Job.objects.get(pk=asked.job_id).problem == finishing.GONE


def test_what_is_finished_of_a_models_take_is_disclosed_as_the_models(take, person, monkeypatch):
    made = finished(take, by=person, saturation=0.0)
    Clip.objects.filter(pk=made.clip_id).update(credentials={"state": "trusted", "facts": {}})
    made = Take.objects.get(pk=made.pk)

    line = takes.deliver(made, by=person, film=make_film(entrant=person, footage=True), start_s=0)

    assert (line.engine, line.standing) == ("small", "verified")


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("torch")
def test_a_worker_killed_while_it_finishes_loses_nothing(take, person):
    hush()
    asked = finishing.ask(take, by=person, fps=24)

    ran = subprocess.run(
        [sys.executable, "-m", "tests.generation.dying", "finish"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    assert ran.stdout.split("\n")[:-1] == ["finish SIGKILL", "rest 0"]
    job = Job.objects.get(pk=asked.job_id)
    assert (job.status, job.attempt, job.clip.credentials["state"]) == ("done", 2, "trusted")
    assert Take.objects.get(pk=asked.pk).clip == job.clip
    assert Clip.objects.count() == 2


def test_what_was_done_stands_with_the_recipe(take, person, client):
    made = finished(take, by=person, fps=24, exposure=0.5, upscale="lanczos")
    client.force_login(person)

    page = client.get(f"/studio/takes/{made.pk}/").content.decode()

    assert "enlarged smoothly, 24 frames a second, exposure +0.5 stops" in page
    assert "Take 2, finished from take 1" in page


def test_asking_leads_to_where_the_finished_take_will_stand_and_an_error_back_to_the_form(
    take, person, client
):
    client.force_login(person)
    page = f"/studio/takes/{take.pk}/"

    assert client.post(f"{page}finishing/", {}).url == f"{page}#finish"
    assert client.post(f"{page}finishing/", {"denoise": "0.5"}).url.endswith("#takes")
