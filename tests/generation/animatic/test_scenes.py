"""Scenes draws what is directed: its clip moves as the curve says, its subject stands in its box."""

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.animatic import Direction, compile
from generation.animatic.direction import Box, Place, Stroke
from generation.engines import scenes as engine
from generation.sketch import scenes
from tests.generation.animatic.directions import move

SIZE = (192, 128)
CARD = replace(engine.CARD, sizes={"3:2": SIZE}, fps=8, steps=1)
FRAMES = CARD.frames_for(1)
BALLOON = "a red balloon over hills at day"


@pytest.fixture
def draw(tmp_path):
    """Has the engine draw a direction; returns what it compiled to, and the clip."""
    card = engine.build(tmp_path / "scenes", card=CARD)

    def drawn(direction, prompt="hills at day"):
        done = compile(direction, frames=FRAMES, size=SIZE)
        brief = card.brief(prompt=prompt, seconds=1, aspect="3:2", seed=3, **done.given(card.inputs))
        film = engine.ScenesEngine(tmp_path / "scenes", card).draw(brief, on_step=lambda *_, **__: None)
        return done, film

    return drawn


@pytest.mark.parametrize("dials", [{"pan": 3}, {"truck": -3}, {"tilt": 2}, {"pedestal": -2}])
def test_the_clip_moves_from_frame_to_frame_as_the_camera_path_says(draw, dials):
    done, film = draw(Direction(camera=move("linear", **dials)))

    grey = film.mean(axis=3).astype(np.float32)
    window = cv2.createHanningWindow(SIZE, cv2.CV_32F)
    found = [cv2.phaseCorrelate(a, b, window)[0] for a, b in itertools.pairwise(grey)]
    wanted = -np.diff(done.camera[:, :2], axis=0) * SIZE

    assert np.median(found, axis=0) == pytest.approx(np.median(wanted, axis=0), abs=0.6)


def test_a_zoom_makes_the_picture_as_much_larger_as_it_says(draw):
    done, film = draw(Direction(camera=move(zoom=6)))

    assert 2 ** done.camera[-1, 2] == pytest.approx(2**0.6)
    wide, tall = (round(side / 2**0.6) for side in SIZE)
    left, top = (SIZE[0] - wide) // 2, (SIZE[1] - tall) // 2
    enlarged = cv2.resize(film[0, top : top + tall, left : left + wide], SIZE)
    same = np.corrcoef(enlarged.ravel(), film[-1].ravel())[0, 1]
    assert same > 0.95 > np.corrcoef(film[0].ravel(), film[-1].ravel())[0, 1]


def test_a_locked_camera_stands_still(draw):
    camera = replace(move(pan=8), lock=True)
    _, film = draw(Direction(camera=camera), "a room, the camera pans left")

    assert (film == film[0]).all()


def test_the_subject_stands_in_its_box(draw):
    keys = (Place(0, (0.1, 0.3, 0.4, 0.7)), Place(1, (0.6, 0.3, 0.9, 0.7)))
    done, film = draw(Direction(boxes=(Box("red balloon", keys),)), BALLOON)

    scene = scenes.compose(scenes.parse(BALLOON), 3)
    size = {"frames": FRAMES, "width": SIZE[0], "height": SIZE[1], "fps": CARD.fps}
    clip = scenes.render(scene, boxes=np.array(done.boxes), **size)
    assert (clip.video == film).all()
    for mask, box in zip(clip.masks[0], done.boxes[0], strict=True):
        y, x = np.nonzero(mask)
        found = (x.min() / 192, y.min() / 128, (x.max() + 1) / 192, (y.max() + 1) / 128)
        assert iou(found, box) > 0.75


def test_a_stroke_carries_the_subject_where_it_points(draw):
    _, rest = draw(Direction(), "a large red balloon resting over hills at day")
    asked = Stroke(((0.5, 0.4),), 0.1, push=(4, 0))
    _, film = draw(Direction(strokes=(asked,)), "a large red balloon resting over hills at day")

    assert redness(film[-1]) - redness(film[0]) == pytest.approx(0.4 * SIZE[0], abs=8)
    assert redness(rest[-1]) == pytest.approx(redness(rest[0]), abs=2)


def redness(frame):
    """Where across the frame it is red, in pixels."""
    red, green, blue = np.moveaxis(frame.astype(int), -1, 0)
    return np.nonzero((red > 150) & (green < 90) & (blue < 90))[1].mean()


def iou(a, b):
    across, down = (min(a[i + 2], b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    both = max(0, across) * max(0, down)
    return both / (sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)) - both)
