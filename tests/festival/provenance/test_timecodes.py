import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.provenance import timecodes


@given(st.integers(0, 10**7))
def test_an_exact_timecode_reads_back_as_written(hundredths):
    assert timecodes.read(timecodes.exact(hundredths / 100)) == pytest.approx(hundredths / 100, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0:00:04.25", 4.25), ("4", 4), ("4,5", 4.5), ("1:04", 64), ("90:00", 5400), ("1:02:03.5", 3723.5)],
)
def test_timecodes_are_read_as_people_write_them(text, seconds):
    assert timecodes.read(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "1:2:3:4", "-4", "0:75", "1:75:00", "1e3", "4.1234", "9" * 400 + ":00:00"]
)
def test_what_is_no_timecode_is_refused_with_a_way_to_write_one(text):
    with pytest.raises(ValueError, match=r"as (h:mm:ss.cc|in)"):
        timecodes.read(text)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(4, 9, "0:04–0:09"), (4.2, 4.8, "0:04.20–0:04.80"), (3599.5, 3600, "59:59–1:00:00")],
)
def test_a_span_says_as_much_as_is_needed(start, end, words):
    assert timecodes.span(start, end) == words
