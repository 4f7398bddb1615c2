import pytest

from festival.media import sandbox
from festival.provenance.shots import cuts
from tests.festival.media.conftest import ffmpeg


@pytest.fixture(scope="module")
def three_shots(tmp_path_factory):
    """Four seconds at 12 frames a second, with cuts at 1.5 and 3 s."""
    path = tmp_path_factory.mktemp("shots") / "film.mp4"
    inverted = "negate=enable='between(t,1.49,2.99)',hue=h=120:enable='gte(t,2.99)'"
    ffmpeg(*f"-f lavfi -i testsrc2=s=160x90:r=12:d=4 -vf {inverted} -pix_fmt yuv420p".split(), str(path))
    return path


def test_cuts_are_found_and_shots_cover_the_film(three_shots):
    told = []

    found = cuts(three_shots, duration_s=4, on_progress=told.append)

    assert found == [(0.0, 1.5), (1.5, 3.0), (3.0, 4)]
    assert told == sorted(told)
    assert told[-1] == 100


def test_a_film_without_a_cut_is_one_shot(tmp_path):
    path = tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=blue:s=64x64:r=12:d=1", "-pix_fmt", "yuv420p", str(path))

    assert cuts(path) == [(0.0, 1.0)]


def test_what_is_no_film_fails(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_text("no film")

    with pytest.raises(sandbox.Failed):
        cuts(path)
