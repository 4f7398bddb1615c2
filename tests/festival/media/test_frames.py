import numpy as np
import pytest

from festival.media.frames import write_mp4


def test_frames_come_back_as_they_were(tmp_path, measure):
    import av

    ramp = np.zeros((9, 64, 96, 3), np.uint8)
    ramp[..., 0] = np.linspace(0, 255, 96, dtype=np.uint8)
    ramp[..., 1] = np.arange(9, dtype=np.uint8)[:, None, None] * 25
    target = tmp_path / "clip.mp4"

    write_mp4(ramp, target, fps=16)

    facts = measure(target)
    assert (facts["codec"], facts["size"], facts["pixel_format"]) == ("h264", [96, 64], "yuv420p")
    assert (facts["transfer"], facts["matrix"]) == (1, 1)
    assert facts["times"] == pytest.approx([number / 16 for number in range(9)])
    with av.open(str(target)) as film:
        back = np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])
    assert np.abs(back.astype(int) - ramp).mean() < 4
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_the_same_frames_give_the_same_bytes(tmp_path):
    noise = np.random.default_rng(7).integers(0, 256, (5, 32, 48, 3), dtype=np.uint8)

    for name in ("one.mp4", "two.mp4"):
        write_mp4(noise, tmp_path / name, fps=8)

    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def test_odd_sides_lose_a_line(tmp_path, measure):
    write_mp4(np.zeros((2, 33, 49, 3), np.uint8), tmp_path / "clip.mp4", fps=8)

    assert measure(tmp_path / "clip.mp4")["size"] == [48, 32]


@pytest.mark.parametrize(
    "frames",
    [np.zeros((0, 32, 32, 3), np.uint8), np.zeros((2, 32, 32, 3)), np.zeros((32, 32, 3), np.uint8)],
)
def test_another_shape_is_a_mistake_of_the_caller(frames, tmp_path):
    with pytest.raises(ValueError, match="uint8"):
        write_mp4(frames, tmp_path / "clip.mp4", fps=8)
