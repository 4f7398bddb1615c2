"""Drawing a take larger from its page and over the API: offered where it can be, and to nobody else."""

import pytest

from festival import archive
from generation import enlarging, latents
from generation.models import Take
from tests.factories import make_user
from tests.generation.makers import make_take
from tests.generation.small import drawn
from tests.generation.test_larger import asked, engines, grows, person, take  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]


def test_it_is_offered_beside_a_take_with_what_it_does_and_costs(take, person, client):  # noqa: F811
    client.force_login(person)

    page = client.get(f"/studio/takes/{take.pk}/").content.decode()

    assert "Draw it larger" in page and "128 × 96 instead of 64 × 48" in page
    assert enlarging.offer(take).cost_words in page
    archive.delete(latents.name(take.clip.path))
    assert "Draw it larger" not in client.get(f"/studio/takes/{take.pk}/").content.decode()
    other = make_take(owner=person)
    assert "Draw it larger" not in client.get(f"/studio/takes/{other.pk}/").content.decode()


def test_the_form_asks_for_it_and_says_what_is_wrong_beside_itself(take, person, client):  # noqa: F811
    client.force_login(person)
    page = f"/studio/takes/{take.pk}/"

    wrong = client.post(f"{page}larger/", {"strength": "7"}, follow=True)
    assert wrong.redirect_chain[-1][0] == f"{page}#larger"
    assert "Select a valid choice" in wrong.content.decode()
    assert client.post(f"{page}larger/", {"strength": "0.25"}).url.endswith("#takes")

    made = Take.objects.get(way="larger")
    assert (made.parent, made.wish["larger"]) == (take, {"strength": 0.25})
    shown = client.get(f"/studio/takes/{drawn(made).pk}/").content.decode()
    assert "Take 2, drawn larger from take 1" in shown and "from take 1, steps 4 to 4 anew" in shown


def test_over_the_api_it_is_a_verb_of_a_take(take, person, client):  # noqa: F811
    client.force_login(person)
    address = f"/api/takes/{take.pk}/larger/"

    sent = client.post(address, {}, content_type="application/json")
    wrong = client.post(address, {"strength": 1}, content_type="application/json")

    assert (sent.status_code, sent.json()["way"], sent.json()["parent"]) == (201, "larger", str(take.pk))
    assert wrong.status_code == 422 and "from 0.1 to 0.9" in wrong.content.decode()


def test_strangers_draw_nothing_larger(take, client):  # noqa: F811
    client.force_login(make_user())

    assert client.post(f"/studio/takes/{take.pk}/larger/", {"strength": "0.4"}).status_code == 404
    assert client.post(f"/api/takes/{take.pk}/larger/", {}).status_code == 404
