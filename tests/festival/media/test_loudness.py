import pytest
from PIL import Image

from festival.media import loudness
from tests.festival.media.conftest import ffmpeg


@pytest.fixture
def heard(tmp_path):
    """heard(filter) is the loudness of a film with that sound."""
    from festival.media import probe

    def listen(sound):
        path = tmp_path / "film.mp4"
        arguments = f"-f lavfi -i color=black:s=64x64:r=5:d=4 -f lavfi -i {sound} -t 4 -c:a flac -strict -2"
        ffmpeg(*arguments.split(), str(path))
        facts = probe.look(path)
        return loudness.listen(path, tmp_path, facts=facts, sound=facts.sound)

    return listen


def test_a_calibrated_tone_reads_as_the_standard_says(heard):
    """EBU Tech 3341, test 1: a stereo tone of 1 kHz at -23 dBFS has -23 LUFS."""
    amplitude = 10 ** (-23 / 20)
    tone = f"{amplitude}*sin(2*PI*1000*t)"

    assert heard(f"aevalsrc={tone}|{tone}:s=48000") == pytest.approx(-23, abs=0.101)


def test_silence_has_no_loudness(heard):
    assert heard("anullsrc=cl=stereo:r=48000") is None


def test_the_waveform_is_amber_on_nothing(heard, tmp_path):
    heard("aevalsrc=0.5*sin(2*PI*500*t)*lt(t\\,2):s=48000")

    with Image.open(tmp_path / "waveform.png") as wave:
        assert wave.size == (1600, 160)
        assert wave.getpixel((400, 80)) == (0xC0, 0x7C, 0x14, 255)
        assert wave.getpixel((1200, 10))[3] == 0
        assert wave.getpixel((400, 1))[3] == 0
