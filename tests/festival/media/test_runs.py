import ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.media import runs
from festival.media.errors import BrokeOff

BLOCK = "frame=12\nfps=0.0\nout_time_us={}\nout_time_ms={}\nout_time=00:00:01\nspeed=N/A\nprogress=continue"


def test_the_last_time_named_counts():
    lines = [*BLOCK.format(500_000, 500_000).split("\n"), *BLOCK.format(1_250_000, 0).split("\n")]

    assert runs.seconds_done(lines) == 1.25


def test_before_the_first_frame_nothing_is_done():
    assert runs.seconds_done(BLOCK.format("N/A", "N/A").split("\n")) is None
    assert runs.seconds_done([]) is None


@given(st.lists(st.text()))
def test_no_output_confuses_the_parser(lines):
    seconds = runs.seconds_done(lines)

    assert seconds is None or isinstance(seconds, float)


@given(st.lists(st.integers(min_value=-(10**7), max_value=10**13), min_size=1))
def test_any_times_are_read_back(times):
    lines = [line for time in times for line in BLOCK.format(time, time).split("\n")]

    assert runs.seconds_done(lines) == times[-1] / 1_000_000


@given(
    st.floats(min_value=-100, max_value=1e9),
    st.floats(min_value=0, max_value=1e6),
    st.floats(min_value=0.04, max_value=1e5),
)
def test_per_cent_rises_with_time_and_stays_below_a_hundred(seconds, more, duration_s):
    assert 0 <= runs.percent(seconds, duration_s) <= runs.percent(seconds + more, duration_s) <= 99


def test_a_run_reports_rising_to_a_hundred(tmp_path):
    told = []
    noise = ffmpeg.input("testsrc2=s=640x360:r=25:d=8", f="lavfi").output("made.mp4", vcodec="libx264")

    runs.perform(noise, folder=tmp_path, duration_s=8, on_progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 100
    assert (tmp_path / "made.mp4").stat().st_size > 0


def test_a_run_ends_at_its_time_limit(tmp_path):
    endless = ffmpeg.input("testsrc2=s=640x360:r=25", f="lavfi", re=None).output("-", f="null")

    with pytest.raises(BrokeOff):
        runs.perform(endless, folder=tmp_path, wall_s=0.7)
