"""Steering: where boxes, camera, strokes and a last frame land in the cells; nothing adds nothing."""

import numpy as np
import pytest
import torch

from generation.sketch.config import TINY

pytestmark = pytest.mark.xdist_group("torch")

from generation.sketch.control import (  # noqa: E402 (torch may be absent)
    BOXES,
    CAMERA,
    CHANNELS,
    Asked,
    Control,
    Grid,
    stack,
    steering,
)

GRID = Grid(frames=9, step=4, height=4, width=6, z_dim=8)


def test_nothing_asked_for_is_nothing():
    assert GRID.channels(Asked()).shape == (CHANNELS + 8, 3, 4, 6)
    assert not GRID.channels(Asked()).any()


def test_a_box_covers_its_cells_and_the_parts_of_cells():
    boxes = np.full((1, 9, 4), np.nan, np.float32)
    boxes[0, 5:] = (0, 0, 0.25, 0.5)  # one and a half cells across, two down, from frame 5 on

    channels = GRID.channels(Asked(boxes=boxes))

    assert channels[0, 2, 0].tolist() == [1, 0.5, 0, 0, 0, 0]
    assert channels[0, 2, :, 0].tolist() == [1, 1, 0, 0]
    assert not channels[0, :2].any()  # absent in the latent frames 0 and 1, which end with frames 0 and 4
    assert (channels[BOXES - 1] == 1).all()  # that boxes are given is said everywhere


def test_a_camera_path_is_told_at_each_latent_frame_and_since_the_one_before():
    path = np.linspace(0, 1, 9)[:, None] * np.array([[0.4, 0, -0.8]])

    channels = GRID.channels(Asked(camera=path))[BOXES : BOXES + CAMERA, :, 0, 0]

    np.testing.assert_allclose(channels[0], [0, 0.2, 0.4], atol=1e-6)
    np.testing.assert_allclose(channels[2], [0, -0.4, -0.8], atol=1e-6)
    np.testing.assert_allclose(channels[3], [0, 0.4, 0.4], atol=1e-6)  # × 2 latent steps
    assert channels[6].tolist() == [1, 1, 1]


def test_a_stroke_pushes_the_cells_it_passes():
    stroke = np.stack([np.linspace(0.25, 0.75, 9), np.full(9, 0.375)], -1)[None]

    channels = GRID.channels(Asked(strokes=stroke))[BOXES + CAMERA : CHANNELS - 1]

    pushed = np.argwhere(channels[2] == 1)
    assert {(int(t), int(row)) for t, row, _ in pushed} == {(0, 1), (1, 1), (2, 1)}
    assert channels[0, 1].max() == pytest.approx(0.5)


def test_a_last_frame_stands_in_the_last_latent_frame_alone():
    channels = GRID.channels(Asked(last=torch.full((8, 4, 6), 2.0)))

    assert not channels[:, :2].any()
    assert (channels[CHANNELS:, 2] == 2).all()
    assert (channels[CHANNELS - 1, 2] == 1).all()


def test_a_new_module_and_no_control_add_nothing_and_the_hook_goes_away():
    from generation.sketch import parts

    transformer = parts.transformer(TINY).eval()
    control = Control(TINY.z_dim, 24)
    x, text = torch.randn(1, 8, 3, 4, 6), torch.randn(1, 32, 32)
    asked = stack(GRID, [Asked(camera=np.ones((9, 3)))])

    def drawn():
        with torch.inference_mode():
            return transformer(x, torch.tensor([500.0]), text, return_dict=False)[0]

    plain = drawn()
    with steering(transformer, control, asked):
        untrained = drawn()
    torch.nn.init.normal_(control.out.weight)
    with steering(transformer, control, asked):
        steered = drawn()
    with steering(transformer, control, torch.zeros_like(asked)):
        unasked = drawn()

    assert torch.equal(plain, untrained)
    assert not torch.allclose(plain, steered, atol=1e-3)
    torch.testing.assert_close(plain, unasked)
    assert torch.equal(plain, drawn())


def test_a_module_survives_its_file(tmp_path):
    control = Control(8, 24)
    torch.nn.init.normal_(control.out.weight)
    control.save(tmp_path)

    again = Control.load(tmp_path)

    torch.testing.assert_close(again.out.weight, control.out.weight, atol=1e-2, rtol=1e-2)
    assert again.cells.weight.shape == (24, CHANNELS + 8, 1, 2, 2)
