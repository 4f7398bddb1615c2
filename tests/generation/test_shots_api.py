"""Productions, shots and takes in the API: the same acts, the same sentences, pages by cursor."""

import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from generation import desk, drawing, productions
from generation.models import Frame, Job, Production, Shot, Take
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import make_shot, make_take
from tests.generation.small import ON_THE_DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


@pytest.fixture
def client(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def shot(person):
    return make_shot(owner=person, **ON_THE_DESK)


def post(client, address: str, **sent):
    return client.post(f"/api/{address}/", sent, format="json")


def test_a_production_is_begun_and_filled(client):
    edition = make_edition()

    made = post(client, "productions", edition=edition.slug, title="The long way").data
    scene = post(client, "scenes", production=made["id"], title="The harbour").data
    for title in ("a", "b"):
        post(client, "shots", scene=scene["id"], title=title)
    b = Shot.objects.get(title="b")
    post(client, f"shots/{b.pk}/move", to=0)
    post(client, f"scenes/{scene['id']}/move", to=0)
    post(client, f"productions/{made['id']}/rename", title="The short way")

    shots = client.get(f"/api/shots/?production={made['id']}").data["results"]
    assert [one["title"] for one in shots] == ["b", "a", ""]
    assert client.get(f"/api/productions/{made['id']}/").data["title"] == "The short way"
    assert client.get("/api/productions/").data["results"][0]["shot_count"] == 3
    assert post(client, f"shots/{b.pk}/remove").status_code == 204


def test_a_shot_is_moved_into_no_scene_of_others(client, shot):
    strange = make_shot(words="theirs").scene

    for scene in (strange.pk, uuid.uuid4()):
        assert post(client, f"shots/{shot.pk}/move", to=0, scene=str(scene)).status_code == 404
    assert Shot.objects.get(pk=shot.pk).scene == shot.scene


def test_a_desk_is_laid_quoted_and_drawn(client, shot):
    address = f"shots/{shot.pk}"

    laid = post(client, f"{address}/desk", words="a green kite", direction={"camera": {"lock": True}}).data
    assert (laid["words"], laid["direction"], laid["seconds"]) == (
        "a green kite",
        {"camera": {"lock": True}},
        0.6,
    )
    quote = client.get(f"/api/{address}/quote/").data
    assert quote["why_not"] == "" and quote["seconds"] > 0 and quote["left_s"] == 4 * 3600
    asked = post(client, f"{address}/draw", count=2)

    assert asked.status_code == 201
    assert [(take["number"], take["seed"], take["status"]) for take in asked.data] == [
        (1, 7, "queued"),
        (2, 8, "queued"),
    ]


@pytest.mark.parametrize(
    ("verb", "sent", "status", "words"),
    [
        ("desk", {"words": "x" * 9999}, 422, "9,999 characters are too many"),
        ("desk", {"direction": {"boxes": 5}}, 422, "Boxes are written as a list"),
        ("desk", {"direction": {"keyframes": [{"t": 0, "still": "f" * 64}]}}, 403, "not in the production"),
        ("desk", {"direction": {"source": {"clip": "f" * 32, "redraw": "inside"}}}, 403, "not one of yours"),
        (
            "desk",
            {"direction": {"source": {"clip": "f" * 32, "redraw": "half"}}},
            422,
            "drawn anew is one of",
        ),
        ("draw", {"count": 9}, 422, "1 to 4 takes"),
        ("move", {"to": -1}, 400, "A place is a whole number"),
    ],
)
def test_what_cannot_be_is_said_in_the_same_sentences(client, shot, verb, sent, status, words):
    answer = post(client, f"shots/{shot.pk}/{verb}", **sent)

    assert (answer.status_code, Job.objects.count()) == (status, 0)
    assert words in str(answer.data)


@pytest.mark.parametrize(
    ("laid", "words"),
    [
        ({"seed": 10**30}, "A seed is a whole number"),
        ({"seed": -1}, "A seed is a whole number"),
        ({"seconds": -1}, "longer than nought"),
        ({"seconds": 601}, "longer than nought and 10 minutes"),
        ({"direction": {"camera": {"pan": [[10**400, 1]]}}}, ""),
    ],
)
def test_what_no_engine_could_draw_never_lies_on_a_desk(client, shot, laid, words):
    before = Shot.objects.values().get()

    answer = post(client, f"shots/{shot.pk}/desk", **laid)

    assert answer.status_code == 422 and words in answer.data["detail"]
    assert Shot.objects.values().get() == before


def test_json_nested_without_end_is_refused(client, shot):
    deep = '{"direction":' * 20_000 + "0" + "}" * 20_000

    answer = client.post(f"/api/shots/{shot.pk}/desk/", deep, content_type="application/json")

    assert answer.status_code == 400 and "nested too deeply" in answer.json()["detail"]


def test_a_search_of_a_thousand_words_is_cut(client):
    assert client.get("/api/takes/", {"words": "a " * 3000}).status_code == 200


def test_seconds_over_the_limit_are_quoted_and_refused(client, shot):
    post(client, f"shots/{shot.pk}/desk", seconds=60)

    assert "draws 0.2 to 2 seconds" in client.get(f"/api/shots/{shot.pk}/quote/").data["why_not"]
    assert "draws 0.2 to 2 seconds" in post(client, f"shots/{shot.pk}/draw").data["detail"]


def test_a_still_is_sent_and_taken_away(client, shot):
    picture = BytesIO()
    Image.new("RGB", (64, 36), "navy").save(picture, "PNG")
    sent = SimpleUploadedFile("still.png", picture.getvalue(), "image/png")

    answer = client.post(f"/api/shots/{shot.pk}/still/", {"first": sent}, format="multipart")
    assert answer.data["first"] == Frame.objects.get().pk
    assert post(client, f"shots/{shot.pk}/draw").data[0]["wish"]["first"] == str(Frame.objects.get().pk)

    bomb = SimpleUploadedFile("still.png", b"no picture at all", "image/png")
    refused = client.post(f"/api/shots/{shot.pk}/still/", {"first": bomb}, format="multipart")
    assert refused.status_code == 422 and "not a JPEG, PNG or WebP picture" in refused.data["detail"]
    assert client.post(f"/api/shots/{shot.pk}/still/", {}, format="multipart").data["first"] is None


def test_there_is_an_end_to_stills(client, person, shot, monkeypatch):
    monkeypatch.setattr(desk, "MOST_STILLS", 1)
    picture = BytesIO()
    Image.new("RGB", (64, 36), "navy").save(picture, "PNG")
    Frame.objects.create(production=shot.scene.production, sha256="a" * 64, kept_by=person)

    sent = SimpleUploadedFile("still.png", picture.getvalue(), "image/png")
    answer = client.post(f"/api/shots/{shot.pk}/still/", {"first": sent}, format="multipart")

    assert answer.status_code == 403 and "1 stills at most" in answer.data["detail"]


def test_a_take_is_drawn_selected_varied_extended_and_led_on(client, person, shot, authority):
    take = Take.objects.get(pk=post(client, f"shots/{shot.pk}/draw").data[0]["id"])
    drawing.draw(Job.objects.claim(take.job_id))
    after = productions.add_shot(shot.scene, by=person)

    found = client.get(f"/api/takes/{take.pk}/").data
    assert (found["status"], found["recipe"]["digest"]) == ("done", found["recipe"]["digest"])
    assert found["address"].startswith("/media/") and len(found["sha256"]) == 64
    assert post(client, f"takes/{take.pk}/select").status_code == 200
    assert post(client, f"takes/{take.pk}/vary").data["seed"] == 8
    assert post(client, f"takes/{take.pk}/vary", aspect="1:1").data["aspect"] == "1:1"
    assert post(client, f"takes/{take.pk}/another").data["way"] == "another"
    assert post(client, f"takes/{take.pk}/replace").data["parent"] == take.pk
    onward = post(client, f"takes/{take.pk}/extend", seconds=1).data
    assert (onward["way"], onward["wish"]["seconds"]) == ("onward", 1.0)
    assert "cannot end with" in post(client, f"takes/{take.pk}/extend", backwards=True).data["detail"]
    assert post(client, f"takes/{take.pk}/lead", shot=str(after.pk)).status_code == 204
    assert Shot.objects.get(pk=after.pk).first == Frame.objects.get()
    assert post(client, f"takes/{take.pk}/copy").status_code == 204
    assert post(client, f"takes/{onward['id']}/cancel").data["status"] == "cancelled"


def test_a_take_is_delivered(client, person):
    take = make_take(owner=person)
    film = make_film(edition=take.production.edition, entrant=person, footage=True)

    placed = post(client, f"takes/{take.pk}/deliver", film=str(film.pk), start_s=2)

    assert (placed.status_code, placed.data["standing"]) == (201, "verified")


def test_takes_are_found_by_traits_on_pages_by_cursor(client, person):
    shot = make_shot(owner=person)
    made = [make_take(shot=shot, engine=engine) for engine in ("wan", "wan", "noise")]
    make_take()

    first = client.get("/api/takes/?engine=wan&page_size=1").data
    second = client.get(first["next"]).data

    found = [page["results"][0]["id"] for page in (first, second)]
    assert found == [str(made[1].pk), str(made[0].pk)]
    assert second["next"] is None


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["productions", "scenes", "shots", "takes"])
def test_a_list_costs_the_same_for_one_row_and_three(client, person, name, rows, django_assert_num_queries):
    for _ in range(rows):
        make_take(owner=person)
    make_take()

    with django_assert_num_queries(1):
        found = client.get(f"/api/{name}/").data["results"]

    assert len(found) == rows


def test_strangers_find_nothing(client, shot):
    APIClient.force_authenticate(client, make_user())

    assert not Production.objects.visible_to(make_user()).exists()
    for address in (f"productions/{shot.scene.production_id}", f"shots/{shot.pk}", f"scenes/{shot.scene_id}"):
        assert client.get(f"/api/{address}/").status_code == 404
    assert post(client, f"shots/{shot.pk}/draw").status_code == 404
    assert "scene" in post(client, "shots", scene=str(shot.scene_id)).data
