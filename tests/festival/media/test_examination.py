"""Films of every shape come out right; everything is asserted on the files that were made."""

import hashlib
import re
from itertools import pairwise

import av
import numpy as np
import pytest

from festival.media.examination import STAGES


def test_a_plain_film_yields_everything_that_is_played(examined, film):
    found, folder, _ = examined("landscape")

    assert (found.width, found.height, found.frame_rate, found.duration_s) == (640, 480, "12", 6.0)
    assert found.heights == (480, 360)
    assert found.sha256 == hashlib.sha256(film("landscape").read_bytes()).hexdigest()
    assert found.size_bytes == film("landscape").stat().st_size
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "360/film.mp4",
        "360/index.m3u8",
        "480/film.mp4",
        "480/index.m3u8",
        "audio/film.mp4",
        "audio/index.m3u8",
        "film.mp4",
        "master.m3u8",
        "poster.jpg",
        "sprite.jpg",
        "sprite.vtt",
        "waveform.png",
    ]


def test_keyframes_lie_at_the_same_times_in_every_rung(examined, measure):
    _, folder, _ = examined("landscape")

    large, small = (measure(folder / rung / "film.mp4") for rung in ("480", "360"))
    assert large["times"] == small["times"]
    assert large["keyframes"] == small["keyframes"]
    assert large["keyframes"] == pytest.approx([0, 4])
    for rung in ("480", "360"):
        lengths = re.findall(r"#EXTINF:([\d.]+)", (folder / rung / "index.m3u8").read_text())
        assert [float(length) for length in lengths] == pytest.approx([4, 2], abs=0.01)


def test_the_master_playlist_tells_the_truth_about_each_rung(examined):
    _, folder, _ = examined("landscape")

    lines = (folder / "master.m3u8").read_text().splitlines()

    assert lines[0] == "#EXTM3U"
    assert [line for line in lines if not line.startswith("#")] == ["480/index.m3u8", "360/index.m3u8"]
    streams = [line for line in lines if line.startswith("#EXT-X-STREAM-INF")]
    for stream, size in zip(streams, ("640x480", "480x360"), strict=True):
        assert f"RESOLUTION={size},FRAME-RATE=12.000," in stream
        assert re.search(r'CODECS="avc1\.6400[0-9a-f]{2},mp4a\.40\.2",AUDIO="sound"', stream)
        mean, peak = (
            int(re.search(rf"[:,]{key}=(\d+)", stream)[1]) for key in ("AVERAGE-BANDWIDTH", "BANDWIDTH")
        )
        assert 0 < mean <= peak


def test_the_progressive_film_starts_fast_and_says_nothing_about_its_maker(examined, measure):
    _, folder, _ = examined("wordy")

    head = (folder / "film.mp4").read_bytes()
    facts = measure(folder / "film.mp4")

    assert head.index(b"moov") < head.index(b"mdat")
    assert (facts["codec"], facts["size"], facts["duration_s"]) == (
        "h264",
        [96, 64],
        pytest.approx(1, abs=0.05),
    )
    assert not {"artist", "location", "encoder"} & facts["metadata"].keys()
    for path in folder.rglob("*"):
        assert path.is_dir() or b"Ada" not in path.read_bytes()


def clap(picture, sound):
    """When the film turns white and when it turns loud, in seconds of the files' own clocks."""
    with av.open(str(picture)) as container:
        white = next(f.time for f in container.decode(video=0) if f.to_ndarray(format="gray").mean() > 128)
    with av.open(str(sound)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.1)
            if len(loud):
                return white, frame.time + loud[0] / frame.rate


def test_picture_and_sound_stay_together(examined):
    _, folder, _ = examined("clap")

    white, loud = clap(folder / "film.mp4", folder / "film.mp4")
    assert (white, loud) == (pytest.approx(0.5, abs=0.005), pytest.approx(0.5, abs=0.005))

    white, loud = clap(folder / "64/film.mp4", folder / "audio/film.mp4")
    assert (white, loud) == (pytest.approx(0.5, abs=0.005), pytest.approx(0.5, abs=0.005))


def test_portrait_is_measured_by_its_short_side(examined, measure):
    found, folder, _ = examined("portrait")

    assert (found.width, found.height, found.heights) == (368, 640, (360,))
    assert measure(folder / "360/film.mp4")["size"] == [360, 626]


def test_a_rotation_flag_becomes_upright_pictures(examined, measure):
    found, folder, _ = examined("rotated")

    facts = measure(folder / "64/film.mp4")

    assert (found.width, found.height, found.record["picture"]["rotation"]) == (64, 96, 90)
    assert (facts["size"], facts["rotation"]) == ([64, 96], 0)


def test_a_variable_frame_rate_becomes_even(examined, measure):
    found, folder, _ = examined("uneven")

    times = measure(folder / "64/film.mp4")["times"]
    steps = [later - earlier for earlier, later in pairwise(times)]

    assert found.record["picture"]["vfr"] is True
    assert found.frame_rate == "24"
    assert steps == pytest.approx([1 / 24] * len(steps), abs=0.001)
    assert len(times) == pytest.approx(48, abs=4)


def test_a_film_without_sound_has_none(examined, measure):
    found, folder, _ = examined("silent")

    assert (found.has_audio, found.loudness_lufs, found.record["sound"]) == (False, None, None)
    assert not (folder / "audio").exists()
    assert not (folder / "waveform.png").exists()
    assert "AUDIO" not in (folder / "master.m3u8").read_text()
    assert measure(folder / "film.mp4")["sound"] is None


def test_surround_becomes_stereo(examined, measure):
    found, folder, _ = examined("surround")

    assert found.record["sound"]["channels"] == 6
    assert measure(folder / "audio/film.mp4")["sound"] == ["aac", 2, 48000]
    assert measure(folder / "film.mp4")["sound"] == ["aac", 2, 48000]


@pytest.mark.parametrize(("shape", "curve"), [("hdr", "pq"), ("hlg", "hlg")])
def test_high_dynamic_range_is_brought_to_standard(shape, curve, examined, measure):
    found, folder, _ = examined(shape)

    facts = measure(folder / "64/film.mp4")

    assert found.record["picture"]["hdr"] == curve
    assert found.record["picture"]["bits"] == 10
    assert (facts["pixel_format"], facts["transfer"], facts["matrix"]) == ("yuv420p", 1, 1)


def test_odd_sides_become_even_and_a_fractional_rate_stays(examined, measure):
    found, folder, _ = examined("odd")

    assert (found.width, found.height, found.frame_rate) == (97, 65, "24000/1001")
    assert measure(folder / "64/film.mp4")["size"] == [96, 64]


def test_oblong_pixels_become_square(examined, measure):
    found, folder, _ = examined("anamorphic")

    assert (found.width, found.height) == (128, 64)
    assert measure(folder / "64/film.mp4")["size"] == [128, 64]


def test_interlaced_pictures_are_found_and_rates_kept(examined):
    found, _, _ = examined("interlaced")

    assert found.record["picture"]["interlaced"] is True
    assert found.frame_rate == "25"


def test_above_sixty_frames_a_second_every_other_frame_is_left_out(examined, measure):
    found, folder, _ = examined("fast")

    assert (found.frame_rate, found.record["played"]["frame_rate"]) == ("100", "50")
    assert len(measure(folder / "64/film.mp4")["times"]) == 50


def test_the_last_picture_stands_while_the_sound_goes_on(examined, measure):
    found, folder, _ = examined("longer sound")

    assert found.duration_s == pytest.approx(2, abs=0.05)
    assert measure(folder / "64/film.mp4")["times"][-1] == pytest.approx(2, abs=0.1)


def test_progress_rises_to_a_hundred_and_names_every_stage(examined):
    _, _, told = examined("landscape")

    percents = [percent for _, percent in told]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)
    assert list(dict.fromkeys(stage for stage, _ in told)) == list(STAGES)


def test_shots_cover_the_film_and_start_at_its_cuts(examined):
    found, _, _ = examined("landscape")

    assert [start for start, _ in found.shots] == pytest.approx([0, 2, 4], abs=0.01)
    assert [end for _, end in found.shots] == [*(start for start, _ in found.shots[1:]), 6.0]
