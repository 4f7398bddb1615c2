"""/v1/videos, spoken to by a client that others have written."""

import io

import httpx2
import openai
import pytest
from django.test import Client
from PIL import Image
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from festival.provenance import credentials
from generation import dispatch, tasks
from generation.models import Clip, Job
from tests.factories import make_edition, make_user
from tests.generation.makers import make_brief, make_clip, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def client(person, quick):
    """OpenAI's own client, on the site by WSGI, with the person's token."""
    make_edition()
    token = Token.objects.create(user=person)
    return caller(token.key)


class Wire(httpx2.BaseTransport):
    """What the client sends goes to the site, and what the site answers comes back."""

    def handle_request(self, request):
        answer = Client().generic(
            request.method,
            request.url.raw_path.decode(),
            data=request.read(),
            content_type=request.headers.get("content-type", ""),
            headers={"Authorization": request.headers.get("authorization", "")},
        )
        return httpx2.Response(answer.status_code, headers=dict(answer.headers), content=answer.getvalue())


def caller(key: str) -> openai.OpenAI:
    wire = httpx2.Client(transport=Wire(), follow_redirects=True)
    return openai.OpenAI(api_key=key, base_url="http://testserver/v1", max_retries=0, http_client=wire)


def test_from_words_to_a_signed_film_by_a_client_of_others(client, person, authority, settings, tmp_path):
    asked = client.videos.create(prompt="a cat", model="quick", seconds="1", size="64x48")
    assert (asked.object, asked.status, asked.progress) == ("video", "queued", 0)
    assert (asked.model, asked.size, asked.seconds, asked.prompt) == ("quick", "64x48", "1.125", "a cat")
    tasks.draw()

    found = client.videos.retrieve(asked.id)
    film = client.videos.download_content(asked.id).read()
    still = client.videos.download_content(asked.id, variant="thumbnail").read()

    assert (found.status, found.progress, found.error) == ("completed", 100, None)
    assert found.completed_at >= found.created_at
    assert Clip.objects.get().owner == person
    (tmp_path / "film.mp4").write_bytes(film)
    report = credentials.read(tmp_path / "film.mp4", roots=credentials.roots_in(settings.KEYS_ROOT))
    assert (report["state"], report["generated"]) == ("trusted", True)
    assert Image.open(io.BytesIO(still)).format == "JPEG"


def test_with_words_alone_the_first_engine_draws_what_it_can(client):
    asked = client.videos.create(prompt="a cat")

    assert (asked.model, asked.size, asked.seconds) == ("quick", "64x48", "2.125")


def test_the_shape_of_a_size_counts(client):
    assert client.videos.create(prompt="a cat", size="1024x1024").size == "32x32"


def test_a_list_goes_on_from_any_video_both_ways(client, person):
    jobs = [make_job(owner=person) for _ in range(5)]
    make_job()
    ids = [f"video_{job.pk.hex}" for job in jobs]

    first = client.videos.list(limit=2)
    assert ([one.id for one in first.data], first.has_more) == ([ids[4], ids[3]], True)
    assert [one.id for one in client.videos.list(limit=2)] == ids[::-1], "the client turns pages by itself"
    up = client.videos.list(order="asc", after=ids[1], limit=50)
    assert ([one.id for one in up.data], up.has_more) == (ids[2:], False)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_one_video_and_three(rows, person, django_assert_num_queries):
    for _ in range(rows):
        make_job(owner=person, status=Job.Status.DONE, clip=make_clip(owner=person))
    api = APIClient()
    api.force_authenticate(person)

    with django_assert_num_queries(1):
        assert len(api.get("/v1/videos").data["data"]) == rows


def test_deleted_it_is_stopped_and_off_the_list_and_deleted_again_it_is_not_there(client, person):
    running = make_job(owner=person)
    dispatch.take()
    name = f"video_{running.pk.hex}"

    gone = client.videos.delete(name)

    assert (gone.id, gone.deleted, gone.object) == (name, True, "video.deleted")
    assert Job.objects.get().status == "cancelled"
    assert client.videos.list().data == []
    with pytest.raises(openai.NotFoundError):
        client.videos.delete(name)


def test_a_drawn_clip_stays_in_the_library_when_its_video_is_deleted(client, person):
    job = make_job(owner=person, status=Job.Status.DONE, clip=make_clip(owner=person))

    client.videos.delete(f"video_{job.pk.hex}")

    assert Clip.objects.visible_to(person).count() == 1


@pytest.mark.parametrize("video", ["video_" + "0" * 32, "video_x", "x"])
def test_what_is_not_there_is_not_found(client, video):
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve(video)


def test_somebody_elses_video_is_not_found(client):
    job = make_job(status=Job.Status.DONE, clip=make_clip())
    name = f"video_{job.pk.hex}"

    for call in (client.videos.retrieve, client.videos.delete, client.videos.download_content):
        with pytest.raises(openai.NotFoundError):
            call(name)


def test_without_a_token_nobody_is_let_in(client):
    with pytest.raises(openai.AuthenticationError) as refused:
        caller("forged").videos.list()

    assert refused.value.body["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"model": "sora"}, r"There is no model “sora” here\. Choose one of: quick"),
        ({"seconds": "60"}, "draws 0.5 to 2 seconds"),
        ({"size": "100x10"}, "draws 64x48, 32x32"),
        ({"size": "huge"}, "size: This value does not match"),
        ({"prompt": "x" * 9000}, "9,000 characters are too many"),
        ({"extra_body": {"edition": "nowhere"}}, "no edition “nowhere”"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence_and_no_job(client, wish, words):
    with pytest.raises(openai.APIStatusError, match=words) as refused:
        client.videos.create(**{"prompt": "a cat"} | wish)

    assert 400 <= refused.value.status_code < 500
    assert not Job.objects.exists()


def test_an_allowance_used_up_is_the_same_sentence_as_on_the_pages(client, person, settings):
    settings.GPU_ALLOWANCE_S = 0.5

    with pytest.raises(openai.APIStatusError, match="festival office for more"):
        client.videos.create(prompt="a cat")


def test_content_is_not_there_before_it_is_drawn(client, person):
    job = make_job(owner=person)

    with pytest.raises(openai.ConflictError, match="nothing to see yet: queued"):
        client.videos.download_content(f"video_{job.pk.hex}")


def test_a_failed_video_says_why(client, person):
    job = make_job(owner=person, brief=make_brief(), status=Job.Status.FAILED, problem="It broke off.")

    found = client.videos.retrieve(f"video_{job.pk.hex}")

    assert (found.status, found.error.message) == ("failed", "It broke off.")


def test_a_picture_that_comes_along_is_the_first_frame(client, person, tiny_sketch):
    picture = io.BytesIO()
    Image.new("RGB", (64, 36), "#884422").save(picture, "PNG")
    picture.seek(0)

    asked = client.videos.create(
        prompt="a boat", model="sketch", seconds="1", input_reference=("still.png", picture, "image/png")
    )

    assert asked.status == "queued"
    assert Job.objects.get().brief["first"]


def test_it_stands_in_the_schema():
    schema = APIClient().get("/api/schema/?format=json").json()

    paths = {
        path: sorted(set(verbs) - {"parameters"}) for path, verbs in schema["paths"].items() if "/v1/" in path
    }
    assert paths == {
        "/v1/videos": ["get", "post"],
        "/v1/videos/{video_id}": ["delete", "get"],
        "/v1/videos/{video_id}/content": ["get"],
    }
    assert schema["components"]["securitySchemes"]["bearerAuth"]["scheme"] == "bearer"
