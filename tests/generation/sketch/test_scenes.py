"""Scenes: what is chosen, what is kept back, and what people's words come to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.sketch import scenes
from generation.sketch.scenes.scene import COLOURS, KINDS, MOTIONS, MOVES, NOUNS, PLACES, TIMES, WEATHERS

seeds = st.integers(0, 2**32 - 1)


def sampled(seed: int, *, held_out: bool = False) -> scenes.Scene:
    return scenes.sample(np.random.default_rng(seed), held_out=held_out)


def combinations(scene: scenes.Scene) -> set[tuple]:
    return {(s.noun, s.colour, scene.place, s.motion) for s in scene.subjects}


def test_the_same_chance_gives_the_same_scene():
    assert sampled(4) == sampled(4)
    assert sampled(4) != sampled(5)


def test_what_is_held_out_is_never_trained_on():
    trained = [sampled(seed) for seed in range(600)]
    kept = [sampled(seed, held_out=True) for seed in range(600)]

    assert not any(scenes.is_held_out(scene) for scene in trained)
    assert all(scenes.is_held_out(scene) for scene in kept)
    alone = [scene for scene in kept if len(scene.subjects) == 1]
    seen = set().union(*map(combinations, trained))
    assert len(alone) > 300
    assert not set().union(*map(combinations, alone)) & seen


def test_one_combination_in_eight_is_held_out_and_nothing_is_held_out_altogether():
    every = [
        scenes.Scene(
            place,
            "day",
            "clear",
            (scenes.Subject(noun, colour, "small", motion, 0.5, 0.5),),
            scenes.Camera(),
            0,
        )
        for noun, kind in KINDS.items()
        for place in kind.places
        for motion in kind.motions
        for colour in COLOURS
    ]
    trained = [scene for scene in every if not scenes.is_held_out(scene)]

    assert len(every) > 1500
    assert 0.11 < 1 - len(trained) / len(every) < 0.14
    pairs = {(scene.subjects[0].noun, scene.subjects[0].colour) for scene in trained}
    assert len(pairs) == len(NOUNS) * len(COLOURS)


def test_every_value_is_drawn_and_mostly_with_one_subject():
    drawn = [sampled(seed) for seed in range(800)]
    subjects = [subject for scene in drawn for subject in scene.subjects]

    assert {scene.place for scene in drawn} == set(PLACES)
    assert {scene.time for scene in drawn} == set(TIMES)
    assert {scene.weather for scene in drawn} == set(WEATHERS)
    assert {scene.camera.move for scene in drawn} == set(MOVES)
    assert {subject.noun for subject in subjects} == set(NOUNS)
    assert {subject.motion for subject in subjects} == set(MOTIONS)
    counts = [sum(len(scene.subjects) == n for scene in drawn) for n in (0, 1, 2)]
    assert counts[1] > 500 > counts[2] > counts[0] > 10


def test_the_vocabulary_is_small_and_every_synonym_leads_into_it():
    assert list(scenes.WORDS) == sorted(set(scenes.WORDS))
    assert len(scenes.WORDS) <= 220
    assert all(word in scenes.WORDS for word in scenes.SYNONYMS.values())
    assert not set(scenes.SYNONYMS) & set(scenes.WORDS)


@settings(max_examples=300, deadline=None)
@given(seeds, st.booleans())
def test_a_caption_says_only_what_is_true_in_words_of_the_vocabulary(seed, held_out):
    scene = sampled(seed, held_out=held_out)
    said = scenes.caption(scene, np.random.default_rng(seed))
    reading = scenes.parse(said)

    assert set(said.replace(",", " ").split()) <= set(scenes.WORDS)
    assert reading.unknown == () and reading.beyond == ()
    assert reading.place in (None, scene.place)
    assert reading.time in (None, scene.time)
    assert reading.weather in (None, scene.weather)
    assert reading.move in (None, scene.camera.move)
    for mention, subject in zip(reading.subjects, scene.subjects, strict=True):
        assert mention.noun == subject.noun
        assert mention.colour in (None, subject.colour)
        assert mention.size in (None, subject.size)
        assert mention.motion in (None, subject.motion)


def test_a_scene_is_described_in_many_ways():
    scene = sampled(11)
    ways = {scenes.caption(scene, np.random.default_rng(seed)) for seed in range(100)}

    assert len(ways) > 80


@pytest.mark.parametrize(
    ("prompt", "fields"),
    [
        ("A red sailboat drifts to the left at sundown on the ocean", ("sea", "sunset", None, None)),
        ("The camera slowly pans to the right over snowy mountains", ("mountains", None, None, "pan-right")),
        ("a house in the woods while snow is falling, slow zoom in", ("forest", None, "snow", "zoom-in")),
        ("panning left over a foggy city by night", ("city", "night", "fog", "pan-left")),
        ("dolly in on a cottage", (None, None, None, "zoom-in")),
        ("the camera moves left past trees", (None, None, None, "truck-left")),
        ("the camera does not move", (None, None, None, "static")),
    ],
)
def test_place_time_weather_and_camera_are_read(prompt, fields):
    reading = scenes.parse(prompt)

    assert (reading.place, reading.time, reading.weather, reading.move) == fields
    assert reading.unknown == ()


@pytest.mark.parametrize(
    ("prompt", "subjects"),
    [
        ("a tiny red ship sailing left", [("boat", "red", "small", "left")]),
        ("pan left, a bird flying right", [("bird", None, None, "right")]),
        ("a green train moving from left to right", [("train", "green", None, "right")]),
        ("a ball jumping up and down", [("ball", None, None, "bounce")]),
        ("a truck drives away", [("car", None, None, "away")]),
        ("two birds rising", [("bird", None, None, "up")] * 2),
        ("blue sky, white clouds, a kite", [("kite", None, None, None)]),
        ("a red car and a huge blue house", [("car", "red", None, None), ("house", "blue", "large", None)]),
        ("something purple coming closer", [(None, "purple", None, "toward")]),
    ],
)
def test_subjects_are_read(prompt, subjects):
    found = [(m.noun, m.colour, m.size, m.motion) for m in scenes.parse(prompt).subjects]

    assert found == subjects


def test_words_it_does_not_know_are_listed_and_common_little_ones_are_not():
    reading = scenes.parse("An elephant and a red boat under the rainbow, the elephant of Málaga")

    assert reading.unknown == ("elephant", "rainbow", "málaga")
    assert reading.subjects == (scenes.Mention("boat", "red"),)


def test_a_third_subject_is_named_as_too_many():
    assert scenes.parse("a car, a train, a kite and a fish").beyond == ("kite", "fish")


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_drawn_from(text):
    scene = scenes.compose(scenes.parse(text), 1)

    assert len(scene.subjects) <= 2
    assert scene == scenes.compose(scenes.parse(text), 1)


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_what_is_composed_has_all_that_was_said(seed):
    reading = scenes.parse(scenes.caption(sampled(seed), np.random.default_rng(seed)))
    scene = scenes.compose(reading, seed)

    assert reading.place in (None, scene.place)
    assert reading.time in (None, scene.time)
    assert reading.weather in (None, scene.weather)
    assert (reading.move or "static") == scene.camera.move
    for mention, subject in zip(reading.subjects, scene.subjects, strict=True):
        said = {
            "noun": mention.noun,
            "colour": mention.colour,
            "size": mention.size,
            "motion": mention.motion,
        }
        assert all(getattr(subject, field) == value for field, value in said.items() if value)


def test_another_seed_fills_the_gaps_otherwise():
    reading = scenes.parse("a boat")

    assert len({scenes.compose(reading, seed) for seed in range(10)}) == 10
    assert {scenes.compose(reading, seed).place for seed in range(20)} == {"sea", "mountains"}
