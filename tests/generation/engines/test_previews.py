"""Previews by themselves: the map from latents to RGB, the strip, and how often one is due."""

import io

import numpy as np
import pytest
from PIL import Image

from generation.engines import previews, registry

pytestmark = pytest.mark.xdist_group("torch")


def test_the_map_is_found_again_from_what_it_made():
    dice = np.random.default_rng(1)
    weights, bias = dice.normal(size=(16, 3)), np.array([0.2, 0.5, 0.7])
    latents = dice.normal(size=(500, 16))

    found = previews.fit(latents, latents @ weights + bias)

    assert np.allclose(found.weights, weights, atol=1e-5)
    assert np.allclose(found.bias, bias, atol=1e-5)


def test_latents_are_looked_at_frame_by_frame():
    looking = previews.Map(np.array([[1, 0, 0], [0, 0.5, 0]], np.float32), np.array([0, 0, 1], np.float32))
    latents = np.zeros((2, 3, 4, 5), np.float32)
    latents[0, 1] = 1.0
    latents[1, 2] = 1.0

    seen = looking.pictures(latents)

    assert (seen.shape, seen.dtype) == ((3, 4, 5, 3), np.uint8)
    assert [seen[t, 0, 0].tolist() for t in range(3)] == [[0, 0, 255], [255, 0, 255], [0, 128, 255]]


def test_it_is_kept_with_the_engine_and_read_again(engine, tmp_path):
    found = previews.of(engine)

    again = previews.Map.from_json((engine.folder / previews.FILE).read_text())
    assert np.array_equal(found.weights, again.weights)
    assert found.weights.shape == (16, 3)
    assert registry.digest(engine.folder)[:16] == engine.card.revision, "the weights are what they were"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": [[1, 2]], "bias": [1, 2]}'])
def test_what_is_no_map_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        previews.Map.from_json(text)


def test_the_fitted_map_is_close_to_what_the_decoder_makes(engine):
    """On smooth latents that it was not fitted to, it explains most of what the decoder draws."""
    dice = np.random.default_rng(5)
    latents = dice.standard_normal((4, 16, 1, 1, 1)).astype(np.float32) * np.ones(
        (1, 1, 1, 12, 12), np.float32
    )
    drawn = np.stack([clip[0].mean((0, 1)) for clip in engine.decode(latents)])
    looking = previews.of(engine)

    seen = np.stack([looking.pictures(one).mean((0, 1, 2)) for one in latents])

    assert np.abs(seen - drawn).mean() < 0.6 * np.abs(drawn - drawn.mean(0)).mean() + 12


@pytest.mark.parametrize(("given", "shown"), [(1, 6), (2, 6), (6, 6), (7, 7), (8, 8), (81, 8)])
def test_a_strip_has_six_to_eight_frames_and_lasts_as_long_as_the_clip(given, shown):
    pictures = np.arange(given, dtype=np.uint8)[:, None, None, None] * np.ones((1, 90, 160, 3), np.uint8)

    strip = Image.open(io.BytesIO(previews.strip(pictures, size=(640, 360), duration_s=4)))

    frames = getattr(strip, "n_frames", 1)
    assert frames in (shown, 1), "frames that are the same may be one"
    assert strip.size == (160, 90)
    if frames > 1:
        lasts = 0
        for at in range(frames):
            strip.seek(at)
            strip.load()
            lasts += strip.info["duration"]
        assert lasts == pytest.approx(4000, abs=frames)


def test_large_frames_are_made_small():
    strip = previews.strip(np.zeros((8, 480, 832, 3), np.uint8), size=(832, 480), duration_s=1)

    assert max(Image.open(io.BytesIO(strip)).size) == previews.LARGEST
    assert len(strip) < 5000


@pytest.mark.parametrize(("size", "seen"), [((768, 432), (12, 7)), ((432, 768), (4, 8)), ((6, 4), (12, 8))])
def test_a_strip_shows_the_part_in_the_middle_that_the_clip_shows(size, seen):
    pictures = np.zeros((2, 8, 12, 3), np.uint8)
    left, top = (12 - seen[0]) // 2, (8 - seen[1]) // 2
    pictures[:, top : top + seen[1], left : left + seen[0]] = 200

    strip = Image.open(io.BytesIO(previews.strip(pictures, size=size, duration_s=1))).convert("RGB")

    assert strip.size == seen
    assert np.asarray(strip).min() > 190


def test_frames_need_no_map_and_latents_of_another_kind_show_nothing():
    frames = np.zeros((3, 4, 5, 3), np.uint8)
    looking = previews.Map(np.zeros((16, 3), np.float32), np.zeros(3, np.float32))

    assert previews.frames(frames, None) is frames
    assert previews.frames(frames[:0], None) is None
    assert previews.frames(np.zeros((4, 2, 3, 3), np.float32), looking) is None
    assert previews.frames(np.zeros((4, 2, 3, 3), np.float32), None) is None


def test_a_slow_preview_is_made_less_often_so_that_it_takes_its_share_at_most():
    clock = [10.0]
    pace = previews.Pace(lambda: clock[0])
    assert pace.due()
    clock[0] = 10.1
    pace.sent(began=10.0)

    clock[0] = 10.6
    assert not pace.due()
    clock[0] = 10.0 + 0.1 / previews.SHARE + 0.01
    assert pace.due()
