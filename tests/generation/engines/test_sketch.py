"""Sketch as an engine: tiny weights in the real layout, steered by arrays, enlarged to the size of a shot."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from generation.engines import conformance, registry, sketch
from generation.engines.base import EngineProblem
from generation.sketch import figures
from generation.sketch.config import TINY

pytestmark = pytest.mark.xdist_group("torch")


@pytest.fixture(scope="module")
def engine(sketch_root):
    return registry.load(sketch_root, "sketch")


def wish(engine, *, aspect="3:2", prompt="a red boat at sea", **given):
    brief = engine.card.brief(prompt=prompt, seconds=1, aspect=aspect, seed=5, **given)
    return replace(brief, steps=2)


def drawn(engine, brief, **pictures) -> np.ndarray:
    return engine.draw(brief, on_step=lambda step: None, **pictures)


@pytest.fixture(scope="module")
def plain(engine):
    return drawn(engine, wish(engine, enlarge="pixels"))


def native(video: np.ndarray) -> np.ndarray:
    """The pixels that were drawn, out of a 3:2 clip enlarged pixel by pixel."""
    return video[:, 8::16, 8::16]


def test_the_folder_is_an_engine_whose_card_names_its_own_size(sketch_root, tiny_weights):
    card = registry.cards(sketch_root)["sketch"]

    assert card == sketch.card(tiny_weights)
    assert (card.native, card.fps, card.longest_s) == ((TINY.width, TINY.height), TINY.fps, 1)
    assert set(card.inputs) == {
        "text", "first_frame", "last_frame", "extend", "source_video", "camera", "boxes", "strokes"
    }  # fmt: skip
    assert card.revision == registry.digest(tiny_weights)[:16]
    assert "It draws 48 × 32 pixels and the picture is then enlarged" in card.summary


def test_weights_that_ran_code_would_be_refused(sketch_root, tmp_path):
    shutil.copytree(sketch_root / "sketch", tmp_path / "sketch")
    (tmp_path / "sketch/control/control.bin").write_bytes(b"")

    (only,) = registry.listings(tmp_path)
    assert "control.bin is a pickle" in only.problem


def test_it_is_the_size_of_the_shot_and_made_of_the_pixels_that_were_drawn(engine, plain):
    assert plain.shape == (9, 512, 768, 3) and plain.dtype == np.uint8
    assert np.array_equal(native(plain).repeat(16, 1).repeat(16, 2), plain)
    assert native(plain).std() > 2, "a flat picture would be a fault in the path"


def test_the_same_brief_gives_the_same_pixels_and_everyday_words_are_understood(engine, plain):
    brief = wish(engine, enlarge="pixels")

    assert np.array_equal(drawn(engine, brief), plain)
    assert np.array_equal(drawn(engine, replace(brief, prompt="a scarlet ship at sea")), plain)
    assert not np.array_equal(drawn(engine, replace(brief, seed=6)), plain)
    assert not np.array_equal(drawn(engine, replace(brief, prompt="a green car at night")), plain)


def test_smoothly_it_is_the_same_picture_with_softer_edges(engine, plain):
    smooth = drawn(engine, wish(engine))

    assert smooth.shape == plain.shape
    assert not np.array_equal(smooth, plain)
    steps = [np.abs(np.diff(video.astype(int), axis=2)).max() for video in (plain, smooth)]
    assert steps[1] < steps[0]


def test_another_shape_is_the_middle_of_the_same_picture(engine, plain):
    wide = drawn(engine, wish(engine, aspect="1:1", enlarge="pixels"))

    assert wide.shape == (9, 512, 512, 3)
    assert np.array_equal(wide, plain[:, :, 128:640])


def test_a_camera_path_and_boxes_given_as_arrays_steer_it(engine, plain):
    path = np.linspace(0, 1, 9)[:, None] * [0.4, 0, 0]
    boxes = [[(0.1 + 0.05 * f, 0.2, 0.4 + 0.05 * f, 0.6) if f else None for f in range(9)]]

    panned = drawn(engine, wish(engine, enlarge="pixels", camera=path.tolist()))
    boxed = drawn(engine, wish(engine, enlarge="pixels", boxes=boxes))
    both = drawn(engine, wish(engine, enlarge="pixels", camera=path.tolist(), boxes=boxes))

    pictures = [plain, panned, boxed, both]
    assert all(not np.array_equal(one, other) for i, one in enumerate(pictures) for other in pictures[:i])
    assert np.array_equal(drawn(engine, wish(engine, enlarge="pixels", boxes=boxes)), boxed)


def test_what_is_asked_of_a_cut_picture_is_told_in_the_uncut_one(engine):
    brief = wish(engine, aspect="1:1", camera=[(0.6, 0.5, 1)] * 9, boxes=[[(0, 0, 1, 0.5)] * 9])
    sizes = (48, 32), (32, 32)

    np.testing.assert_allclose(sketch.path(brief, *sizes)[0], [0.4, 0.5, 1], atol=1e-6)
    np.testing.assert_allclose(sketch.boxes(brief, *sizes)[0, 0], [1 / 6, 0, 5 / 6, 0.5], atol=1e-6)


def test_a_box_that_is_absent_stays_absent(engine):
    brief = wish(engine, boxes=[[None] + [(0, 0, 1, 1)] * 8])
    boxes = sketch.boxes(brief, (48, 32), (48, 32))

    assert np.isnan(boxes[0, 0]).all()
    assert boxes[0, 1].tolist() == [0, 0, 1, 1]


def test_a_still_changes_what_is_drawn_and_the_still_decides_how(engine, plain):
    dark, bright = (np.full((90, 160, 3), level, np.uint8) for level in (20, 230))
    brief = wish(engine, enlarge="pixels", first="ab" * 32)

    one, other = (drawn(engine, brief, first=still) for still in (dark, bright))

    assert not np.array_equal(one, plain)
    assert not np.array_equal(one, other)


def test_strokes_and_clips_to_go_on_from_or_to_draw_after_each_count(engine, plain):
    clip = np.random.default_rng(1).integers(0, 256, (9, 32, 48, 3), np.uint8)
    stroke = [[(0.2 + 0.05 * f, 0.5) for f in range(9)]]

    ways = [
        drawn(engine, wish(engine, enlarge="pixels", strokes=stroke)),
        drawn(engine, wish(engine, enlarge="pixels", extend="ab"), extend=clip),
        drawn(engine, wish(engine, enlarge="pixels", extend="ab"), extend=clip[:2]),
        drawn(engine, wish(engine, enlarge="pixels", source="ab", strength=0.7), source=clip),
        drawn(engine, wish(engine, enlarge="pixels", source="cd", strength=0.7), source=255 - clip),
    ]

    assert {way.shape for way in ways} == {plain.shape}
    assert len({way.tobytes() for way in [plain, *ways]}) == 6


def test_a_still_to_end_with_counts_alone_and_with_one_to_begin_with(engine, plain):
    dark, bright = (np.full((32, 48, 3), level, np.uint8) for level in (20, 230))
    ends = wish(engine, enlarge="pixels", last="ab")
    both = replace(ends, first="cd")

    ways = [
        drawn(engine, ends, last=dark),
        drawn(engine, ends, last=bright),
        drawn(engine, both, first=dark, last=bright),
        drawn(engine, both, first=bright, last=dark),
    ]

    assert len({way.tobytes() for way in [plain, *ways]}) == 5


def test_fewer_seconds_end_where_the_whole_does_if_told_what_to_end_with(engine):
    still = np.full((32, 48, 3), 200, np.uint8)
    brief = wish(engine, enlarge="pixels", last="ab")
    whole, short = drawn(engine, brief, last=still), drawn(engine, replace(brief, frames=5), last=still)

    assert np.array_equal(short, whole[::2])
    camera = [(0.1 * f, 0, 0) for f in range(5)]
    path = [camera[round(f / 2)] for f in range(9)]
    steered = [
        drawn(engine, replace(brief, frames=5, camera=tuple(camera)), last=still),
        drawn(engine, replace(brief, camera=tuple(path)), last=still)[::2],
    ]
    assert np.array_equal(*steered), "the path is stretched over the whole, as the clip is"


def test_a_clip_is_drawn_further_from_its_source_the_greater_the_strength(engine):
    source = np.random.default_rng(1).integers(0, 256, (9, 32, 48, 3), np.uint8)

    def redrawn(strength):
        brief = replace(wish(engine, enlarge="pixels", source="ab", strength=strength), steps=6)
        return native(drawn(engine, brief, source=source)).astype(int)

    little, much, whole = map(redrawn, (0.2, 0.6, 1.0))
    assert np.abs(little - whole).mean() > np.abs(much - whole).mean() > 0


def test_a_first_look_takes_four_steps(engine):
    brief = engine.card.brief(prompt="a boat", seconds=1, aspect="3:2", seed=5, draft=True)
    steps = []

    clip = engine.draw(brief, on_step=steps.append)

    assert (brief.steps, steps, clip.shape[0]) == (4, [0, 1, 2, 3], 9)
    assert brief.batch_key != replace(brief, steps=16).batch_key


def test_it_keeps_what_engines_promise_and_shows_what_is_coming(engine):
    assert conformance.fails(conformance.check(engine)) == []
    seen = []
    engine.draw(wish(engine), on_step=lambda step, latents: seen.append(latents()))
    (clip,) = engine.decode(seen[-1])
    assert clip.shape[0] == engine.sketch().config.frames and clip.dtype == np.uint8


def test_a_stroke_in_a_cut_picture_is_told_in_the_uncut_one(engine):
    brief = wish(engine, aspect="1:1", strokes=[[(0.0, 0.5)] * 9])

    np.testing.assert_allclose(sketch.strokes(brief, (48, 32), (32, 32))[0, 0], [1 / 6, 0.5], atol=1e-6)


def test_fewer_seconds_are_the_beginning_of_the_whole(engine, plain):
    brief = wish(engine, enlarge="pixels", camera=[(0.1, 0, 0)] * 9)
    short = replace(brief, frames=5, camera=brief.camera[:5])

    assert np.array_equal(drawn(engine, replace(short, camera=())), plain[:5])
    assert np.array_equal(drawn(engine, short), drawn(engine, brief)[:5]), "held after its last frame"


def test_each_step_is_told_and_may_stop_the_work(engine):
    steps = []

    def stop(step):
        steps.append(step)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        engine.draw(wish(engine), on_step=stop)
    assert steps == [0]


def test_a_brief_against_the_card_is_refused_before_anything_is_loaded(sketch_root):
    fresh = registry.load(sketch_root, "sketch")

    with pytest.raises(EngineProblem, match="three numbers for each of the 9 frames"):
        fresh.draw(wish(fresh, camera=[(0, 0, 0)]), on_step=print)
    assert fresh._sketch is None


def test_it_names_the_software_that_pixels_depend_on(engine):
    assert engine.software().startswith("diffusers 0.")


REACHED = {"frame_db": 29, "subject_db": 28.4, "pan": 80, "tilt": 91, "zoom": 99}


@pytest.mark.parametrize(
    ("measured", "provisional"),
    [
        (None, True),
        (REACHED, False),
        (REACHED | {"pan": 79.9}, True),
        (REACHED | {"subject_db": 27.9}, True),
        ({key: value for key, value in REACHED.items() if key != "zoom"}, True),
    ],
)
def test_it_is_a_first_choice_only_once_its_figures_are_reached(
    tiny_weights, tmp_path, measured, provisional
):
    shutil.copytree(tiny_weights, tmp_path / "weights")
    if measured:
        found = {key: figures.Figure(value, 200) for key, value in measured.items()}
        figures.write(found, tmp_path / "weights")

    card = sketch.card(tmp_path / "weights")

    assert card.provisional is provisional
    assert ("falls short" in card.summary) is provisional


def test_an_untrained_folder_is_no_engine_yet(tiny_weights, tmp_path):
    assert sketch.is_trained(tiny_weights)
    (tmp_path / "training.json").write_text(json.dumps({"config": "cpu"}))
    assert not sketch.is_trained(tmp_path)
