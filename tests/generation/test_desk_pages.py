"""What the desk shows around its form: words that an engine knows, the shots' numbers, what is compared."""

from dataclasses import asdict

import pytest
from django.urls import reverse

from generation import productions, takes
from generation.engines import scenes
from generation.models import Shot
from tests.factories import make_user
from tests.generation.makers import make_brief, make_clip, make_job, make_shot, make_take
from tests.generation.small import ON_THE_DESK, SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = make_user(name="Ada")
    client.force_login(person)
    return person


@pytest.fixture
def shot(person, tmp_path, settings):
    settings.ENGINES_ROOT = tmp_path
    scenes.build(tmp_path / "small", card=SMALL)
    return make_shot(owner=person, **ON_THE_DESK)


def at(name: str, row) -> str:
    return reverse(f"studio:{name}", args=[row.pk])


def text(response) -> str:
    return response.content.decode()


def test_what_is_drawn_while_one_looks_is_compared_like_what_was_there(client, person, shot):
    take = make_take(shot=shot, engine="small")
    assert "to compare" not in text(client.get(at("take_row", take))), "there is nothing beside it"
    assert "Compare A and B" not in text(client.get(at("shot", shot)))

    takes.draw(shot, by=person)

    assert "to compare" in text(client.get(at("take_row", take)))
    assert "Compare A and B" in text(client.get(at("shot", shot)))


def test_shots_are_numbered_on_the_desk_as_on_the_storyboard(client, person, shot):
    production = shot.scene.production
    productions.add_shot(shot.scene, by=person)
    productions.add_scene(production, by=person, title="Nothing yet")
    last = productions.add_scene(production, by=person, title="The harbour")
    productions.add_shot(last, by=person)

    assert [one.number for one in client.get(at("shot", shot)).context["strip"]] == ["1.1", "1.2", "3.1"]


def test_the_desk_lists_words_that_are_known_but_no_moves_of_the_camera(client, shot):
    page = text(client.get(at("shot", shot)))

    assert "Words that Small knows" in page and "<span>kite</span>" in page
    assert "<span>tilt up</span>" not in page, "the camera is directed on the stage"


@pytest.mark.parametrize(("engine", "said"), [("small", "Small"), ("gone", "gone")])
def test_an_engine_is_called_by_its_title_and_once_it_is_gone_by_its_id(client, person, shot, engine, said):
    brief = make_brief(engine=engine)
    clip = make_clip(owner=person, engine=engine, brief=asdict(brief))
    take = make_take(shot=shot, engine=engine, clip=clip)
    job = make_job(owner=person, brief=brief)
    single = make_clip(owner=person, engine=engine)

    assert f"<dt>Engine</dt><dd>{said} <" in text(client.get(at("shot", shot)))
    full = text(client.get(at("take", take)))
    assert f"<dt>Engine</dt><dd>{said} <" in full
    assert f'<dt>Engine\'s id</dt><dd class="mono">{engine}</dd>' in full
    assert f"<dt>Engine</dt><dd>{said} <" in text(client.get(at("take_row", take)))
    assert f"<dt>Engine</dt><dd>{said} <" in text(client.get(at("clip", single)))
    assert f"<dt>Engine</dt><dd>{said}" in text(client.get(at("job", job)))
    rows = text(client.get(reverse("studio:library")))
    assert f"{said} ·" in rows and f'<option value="{engine}">{said} (1)</option>' in rows
    assert f"<li>{said}</li>" in text(client.get(reverse("studio:clips")))


def test_words_that_stand_for_a_title_are_cut_where_one_sees_it():
    assert str(Shot(words="a red boat " * 9)).endswith("…")
    assert (str(Shot(words="a red boat")), str(Shot(title="Dawn", words="x"))) == ("a red boat", "Dawn")
