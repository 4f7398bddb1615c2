"""Briefs, their digests, and what a card tells people."""

import json
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.base import Brief, Card, EngineProblem
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


STEERED = replace(CARD, native=(96, 64), inputs=("text", "first_frame", "camera", "boxes"), shortest_s=0.1)
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
        (CARD, {"first": "ab"}, "takes no still to begin with"),
        (CARD, {"camera": [STILL] * 5}, "takes no camera path"),
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


def test_a_card_survives_its_file():
    assert Card.from_json(CARD.to_json()) == CARD
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
    ],
)
def test_a_card_with_gaps_is_refused(change, words):
    facts = json.loads(CARD.to_json()) | change

    with pytest.raises(EngineProblem, match=words):
        Card.from_json(json.dumps(facts))


def test_a_card_that_is_no_json_is_refused():
    with pytest.raises(EngineProblem, match="cannot be read"):
        Card.from_json("{")
