"""What a direction compiles to, measured in pixels: optical flow, boxes, masks, pictures."""

import cv2
import numpy as np
import pytest

from generation.animatic import Direction, compile
from generation.animatic.direction import Box, Camera, Key, Keyframe, Place, Reference, Stroke, Waypoint
from generation.engines.base import Brief
from tests.generation.animatic.directions import move

SIZE = (160, 96)
FRAMES = 17
SPOT = Stroke(points=((0.5, 0.5),), radius=0.25)
STILL = "c" * 64


def compiled(direction, **given):
    return compile(direction, **{"frames": FRAMES, "size": SIZE} | given)


def seen_flow(film, a=0, b=1):
    """(h, w, 2): Farnebäck's optical flow from frame a to b, in pixels."""
    grey = [cv2.cvtColor(film[f], cv2.COLOR_RGB2GRAY) for f in (a, b)]
    return cv2.calcOpticalFlowFarneback(*grey, None, 0.5, 3, 21, 5, 7, 1.5, 0)


def middle(flow):
    """The median flow around the middle of the frame."""
    height, width = flow.shape[:2]
    part = flow[int(height * 0.4) : int(height * 0.6), int(width * 0.44) : int(width * 0.56)]
    return np.median(part.reshape(-1, 2), axis=0)


def still(width=320, height=180):
    """A picture with something everywhere."""
    y, x = np.mgrid[:height, :width]
    waves = np.sin(x / 9 + 3 * np.sin(y / 23)) * np.sin(y / 7)
    return np.repeat((127 + 90 * waves)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("push", [(4, 0), (-4, 0), (0, 4), (3, -3)])
@pytest.mark.parametrize("film", ["control", "init"])
def test_the_flow_of_the_film_points_where_the_brush_points(push, film):
    asked = Stroke(SPOT.points, SPOT.radius, push=push)
    done = compiled(Direction(strokes=(asked,)), first=still() if film == "init" else None)

    found = middle(seen_flow(getattr(done, film)))
    wanted = np.array(push) / 10 * SIZE / (FRAMES - 1)

    assert found == pytest.approx(wanted, abs=0.7)
    assert np.dot(found, wanted) / np.linalg.norm(found) / np.linalg.norm(wanted) > 0.95


def test_a_region_follows_its_drawn_path_and_the_rest_stays():
    path = (Waypoint(0, 0.5, 0.5), Waypoint(0.5, 0.7, 0.5), Waypoint(1, 0.7, 0.2))
    done = compiled(Direction(strokes=(Stroke(((0.5, 0.5),), 0.2, path=path),)))

    assert np.allclose(done.tracks[0][[0, 8, 16]], [(0.5, 0.5), (0.7, 0.5), (0.7, 0.2)])
    corner = seen_flow(done.control)[:20, :20]
    assert np.abs(corner).max() < 0.2


def test_what_comes_closer_grows():
    done = compiled(Direction(strokes=(Stroke(SPOT.points, 0.3, proximity=10),)))
    flow = seen_flow(done.control)

    outward = [flow[48, 96, 0], -flow[48, 64, 0], flow[64, 80, 1], -flow[32, 80, 1]]
    assert min(outward) > 0.5


def test_what_sways_stays_about_where_it_is():
    done = compiled(Direction(strokes=(Stroke(SPOT.points, 0.2, ambient=10),)), frames=49)
    away = np.abs(done.tracks[0] - 0.5)

    assert 0.02 < away.max() <= 0.03 + 1e-9
    assert away[-1].max() < 1e-9


@pytest.mark.parametrize(
    ("dials", "wanted"),
    [
        ({"pan": 4}, (-0.4, 0)),
        ({"truck": -4}, (0.4, 0)),
        ({"tilt": 4}, (0, 0.4)),
        ({"pedestal": -4}, (0, -0.4)),
    ],
)
def test_the_ground_moves_against_the_camera(dials, wanted):
    done = compiled(Direction(camera=move("linear", **dials)))

    found = middle(seen_flow(done.control))

    assert found == pytest.approx(np.array(wanted) * SIZE / (FRAMES - 1), abs=0.6)


def test_the_stated_flow_is_the_flow_that_is_seen():
    asked = Stroke(((0.5, 0.5),), 0.3, push=(4, 0))
    done = compiled(Direction(camera=move("linear", tilt=2), strokes=(asked,)), size=(320, 192), frames=33)

    stated = np.median(done.flow[0][10:14, 18:22].reshape(-1, 2), axis=0)
    seen = middle(seen_flow(done.control)) / (320, 192)

    assert done.flow.shape == (32, 24, 40, 2)
    assert seen == pytest.approx(stated, abs=0.004)


def test_what_is_near_moves_more_than_what_is_far_when_the_camera_trucks_and_alike_when_it_pans():
    def rows(dials):
        flow = seen_flow(compiled(Direction(camera=move("linear", **dials)), first=still()).init)
        return [np.median(flow[part, 20:-40, 0]) for part in (slice(8, 30), slice(80, 92))]

    far, near = rows({"truck": 3})
    assert near < 2 * far < 0
    far, near = rows({"pan": 3})
    assert near == pytest.approx(far, abs=0.5)


def test_a_locked_camera_gives_no_flow_and_the_same_frame_over_and_over():
    camera = Camera(**move(pan=8, zoom=4).curves, lock=True)
    done = compiled(Direction(camera=camera), first=still())

    assert np.abs(done.flow).max() < 1e-9
    assert (done.control == done.control[0]).all()
    assert (done.init == done.init[0]).all()
    assert not done.camera.any()


def test_boxes_are_where_they_were_drawn():
    keys = (Place(0, (0.1, 0.2, 0.3, 0.6)), Place(1, (0.6, 0.2, 0.8, 0.6)))
    done = compiled(Direction(boxes=(Box("red boat", keys),)))

    for f in range(FRAMES):
        red = (done.control[f, ..., 0].astype(int) - done.control[f, ..., 2]) > 30
        y, x = np.nonzero(red)
        found = (x.min() / 160, y.min() / 96, (x.max() + 1) / 160, (y.max() + 1) / 96)
        shift = 0.5 * f / (FRAMES - 1)
        assert done.boxes[0][f] == pytest.approx((0.1 + shift, 0.2, 0.3 + shift, 0.6))
        assert iou(found, done.boxes[0][f]) > 0.9


def test_a_box_enters_leaves_and_is_cut_off_at_the_frame():
    keys = (Place(0, (-0.5, 0.2, -0.1, 0.6)), Place(1, (0.7, 0.2, 1.1, 0.6)))
    way = compiled(Direction(boxes=(Box("boat", keys, enters=0, leaves=0.9),))).boxes[0]

    assert way[0] is None  # not yet in the picture
    assert way[8] == pytest.approx((0.1, 0.2, 0.5, 0.6))
    assert way[2][0] == 0  # half in
    assert way[16] is None  # gone by then


def iou(a, b):
    across, down = (min(a[i + 2], b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    both = max(0, across) * max(0, down)
    return both / (sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)) - both)


def test_a_keyframe_stands_in_the_control_clip_and_is_kept_from_drawing():
    asked = Direction(keyframes=(Keyframe(0.5, STILL), Keyframe(1, "d" * 64)))
    done = compiled(asked, stills={STILL: still()})

    assert [f for f in range(FRAMES) if not done.mask[f].any()] == [8]
    assert np.abs(done.control[8].astype(int) - compiled(asked, first=still()).init[0]).max() <= 1
    assert done.mask.dtype == np.uint8 and done.mask.max() == 255


def test_the_first_frame_is_the_first_still():
    done = compiled(Direction(camera=move(dolly=5)), size=(320, 180), first=still())

    assert np.abs(done.init[0].astype(int) - still()).max() <= 1
    assert np.abs(done.init[-1].astype(int) - still()).mean() > 20


def test_a_brief_takes_what_the_engine_takes():
    asked = Direction(
        camera=move(pan=3),
        strokes=(SPOT, Stroke(SPOT.points, push=(3, 0))),
        boxes=tuple(Box(noun, (Place(0, (0, 0, 0.5, 0.5)),)) for noun in ("boat", "bird", "kite")),
        keyframes=(Keyframe(0, STILL), Keyframe(1, "d" * 64)),
        references=(Reference(STILL),),
    )
    done = compiled(asked)
    plain = {"engine": "x", "revision": "1", "prompt": "", "seed": 0, "frames": FRAMES, "fps": 8}

    brief = Brief(**plain, width=160, height=96, **done.given(["camera", "poses", "boxes", "strokes"]))

    assert done.given(["text"]) == {}
    assert done.given(["last_frame"]) == {"last": "d" * 64}
    assert done.given(["keyframes"])["keyframes"] == ((0, STILL, 1), (1, "d" * 64, 1))
    assert done.given(["references"]) == {"references": (STILL,)}
    assert (len(brief.camera), len(brief.poses[0]), len(brief.boxes)) == (FRAMES, 16, 2)
    assert [len(way) for way in brief.strokes] == [FRAMES]  # of the one that moves
    assert compiled(Direction()).given(["camera", "poses", "boxes", "strokes"]) == {}
    locked = compiled(Direction(camera=Camera(truck=(Key(0, 1),), lock=True)))
    assert set(locked.given(["camera"])["camera"]) == {(0.0, 0.0, 0.0)}


def test_no_frames_are_refused():
    with pytest.raises(ValueError, match="one frame or more"):
        compile(Direction(), frames=0, size=SIZE)


def test_what_has_moved_away_leaves_no_copy_of_itself_behind():
    picture = np.full((96, 160, 3), 90, np.uint8)
    picture[38:58, 70:90] = (250, 40, 40)
    asked = Stroke(((0.4, 0.35), (0.6, 0.35), (0.6, 0.65), (0.4, 0.65)), radius=0, push=(4, 0))
    film = compiled(Direction(strokes=(asked,)), first=picture).init

    def redness(f, x):
        return int(film[f, 48, x, 0]) - int(film[f, 48, x, 1])

    assert (redness(0, 80), redness(0, 144)) == (210, 0)
    assert (redness(-1, 80), redness(-1, 144)) == (0, 210)


def test_a_region_lies_as_deep_as_what_stands_there():
    sky, ground = (Stroke(((0.5, y),), 0.05, push=(0.1, 0)) for y in (0.1, 0.9))
    tracks = compiled(Direction(camera=move(truck=4), strokes=(sky, ground))).tracks

    assert tracks[0, -1, 0] - 0.51 == pytest.approx(-0.4 / 4)
    assert tracks[1, -1, 0] - 0.51 == pytest.approx(-0.4)
