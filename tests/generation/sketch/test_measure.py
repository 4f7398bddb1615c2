"""Measurements on pictures whose answer is known."""

import numpy as np
import pytest

from generation.sketch import figures, measure, scenes
from generation.sketch.figures import LINES, Figure
from generation.sketch.scenes import seeing

STATIC = np.zeros(3)


def square(x, y, side=10, shape=(64, 96)):
    mask = np.zeros(shape, bool)
    mask[y : y + side, x : x + side] = True
    return mask


def path(start, end, frames=9):
    places = np.linspace(start, end, frames).round().astype(int)
    return np.stack([square(x, y) for x, y in places])


def test_decibels_of_a_known_error():
    black = np.zeros((2, 4, 4, 3), np.uint8)

    assert measure.psnr(black, black + 255) == pytest.approx(0, abs=1e-9)
    assert measure.psnr(black, black + 16) == pytest.approx(24.05, abs=0.01)  # 20 log10(255 / 16)


def test_a_box_holds_its_mask_and_ignores_a_stray_pixel():
    mask = square(24, 16, side=20)
    mask[63, 0] = True

    np.testing.assert_allclose(measure.box(mask), [0.25, 0.25, 44 / 96, 36 / 64], atol=0.02)
    assert np.isnan(measure.box(np.zeros((64, 96), bool))).all()


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ((0, 0, 1, 1), (0, 0, 1, 1), 1),
        ((0, 0, 0.5, 1), (0.5, 0, 1, 1), 0),
        ((0, 0, 0.5, 0.5), (0.25, 0, 0.75, 0.5), 1 / 3),
        ((np.nan,) * 4, (0, 0, 1, 1), 0),
    ],
)
def test_intersection_over_union(one, other, share):
    assert measure.overlap(np.array(one), np.array(other)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("start", "end", "way"),
    [
        ((10, 20), (50, 20), "right"),
        ((50, 20), (10, 24), "left"),
        ((40, 50), (42, 10), "up"),
        ((40, 5), (40, 45), "down"),
        ((40, 20), (42, 21), ""),
    ],
)
def test_the_way_of_a_subject_before_a_camera_at_rest(start, end, way):
    assert measure.way(path(start, end), STATIC) == way


def test_a_subject_at_rest_under_a_panning_camera_is_at_rest():
    drifting = path((60, 20), (31, 20))  # the camera pans right by 29 / 96 of the frame

    assert measure.way(drifting, np.array([29 / 96, 0, 0])) == ""
    assert measure.way(drifting, STATIC) == "left"


def test_a_subject_that_is_never_seen_goes_nowhere():
    assert measure.way(np.zeros((9, 64, 96), bool), STATIC) == ""


def test_even_motion_does_not_flicker_and_noise_does():
    ramp = np.arange(6, dtype=np.uint8)[:, None, None, None] * np.full((1, 4, 4, 3), 10, np.uint8)
    flash = (np.arange(6) % 2 * 100).astype(np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)

    assert measure.flicker(ramp) == 0
    assert measure.flicker(flash) == 200


def test_the_rulers_know_what_the_renderer_draws():
    """Camera and direction, read off rendered clips with the true masks: nearly all are right."""
    rng = np.random.default_rng(5)
    right = []
    while len(right) < 24:
        scene = scenes.sample(rng, held_out=True)
        if len(scene.subjects) != 1 or scene.subjects[0].motion not in ("left", "right", "up", "down"):
            continue
        scene = scenes.Scene(
            scene.place, scene.time, scene.weather, scene.subjects, scenes.Camera(), scene.seed
        )
        clip = scenes.render(scene)
        camera = seeing.camera_seen(clip.video, clip.masks[0])
        right.append(measure.way(clip.masks[0], camera) == scene.subjects[0].motion)

    assert sum(right) >= 21


def test_the_table_says_what_is_reached_missed_and_not_trained():
    found = {
        "frame_db": Figure(30.0, 200),
        "colour": Figure(50.0, 200, 99.0),
        "flicker": Figure(1.2, 200, 1.0),
    }
    cpu, gpu = figures.table(found, "cpu"), figures.table(found, "gpu")

    assert "| autoencoder: PSNR over the frame | 30.0 dB | 200 |  | at least 29.0 dB | reached |" in cpu
    assert "| subject's colour right | 50 % | 200 | 99 % | at least 85 % | not reached |" in cpu
    assert (
        "| flicker against the renderer's own clips | 1.20 × | 200 | 1.00 × | at most 1.50 × | reached |"
        in cpu
    )
    assert "at least 33.0 dB | not reached" in gpu
    assert cpu.count("not trained yet") == len(LINES) - 3


def test_figures_survive_their_file(tmp_path):
    found = {"boxes": Figure(0.5, 200, 0.9)}
    figures.write(found, tmp_path)

    assert figures.read(tmp_path) == found
