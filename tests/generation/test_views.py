"""The studio's pages: what each shows, what a post does, and what strangers find."""

import hashlib
from dataclasses import asdict
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from festival import archive
from festival.models import Disclosure, Edition
from generation.engines import scenes
from generation.engines.base import Brief
from generation.models import Clip, Job
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import make_brief, make_clip, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]

STUDIO = reverse("studio:clips")
WISH = {"prompt": "a cat", "seconds": "0.6", "aspect": "4:3", "seed": "7", "engine": "quick"}


@pytest.fixture
def person(client):
    person = make_user()
    client.force_login(person)
    return person


def text(response) -> str:
    return response.content.decode()


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(STUDIO).url.startswith("/accounts/login/")


def test_an_empty_library_says_what_to_do_first_and_what_the_engine_is(client, person, quick):
    make_edition()

    page = text(client.get(STUDIO))

    assert "No clips yet" in page
    assert "Random weights: never trained, it draws noise." in page
    assert "not known yet: nothing has been drawn with it here" in page
    assert quick.revision in page


@pytest.fixture
def drawing(quick, settings, tmp_path):
    """A studio with the drawing programme and the engine with random weights."""
    (tmp_path / "quick").symlink_to(settings.ENGINES_ROOT / "quick")
    settings.ENGINES_ROOT = tmp_path
    return scenes.build(tmp_path / "scenes")


def asked_of_scenes(**change) -> dict:
    edition = Edition.objects.first() or make_edition()
    wish = {"prompt": "a red boat at sea", "seconds": "1", "aspect": "16:9", "engine": "scenes"}
    return wish | {"edition": edition.pk} | change


def test_the_drawing_programme_is_the_default_while_nothing_is_trained_and_says_that_it_is_no_ai(
    client, person, drawing
):
    make_edition()

    response = client.get(STUDIO)

    assert response.context["form"]["engine"].field.choices == [
        ("scenes", "Scenes: procedural drawing, not AI"),
        ("quick", "Quick noise: random weights, noise"),
    ]
    assert "Engine: procedural drawing, not AI" in text(response)


def test_the_words_it_knows_are_listed(client, person, drawing):
    make_edition()

    page = text(client.get(STUDIO))

    assert "Words that Scenes knows" in page
    for words in ("in clear weather", "in the mountains", "tilt up", "at sunset", "kite", "coming closer"):
        assert f"<li><span>{words}</span></li>" in page
    assert page.count("<li><span>") == 58


def test_without_an_engine_that_knows_words_there_is_no_guide(client, person, quick):
    make_edition()

    assert "Words that" not in text(client.get(STUDIO))


def test_a_word_it_does_not_know_is_pointed_out_before_it_draws_and_drawn_without_on_request(
    client, person, drawing
):
    wish = asked_of_scenes(prompt="a zebra by a red boat", seed="9")

    first = text(client.post(STUDIO, wish))
    assert "Scenes does not know “zebra”, and draws without." in first
    assert "Draw it all the same" in first
    assert "a zebra by a red boat" in first
    assert not Job.objects.exists()

    client.post(STUDIO, wish | {"anyway": "on"})
    assert Job.objects.get().prompt == "a zebra by a red boat"


def test_words_it_knows_are_asked_for_at_once_and_the_job_says_that_a_programme_draws(
    client, person, drawing
):
    page = text(client.post(STUDIO, asked_of_scenes(), follow=True))

    job = Job.objects.get()
    assert job.brief["engine"] == "scenes"
    assert "<span>procedural drawing, not AI</span>" in page
    assert "Scenes, procedural drawing, not AI" in text(client.get(reverse("studio:job", args=[job.pk])))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"engine": "scenes", "prompt": "a zebra"}, "does not know “zebra”"),
        ({"engine": "scenes", "prompt": "a boat"}, ""),
        ({"engine": "quick", "prompt": "a zebra"}, ""),
        ({"engine": "gone", "prompt": "a zebra"}, ""),
        ({}, ""),
        ({"engine": "scenes", "prompt": "<b>zebra</b>"}, "does not know “b” and “zebra”"),
    ],
)
def test_words_are_looked_up_as_one_types(client, person, drawing, asked, words):
    said = text(client.post(reverse("studio:words"), asked)).strip()

    assert (words in said and "Draw it all the same" in said) if words else said == ""
    assert "<b>" not in said


def test_a_clip_by_a_programme_is_labelled_and_is_not_placed_in_a_statement(client, person, quick):
    make_edition()
    make_film(entrant=person)
    clip = make_clip(owner=person, credentials={"state": "trusted", "facts": {"procedural": True}})

    assert "Procedural, not AI" in text(client.get(STUDIO))
    page = text(client.get(reverse("studio:clip", args=[clip.pk])))
    assert "Drawn by a programme, from words: procedural, not AI" in page
    assert "Place the clip" not in page


def test_an_enlarged_clip_says_at_which_size_it_was_drawn(client, person, quick):
    make_edition()
    brief = make_brief(width=768, height=432, native=(96, 54), enlarge="pixels", first="ab" * 32)
    clip = make_clip(owner=person, brief=asdict(brief), width=768, height=432)
    job = make_job(owner=person, brief=brief)

    said = "drawn at 96 × 54, enlarged pixel by pixel"
    assert said.capitalize() in text(client.get(STUDIO))
    page = text(client.get(reverse("studio:clip", args=[clip.pk])))
    assert said in page
    assert "ab" * 32 in page
    assert said in text(client.get(reverse("studio:job", args=[job.pk])))


def test_dials_that_no_engine_has_are_not_offered(client, person, quick):
    make_edition()

    assert {"first", "enlarge"}.isdisjoint(client.get(STUDIO).context["form"].fields)


def test_a_still_is_sent_with_the_wish_and_kept_under_its_digest(client, person, tiny_sketch):
    edition = make_edition()
    wish = WISH | {"engine": "sketch", "aspect": "16:9", "prompt": "a red boat", "edition": edition.pk}
    wish |= {"enlarge": "pixels"}

    page = text(client.get(STUDIO))
    assert 'enctype="multipart/form-data"' in page
    assert "48 × 32, cut to the shape, then enlarged" in page
    client.post(STUDIO, wish | {"first": still_file()})

    brief = Brief(**Job.objects.get().brief)
    with archive.open_file(f"first-frames/{brief.first}.jpg") as file:
        assert hashlib.sha256(file.read()).hexdigest() == brief.first
    assert (brief.native, brief.enlarge) == ((48, 27), "pixels")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first": SimpleUploadedFile("still.png", b"GIF89a, they said")}, "not a JPEG, PNG or WebP picture"),
        ({"engine": "quick", "aspect": "4:3"}, "Quick noise takes no still to begin with."),
        ({"prompt": "a zebra"}, "Choose the picture again"),
        ({"seconds": "0"}, "Choose the picture again"),
    ],
)
def test_a_still_that_cannot_be_used_is_said_and_nothing_is_kept(
    client, person, quick, tiny_sketch, change, words
):
    before = set(archive.path("first-frames").glob("*"))
    wish = WISH | {"engine": "sketch", "aspect": "3:2", "prompt": "a red boat", "edition": make_edition().pk}

    page = text(client.post(STUDIO, wish | {"first": still_file("#224466")} | change))

    assert words in page
    assert not Job.objects.exists()
    assert set(archive.path("first-frames").glob("*")) == before


def still_file(colour="#aa5511") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (120, 80), colour).save(file, "PNG")
    return SimpleUploadedFile("still.png", file.getvalue(), "image/png")


def test_without_an_engine_the_page_says_so(client, person, settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    make_edition()

    page = text(client.get(STUDIO))

    assert "No engine is installed" in page
    assert "<textarea" not in page


def test_without_an_open_call_the_page_says_so(client, person, quick):
    make_edition(status="closed")

    assert "No call is open" in text(client.get(STUDIO))


def test_asking_makes_a_job_and_shows_it_on_the_way(client, person, quick):
    edition = make_edition()

    response = client.post(STUDIO, WISH | {"edition": edition.pk}, follow=True)

    job = Job.objects.get()
    assert (job.owner, job.edition, job.prompt, job.brief["seed"]) == (person, edition, "a cat", 7)
    assert f'topic="job:{job.pk}"' in text(response)
    assert "Asked for." in text(response)
    assert "Waiting" in text(response)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"prompt": ""}, "Say in words what should be seen."),
        ({"seconds": "0"}, "Quick noise draws 0.5 to 2 seconds. Type a number between, such as 1.2."),
        ({"seconds": "60"}, "Quick noise draws 0.5 to 2 seconds."),
        ({"seed": "-1"}, "A seed is a whole number from 0"),
        ({"engine": "sora"}, "This engine is not here."),
    ],
)
def test_what_cannot_be_drawn_is_said_and_the_words_are_kept(client, person, quick, change, words):
    response = client.post(STUDIO, WISH | {"edition": make_edition().pk} | change)

    assert words in text(response)
    assert response.status_code == 200
    assert not Job.objects.exists()
    assert change.get("prompt", "a cat") in text(response)


def test_the_library_shows_each_clip_with_its_signature_and_a_download(client, person, quick):
    make_edition()
    clip = make_clip(owner=person, prompt="A heron over the estuary", random_weights=True)
    make_clip(prompt="Somebody else's")

    page = text(client.get(STUDIO))

    assert "A heron over the estuary" in page
    assert "Signed" in page
    assert 'download="a-heron-over-the-estuary-' in page
    assert f"{clip.seed}</li>" in page
    assert "about 0.5 s of work" in page
    assert "Somebody else" not in page


def test_the_words_of_a_clip_come_back_with_another_seed(client, person, quick):
    make_edition()
    clip = make_clip(owner=person, prompt="A heron", duration_s=1.5)

    form = client.get(STUDIO, {"like": clip.pk}).context["form"]

    assert (form["prompt"].value(), form["seconds"].value()) == ("A heron", 1.5)
    assert form["seed"].value() != clip.seed
    assert client.get(STUDIO, {"like": "no id"}).status_code == 200
    assert "prompt" not in client.get(STUDIO, {"like": make_clip().pk}).context["form"].initial


@pytest.mark.parametrize("rows", [1, 3])
def test_the_library_costs_the_same_for_one_row_and_three(
    client, person, quick, rows, django_assert_num_queries
):
    make_edition()
    for _ in range(rows):
        make_clip(owner=person)
        make_job(owner=person)

    with django_assert_num_queries(QUERIES):
        page = text(client.get(STUDIO))

    assert page.count("<video") == rows
    assert page.count("<live-row") == rows


QUERIES = 22


def test_a_job_page_shows_how_it_stands(client, person):
    make_job()
    job = make_job(owner=person, brief=make_brief(prompt="A heron", seed=11, steps=8))

    page = text(client.get(reverse("studio:job", args=[job.pk])))
    assert "One clip comes before it." in page
    assert "Waiting" in page

    Job.objects.filter(pk=job.pk).update(status="running", step=4)
    page = text(client.get(reverse("studio:job", args=[job.pk])))
    assert "Step 4 of 8" in page
    assert 'value="45"' in page

    Job.objects.filter(pk=job.pk).update(status="failed", problem="The engine is gone.")
    page = text(client.get(reverse("studio:job", args=[job.pk])))
    assert "The engine is gone." in page
    assert "Try again" in page


def test_cancel_stops_a_job(client, person):
    job = make_job(owner=person)

    response = client.post(reverse("studio:cancel", args=[job.pk]), follow=True)

    assert "Cancelled. Nothing was kept." in text(response)
    assert Job.objects.get().status == "cancelled"


def test_cancel_of_what_has_ended_says_so(client, person):
    job = make_job(owner=person, status="done")

    response = client.post(reverse("studio:cancel", args=[job.pk]), follow=True)

    assert "no longer on the way: done" in text(response)


def test_try_again_queues_a_failed_job(client, person):
    job = make_job(owner=person, status="failed")

    client.post(reverse("studio:retry", args=[job.pk]))

    assert Job.objects.get().status == "queued"


def test_a_clip_page_shows_its_papers(client, person):
    clip = make_clip(owner=person, sha256="ab" * 32, revision="rev-1", random_weights=True)

    page = text(client.get(reverse("studio:clip", args=[clip.pk])))

    for fact in ("ab" * 32, "rev-1", clip.digest, str(clip.seed), "Signed", "by Marquee", "random weights"):
        assert fact in page
    assert "You have no entry that can still be changed." in page


def test_a_clip_is_placed_and_the_statement_comes_next(client, person):
    clip, film = make_clip(owner=person), make_film(entrant=person, footage=True)

    response = client.post(reverse("studio:deliver", args=[clip.pk]), {"film": film.pk, "start_s": "0:04.50"})

    line = Disclosure.objects.get()
    assert response.url == f"/entries/{film.pk}/statement/#cue-{line.pk}"
    assert f"The clip is placed in “{film}”, at 0:04–0:08." in text(client.get(response.url))
    assert (line.film, line.start_s, line.end_s) == (film, 4.5, 8.5)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("later", "Write a timecode as h:mm:ss.cc"),
        ("", "Where in the film does it begin?"),
        ("0:58", "the film ends at 1:00"),
    ],
)
def test_a_place_that_cannot_be_is_said(client, person, start, words):
    clip, film = make_clip(owner=person), make_film(entrant=person, footage=True)

    response = client.post(reverse("studio:deliver", args=[clip.pk]), {"film": film.pk, "start_s": start})

    assert words in text(response)
    assert not Disclosure.objects.exists()


def test_films_that_are_settled_or_somebody_elses_are_not_offered(client, person):
    clip, mine = make_clip(owner=person), make_film(entrant=person, title="Mine")
    make_film(entrant=person, title="Settled", status="selected")
    theirs = make_film(title="Theirs")

    page = client.get(reverse("studio:clip", args=[clip.pk]))
    response = client.post(reverse("studio:deliver", args=[clip.pk]), {"film": theirs.pk, "start_s": "0:00"})

    assert list(page.context["form"]["film"].field.queryset) == [mine]
    assert "This entry can no longer be changed. Choose another of the list." in text(response)


@pytest.mark.parametrize(
    ("verb", "name"),
    [("get", "job"), ("post", "cancel"), ("post", "retry"), ("get", "clip"), ("post", "deliver")],
)
def test_a_stranger_finds_nothing_at_any_private_address(client, person, verb, name):
    make = make_clip if name in ("clip", "deliver") else make_job
    row = make(**({} if make is make_clip else {"status": "failed"}))
    address = reverse(f"studio:{name}", args=[row.pk])

    assert getattr(client, verb)(address).status_code == 404
    client.logout()
    assert getattr(client, verb)(address).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("verb", "name"), [("get", "cancel"), ("get", "retry"), ("get", "deliver"), ("post", "job")]
)
def test_addresses_answer_to_their_own_verb_only(client, person, verb, name):
    row = make_clip(owner=person) if name == "deliver" else make_job(owner=person)

    assert getattr(client, verb)(reverse(f"studio:{name}", args=[row.pk])).status_code == 405
    assert Clip.objects.count() + Job.objects.filter(status="queued").count() == 1
