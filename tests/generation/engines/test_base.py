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
    changed = replace(brief, **{name: value + "." if isinstance(value, str) else value + 1})

    assert changed.digest != brief.digest


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
