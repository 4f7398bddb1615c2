"""What is said of a direction: words for the prompt, what an engine leaves out, what a form sends."""

import json
from dataclasses import replace

import pytest

from generation.animatic import Direction, compile, expand, from_form, ignored, phrases
from generation.animatic.direction import (
    Box,
    Camera,
    Key,
    Keyframe,
    Place,
    Reference,
    Source,
    Stroke,
    Waypoint,
)
from generation.sketch import scenes
from tests.generation.animatic.directions import move

STILL = "a" * 64
BOAT = Box("red boat", (Place(0, (0.1, 0.2, 0.3, 0.4)), Place(1, (0.5, 0.2, 0.7, 0.4))))
SPOT = Stroke(((0.5, 0.5),), push=(3, 0), name="smoke")


def test_words_name_who_goes_where_then_the_camera_the_largest_move_first():
    asked = Direction(camera=move(tilt=2, truck=-6), boxes=(BOAT,), strokes=(SPOT,))

    assert phrases.words(asked) == "red boat moving right, smoke moving right, truck left, tilt up"
    assert phrases.words(Direction()) == ""


@pytest.mark.parametrize(
    ("inputs", "prompt", "said"),
    [
        (["text"], "dusk", "red boat moving right, smoke moving right, truck left"),
        (["camera"], "dusk", "red boat moving right, smoke moving right"),
        (["camera", "boxes", "strokes"], "dusk", "red boat"),
        (["camera", "boxes", "strokes"], "A Red Boat at dusk", ""),
        (["poses", "boxes", "strokes"], "a red boat", ""),
    ],
)
def test_an_engine_is_told_in_words_what_it_is_not_given(inputs, prompt, said):
    asked = Direction(camera=move(truck=-6), boxes=(BOAT,), strokes=(SPOT,))

    assert phrases.left(asked, inputs, prompt) == said


@pytest.mark.parametrize(
    ("camera", "said"),
    [
        (Camera(lock=True, pan=(Key(0, 0), Key(1, 9))), "static camera"),
        (move(pan=0.3), ""),
        (Camera(pan=(Key(0, 0), Key(0.5, -4), Key(1, 0))), "pan left and back"),
        (Camera(zoom=(Key(0, 5), Key(1, 8))), "zoom in"),
        (move(roll=-3, dolly=5), "dolly in, roll counterclockwise"),
    ],
)
def test_the_camera_is_said_as_it_moves(camera, said):
    assert phrases.camera(camera) == said


@pytest.mark.parametrize("dials", [{"pan": 4}, {"truck": -4}, {"tilt": -4}, {"zoom": 4}])
def test_scenes_reads_the_words_as_the_same_move(dials):
    (dial,) = dials
    said = phrases.words(Direction(camera=move(**dials), boxes=(BOAT,)))
    reading = scenes.parse(said)

    assert reading.move == phrases.MOVES[dial][dials[dial] < 0].replace(" ", "-")
    assert [(m.noun, m.colour, m.motion) for m in reading.subjects] == [("boat", "red", "right")]
    assert reading.unknown == ()


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([(0.4, 0.4, 0.6, 0.6), (0.4, 0.1, 0.6, 0.3)], "rising"),
        ([(0.4, 0.4, 0.6, 0.6), (0.3, 0.3, 0.7, 0.7)], "coming closer"),
        ([(0.3, 0.3, 0.7, 0.7), (0.4, 0.4, 0.6, 0.6)], "moving away"),
        ([(0.3, 0.3, 0.7, 0.7)], "resting"),
    ],
)
def test_a_box_is_said_to_go_where_it_goes(places, said):
    box = Box("kite", tuple(Place(i, corners) for i, corners in enumerate(places)))

    assert phrases.words(Direction(boxes=(box,))) == f"kite {said}"


def test_what_references_show_is_said_by_its_name_unless_the_prompt_has_it():
    lamp = Direction(references=(Reference(STILL, "prop", "a brass lamp"), Reference(STILL)))

    assert phrases.left(lamp, ["references"], "dusk") == "a brass lamp"
    assert phrases.left(lamp, ["text"], "A brass lamp at dusk") == ""


def test_a_region_is_spoken_of_by_its_name():
    path = (Waypoint(0, 0.5, 0.5), Waypoint(1, 0.5, 0.9))
    regions = (
        Stroke(((0.5, 0.5),), name="leaves", ambient=4),
        Stroke(((0.5, 0.5),), name="stone", path=path),
        Stroke(((0.5, 0.5),), push=(4, 0)),
    )

    assert phrases.words(Direction(strokes=regions)) == "leaves swaying gently, stone sinking"


ALL = Direction(
    camera=move(pan=3, roll=4, truck=2, dolly=1),
    strokes=(Stroke(((0.5, 0.5),), push=(3, 0), proximity=2),),
    boxes=(BOAT, BOAT, Box("kite", BOAT.keys)),
    keyframes=(Keyframe(0, STILL), Keyframe(0.5, STILL), Keyframe(1, STILL)),
    source=Source("clip"),
    references=(Reference(STILL),),
)


def test_an_engine_that_reads_words_alone_leaves_all_of_it_out():
    said = ignored(ALL, ["text"])

    assert [sentence.split(" ")[0:2] for sentence in said] == [
        ["The", "camera's"],
        ["Boxes", "are"],
        ["Brush", "strokes"],
        ["The", "picture"],
        ["The", "picture"],
        ["Pictures", "between"],
        ["The", "source"],
        ["Reference", "pictures"],
    ]
    assert all(sentence.endswith(".") for sentence in said)


def test_an_engine_that_follows_a_path_says_what_the_path_does_not_hold():
    said = " ".join(ignored(ALL, ["text", "camera", "boxes", "strokes", "first_frame", "last_frame"]))

    assert "Roll is left out" in said
    assert "Truck and dolly are drawn as a move in the picture" in said
    assert "This engine places 2 boxes: “kite” is left to the words." in said
    assert "only their way is followed, not how near they come" in said
    assert "The picture for" not in said


def test_a_move_that_lives_of_depth_is_said_to_stand_still_where_there_is_none():
    asked = Direction(camera=expand("dolly zoom", amount=3, aspect=16 / 9))

    (said,) = ignored(asked, ["camera"])

    assert said.startswith("This is a move of depth")
    assert ignored(asked, ["poses"]) == ()
    assert ignored(Direction(camera=move(roll=4)), ["camera"])[0].startswith("Roll is left out")


def test_an_engine_that_takes_everything_leaves_nothing_out():
    everything = ["poses", "boxes", "strokes", "keyframes", "source_video", "references"]
    two = replace(ALL, boxes=ALL.boxes[:2], strokes=(SPOT,))

    assert ignored(two, everything) == ()
    assert ignored(Direction(), ["text"]) == ()
    assert ignored(Direction(camera=Camera(pan=move(pan=4).pan, lock=True)), ["text"]) == ()
    assert ignored(Direction(camera=move(pan=4, tilt=1, zoom=2)), ["camera"]) == ()


VACE = ["camera", "boxes", "strokes", "keyframes", "source_video", "mask", "control", "references"]


@pytest.mark.parametrize(
    ("source", "inputs", "words"),
    [
        (None, VACE, []),
        (Source("clip"), VACE, ["How far it may go", "Camera, boxes and strokes are said in words alone"]),
        (Source("clip", redraw="inside"), VACE, []),
        (Source("clip", redraw="inside"), [*VACE[:5], "references"], ["All of the clip is drawn anew"]),
    ],
)
def test_a_control_clip_shows_all_of_a_direction_unless_a_clip_steers(source, inputs, words):
    said = ignored(replace(ALL, source=source), inputs)

    omitted = [
        sentence for sentence in said if not sentence.startswith(("Roll", "Truck", "This engine", "Of"))
    ]
    assert len(omitted) == len(words)
    assert all(sentence.startswith(start) for sentence, start in zip(omitted, words, strict=True))


def test_what_a_clip_steers_in_place_of_the_direction_is_said_in_words():
    asked = Direction(camera=move(truck=-6), boxes=(BOAT,), source=Source("clip"))

    assert compile(asked, frames=9, size=(160, 96)).words_for(VACE) == "red boat moving right, truck left"


def test_a_form_with_scripts_sends_the_whole_direction():
    assert from_form({"direction": json.dumps(ALL.to_json())}) == ALL
    with pytest.raises(ValueError, match="cannot be read"):
        from_form({"direction": "{"})
    with pytest.raises(ValueError, match="no field “x”"):
        from_form({"direction": '{"x": 1}'})


def test_a_form_without_scripts_sends_each_dial_where_it_ends():
    curve = (Key(0, 0), Key(0.5, 3), Key(1, 2))
    was = Direction(camera=Camera(truck=curve, lock=True), boxes=(BOAT,))
    post = {"camera_asked": "1", "camera_truck": "2", "camera_pan": "-4,5"}

    assert from_form(post, was=was) == Direction(
        camera=Camera(truck=curve, pan=(Key(0, 0), Key(1, -4.5))), boxes=(BOAT,)
    )
    assert from_form({}, was=was) == was
    over = {"source_asked": "1", "source_clip": "take-3", "source_strength": "0,4", "source_redraw": "around"}
    assert from_form(post | over, was=was).source == Source("take-3", 0.4, "around")
    assert from_form(post, was=ALL).source == ALL.source
    assert from_form(post | {"source_asked": "1", "source_clip": ""}, was=ALL).source is None
    with pytest.raises(ValueError, match=r"from the clip is a number from 0 to 1\."):
        from_form(post | over | {"source_strength": "2"})
    assert from_form(post | {"camera_lock": "on"}).camera.lock
    with pytest.raises(ValueError, match=r"Zoom is a number from -10 to 10\."):
        from_form(post | {"camera_zoom": "close"})
