"""The camera: poses recover what was drawn, and the path in the picture agrees with them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.animatic import camera, expand
from generation.animatic.direction import Camera, Key
from tests.generation.animatic import directions
from tests.generation.animatic.directions import move

ASPECT = 16 / 9
FRAMES = 13


def poses(asked):
    return camera.poses(camera.dials(asked, FRAMES), ASPECT)


@settings(max_examples=40, deadline=None)
@given(directions.cameras())
def test_poses_are_rigid_and_begin_at_rest(asked):
    found = poses(asked)
    turns = found[:, :3, :3]

    assert np.allclose(found[0], np.eye(4), atol=1e-12)
    assert np.allclose(turns @ turns.transpose(0, 2, 1), np.eye(3), atol=1e-9)
    assert np.allclose(np.linalg.det(turns), 1)


def test_poses_recover_the_drawn_path():
    at = np.linspace(0, 1, FRAMES)
    eased = at * at * (3 - 2 * at)
    found = poses(move(truck=6, pedestal=-3, dolly=5))

    assert np.allclose(found[:, 0, 3] * camera.FOCAL / ASPECT, 0.6 * eased, atol=1e-9)  # right, frame widths
    assert np.allclose(found[:, 1, 3] * camera.FOCAL, 0.3 * eased, atol=1e-9)  # down, frame heights
    assert np.allclose(
        -np.log2(1 - found[:, 2, 3]), 0.5 * eased, atol=1e-9
    )  # the subject grows so many times


@pytest.mark.parametrize(
    ("dials", "column", "axis", "sign"),
    [
        ({"pan": 5}, 2, 0, 1),  # it looks to the right
        ({"tilt": 5}, 2, 1, -1),  # it looks up: y is down
        ({"roll": 5}, 0, 1, 1),  # its right side goes down: clockwise
        ({"truck": 5}, 3, 0, 1),
        ({"pedestal": 5}, 3, 1, -1),
        ({"dolly": 5}, 3, 2, 1),
    ],
)
def test_positive_is_right_up_in_and_clockwise(dials, column, axis, sign):
    last = poses(move(**dials))[-1]

    assert last[axis, column] * sign > 0.1


def test_roll_and_zoom_have_their_stated_measure():
    dials = camera.dials(move(roll=10, zoom=10), FRAMES)

    assert np.degrees(np.arctan2(*poses(move(roll=10))[-1][[1, 0], 0])) == pytest.approx(45)
    assert camera.focal(dials)[-1] == pytest.approx(2 * camera.FOCAL)
    assert 2 * np.degrees(np.arctan(0.5 / camera.FOCAL)) == pytest.approx(36)


@settings(max_examples=40, deadline=None)
@given(directions.cameras())
def test_the_path_is_where_the_middle_of_the_frame_meets_the_focus_plane(asked):
    dials = camera.dials(asked, FRAMES)
    found, path = camera.poses(dials, ASPECT), camera.path(dials)
    near = (1 - found[:, 2, 3]) < camera.NEAREST  # driven into the plane: the path stops short of it
    reach = (1 - found[:, 2, 3]) / found[:, 2, 2]
    met = found[:, :3, 3] + reach[:, None] * found[:, :3, 2]

    assert np.allclose((met[:, 0] * camera.FOCAL / ASPECT)[~near], path[~near, 0], atol=1e-9)
    assert np.allclose((met[:, 1] * camera.FOCAL)[~near], path[~near, 1], atol=1e-9)


def test_a_dolly_zoom_keeps_the_subject_as_large_as_it_is():
    dials = camera.dials(expand("dolly zoom", amount=7, aspect=ASPECT), FRAMES)

    assert np.allclose(camera.path(dials), 0, atol=1e-12)
    assert camera.view(dials, 4.0)[-1, 2] > 1.3  # while more of what is far is seen


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16])
def test_an_orbit_keeps_its_distance_and_looks_at_the_focus_point(aspect):
    dials = camera.dials(expand("orbit", amount=10, aspect=aspect), 49)
    found = camera.poses(dials, aspect)
    away = np.array([0, 0, 1]) - found[:, :3, 3]

    assert np.allclose(np.linalg.norm(away, axis=1), 1, atol=0.01)
    assert np.abs(camera.path(dials)[:, :2]).max() < 0.01
    assert np.degrees(np.arccos(found[-1, 2, 2])) == pytest.approx(45 if aspect > 1 else 20.1, abs=0.1)


def test_a_crane_rises_and_looks_down():
    dials = camera.dials(expand("crane", amount=5, aspect=ASPECT), FRAMES)
    last = camera.poses(dials, ASPECT)[-1]

    assert last[1, 3] < 0 < last[1, 2]
    assert camera.path(dials)[-1, 1] == pytest.approx(-0.25)  # and the subject sinks in the frame


def test_a_hand_held_camera_shakes_alike_for_one_seed_and_returns_no_further_than_asked():
    one, same, other = (expand("hand-held", amount=4, aspect=ASPECT, seed=seed) for seed in (7, 7, 8))

    assert one == same != other
    assert one.moves
    assert max(abs(key.v) for curve in one.curves.values() for key in curve) <= 4 * 0.5
    assert all(curve[0].v == 0 for curve in one.curves.values() if curve)


def test_moves_that_are_none_are_refused():
    with pytest.raises(ValueError, match="There is no move called “swoop”"):
        expand("swoop", amount=1, aspect=ASPECT)
    with pytest.raises(ValueError, match="from -10 to 10"):
        expand("crane", amount=11, aspect=ASPECT)


def test_a_locked_camera_stays_where_it_is():
    asked = Camera(**(move(pan=9).curves | {"roll": (Key(0, 0), Key(1, 4))}), lock=True)

    assert not camera.path(camera.dials(asked, FRAMES)).any()
    assert (poses(asked) == np.eye(4)).all()


@settings(max_examples=40, deadline=None)
@given(directions.cameras(), st.floats(0, 1), st.floats(0, 1), st.sampled_from([1.0, 1.8, 4.0]))
def test_from_the_frame_to_a_plane_and_back_is_where_it_was(asked, x, y, depth):
    for row in camera.view(camera.dials(asked, 3), depth):
        point = np.array([x, y])
        there = camera.to_plane(point, row, ASPECT)
        assert np.allclose(camera.to_frame(there, row, ASPECT), point, atol=1e-6)
