"""The finer dials of a desk, steps and guidance: laid, priced, drawn with, copied, and left out of drafts."""

import shutil
from dataclasses import asdict, replace

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from festival.errors import Refused, Unacceptable
from generation import allowances, desk, studio, takes
from generation.engines import scenes
from generation.engines.base import Brief
from generation.models import Job, Shot, Take
from tests.factories import make_user
from tests.generation.makers import make_brief, make_clip, make_shot
from tests.generation.small import MODEL, ON_THE_DESK, SMALL, install_card

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engines(tmp_path, settings):
    """A drawing programme, and a larger model which has steps and guidance."""
    settings.ENGINES_ROOT = tmp_path
    scenes.build(tmp_path / "small", card=SMALL)
    install_card(tmp_path / "model", MODEL)


@pytest.fixture
def person(client):
    person = make_user(name="Ada")
    client.force_login(person)
    return person


@pytest.fixture
def shot(person):
    return make_shot(owner=person, **ON_THE_DESK | {"engine": "model"})


def turned(take: Take) -> tuple[int, float]:
    return take.job.brief["steps"], take.job.brief["guidance"]


def test_a_take_is_drawn_as_the_dials_lie_and_where_they_are_empty_as_the_card_says(shot, person):
    plain = takes.draw(shot, by=person)[0]
    desk.lay(shot, by=person, steps=15, guidance=7.5)
    finer = takes.draw(shot, by=person)[0]

    assert (turned(plain), turned(finer)) == ((10, 4.0), (15, 7.5))
    assert not {"steps", "guidance"} & plain.wish.keys()
    assert (finer.wish["steps"], finer.wish["guidance"], finer.job.steps) == (15, 7.5, 15)


def test_a_copied_recipe_draws_the_same_brief_whatever_lay_on_the_desk(shot, person):
    plain = takes.draw(shot, by=person)[0]
    varied = takes.vary(takes.vary(plain, by=person, steps=15), by=person, guidance=7.5)
    draft = takes.draw(shot, by=person, draft=True)[0]
    assert draft.engine == "small"

    for take in (varied, plain, draft):
        desk.lay(shot, by=person, words="something else", steps=3, guidance=2)
        laid = desk.copy(take, by=person)
        again = takes.draw(laid, by=person)[0]
        assert Brief(**again.job.brief).digest == Brief(**take.job.brief).digest
    assert desk.dials(desk.copy(varied, by=person)) == {"steps": 15, "guidance": 7.5}
    assert desk.dials(desk.copy(plain, by=person)) == {"steps": None, "guidance": None}


def test_the_few_steps_of_a_models_draft_are_copied_too(shot, person, settings):
    scenes.build(settings.ENGINES_ROOT / "small", card=replace(SMALL, random_weights=True))
    draft = takes.draw(shot, by=person, draft=True)[0]
    assert (draft.engine, turned(draft)) == ("model", (2, 4.0))

    again = takes.draw(desk.copy(draft, by=person), by=person)[0]

    assert not again.draft
    assert Brief(**again.job.brief).digest == Brief(**draft.job.brief).digest


def test_a_recipe_is_copied_as_it_was_drawn_though_its_engines_card_says_otherwise_by_now(
    shot, person, settings
):
    take = takes.draw(shot, by=person)[0]
    install_card(settings.ENGINES_ROOT / "model", replace(MODEL, steps=20))

    assert desk.dials(desk.copy(take, by=person)) == {"steps": 10, "guidance": None}


def test_more_steps_are_estimated_longer_and_held_against_the_allowance(shot, person, settings):
    brief = make_brief(engine="model", frames=5, width=256, height=144, steps=10)
    make_clip(brief=asdict(brief), engine="model", drawn_in_s=10.0)
    usual = takes.quote(shot, by=person)
    settings.GPU_ALLOWANCE_S = usual.seconds * 1.5

    desk.lay(shot, by=person, steps=20)
    finer = takes.quote(shot, by=person)

    assert finer.seconds == pytest.approx(2 * usual.seconds)
    assert usual.why_not == "" and "Ask for fewer seconds" in finer.why_not
    with pytest.raises(Refused, match="Ask for fewer seconds"):
        takes.draw(shot, by=person)
    desk.lay(shot, by=person, steps=5)
    asked = takes.draw(shot, by=person)[0]
    assert asked.job.estimate_s == pytest.approx(usual.seconds / 2)
    assert allowances.left_s(person, asked.job.edition) == pytest.approx(usual.seconds)


@pytest.mark.parametrize(
    ("laid", "words"),
    [
        ({"steps": 21}, "Model draws in 1 to 20 steps"),
        ({"engine": "small", "steps": 3}, "more steps would change nothing"),
        ({"engine": "small", "guidance": 3.0}, "drawn without guidance"),
    ],
)
def test_dials_that_the_engine_has_not_are_said_before_anything_is_queued(shot, person, laid, words):
    desk.lay(shot, by=person, **laid)

    assert words in takes.quote(shot, by=person).why_not
    with pytest.raises(Unacceptable, match=words):
        takes.draw(shot, by=person)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "laid", [{"steps": 0}, {"steps": 10**9}, {"guidance": 0.5}, {"guidance": 21}, {"guidance": float("nan")}]
)
def test_dials_that_no_engine_has_never_lie_on_a_desk(shot, person, laid):
    with pytest.raises(Unacceptable, match="number from 1 to"):
        desk.lay(shot, by=person, **laid)

    assert Shot.objects.filter(steps=None, guidance=None).exists()


@pytest.mark.parametrize(("change", "draft"), [({"steps": 20}, False), ({"guidance": 9}, False), ({}, True)])
def test_a_draft_with_a_dial_turned_goes_before_nobodys_finals(shot, person, settings, change, draft):
    shutil.rmtree(settings.ENGINES_ROOT / "small")
    first = takes.draw(shot, by=person, draft=True)[0]

    varied = takes.vary(first, by=person, **change)

    assert (first.job.draft, varied.job.draft, varied.wish["draft"]) == (True, draft, draft)


def test_a_draft_leaves_the_dials_to_its_engine_and_is_drawn_for_good_with_them(shot, person):
    desk.lay(shot, by=person, steps=15, guidance=7.5)

    draft = takes.draw(shot, by=person, draft=True)[0]
    final = takes.finish(draft, by=person)

    assert (draft.engine, turned(draft)) == ("small", (SMALL.steps, SMALL.guidance))
    assert not {"steps", "guidance"} & draft.wish.keys()
    assert (final.engine, turned(final)) == ("model", (15, 7.5))
    desk.lay(shot, by=person, steps=None, guidance=None)
    assert turned(takes.finish(draft, by=person)) == (10, 4.0)


def test_another_engine_is_chosen_without_the_dials_of_the_one_before(shot, person):
    desk.lay(shot, by=person, steps=15, guidance=7.5)
    desk.lay(shot, by=person, engine="model", words="a kite")
    assert desk.dials(shot) == {"steps": 15, "guidance": 7.5}

    desk.lay(shot, by=person, engine="small")

    assert desk.dials(Shot.objects.get()) == {"steps": None, "guidance": None}
    desk.lay(shot, by=person, engine="model", steps=12)
    assert desk.dials(Shot.objects.get()) == {"steps": 12, "guidance": None}


# The page and the API


def page_of(client, shot) -> str:
    return client.get(reverse("studio:shot", args=[shot.pk])).content.decode()


def test_the_finer_dials_are_folded_until_one_is_turned(client, shot, person):
    folded = page_of(client, shot)
    assert '<details class="fold desk__wide"><summary>Finer dials' in folded
    assert 'placeholder="10"' in folded and 'placeholder="4"' in folded
    assert "without the finer dials" in folded

    sent = {"words": "a kite", "seconds": "0.6", "aspect": "16:9", "engine": "model", "count": "1"}
    client.post(reverse("studio:shot", args=[shot.pk]), sent | {"steps": "12", "guidance": "", "do": "draw"})

    assert turned(Take.objects.get()) == (12, 4.0)
    assert '<details class="fold desk__wide" open><summary>Finer dials' in page_of(client, shot)
    kept = client.post(reverse("studio:shot_desk", args=[shot.pk]), sent | {"steps": "99"})
    assert "Model draws in 1 to 20 steps" in kept.content.decode()
    wrong = client.post(reverse("studio:shot_desk", args=[shot.pk]), sent | {"guidance": "nan"})
    assert "Guidance is a number from 1 to 20" in wrong.content.decode()
    wrong = client.post(reverse("studio:shot_desk", args=[shot.pk]), sent | {"steps": "few"})
    assert "Model draws in 1 to 20 steps. Choose a number between." in wrong.content.decode()


@pytest.mark.parametrize(
    ("engine", "gone", "steps", "said"),
    [
        ("model", "", None, "A draft is a quick first look by Small, without the finer dials."),
        ("small", "", None, ""),
        ("model", "small", None, "A draft is a quick first look by Model in 2 steps instead of 10."),
        ("model", "small", 16, "A draft is a quick first look by Model in 2 steps instead of 16."),
        ("model", "small", 2, ""),
        ("small", "model", None, ""),
    ],
)
def test_a_draft_is_offered_where_it_is_another_picture(client, shot, settings, engine, gone, steps, said):
    if gone:
        shutil.rmtree(settings.ENGINES_ROOT / gone)
    Shot.objects.update(engine=engine, steps=steps)

    page = page_of(client, shot)

    assert ("data-draft hidden" in page) == (said == "")
    assert said in page and ("A draft is" in page) == bool(said)


def test_no_dial_is_offered_that_no_engine_here_has(client, shot, person, settings):
    shutil.rmtree(settings.ENGINES_ROOT / "model")
    Shot.objects.update(engine="small")
    assert list(studio.engines()) == ["small"]

    assert "Finer dials" not in page_of(client, shot)
    Shot.objects.update(steps=12)
    assert "Finer dials" in page_of(client, shot), "what is turned can be turned back"


def test_the_apis_shots_carry_the_dials(shot, person):
    api = APIClient()
    api.force_authenticate(person)
    address = f"/api/shots/{shot.pk}"

    laid = api.post(f"{address}/desk/", {"steps": 12, "guidance": 3.5}, format="json").data
    assert (laid["steps"], laid["guidance"]) == (12, 3.5)
    assert turned_of(api.post(f"{address}/draw/").data[0]) == (12, 3.5)
    again = api.post(f"{address}/desk/", {"steps": None}, format="json").data
    assert (again["steps"], again["guidance"]) == (None, 3.5)
    refused = api.post(f"{address}/desk/", {"guidance": 50}, format="json")
    assert (refused.status_code, Shot.objects.get().guidance) == (422, 3.5)


def turned_of(taken: dict) -> tuple[int, float]:
    return turned(Take.objects.get(pk=taken["id"]))
