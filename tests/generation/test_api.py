"""The studio's part of the API: the same acts and the same sentences as the pages."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import include, path
from PIL import Image
from rest_framework.routers import DefaultRouter
from rest_framework.test import APIClient

from festival import archive
from festival.urls import urlpatterns as site
from generation.api import router_entries
from generation.engines import scenes
from generation.engines.base import Brief
from generation.models import Job
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import make_clip, make_job

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("torch"),
    pytest.mark.urls("tests.generation.test_api"),
]

router = DefaultRouter()
for prefix, viewset, basename in router_entries:
    router.register(prefix, viewset, basename=basename)
urlpatterns = [path("studio-api/", include(router.urls)), *site]

WISH = {"engine": "quick", "prompt": "a cat", "seconds": 1, "aspect": "4:3"}
CLIPS, JOBS = "/studio-api/clips/", "/studio-api/jobs/"


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def client(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_a_visitor_is_refused():
    assert APIClient().get(CLIPS).status_code == 401


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "make"), [(CLIPS, make_clip), (JOBS, make_job)])
def test_a_list_costs_the_same_for_one_row_and_three(
    client, person, address, make, rows, django_assert_num_queries
):
    for _ in range(rows):
        make(owner=person)
    make()

    with django_assert_num_queries(1):
        found = client.get(address).data["results"]

    assert len(found) == rows


def test_a_clip_says_where_it_comes_from_and_plays(client, person):
    clip = make_clip(owner=person)

    found = client.get(f"{CLIPS}{clip.pk}/").data

    assert (found["engine"], found["revision"], found["seed"]) == ("quick", "r1", clip.seed)
    assert (found["sha256"], found["credentials"]["state"]) == (clip.sha256, "trusted")
    assert found["address"].startswith("/media/")


def test_asking_cancelling_and_trying_again(client, person, quick):
    wish = {
        "edition": make_edition().slug,
        "engine": "quick",
        "prompt": "a cat",
        "seconds": 1,
        "aspect": "4:3",
    }

    asked = client.post(JOBS, wish, format="json")
    assert (asked.status_code, asked.data["status"], asked.data["progress"]) == (201, "queued", 0)
    job = f"{JOBS}{asked.data['id']}/"
    assert client.post(f"{job}cancel/").data["status"] == "cancelled"
    again = client.post(f"{job}cancel/")
    assert (again.status_code, again.data) == (
        403,
        {"detail": "This clip is no longer on the way: cancelled."},
    )

    Job.objects.update(status="failed")
    assert client.post(f"{job}retry/").data["status"] == "queued"


def test_what_a_programme_draws_says_so_and_names_the_words_it_leaves_out(client, person, settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    scenes.build(tmp_path / "scenes")
    wish = WISH | {"edition": make_edition().slug, "engine": "scenes", "prompt": "a zebra", "aspect": "16:9"}

    job = client.post(JOBS, wish, format="json").data
    clip = make_clip(owner=person, credentials={"facts": {"procedural": True}})
    found = client.get(f"{CLIPS}{clip.pk}/").data

    assert (job["procedural"], job["unknown_words"]) == (True, ["zebra"])
    assert (found["procedural"], found["native_size"]) == (True, [64, 48])
    assert client.get(f"{CLIPS}{make_clip(owner=person).pk}/").data["procedural"] is False


def test_camera_path_and_boxes_are_given_as_arrays(client, person, tiny_sketch):
    path = [[0.1 * f, 0, 0] for f in range(9)]
    boxes = [[None] + [[0, 0.25, 0.5, 0.75]] * 8]
    wish = WISH | {"edition": make_edition().slug, "engine": "sketch", "aspect": "16:9"}
    wish |= {"prompt": "a red boat", "enlarge": "pixels"}

    asked = client.post(JOBS, wish | {"camera": path, "boxes": boxes}, format="json")
    short = client.post(JOBS, wish | {"camera": path[:4]}, format="json")
    flat = client.post(JOBS, wish | {"boxes": [[[0, 1]]]}, format="json")

    assert asked.status_code == 201
    brief = Brief(**Job.objects.get().brief)
    assert brief.camera[8] == pytest.approx((0.8, 0, 0))
    assert (brief.boxes[0][0], brief.boxes[0][1]) == (None, (0, 0.25, 0.5, 0.75))
    assert (brief.native, brief.enlarge) == ((48, 27), "pixels")
    assert (short.status_code, short.data) == (
        422,
        {"detail": "A camera path has three numbers for each of the 9 frames."},
    )
    assert flat.status_code == 400


def test_a_still_comes_with_the_wish(client, person, tiny_sketch):
    wish = WISH | {"edition": make_edition().slug, "engine": "sketch", "aspect": "16:9", "prompt": "a boat"}
    file = BytesIO()
    Image.new("RGB", (60, 40), "#336699").save(file, "PNG")

    asked = client.post(JOBS, wish | {"first": SimpleUploadedFile("a.png", file.getvalue())})
    bad = client.post(JOBS, wish | {"first": SimpleUploadedFile("a.png", b"no picture")})

    assert asked.status_code == 201
    assert archive.exists(f"first-frames/{asked.data['brief']['first']}.jpg")
    assert (bad.status_code, "not a JPEG, PNG or WebP" in bad.data["detail"]) == (422, True)


def test_what_cannot_be_drawn_is_a_sentence(client, quick):
    wish = {
        "edition": make_edition().slug,
        "engine": "quick",
        "prompt": "a cat",
        "seconds": 60,
        "aspect": "4:3",
    }

    refused = client.post(JOBS, wish, format="json")

    assert refused.status_code == 422
    keep = "Keep to that, or choose another engine; its card says what it draws."
    assert refused.data == {"detail": f"Quick noise draws 0.5 to 2 seconds. {keep}"}


def test_a_clip_is_placed_in_a_film(client, person):
    clip, film = make_clip(owner=person), make_film(entrant=person, footage=True)

    placed = client.post(f"{CLIPS}{clip.pk}/deliver/", {"film": str(film.pk), "start_s": 2}, format="json")

    assert placed.status_code == 201
    assert placed.data == {"film": str(film.pk), "start_s": 2.0, "end_s": 6.0, "standing": "verified"}


@pytest.mark.parametrize("sent", [{"prompt": "a dog"}, {"seconds": "long"}, {"seed": [1]}])
def test_a_stranger_learns_of_no_job_whatever_they_send(client, sent):
    job = make_job()

    assert client.post(f"/api/jobs/{job.pk}/rewrite/", sent, format="json").status_code == 404


def test_a_stranger_finds_nothing(client, person):
    clip, job, film = make_clip(), make_job(), make_film(entrant=person)

    for address in (f"{CLIPS}{clip.pk}/", f"{JOBS}{job.pk}/"):
        assert client.get(address).status_code == 404
    for address in (f"{CLIPS}{clip.pk}/deliver/", f"{JOBS}{job.pk}/cancel/", f"{JOBS}{job.pk}/retry/"):
        assert client.post(address, {"film": str(film.pk), "start_s": 0}, format="json").status_code == 404


def test_a_clip_is_not_placed_in_a_film_one_cannot_see(client, person):
    clip = make_clip(owner=person)

    refused = client.post(
        f"{CLIPS}{clip.pk}/deliver/", {"film": str(make_film().pk), "start_s": 0}, format="json"
    )

    assert refused.status_code == 400
    assert "object does not exist" in str(refused.data)
