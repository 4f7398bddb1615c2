"""What is directed at the desk reaches the pixels of an engine by the path of production."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from festival import archive
from festival.errors import Refused, Unacceptable
from generation import desk, drawing, material, takes
from generation.animatic import Direction
from generation.engines import registry
from generation.engines.base import EngineProblem
from generation.models import Clip, Job, Member, Shot, Take, Terms
from tests.factories import make_user
from tests.generation.engines import tiny
from tests.generation.makers import make_clip, make_shot, make_take
from tests.generation.small import pixels

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]

PAN = {"camera": {"curves": {"pan": [{"t": 0, "v": 0}, {"t": 1, "v": 8}]}}}
WIDE = (128, 64)  # pixels: the square lies in the middle, twice as large
LEFT = {"noun": "kite", "keys": [{"t": 0, "box": [0, 0, 0.5, 1]}]}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A tiny VACE and a tiny Wan, which draws over clips and takes no control."""
    from generation.engines.pipelines import prepare

    prepare()
    root = tmp_path_factory.mktemp("steered")
    for family in ("wan-vace", "wan"):
        card = tiny.install(root, family)
        folder = root / family
        hear(folder / "transformer/diffusion_pytorch_model.safetensors")
        card = replace(card, revision=registry.digest(folder)[:16], sizes=card.sizes | {"2:1": WIDE})
        (folder / "engine.json").write_text(card.to_json())
    return root


def hear(weights) -> None:
    """Let random weights hear what is said to them beside noise; by chance they hardly would."""
    tensors = load_file(weights)
    for name in tensors.keys() & {"vace_patch_embedding.weight", "vace_blocks.0.proj_out.weight"}:
        tensors[name] = tensors[name] * 30
    save_file(tensors, weights)


@pytest.fixture(autouse=True)
def installed(root, settings, authority):
    settings.ENGINES_ROOT = root
    yield
    drawing.forget_engine()


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def shot(person):
    return make_shot(owner=person, engine="wan-vace", words="a kite", seconds=0.6, aspect="1:1", seed=7)


def drawn(shot: Shot, direction: dict, *, by) -> Take:
    """The take of what is directed, after a worker has been there."""
    desk.lay(shot, by=by, direction=direction)
    (take,) = takes.draw(shot, by=by)
    drawing.draw(Job.objects.claim(take.job_id))
    return Take.objects.get(pk=take.pk)


def differ(one: Take, other: Take) -> bool:
    return bool((pixels(one.clip) != pixels(other.clip)).any())


def test_a_changed_direction_changes_what_is_drawn_and_the_same_one_does_not(shot, person):
    still, panned, again = (drawn(shot, asked, by=person) for asked in ({"camera": {"lock": True}}, PAN, PAN))

    assert differ(still, panned)
    assert not differ(panned, again)
    control = panned.recipe["brief"]["control"]
    assert control == again.recipe["brief"]["control"] != still.recipe["brief"]["control"] != ""
    assert (panned.recipe["brief"]["camera"], panned.words) == ([], "a kite"), "the control clip says it all"


def test_the_control_clip_holds_every_box_and_region_at_the_size_of_the_brief(shot, person):
    boxes = [LEFT | {"noun": str(number)} for number in range(5)]
    take = drawn(shot, {"boxes": boxes}, by=person)
    brief = take.job.brief

    found = material.load(person, drawing.Brief(**brief))

    assert found["control"].shape == (brief["frames"], brief["height"], brief["width"], 3)
    left, right = np.split(found["control"][0].astype(int), 2, axis=1)
    assert np.ptp(left.mean(axis=(0, 1))) > 10 > np.ptp(right.mean(axis=(0, 1))), (
        "coloured only where boxes are"
    )
    assert take.job.prompt == "a kite, 0, 1, 2, 3, 4"


def over(clip: Clip, **more) -> dict:
    return {"source": {"clip": str(clip.pk), "strength": 0.5, **more}}


@pytest.fixture
def first(shot, person):
    return drawn(shot, {}, by=person)


def test_a_clip_is_drawn_over_and_how_far_counts_where_the_engine_knows_it(shot, person, first):
    Shot.objects.update(engine="wan")
    shot.refresh_from_db()

    near, far = (drawn(shot, over(first.clip, strength=s), by=person) for s in (0.5, 1.0))

    assert differ(near, far)
    assert near.recipe["brief"]["source"] == first.clip.sha256
    assert (near.recipe["brief"]["strength"], far.recipe["brief"]["strength"]) == (0.5, 1.0)


@pytest.mark.parametrize("redraw", ["inside", "outside"])
def test_a_part_of_a_clip_is_drawn_anew_and_the_other_is_given_as_it_was(shot, person, first, redraw):
    take = drawn(shot, over(first.clip, redraw=redraw) | {"boxes": [LEFT]}, by=person)

    found = material.load(person, drawing.Brief(**take.job.brief))

    left, right = np.split(found["mask"], 2, axis=2)
    assert (left.min(), right.max()) == ((255, 0) if redraw == "inside" else (0, 255))
    assert left.min() == left.max() and right.min() == right.max()
    assert differ(first, take)


def test_what_lies_around_a_clip_is_drawn_in_another_shape(shot, person, first):
    Clip.objects.filter(pk=first.clip.pk).update(width=64, height=32)
    desk.lay(shot, by=person, direction=over(Clip.objects.get(pk=first.clip.pk), redraw="around"))
    (take,) = takes.draw(shot, by=person)
    brief = drawing.Brief(**take.job.brief)

    wide = np.full((5, 16, 32, 3), 200, np.uint8)
    found = material._masked(brief, wide)

    side = brief.height
    assert found["source"].shape == (5, side, side, 3)
    assert (found["mask"][side // 2] == 0).all() and (found["mask"][0] == 255).all()
    assert (found["source"][:, side // 2] == 200).all() and (found["source"][:, 0] == 127).all()


def test_around_a_smaller_clip_is_drawn_to_the_end_and_the_clip_is_handed_over_as_it_is(
    shot, person, first, monkeypatch
):
    from diffusers import WanVACEPipeline

    handed, real = [], WanVACEPipeline.prepare_video_latents

    def noting(pipe, video, mask, *more):
        seen = (np.rint((one[0].permute(1, 2, 3, 0).numpy() - low) * most) for one, low, most in
                ((video, -1, 127.5), (mask, 0, 255)))  # fmt: skip
        handed.append([*seen])
        return real(pipe, video, mask, *more)

    monkeypatch.setattr(WanVACEPipeline, "prepare_video_latents", noting)
    Shot.objects.update(aspect="2:1")
    shot.refresh_from_db()

    take = drawn(shot, over(first.clip, redraw="around"), by=person)

    ((known, mask),) = handed
    clip = pixels(first.clip)
    assert clip.shape == (5, 32, 32, 3) and known.shape == (*mask.shape[:3], 3) == (5, 64, 128, 3)
    assert (known[:, :, 32:96] == clip.repeat(2, axis=1).repeat(2, axis=2)).all()
    assert (np.delete(known, np.s_[32:96], axis=2) == 127).all()
    assert not mask[:, :, 32:96].any() and (np.delete(mask, np.s_[32:96], axis=2) == 255).all()
    assert pixels(take.clip).shape == (5, 64, 128, 3) and take.job.status == Job.Status.DONE
    assert differ(take, drawn(shot, {}, by=person)), "what is known is heard"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"redraw": "inside"}, "Say which part of the clip is meant"),
        ({"redraw": "around"}, "nothing lies around it"),
    ],
)
def test_a_part_that_is_none_is_said_before_anything_is_queued(shot, person, first, asked, words):
    desk.lay(shot, by=person, direction=over(first.clip, **asked))

    assert words in takes.quote(shot, by=person).why_not
    with pytest.raises(Unacceptable, match=words):
        takes.draw(shot, by=person)
    assert Job.objects.count() == 1


def test_a_box_without_a_noun_is_kept_and_asked_for_one_before_it_is_drawn(shot, person):
    desk.lay(shot, by=person, direction={"boxes": [LEFT | {"noun": ""}]})

    assert Shot.objects.get().direction["boxes"][0]["noun"] == ""
    with pytest.raises(Unacceptable, match="Box 1 has no noun yet"):
        takes.draw(shot, by=person)


# Whose clip it is


def test_a_clip_is_drawn_over_in_its_production_or_if_it_is_a_single_one_of_ones_own(shot, person):
    library, theirs = make_clip(owner=person), make_clip()
    shared = make_take(shot=make_shot(owner=theirs.owner))
    Member.objects.create(
        production=shared.production, person=person, invited_by=theirs.owner, accepted_at=shared.asked_at
    )

    desk.lay(shot, by=person, direction=over(library))
    desk.lay(shared.shot, by=person, direction=over(shared.clip))
    for clip in (theirs.pk, shared.clip.pk, "no clip", make_user().pk):
        with pytest.raises(Refused, match="not one of yours"):
            desk.lay(shot, by=person, direction={"source": {"clip": str(clip)}})


def test_what_was_drawn_in_a_production_is_not_drawn_over_in_another_not_even_by_who_drew_it(shot, person):
    elsewhere = make_shot(owner=person)
    take = make_take(shot=elsewhere, clip=make_clip(owner=person))
    Shot.objects.update(engine="wan", direction=over(take.clip))  # as if it had been laid before
    shot.refresh_from_db()

    with pytest.raises(Refused, match="not one of yours for this production"):
        takes.draw(shot, by=person)
    with pytest.raises(Refused, match="not one of yours for this production"):
        desk.lay(make_shot(owner=person), by=person, direction=over(take.clip))

    desk.lay(elsewhere, by=person, direction=over(take.clip))


def test_a_clip_goes_into_another_edition_only_as_its_terms_say(shot, person):
    edition = shot.scene.production.edition
    free, barred = (make_clip(owner=person, licence=licence) for licence in ("MIT", "Research-only"))
    Terms.objects.create(edition=edition, licences=["MIT"], by=person)

    desk.lay(shot, by=person, direction=over(free))
    with pytest.raises(Refused, match=r"drawn under Research-only, and .* takes MIT"):
        desk.lay(shot, by=person, direction=over(barred))
    Shot.objects.update(direction=over(barred), engine="wan")
    shot.refresh_from_db()
    assert "drawn under Research-only" in takes.quote(shot, by=person).why_not

    own = make_clip(owner=person, licence="Research-only", edition=edition)
    desk.lay(shot, by=person, direction=over(own))


def test_a_clip_that_lasts_otherwise_than_the_shot_is_said_to_run_otherwise(shot, person):
    said = {}
    for seconds in (4.0, 0.6, 0.1):
        clip = make_clip(owner=person, duration_s=seconds)
        desk.lay(shot, by=person, direction=over(clip))
        said[seconds] = desk.stretched(shot, by=person)

    assert said[0.6] == "" and desk.stretched(make_shot(owner=person), by=person) == ""
    assert said[4.0].endswith("lasts 4 seconds, the shot 0.6: what moves in it will move faster.")
    assert said[0.1].endswith("slower.")
    assert desk.stretched(shot, by=make_user()) == "", "others learn nothing of it"


def test_who_shares_a_shot_writes_on_at_its_desk_and_draws_over_no_clip_of_others(shot, person):
    bob, mine = make_user(), make_clip(owner=person)
    Member.objects.create(
        production=shot.scene.production, person=bob, invited_by=person, accepted_at=mine.created_at
    )
    desk.lay(shot, by=person, direction=over(mine))

    desk.lay(shot, by=bob, words="a green kite", direction=shot.direction)

    assert takes.quote(shot, by=person).why_not == ""
    assert "not one of yours" in takes.quote(shot, by=bob).why_not
    with pytest.raises(Refused, match="not one of yours"):
        takes.draw(shot, by=bob)


def test_a_plan_that_is_gone_is_a_sentence(shot, person):
    desk.lay(shot, by=person, direction=PAN)
    (take,) = takes.draw(shot, by=person)
    brief = drawing.Brief(**take.job.brief)
    archive.delete(material.plan_name(brief.control))

    assert material.why_not_use(person, brief) == material.UNPLANNED
    with pytest.raises(EngineProblem, match="Ask for it anew from its shot"):
        material.load(person, brief)


def test_looking_at_the_price_keeps_no_plan(shot, person):
    asked = Direction.from_json({"camera": {"curves": {"roll": [{"t": 0, "v": 0}, {"t": 1, "v": 3.25}]}}})
    desk.lay(shot, by=person, direction=asked.to_json())
    assert takes.quote(shot, by=person).why_not == ""

    sha256, _ = material.plan(asked)
    assert not archive.exists(material.plan_name(sha256))
