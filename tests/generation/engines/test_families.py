"""What each family does with what a brief gives it besides words."""

import hashlib
import os
from dataclasses import replace

import numpy as np
import pytest

from generation.engines import animatediff, conformance, pipelines, previews, wan
from generation.engines.base import EngineProblem
from generation.engines.stages import GREY
from tests.generation.engines import tiny

pytestmark = pytest.mark.xdist_group("torch")
FIELDS = ("first", "last", "source", "control", "extend", "mask")


def picture(*shape, seed=1):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def sha(array) -> str:
    return hashlib.sha256(array.tobytes()).hexdigest()


def asked(engine, *, seconds=0.6, prompt="a cat walks", seed=7, **given):
    """A brief and its pictures: arrays are given by their digests, everything else as it is."""
    arrays = {name: value for name, value in given.items() if name in FIELDS}
    plain = {name: value for name, value in given.items() if name not in FIELDS}
    frames_wanted = seconds if engine.card.frame_step < 8 else max(seconds, 1.0)
    brief = engine.card.brief(
        prompt=prompt, seconds=frames_wanted, aspect="1:1", seed=seed,
        **{name: sha(array) for name, array in arrays.items()}, **plain,
    )  # fmt: skip
    return brief, arrays


def drawn(engine, *, pictures=None, **given):
    brief, arrays = asked(engine, **given)
    return engine.draw(brief, on_step=lambda step: None, **arrays, **(pictures or {}))


def differ(one, other) -> bool:
    return one.shape == other.shape and not np.array_equal(one, other)


def needed(engine):
    return {"first": picture(40, 60, 3)} if "first_frame" in engine.card.needs else {}


@pytest.mark.parametrize("name", tiny.MAKERS)
def test_previews_see_through_every_familys_latents(family, name):
    engine = family(name)
    (brief, *_), pictures = conformance.examples(engine.card)
    seen = []

    engine.draw(brief, on_step=lambda step, latents: seen.append(latents()), **pictures)

    strip = previews.frames(seen[-1][0], previews.of(engine))
    assert strip.dtype == np.uint8 and strip.shape[0] == seen[-1].shape[2] and strip.shape[-1] == 3


def test_nothing_is_fetched_and_no_code_is_loaded(family):
    family("wan").pipe()

    assert {os.environ[name] for name in pipelines.OFFLINE} == {"1"}


@pytest.mark.parametrize(
    "name", ["wan", "wan-image", "wan-vace", "ltx", "cogvideox", "animatediff", "sana-wm"]
)
def test_words_and_words_to_keep_away_from_both_count(family, name):
    engine = family(name)
    plain = drawn(engine, **needed(engine))

    assert differ(plain, drawn(engine, prompt="a dog", **needed(engine)))
    assert differ(plain, drawn(engine, negative="blur and noise", **needed(engine)))


@pytest.mark.parametrize("name", ["wan-image", "cogvideox-image", "svd", "sana-wm"])
def test_the_still_it_begins_with_counts_and_must_be_there(family, name):
    engine = family(name)
    dark, bright = np.full((20, 20, 3), 20, np.uint8), np.full((20, 20, 3), 230, np.uint8)

    assert differ(drawn(engine, first=dark), drawn(engine, first=bright))
    with pytest.raises(EngineProblem, match="Give it a still to begin with"):
        drawn(engine)


def test_svd_reads_no_words(family):
    engine, first = family("svd"), picture(20, 20, 3)

    assert not differ(drawn(engine, first=first), drawn(engine, first=first, prompt="a dog"))
    assert "reads no words" in engine.card.summary


def test_wan_ends_with_a_still(family):
    engine, first = family("wan-image"), picture(20, 20, 3)

    assert differ(drawn(engine, first=first), drawn(engine, first=first, last=picture(20, 20, 3, seed=2)))


@pytest.mark.parametrize("name", ["wan", "cogvideox", "ltx", "animatediff"])
def test_a_source_is_followed_the_nearer_the_less_strength_there_is(family, name):
    """Random weights keep nothing, but less strength leaves more of the source's latents, in fewer steps."""
    engine, source = family(name), picture(12, 24, 24, 3)
    told = {}
    for strength in (0.5, 1.0):
        brief, arrays = asked(engine, source=source, strength=strength)
        steps = []
        video = engine.draw(brief, on_step=steps.append, **arrays)
        told[strength] = (steps, video)

    assert (told[0.5][0], told[1.0][0]) == ([0], [0, 1])
    assert told[0.5][1].shape == told[1.0][1].shape == drawn(engine).shape
    assert differ(told[0.5][1], told[1.0][1])


def test_takes_with_a_source_are_drawn_in_turn_and_their_steps_told_as_one(family):
    engine, source = family("wan"), picture(5, 24, 24, 3)
    briefs = [asked(engine, source=source, strength=1.0, seed=seed)[0] for seed in (1, 2)]
    told = []

    clips = engine.draw_many(
        briefs, on_step=lambda *said: told.append(said), pictures=[{"source": source}] * 2
    )

    solos = [engine.draw(brief, on_step=lambda step: None, source=source) for brief in briefs]
    assert [clip.tobytes() for clip in clips] == [solo.tobytes() for solo in solos]
    assert told == [(0, None), (0, None), (1, None), (1, None)]


def test_takes_that_differ_in_more_than_words_and_seed_are_not_drawn_together(family):
    engine = family("wan")
    brief, _ = asked(engine)

    with pytest.raises(EngineProblem, match="words and seed alone"):
        engine.draw_many([brief, replace(brief, steps=3)], on_step=print)


@pytest.mark.parametrize(
    "given",
    [
        {"control": picture(5, 20, 20, 3)},
        {"source": picture(5, 20, 20, 3)},
        {"source": picture(5, 20, 20, 3), "mask": np.eye(20, dtype=np.uint8) * 255},
        {"first": picture(20, 20, 3)},
        {"last": picture(20, 20, 3)},
        {"extend": picture(9, 20, 20, 3)},
    ],
    ids=lambda given: "-".join(given),
)
def test_vace_takes_control_clips_masks_and_stills(family, given):
    engine = family("wan-vace")

    assert differ(drawn(engine), drawn(engine, **given))


def test_vace_takes_stills_in_between_and_references(family):
    engine, still = family("wan-vace"), picture(20, 20, 3)
    plain = drawn(engine)

    between = drawn(engine, keyframes=[(0.5, sha(still), 1.0)], pictures={"keyframes": (still,)})
    referred = drawn(engine, references=[sha(still)], pictures={"references": (still,)})

    assert differ(plain, between)
    assert differ(plain, referred)


def test_vace_knows_what_is_kept_and_where_it_draws(family):
    """An outpainting: the source in the middle, a mask around it, and a still at the end."""
    engine = family("wan-vace")
    around = np.full((32, 32), 255, np.uint8)
    around[8:24, 8:24] = 0
    brief, arrays = asked(engine, source=picture(5, 32, 32, 3), mask=around, last=picture(32, 32, 3, seed=3))
    ready = {**arrays, "mask": np.repeat(around[None], 5, axis=0)}

    clip, mask = wan.control(brief, ready)

    assert (clip[:4, 8:24, 8:24] == arrays["source"][:4, 8:24, 8:24]).all()
    assert (clip[:4, :8] == GREY).all() and (mask[:4] == around).all()
    assert (clip[4] == arrays["last"]).all() and not mask[4].any()


def test_vace_fills_a_mask_with_the_control_clip(family):
    brief, arrays = asked(
        family("wan-vace"),
        source=picture(5, 32, 32, 3),
        control=picture(5, 32, 32, 3, seed=2),
        mask=np.zeros((5, 32, 32), np.uint8),
    )
    arrays["mask"][:, :16] = 255

    clip, _ = wan.control(brief, arrays)

    assert (clip[:, :16] == arrays["control"][:, :16]).all()
    assert (clip[:, 16:] == arrays["source"][:, 16:]).all()


def test_ltx_keeps_stills_at_any_time_as_strictly_as_asked(family):
    engine, still = family("ltx"), picture(20, 20, 3)
    clips = [drawn(engine)]
    for time, strength in ((0.0, 1.0), (0.5, 1.0), (0.5, 0.4), (1.0, 1.0)):
        rows = [(time, sha(still), strength)]
        clips.append(drawn(engine, keyframes=rows, pictures={"keyframes": (still,)}))

    assert len({clip.tobytes() for clip in clips}) == len(clips)


@pytest.mark.parametrize("given", ["first", "last", "extend"])
def test_ltx_begins_ends_and_goes_on(family, given):
    engine = family("ltx")
    what = picture(12, 20, 20, 3) if given == "extend" else picture(20, 20, 3)

    assert differ(drawn(engine), drawn(engine, **{given: what}))


def test_cogvideox_follows_a_control_clip(family):
    engine = family("cogvideox-control")

    first = drawn(engine, control=picture(9, 20, 20, 3))
    assert differ(first, drawn(engine, control=picture(9, 20, 20, 3, seed=2)))


@pytest.mark.parametrize("name", ["wan-vace", "cogvideox-control"])
def test_camera_boxes_and_strokes_become_a_control_clip(family, name):
    engine = family(name)
    frames = drawn(engine).shape[0]
    path = [(0.2 * f / frames, 0, 0) for f in range(frames)]
    box = [[(0.1, 0.1, 0.6, 0.6)] * frames]
    stroke = [[(0.2 + 0.5 * f / frames, 0.5) for f in range(frames)]]

    ways = [
        drawn(engine),
        drawn(engine, camera=path),
        drawn(engine, boxes=box),
        drawn(engine, strokes=stroke),
        drawn(engine, strokes=stroke, control=picture(frames, 20, 20, 3)),
    ]

    assert len({way.tobytes() for way in ways}) == 5


def test_animatediff_moves_its_camera_and_lets_it_rest_again(family):
    engine = family("animatediff")
    path = [(0.3 * f / 4, 0, 0) for f in range(5)]
    still = drawn(engine)

    moved = drawn(engine, camera=path)

    assert differ(still, moved)
    assert differ(moved, drawn(engine, camera=[(0, 0, 0.3 * f / 4) for f in range(5)]))
    assert still.tobytes() == drawn(engine).tobytes(), "LoRAs must leave no trace"


def test_a_camera_path_becomes_moves_with_weights(family):
    brief, _ = asked(family("animatediff"), camera=[(0, 0, 0), *[(0.125, -0.5, 0)] * 4])

    assert animatediff.moves(brief) == {"pan-right": 0.5, "tilt-up": 1.0}
    assert animatediff.moves(replace(brief, camera=())) == {}


def test_sana_follows_camera_poses_and_rests_without(family):
    engine, first = family("sana-wm"), picture(40, 60, 3)
    forwards = []
    for f in range(9):
        pose = np.eye(4)
        pose[2, 3] = f / 4
        forwards.append(tuple(pose.ravel().tolist()))
    rests = [tuple(np.eye(4).ravel().tolist())] * 9
    still = drawn(engine, first=first)

    assert differ(still, drawn(engine, first=first, poses=forwards))
    assert not differ(still, drawn(engine, first=first, poses=rests))
