"""Enlarging: pixel-true or smooth, never more than was drawn; and a still made fit to begin with."""

import numpy as np

from generation.engines.enlarge import enlarged, reduced


def chequered(frames=2, width=12, height=8):
    y, x = np.mgrid[0:height, 0:width]
    return np.repeat(((x + y) % 2 * 255).astype(np.uint8)[None, :, :, None], 3, axis=3).repeat(frames, 0)


def test_pixel_by_pixel_each_pixel_becomes_a_square():
    small = chequered()
    large = enlarged(small, (48, 32), window=(12, 8), how="pixels")

    assert large.shape == (2, 32, 48, 3) and large.dtype == np.uint8
    assert np.array_equal(large[:, ::4, ::4], small)
    assert np.array_equal(large, small.repeat(4, 1).repeat(4, 2))


def test_smoothly_there_are_colours_between():
    assert len(np.unique(enlarged(chequered(), (48, 32), window=(12, 8)))) > 20
    flat = np.full((1, 8, 12, 3), 90, np.uint8)
    assert np.array_equal(enlarged(flat, (48, 32), window=(12, 8)), np.full((1, 32, 48, 3), 90))


def test_only_the_middle_is_seen():
    video = np.zeros((1, 8, 12, 3), np.uint8)
    video[0, 1:7] = 200

    assert (enlarged(video, (24, 12), window=(12, 6), how="pixels") == 200).all()


def test_a_still_stands_in_the_window_and_its_edge_is_drawn_out():
    still = np.zeros((60, 120, 3), np.uint8)
    still[:, 60:] = 240
    frame = reduced(still, (12, 8), window=(12, 6))

    assert frame.shape == (8, 12, 3)
    assert (frame[:, :5] < 20).all() and (frame[:, 7:] > 220).all()
    assert np.array_equal(frame[0], frame[1]) and np.array_equal(frame[-1], frame[-2])


def test_what_went_in_comes_out_at_the_same_place():
    still = np.random.default_rng(0).integers(0, 256, (6, 12, 3), dtype=np.uint8)
    frame = reduced(still, (12, 8), window=(12, 6))

    assert np.array_equal(enlarged(frame[None], (12, 6), window=(12, 6), how="pixels")[0], still)
