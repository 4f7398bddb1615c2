"""Where in our own files which second lies."""

import subprocess

import pytest

from festival.media import binaries, places
from tests.festival.reels import reel


def test_bytes_and_seconds_of_the_keyframes_and_the_end(tmp_path):
    film = tmp_path / "film.mp4"
    coding = ["-c:v", "libx264", "-g", "12", "-keyint_min", "12", "-sc_threshold", "0", "-c:a", "aac"]
    command = [binaries.ffmpeg(), "-v", "error", "-i", reel(seconds=3), *coding, film]
    subprocess.run(command, check=True)

    found = places.keyframes(film)

    assert [second for _, second in found] == [0.0, 1.0, 2.0, 3.0]
    bytes_ = [byte for byte, _ in found]
    assert bytes_ == sorted(bytes_)
    assert bytes_[0] > 0 and bytes_[-1] <= film.stat().st_size


def test_what_is_missing_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        places.keyframes(tmp_path / "none.mp4")
