"""Directions as JSON: what is written is read again, and what is wrong is told in a sentence."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.animatic import Direction
from generation.animatic.direction import Box, Camera, Key, Place, Stroke
from tests.generation.animatic.directions import directions

STILL = "a" * 64


@settings(max_examples=60, deadline=None)
@given(directions)
def test_what_is_written_is_read_again(direction):
    assert Direction.from_json(json.loads(json.dumps(direction.to_json()))) == direction


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda within: st.lists(within, max_size=3) | st.dictionaries(st.text(max_size=8), within, max_size=3),
    max_leaves=6,
)


def places(said, way=()):
    """The way to everything within some JSON."""
    yield way
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for name, value in inner:
        yield from places(value, (*way, name))


@settings(max_examples=100, deadline=None)
@given(directions, json_values, st.data())
def test_whatever_is_sent_is_read_or_refused_in_a_sentence(direction, value, data):
    said = json.loads(json.dumps({"": direction.to_json()}))
    *way, last = data.draw(st.sampled_from([way for way in places(said) if way]))
    within = said
    for name in way:
        within = within[name]
    within[last] = value

    read, problem = None, "."
    try:
        read = Direction.from_json(said[""])
    except ValueError as found:
        problem = str(found)

    assert problem.endswith(".")
    assert read is None or Direction.from_json(read.to_json()) == read


def test_an_empty_direction_is_written_as_nothing_and_asks_for_nothing():
    assert Direction.from_json({}) == Direction()
    assert Direction().to_json() == {}
    assert not Direction().camera.moves


def test_what_is_left_unsaid_has_its_own_value():
    direction = Direction.from_json(
        {
            "camera": {"curves": {"truck": [{"t": 0, "v": 0}, {"t": 1, "v": 5}]}},
            "strokes": [{"points": [[0.5, 0.5]]}],
            "boxes": [{"noun": "red boat", "keys": [{"t": 0, "box": [0.1, 0.2, 0.3, 0.4]}]}],
        }
    )

    assert direction.camera == Camera(truck=(Key(0, 0, "in-out"), Key(1, 5, "in-out")))
    assert direction.strokes == (Stroke(((0.5, 0.5),), radius=0.06),)
    assert direction.boxes == (Box("red boat", (Place(0, (0.1, 0.2, 0.3, 0.4), "linear"),)),)


def test_a_locked_camera_does_not_move_and_keeps_its_curves():
    said = {"camera": {"lock": True, "curves": {"pan": [{"t": 0, "v": 0}, {"t": 1, "v": 5}]}}}
    camera = Direction.from_json(said).camera

    assert not camera.moves
    assert camera.pan[1].v == 5


def camera(**curves):
    return {"camera": {"curves": curves}}


def stroke(**fields):
    return {"strokes": [{"points": [[0.5, 0.5]], **fields}]}


def box(**fields):
    return {"boxes": [{"noun": "boat", "keys": [{"t": 0, "box": [0, 0, 1, 1]}], **fields}]}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ([], "A direction is written as fields with names."),
        ({"zeppelin": 1}, "A direction has no field “zeppelin”."),
        ({"camera": 3}, "The camera is written as fields with names."),
        ({"camera": {"lock": 1}}, "The camera's lock is true or false."),
        (camera(crab=[]), "The camera has no field “crab”. It has truck, pedestal, dolly"),
        (camera(truck={}), "Keys of the truck curve are written as a list."),
        (camera(truck=[{"t": 0, "v": 0}] * 30), "Keys of the truck curve: 24 at most, not 30."),
        (camera(truck=[{"t": 0}]), "The truck curve's value is a number from -10 to 10."),
        (camera(truck=[{"t": 0, "v": 11}]), "The truck curve's value is a number from -10 to 10."),
        (camera(truck=[{"t": 0, "v": 10**400}]), "The truck curve's value is a number"),
        (camera(truck=[{"t": 0, "v": True}]), "The truck curve's value is a number"),
        (camera(truck=[{"t": 0, "v": float("nan")}]), "The truck curve's value is a number"),
        (camera(pan=[{"t": 1.5, "v": 0}]), "The pan curve's time is a number from 0 to 1."),
        (
            camera(pan=[{"t": 0, "v": 0, "ease": "spring"}]),
            "easing is one of: linear, in, out, in-out, hold.",
        ),
        (camera(pan=[{"t": 1, "v": 0}, {"t": 1, "v": 1}]), "stand in the order of their times"),
        ({"strokes": [{}] * 9}, "Brush strokes: 8 at most, not 9."),
        ({"strokes": [{}]}, "Stroke 1's points are written as a list."),
        (stroke(points=[]), "Stroke 1's points: from 1 to 400, not 0."),
        (stroke(radius=0), "Stroke 1's points: from 3 to 400, not 1."),
        (stroke(points=[[0.5]]), "Stroke 1's point is 2 numbers from 0 to 1."),
        (stroke(points=[[0.5, "x"]]), "Each number of stroke 1's point is a number from 0 to 1."),
        (stroke(push=[0, 12]), "Each number of stroke 1's push is a number from -10 to 10."),
        (stroke(proximity=-11), "Stroke 1's proximity is a number from -10 to 10."),
        (stroke(ambient=-1), "Stroke 1's ambient motion is a number from 0 to 10."),
        (stroke(path=[{"t": 0, "x": 0, "y": 0}]), "Stroke 1's path needs a second point, or none."),
        (stroke(name="two\nlines"), "Stroke 1's name is one line of text, 60 characters at most."),
        (box(noun="x" * 61), "Box 1's noun is one line of text"),
        (box(keys=[]), "Box 1's places: from 1 to 24, not 0."),
        (box(keys=[{"t": 0, "box": [0.5, 0, 0.5, 1]}]), "Box 1 is named by left, top, right and bottom"),
        (box(enters=0.5, leaves=0.5), "Box 1 leaves before it enters."),
        ({"keyframes": [{"t": 0, "still": "../x"}]}, "A keyframe's picture is named by its SHA-256"),
        ({"keyframes": [{"t": 0, "still": STILL, "strength": 2}]}, "A keyframe's strength is a number"),
        ({"source": {"clip": ""}}, "The source's clip is missing."),
        ({"references": [{"still": STILL, "kind": "mood"}]}, "A reference's kind is one of: cast, prop"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(said, sentence):
    with pytest.raises(ValueError, match=r"\.$") as problem:
        Direction.from_json(said)

    assert sentence in str(problem.value)
