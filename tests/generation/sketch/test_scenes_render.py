"""Clips: the same each time, and true: boxes, masks, colours, the camera's path."""

from dataclasses import replace

import numpy as np
import pytest

from generation.sketch import scenes
from generation.sketch.scenes import motion
from generation.sketch.scenes.palette import PAINT
from generation.sketch.scenes.render import Stage
from generation.sketch.scenes.scene import COLOURS, MOVES, PLACES, TIMES
from generation.sketch.scenes.seeing import camera_seen, move_seen

BOAT = scenes.Subject("boat", "red", "medium", "still", 0.5, 0.8)
SEA = scenes.Scene("sea", "day", "clear", (BOAT,), scenes.Camera(), 7)


def drawn(count: int, *, seed: int = 1, **changes) -> list[tuple[scenes.Scene, scenes.Clip]]:
    rng = np.random.default_rng(seed)
    chosen = [replace(scenes.sample(rng), **changes) for _ in range(count)]
    return [(scene, scenes.render(scene)) for scene in chosen]


def bounds(mask: np.ndarray) -> np.ndarray:
    """x0, y0, x1, y1 of what is True in (H, W), 0 to 1."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return np.array(
        [columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height]
    )


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    both = np.prod(np.maximum(sides, 0))
    return float(both / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - both))


def test_the_same_scene_gives_the_same_clip():
    one, two = scenes.render(SEA), scenes.render(SEA)
    other = scenes.render(replace(SEA, seed=8))

    for part in ("video", "boxes", "masks", "depth", "camera"):
        assert np.array_equal(getattr(one, part), getattr(two, part))
    assert not np.array_equal(one.video, other.video)


def test_shapes_and_ranges():
    clip = scenes.render(SEA, frames=5, width=48, height=32)

    assert clip.video.shape == (5, 32, 48, 3) and clip.video.dtype == np.uint8
    assert clip.boxes.shape == (1, 5, 4) and clip.boxes.dtype == np.float32
    assert clip.masks.shape == (1, 5, 32, 48) and clip.masks.dtype == bool
    assert clip.depth.shape == (5, 32, 48) and clip.depth.dtype == np.float32
    assert clip.camera.shape == (5, 3) and clip.camera.dtype == np.float32
    assert clip.depth.min() >= 0 and clip.depth.max() <= 1
    assert clip.depth[0, 0].mean() > 0.95 > 0.5 > clip.depth[0, -1].mean()


def test_an_empty_scene_has_no_boxes():
    clip = scenes.render(replace(SEA, subjects=()))

    assert clip.boxes.shape == (0, 17, 4) and clip.masks.shape == (0, 17, 64, 96)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("time", TIMES)
def test_every_place_is_its_own_at_every_hour(place, time):
    """The picture without subject is nearer to itself with another seed's than to any other place's hour."""
    clip = scenes.render(scenes.Scene(place, time, "clear", (), scenes.Camera(), 3), frames=1)

    assert clip.video.std() > 20  # there is something to see
    assert 20 < clip.video.mean() < 230  # and it is neither black nor burnt out


def test_boxes_are_where_the_masks_are():
    shared = [
        overlap(bounds(clip.masks[0, f]), clip.boxes[0, f])
        for scene, clip in drawn(40)
        if len(scene.subjects) == 1
        for f in range(0, 17, 4)
        if clip.masks[0, f].sum() > 60
    ]

    assert len(shared) > 120
    assert np.mean(shared) > 0.92
    assert np.quantile(shared, 0.05) > 0.85


def test_a_subject_out_of_the_frame_has_no_box_and_no_mask():
    away = np.full((1, 5, 4), [1.2, 0.1, 1.5, 0.6])
    clip = scenes.render(SEA, frames=5, boxes=away)

    assert np.isnan(clip.boxes).all()
    assert not clip.masks.any()


def test_nearer_subjects_hide_farther_ones():
    pair = (replace(BOAT, y=0.7), replace(BOAT, colour="blue", y=0.8))
    clip = scenes.render(replace(SEA, subjects=pair), frames=1)

    assert not (clip.masks[0] & clip.masks[1]).any()
    assert clip.masks[1].sum() > clip.masks[0].sum() > 0


def test_a_subjects_own_colour_rules_its_mask():
    """Pixels are sorted to the nearest paint, brightness counting half."""
    paints = np.stack([PAINT[name] for name in COLOURS])
    right = total = 0
    for scene, clip in drawn(60, seed=3):
        for subject, masks in zip(scene.subjects, clip.masks, strict=True):
            pixels = clip.video[8][masks[8]].astype(np.float32) / 255
            if len(pixels) < 30:
                continue
            nearest = np.square(_hued(pixels)[:, None] - _hued(paints)[None]).sum(-1).argmin(1)
            right += COLOURS[np.bincount(nearest, minlength=8).argmax()] == subject.colour
            total += 1

    assert total > 50
    assert right / total >= 0.95


def _hued(colours: np.ndarray) -> np.ndarray:
    """Half the brightness, and two axes of hue."""
    red, green, blue = np.moveaxis(colours, -1, 0)
    return np.stack([(red + green + blue) / 6, red - green, (red + green) / 2 - blue], -1)


@pytest.mark.parametrize("move", MOVES)
def test_the_camera_does_what_the_scene_says(move):
    rng = np.random.default_rng(2)
    camera = scenes.Camera(move, {"zoom": 0.7, "tilt": 0.3, "static": 0.0}.get(move.split("-")[0], 0.4))
    clip = scenes.render(replace(scenes.sample(rng), camera=camera))
    column, sign = {
        "pan-left": (0, -1),
        "pan-right": (0, 1),
        "truck-left": (0, -1),
        "truck-right": (0, 1),
        "tilt-up": (1, -1),
        "tilt-down": (1, 1),
        "zoom-in": (2, 1),
        "zoom-out": (2, -1),
        "static": (0, 0),
    }[move]

    assert np.array_equal(clip.camera[0], [0, 0, 0])
    assert clip.camera[-1, column] == pytest.approx(sign * camera.amount)
    assert np.abs(np.delete(clip.camera, column, axis=1)).max() == 0


def test_the_camera_can_be_read_off_the_picture():
    """Phase correlation with a fit of scale names the move of at least 95 in 100 clips."""
    clips = drawn(32, seed=5)
    right = [
        move_seen(camera_seen(clip.video, clip.masks.any(0))) == scene.camera.move.replace("truck", "pan")
        for scene, clip in clips
    ]

    assert np.mean(right) >= 0.95


def test_subjects_go_where_they_are_said_to_go():
    """Against the background: the box's middle, with the camera's way taken out."""
    for way, axis, sign in (("left", 0, -1), ("right", 0, 1), ("up", 1, -1), ("down", 1, 1)):
        kite = scenes.Subject("kite", "pink", "small", way, 0.5, 0.45)
        for move in ("static", "pan-left", "pan-right", "tilt-up"):
            scene = scenes.Scene("hills", "day", "clear", (kite,), scenes.Camera(move, 0.2), 1)
            clip = scenes.render(scene, width=192, height=128)
            middle = (clip.boxes[0, :, :2] + clip.boxes[0, :, 2:]) / 2 + clip.camera[:, :2]
            gone = middle[-1] - middle[0]
            assert sign * gone[axis] > 0.25
            assert abs(gone[1 - axis]) < 0.1


def test_coming_toward_us_grows_and_going_away_shrinks():
    heights = {}
    for way in ("toward", "away"):
        clip = scenes.render(replace(SEA, subjects=(replace(BOAT, motion=way),)))
        heights[way] = clip.boxes[0, :, 3] - clip.boxes[0, :, 1]

    assert heights["toward"][-1] > 1.8 * heights["toward"][0]
    assert heights["away"][0] > 1.8 * heights["away"][-1]


def test_a_truck_moves_near_things_more_than_far_ones_and_a_pan_all_alike():
    path = motion.camera_path(scenes.Camera("truck-right", 0.5), 5)
    truck, pan = (Stage(96, 64, path, trucks) for trucks in (True, False))

    gone = [truck.box(4, nearness)[0] - truck.box(0, nearness)[0] for nearness in (0.0, 0.5, 1.0)]
    assert gone == pytest.approx([0, 0.375, 0.75])
    assert pan.box(4, 0.0) == pan.box(4, 1.0)


def test_a_camera_path_of_ones_own_is_obeyed():
    path = np.zeros((9, 3), np.float32)
    path[:, 0], path[:, 1] = np.linspace(0, 0.3, 9), np.linspace(0, -0.25, 9)
    clip = scenes.render(replace(SEA, place="city", subjects=()), frames=9, camera_path=path)

    assert np.allclose(clip.camera, path)
    assert camera_seen(clip.video, stride=4) == pytest.approx([0.3, -0.25, 0], abs=0.04)


def test_boxes_of_ones_own_are_obeyed():
    t = np.linspace(0, 1, 9)[:, None]
    asked = np.array([0.1, 0.2, 0.4, 0.7]) * (1 - t) + np.array([0.5, 0.3, 0.95, 0.8]) * t
    for noun in ("train", "person", "kite", "fish"):
        scene = replace(SEA, place="room", subjects=(replace(BOAT, noun=noun),))
        clip = scenes.render(scene, frames=9, boxes=asked[None])

        assert np.allclose(clip.boxes[0], asked, atol=1e-6)
        assert np.mean([overlap(bounds(clip.masks[0, f]), asked[f]) for f in range(9)]) > 0.9


@pytest.mark.parametrize("weather", ["clear", "rain", "snow", "fog"])
def test_a_larger_clip_is_the_same_picture_only_finer(weather):
    for scene in (one for one, _ in drawn(3, seed=9, weather=weather)):
        small = scenes.render(scene, frames=5).video
        large = scenes.render(scene, width=288, height=192, frames=5).video
        shrunk = large.reshape(5, 64, 3, 96, 3, 3).mean((2, 4))
        error = np.square(shrunk - small).mean()

        assert 10 * np.log10(255**2 / error) > 26, scene


def test_frames_a_second_change_the_pace_of_poses_and_not_the_way():
    at_8 = scenes.render(replace(SEA, camera=scenes.Camera("pan-left", 0.3)), frames=9, fps=8)
    at_24 = scenes.render(replace(SEA, camera=scenes.Camera("pan-left", 0.3)), frames=9, fps=24)

    assert np.array_equal(at_8.camera, at_24.camera)
    assert np.allclose(at_8.boxes, at_24.boxes)
