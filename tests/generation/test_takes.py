"""Takes: asked for in one batch, entered once, never changed."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from festival.models import DeadlineTier, Edition
from generation import access, desk, dispatch, drawing, takes
from generation.engines import noise
from generation.engines.base import LARGEST_SEED, Brief
from generation.models import Clip, Frame, Job, Shot, Take
from tests.factories import make_organiser, make_user
from tests.generation.makers import make_clip, make_job, make_shot, make_take
from tests.generation.small import INSTALLED, ON_THE_DESK, SMALL, drawn, pixels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


@pytest.fixture
def shot(person):
    return make_shot(owner=person, **ON_THE_DESK)


# Asking


def test_takes_are_asked_for_in_one_batch_and_numbered(shot, person):
    asked = takes.draw(shot, by=person, count=3)

    assert [(take.number, take.seed, take.job.brief["seed"]) for take in asked] == [
        (1, 7, 7),
        (2, 8, 8),
        (3, 9, 9),
    ]
    assert {take.job.batch_key for take in asked} == {asked[0].job.batch_key}
    assert takes.draw(shot, by=person)[0].number == 4


def test_a_quote_says_how_long_a_take_by_the_chosen_engine_waits(shot, person):
    dispatch.note_worker("one", engine="small")
    make_job(engine="quick", estimate_s=60)
    assert takes.quote(shot, by=person).wait_s == 0, "its engine is loaded, the other's is not"

    dispatch.note_worker("one", engine="quick")

    assert takes.quote(shot, by=person).wait_s == 60


@pytest.mark.parametrize(
    ("card", "change", "words"),
    [
        (noise.CARD, {"steps": 1}, ""),
        (noise.CARD, {"steps": 2 * noise.CARD.steps}, ""),
        (noise.CARD, {"steps": 2 * noise.CARD.steps + 1}, "steps. Choose a number between"),
        (noise.CARD, {"steps": 0}, "draws in 1 to"),
        (noise.CARD, {"guidance": 1.0}, ""),
        (noise.CARD, {"guidance": 20.5}, "from 1 to 20"),
        (noise.CARD, {"guidance": float("nan")}, "from 1 to 20"),
        (replace(noise.CARD, guidance=1.0), {"guidance": 3.0}, "drawn without guidance"),
        (SMALL, {"steps": 4}, "more steps would change nothing"),
        (SMALL, {}, ""),
    ],
)
def test_steps_and_guidance_are_turned_as_far_as_the_engine_goes(card, change, words):
    said = access.why_not_dial(card, **change)

    assert (words in said) if words else said == ""


def test_a_take_is_varied_by_a_dial_of_its_engine(quick, shot, person, tmp_path):
    (tmp_path / "quick").symlink_to(INSTALLED / "quick")
    desk.lay(shot, by=person, engine="quick", aspect="4:3")
    first = takes.draw(shot, by=person)[0]

    harder = takes.vary(first, by=person, guidance=9.0)
    longer = takes.vary(harder, by=person, steps=5)

    assert [(t.job.brief["guidance"], t.job.brief["steps"]) for t in (first, harder, longer)] == [
        (quick.guidance, 3),
        (9.0, 3),
        (9.0, 5),
    ]
    assert longer.job.steps == 5
    with pytest.raises(Unacceptable, match="has already"):
        takes.vary(longer, by=person, steps=5)


def test_a_take_is_directed_otherwise_and_the_desk_stays_as_it_is(shot, person):
    first = takes.draw(shot, by=person)[0]
    desk.lay(shot, by=person, words="what I am writing", direction={"camera": {"lock": True}})
    pan = {
        "camera": {
            "curves": {
                "pan": [{"t": 0.0, "v": 0.0, "ease": "in-out"}, {"t": 1.0, "v": 8.0, "ease": "in-out"}]
            }
        }
    }

    made = takes.vary(first, by=person, direction=pan)

    assert (made.wish["direction"], made.words, made.seed) == (pan, first.words, first.seed)
    assert made.job.prompt.endswith("pan right")
    kept = Shot.objects.get()
    assert (kept.words, kept.direction) == ("what I am writing", {"camera": {"lock": True}})
    with pytest.raises(Unacceptable, match="has already"):
        takes.vary(made, by=person, direction=pan)
    with pytest.raises(Unacceptable, match="no field"):
        takes.vary(made, by=person, direction={"x": 1})


def test_two_who_draw_at_once_from_stale_copies_get_different_numbers(shot, person):
    one, other = Shot.objects.get(pk=shot.pk), Shot.objects.get(pk=shot.pk)

    numbers = [take.number for copy in (one, other) for take in takes.draw(copy, by=person, count=2)]

    assert numbers == [1, 2, 3, 4]


def test_seeds_go_round_and_none_is_any(shot, person):
    Shot.objects.update(seed=LARGEST_SEED)
    assert [t.seed for t in takes.draw(Shot.objects.get(), by=person, count=2)] == [LARGEST_SEED, 0]

    Shot.objects.update(seed=None)
    assert takes.draw(Shot.objects.get(), by=person)[0].seed not in (None, 7)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": " "}, "Say in words"),
        ({"words": "x" * 10_000}, "10,000 characters are too many"),
        ({"seconds": 60}, "draws 0.2 to 2 seconds"),
        ({"aspect": "4:3"}, "draws in 16:9, 1:1"),
        ({"engine": "gone"}, "not here any more"),
        ({"seed": 2**40}, "A seed is a whole number"),
        ({"direction": {"camera": {"curves": {"yaw": []}}}}, "no field “yaw”"),
        ({"direction": []}, "A direction"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_queued(shot, person, change, words):
    Shot.objects.update(**change)

    with pytest.raises(Unacceptable, match=words):
        takes.draw(Shot.objects.get(), by=person, count=2)

    assert (Job.objects.count(), Take.objects.count(), Shot.objects.get().takes_asked) == (0, 0, 0)


@pytest.mark.parametrize("count", [0, 5])
def test_one_to_four_takes_at_once(shot, person, count):
    with pytest.raises(Unacceptable, match="1 to 4"):
        takes.draw(shot, by=person, count=count)


def test_all_takes_of_a_batch_are_asked_for_or_none(shot, person, settings):
    settings.JOBS_A_PERSON = 2

    with pytest.raises(Refused, match="on the way"):
        takes.draw(shot, by=person, count=3)

    assert not Job.objects.exists() and not Take.objects.exists()


def test_a_closed_call_and_a_stranger_draw_nothing(shot, person):
    with pytest.raises(Refused, match="share this production"):
        takes.draw(shot, by=make_user())
    Edition.objects.update(status=Edition.Status.CLOSED)
    with pytest.raises(Refused, match="draws while its call is open"):
        takes.draw(Shot.objects.get(), by=person)


def test_after_the_last_deadline_and_its_hours_of_grace_only_the_house_draws(shot, person):
    edition = shot.scene.production.edition
    edition.upload_grace_h = 48
    closes_at = edition.deadline_at

    assert access.why_not_draw(person, edition, at=closes_at + timedelta(hours=47)) == ""
    late = closes_at + timedelta(hours=49)
    assert "was " in (why := access.why_not_draw(person, edition, at=late)) and "draws no more" in why
    assert access.why_not_draw(make_organiser(edition), edition, at=late) == ""
    DeadlineTier.objects.update(closes_at=timezone.now() - timedelta(days=3))
    with pytest.raises(Refused, match="draws no more"):
        takes.draw(Shot.objects.get(), by=person)


def test_a_still_or_a_clip_of_another_production_is_refused(shot, person):
    foreign = Frame.objects.create(
        production=make_shot().scene.production, sha256="f" * 64, kept_by=make_user()
    )
    clip = make_take().clip

    with pytest.raises(Refused, match="not in the production"):
        desk.lay(shot, by=person, direction={"keyframes": [{"t": 0.5, "still": foreign.sha256}]})
    with pytest.raises(Refused, match="not one of"):
        desk.lay(shot, by=person, direction={"source": {"clip": str(clip.pk)}})
    with pytest.raises(Refused, match="another production"):
        desk.begin_with(shot, foreign, by=person)
    shot.first = foreign
    assert "first" not in desk.asked(shot.scene.production, desk.wish(shot), by=person)


def test_what_is_directed_reaches_the_brief_in_words_where_the_engine_takes_nothing_else(shot, person):
    pan = {"camera": {"curves": {"pan": [{"t": 0, "v": 0}, {"t": 1, "v": 8}]}}}
    desk.lay(shot, by=person, direction=pan)

    take = takes.draw(shot, by=person)[0]

    assert take.words == "a red boat at sea"
    assert take.job.prompt.startswith("a red boat at sea, ")
    assert "right" in take.job.prompt


# What is drawn


def test_a_take_is_entered_with_its_recipe_once_and_never_changes(shot, person, authority, small):
    asked = takes.draw(shot, by=person)[0]
    take = drawn(asked)

    clip = take.clip
    assert (take.spent_s, take.made_at, take.job.status) == (clip.drawn_in_s, clip.created_at, "done")
    assert take.recipe["digest"] == Brief(**take.recipe["brief"]).digest == clip.digest
    assert take.recipe["brief"]["revision"] == small.revision
    assert (take.recipe["licence"], take.recipe["dtype"]) == (small.terms, "none")
    assert "weights" not in take.recipe, "a programme has none"
    assert any(part.startswith("numpy ") for part in take.recipe["software"])
    assert Shot.objects.get().selected == take, "the first take is the selected one"

    take.words = "something else"
    for change in (
        take.save,
        take.delete,
        lambda: Take.objects.update(words="other"),
        lambda: Take.objects.all().delete(),
        lambda: Take.objects.bulk_update([take], ["words"]),
    ):
        with pytest.raises(TypeError, match="never changes"), transaction.atomic():
            change()
    assert Take.objects.all().complete(take.job, make_clip(), seed=1) == 0
    assert Take.objects.get() == take and Take.objects.get().words == "a red boat at sea"


def test_the_same_recipe_draws_the_same_pixels(shot, person, authority):
    first = drawn(takes.draw(shot, by=person)[0])
    desk.lay(shot, by=person, words="a kite", seconds=1, seed=None)
    other = drawn(takes.draw(shot, by=person)[0])

    again = drawn(takes.draw(desk.copy(first, by=person), by=person)[0])

    assert first.clip.digest == again.clip.digest != other.clip.digest
    assert np.array_equal(pixels(first.clip), pixels(again.clip))
    assert pixels(other.clip).shape != pixels(first.clip).shape


def test_a_clip_without_a_shot_is_no_take(person, authority, small):
    job = make_job(owner=person, brief=small.brief(prompt="a cat", seconds=0.3, aspect="1:1", seed=1))

    drawing.draw(Job.objects.claim(job.pk))

    assert Clip.objects.count() == 1 and not Take.objects.exists()


def test_two_takes_of_a_shot_never_share_a_number(shot):
    take = make_take(shot=shot)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_take(shot=shot, number=take.number)
