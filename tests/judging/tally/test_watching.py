"""Ranges of film, bytes turned into seconds, and what of a player's report can be true."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.tally import watching

LENGTH = 400  # milliseconds: short enough to compare with sets of single milliseconds

ranges = st.lists(
    st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(lambda pair: tuple(sorted(pair))),
    max_size=12,
)


def moments(pairs):
    """The milliseconds that ranges hold, one by one."""
    return {ms for start, end in pairs for ms in range(start, end)}


def is_tidy(pairs):
    """Sorted, not empty, and with a gap between each two."""
    edges = [edge for pair in pairs for edge in pair]
    return all(a < b for a, b in itertools.pairwise(edges))


@given(ranges, ranges)
def test_union_overlap_and_difference_are_those_of_sets(one, other):
    for made, meant in [
        (watching.union(one, other), moments(one) | moments(other)),
        (watching.overlap(one, other), moments(one) & moments(other)),
        (watching.without(one, other), moments(one) - moments(other)),
    ]:
        assert moments(made) == meant
        assert is_tidy(made)
        assert watching.length_ms(made) == len(meant)


def test_ranges_that_touch_become_one():
    assert watching.union([(0, 4000)], [[4000, 8000], [12_000, 16_000]]) == [(0, 8000), (12_000, 16_000)]


@given(ranges, st.integers(0, LENGTH))
def test_the_earliest_are_taken_first(pairs, most):
    taken = watching.earliest(pairs, most)

    assert sorted(moments(taken)) == sorted(moments(pairs))[:most]


# Bytes and seconds

PLAYLIST = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="film.mp4",BYTERANGE="800@0"
#EXTINF:4.000000,
#EXT-X-BYTERANGE:1000@800
film.mp4
#EXTINF:4.000000,
#EXT-X-BYTERANGE:3000@1800
film.mp4
#EXTINF:1.520000,
#EXT-X-BYTERANGE:500
film.mp4
#EXT-X-ENDLIST
"""


def test_a_playlist_says_where_each_second_lies():
    index = watching.index_of_playlist(PLAYLIST)

    assert index == ((800, 1800, 4800, 5300), (0, 4000, 8000, 9520))


@pytest.mark.parametrize("text", ["", "#EXTM3U\n", "#EXTINF:4,\nfilm.mp4\n"])
def test_a_playlist_without_byte_ranges_is_none(text):
    with pytest.raises(ValueError, match="byte range"):
        watching.index_of_playlist(text)


@pytest.mark.parametrize(
    ("first", "end", "seconds"),
    [
        (800, 1800, [(0, 4000)]),
        (0, 800, []),  # what the player needs before the first picture
        (1800, 4800, [(4000, 8000)]),
        (1800, 3300, [(4000, 6000)]),
        (0, 99_999, [(0, 9520)]),
        (5300, 9000, []),
    ],
)
def test_bytes_become_the_seconds_they_hold(first, end, seconds):
    assert watching.delivered(watching.index_of_playlist(PLAYLIST), first, end) == seconds


@given(st.lists(st.integers(0, 6000), min_size=1, max_size=8))
def test_pieces_of_a_file_add_up_to_the_film(cuts):
    index = watching.index_of_playlist(PLAYLIST)
    edges = sorted({0, 6000, *cuts})
    pieces = [watching.delivered(index, a, b) for a, b in itertools.pairwise(edges)]

    assert watching.union(*pieces) == [(0, 9520)]


# Admission


def admit(played, reported, *, delivered=((0, 3_600_000),), credit_ms=0, elapsed_ms=5000):
    return watching.admit(played, reported, delivered=delivered, credit_ms=credit_ms, elapsed_ms=elapsed_ms)


def test_what_ran_at_the_players_speed_counts_in_seconds_of_film():
    assert admit([], [(0, 5000)]).played == [(0, 5000)]
    assert admit([], [(0, 10_000)]).played == [(0, 10_000)]  # at 2×: ten seconds of film in five
    assert admit([], [(0, 2500)]).played == [(0, 2500)]  # at 0.5×


def test_a_whole_film_in_three_seconds_is_six_seconds_of_it():
    assert admit([], [(0, 60_000)], elapsed_ms=3000).played == [(0, 6000)]


def test_what_was_never_delivered_was_not_played():
    assert admit([], [(0, 60_000)], delivered=[(0, 4000)], elapsed_ms=60_000).played == [(0, 4000)]


def test_seeking_to_the_end_gives_only_what_played_there():
    delivered = [(0, 8000), (56_000, 60_000)]

    assert admit([(0, 5000)], [(0, 5000), (57_000, 60_000)], delivered=delivered).played == [
        (0, 5000),
        (57_000, 60_000),
    ]


def test_an_idle_hour_earns_a_minute_and_no_more():
    idle = admit([], [], elapsed_ms=3_600_000)

    assert idle.credit_ms == watching.SAVED_MS
    assert admit([], [(0, 600_000)], credit_ms=idle.credit_ms, elapsed_ms=0).played == [(0, 60_000)]


def test_a_report_that_comes_late_and_one_close_behind_lose_nothing_at_double_speed():
    late = admit([], [(0, 10_000)], elapsed_ms=9000)  # four seconds on the way
    next_ = admit(late.played, [(0, 20_000)], credit_ms=late.credit_ms, elapsed_ms=1000)

    assert next_.played == [(0, 20_000)]


@given(ranges, st.lists(st.tuples(ranges, st.integers(0, 60)), max_size=8))
def test_however_it_is_reported_it_was_delivered_and_there_was_time(delivered, reports):
    played, credit = [], 0
    for reported, elapsed in reports:
        after = admit(played, reported, delivered=delivered, credit_ms=credit, elapsed_ms=elapsed)
        assert moments(played) <= moments(after.played) <= moments(delivered)
        assert moments(after.played) - moments(played) <= moments(reported)
        played, credit = after.played, after.credit_ms
        assert is_tidy(played)
        assert credit >= 0

    assert watching.length_ms(played) <= 2 * sum(elapsed for _, elapsed in reports)


@given(ranges, ranges, st.integers(0, 1000))
def test_the_same_report_twice_changes_nothing_the_second_time(played, reported, elapsed):
    once = admit(played, reported, elapsed_ms=elapsed, credit_ms=LENGTH)
    again = admit(once.played, reported, elapsed_ms=0, credit_ms=once.credit_ms)

    assert again == once


@given(ranges, ranges)
def test_reports_may_come_in_any_order(one, other):
    def both(first, second):
        half = admit([], first, credit_ms=LENGTH)
        return admit(half.played, second, credit_ms=LENGTH).played

    assert both(one, other) == both(other, one)


# Breaks


def test_time_adds_up_until_there_is_a_break():
    assert watching.sitting_ms(49 * 60_000, 5000) == 49 * 60_000 + 5000
    assert watching.sitting_ms(49 * 60_000, watching.REST_MS) == 0
