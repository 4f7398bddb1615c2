"""Briefs, their digests, and what a card tells people."""

import json
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.base import LATER, Brief, Card, EngineProblem, telling
from generation.engines.inputs import INPUTS
from generation.engines.noise import CARD
from tests.generation.makers import make_brief

briefs = st.builds(
    Brief,
    engine=st.text(max_size=8),
    revision=st.text(max_size=8),
    prompt=st.text(),
    seed=st.integers(0, 2**32 - 1),
    frames=st.integers(1, 200),
    width=st.integers(16, 64),
    height=st.integers(16, 64),
    fps=st.integers(1, 60),
)


@given(briefs, briefs)
def test_two_briefs_share_a_digest_only_if_they_are_the_same(one, other):
    assert (one.digest == other.digest) == (one == other)
    assert Brief(**json.loads(json.dumps(asdict(one)))).digest == one.digest
    assert len(one.digest) == 64


@pytest.mark.parametrize("name", [field.name for field in fields(Brief)])
def test_every_part_of_a_brief_is_in_its_digest(name):
    brief = make_brief()
    value = getattr(brief, name)
    other = {
        "native": (96, 64),
        "enlarge": "pixels",
        "camera": ((0, 0, 0.5),),
        "boxes": (((0, 0, 1, 1), None),),
        "poses": ((0.0,) * 16,),
        "strokes": (((0.5, 0.5),),),
        "keyframes": ((0.5, "ab", 1.0),),
        "references": ("ab",),
    }
    changed = replace(brief, **{name: other.get(name, value + "." if isinstance(value, str) else value)})
    if changed == brief:
        changed = replace(brief, **{name: value + 1})

    assert changed.digest != brief.digest


def test_what_briefs_have_learnt_to_say_leaves_older_digests_as_they_were():
    """Computed before there were native sizes, stills, camera paths and boxes."""
    row = {
        "engine": "noise", "revision": "r1", "prompt": "a cat", "seed": 7, "frames": 5, "width": 64,
        "height": 48, "fps": 8, "steps": 3, "guidance": 5.0, "software": "",
    }  # fmt: skip

    assert Brief(**row).digest == "b1ff935f124e9f9025d75a4600bacd7d489f8379be5b29adefde2138c5e81b47"


def test_steering_survives_json_also_where_a_number_is_whole():
    brief = make_brief(camera=((0, 0, 1),), boxes=(((0, 0.5, 1, 1), None),), native=(96, 64))
    again = Brief(**json.loads(json.dumps(asdict(brief))))

    assert again == brief
    assert again.digest == brief.digest
    assert brief.drawn_at == "96 × 64, enlarged smoothly"


def test_briefs_that_differ_in_words_and_seed_alone_are_drawn_in_one_call():
    brief = make_brief()

    assert brief.batch_key == replace(brief, prompt="a dog", negative="blur", seed=8).batch_key
    for change in ({"steps": 4}, {"first": "ab"}, {"frames": 9}, {"guidance": 1.0}, {"engine": "wan"}):
        assert brief.batch_key != replace(brief, **change).batch_key


def test_a_step_is_told_with_its_latents_only_to_those_who_take_them():
    alone, both, loose = [], [], []

    for on_step in (
        alone.append,
        lambda *said: both.append(said),
        lambda step, latents=None: loose.append(latents),
    ):
        telling(on_step)(0, "latents")

    assert (alone, both, loose) == ([0], [(0, "latents")], ["latents"])


STEERED = replace(CARD, native=(96, 64), inputs=("text", "first_frame", "camera", "boxes"), shortest_s=0.1)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(LATER)), anything, max_size=3))
def test_whatever_a_stranger_asks_for_is_answered_with_a_sentence(fields):
    """What comes through the API is any JSON; it may be refused and must not break anything."""
    fields = {name: value for name, value in fields.items() if name != "native"}
    brief = replace(ALL.brief(prompt="x", seconds=0.4, aspect="16:9", seed=1), **fields)

    why = ALL.why_not(brief)

    assert isinstance(why, str)
    assert why or len(brief.digest) == 64


ALL = replace(STEERED, inputs=("text", *INPUTS))
STILL = (0, 0, 0)
BOX = (0.1, 0.2, 0.5, 0.6)


@pytest.mark.parametrize(
    ("card", "given", "words"),
    [
        (STEERED, {}, ""),
        (STEERED, {"first": "ab"}, ""),
        (STEERED, {"camera": [STILL] * 5}, ""),
        (STEERED, {"boxes": [[BOX] * 5, [None] * 5]}, ""),
        (STEERED, {"enlarge": "pixels"}, ""),
        (CARD, {"first": "ab"}, "no still to begin with. Choose another engine, or begin without the still."),
        (CARD, {"camera": [STILL] * 5}, "no camera path. Choose another engine, or leave it to the words."),
        (CARD, {"boxes": [[BOX] * 5]}, "takes no boxes"),
        (STEERED, {"camera": [STILL] * 4}, "three numbers for each of the 5 frames"),
        (STEERED, {"camera": [(0, 0)] * 5}, "three numbers for each"),
        (STEERED, {"camera": [(0, 0, float("nan"))] * 5}, "three numbers for each"),
        (STEERED, {"camera": [(0, 0, "1")] * 5}, "three numbers for each"),
        (STEERED, {"boxes": [[BOX] * 5] * 3}, "Boxes are for 2 subjects at most"),
        (STEERED, {"boxes": [[BOX] * 4]}, "for each of the 5 frames"),
        (STEERED, {"boxes": [[(0.5, 0, 0.1, 1)] * 5]}, "left, top, right and bottom"),
        (STEERED, {"boxes": [[(0, 0, 1, 2)] * 5]}, "from 0 to 1"),
        (STEERED, {"enlarge": "sharper"}, "one of these ways: smooth, pixels"),
        (ALL, {"last": "ab", "negative": "blur", "references": ["ab"]}, ""),
        (ALL, {"source": "ab", "mask": "cd", "strength": 1}, ""),
        (ALL, {"poses": [[0] * 16] * 5, "strokes": [[(0.5, 0.5)] * 5]}, ""),
        (ALL, {"keyframes": [(0, "ab", 1), (1, "cd", 0.5)]}, ""),
        (STEERED, {"last": "ab"}, "takes no still to end with"),
        (STEERED, {"poses": [[0] * 16] * 5}, "takes no camera poses"),
        (STEERED, {"negative": "blur"}, "no words on what to keep away from"),
        (ALL, {"strength": 1.5}, "from 0 to 1"),
        (ALL, {"mask": "ab"}, "Give the clip with it"),
        (ALL, {"first": "ab", "source": "cd"}, "one of them"),
        (ALL, {"poses": [[0] * 9] * 5}, "have sixteen numbers"),
        (ALL, {"strokes": [[(0.5, 0.5)] * 4]}, "an x and a y for each of the 5 frames"),
        (ALL, {"keyframes": [(1.5, "ab", 1)]}, "its time and its strength"),
        (ALL, {"keyframes": [(0.5, "", 1)]}, "its time and its strength"),
        (ALL, {"references": ["ab"] * 4}, "3 reference pictures at most"),
    ],
)
def test_a_card_says_what_it_takes_besides_words(card, given, words):
    brief = card.brief(prompt="x", seconds=0.4, aspect="16:9", seed=1, **given)

    found = card.why_not(brief)

    assert (words in found) if words else found == ""


@pytest.mark.parametrize(
    ("size", "window"), [((768, 432), (96, 54)), ((768, 512), (96, 64)), ((512, 512), (64, 64))]
)
def test_the_middle_of_the_native_picture_fills_each_shape(size, window):
    assert STEERED.window(size) == window
    assert CARD.window(size) is None


def test_what_is_not_enlarged_has_no_way_of_enlarging():
    brief = CARD.brief(prompt="x", seconds=2, aspect="16:9", seed=1, enlarge="pixels")

    assert (brief.native, brief.enlarge, brief.drawn_at) == (None, "smooth", "")


def test_a_card_says_what_kind_it_is():
    kinds = ({}, {"procedural": True}, {"provisional": True}, {"random_weights": True})

    assert [replace(CARD, **{"random_weights": False, **kind}).kind for kind in kinds] == [
        "",
        "procedural drawing, not AI",
        "still short of its aims",
        "random weights, noise",
    ]


@given(st.floats(0.5, 4))
def test_seconds_become_the_nearest_4k_plus_1_frames(seconds):
    frames = CARD.frames_for(seconds)

    assert frames % 4 == 1
    assert abs(frames - seconds * CARD.fps) <= 2 or frames == 5
    assert CARD.why_not(CARD.brief(prompt="x", seconds=seconds, aspect="16:9", seed=1)) == ""


def test_an_aspect_becomes_pixels():
    brief = CARD.brief(prompt="x", seconds=2, aspect="9:16", seed=1)

    assert (brief.width, brief.height, brief.frames, brief.fps, brief.steps) == (144, 256, 25, 12, 8)
    assert brief.duration_s == pytest.approx(25 / 12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"revision": "older"}, "has been changed since"),
        ({"width": 100}, "draws 16:9 at 256 × 144"),
        ({"frames": 24}, "draws 4k \\+ 1 frames"),
        ({"frames": 101}, "draws 0.5 to 4 seconds"),
        ({"seed": 2**32}, "A seed is a whole number"),
    ],
)
def test_a_card_says_in_words_what_its_engine_cannot_draw(change, words):
    brief = CARD.brief(prompt="x", seconds=2, aspect="16:9", seed=1)

    with pytest.raises(AssertionError, match=words):
        assert CARD.why_not(replace(brief, **change)) == ""


MEASURED = replace(CARD, memory=((64, 64, 5, 1000), (64, 64, 9, 2000)), territory="not in the EU")


def test_memory_grows_in_a_straight_line_between_what_was_measured():
    sizes = [(5, 1), (7, 1), (9, 1), (9, 2), (1, 1)]

    assert [MEASURED.peak_bytes(f, (64, 64), takes=n) for f, n in sizes] == [1000, 1500, 2000, 4250, 1000]
    assert CARD.peak_bytes(9, (64, 64)) is None


def test_a_card_says_where_and_for_what_its_licence_holds():
    assert replace(MEASURED, commercial=False).terms == "CC0-1.0, no commercial use, not in the EU"
    assert replace(CARD, commercial=None).terms == "CC0-1.0"


def test_an_engine_without_a_rule_on_frames_draws_any_number_above_one():
    card = replace(CARD, frame_step=1, fps=8)
    brief = card.brief(prompt="x", seconds=1, aspect="16:9", seed=1)

    assert (brief.frames, card.why_not(brief)) == (8, "")
    assert "frames" in card.why_not(replace(brief, frames=1))


def test_a_card_survives_its_file():
    assert Card.from_json(CARD.to_json()) == CARD
    assert Card.from_json(MEASURED.to_json()) == MEASURED
    assert Card.from_json(STEERED.to_json()) == STEERED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "say its title"),
        ({"sizes": {"16:9": [250, 144]}}, "multiples of 16"),
        ({"sizes": {}}, "multiples of 16"),
        ({"fps": 0}, "above nought"),
        ({"shortest_s": 9}, "above nought"),
        ({"colour": "red"}, "cannot be read"),
        ({"inputs": ["text", "smell"]}, "name smell, which no brief holds"),
        ({"memory": [[64, 64, 5]]}, "width, height, frames and bytes"),
    ],
)
def test_a_card_with_gaps_is_refused(change, words):
    facts = json.loads(CARD.to_json()) | change

    with pytest.raises(EngineProblem, match=words):
        Card.from_json(json.dumps(facts))


def test_a_card_that_is_no_json_is_refused():
    with pytest.raises(EngineProblem, match="cannot be read"):
        Card.from_json("{")
