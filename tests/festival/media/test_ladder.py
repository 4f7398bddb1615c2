from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from festival.media import ladder

sides = st.integers(min_value=2, max_value=8192)


def sizes(width, height):
    return [(rung.width, rung.height) for rung in ladder.rungs(width, height)]


def test_full_hd_gets_all_four_rungs():
    assert sizes(1920, 1080) == [(1920, 1080), (1280, 720), (854, 480), (640, 360)]


def test_portrait_gets_the_same_care():
    assert sizes(1080, 1920) == [(1080, 1920), (720, 1280), (480, 854), (360, 640)]


def test_nothing_is_blown_up():
    assert sizes(1279, 719) == [(854, 480), (640, 360)]
    assert sizes(320, 181) == [(318, 180)]


def test_four_times_hd_ends_at_1080():
    assert sizes(3840, 2160)[0] == (1920, 1080)


def test_fifty_frames_a_second_may_cost_more():
    slow, fast = (ladder.rungs(1920, 1080, frame_rate=Fraction(rate))[0] for rate in (25, 50))

    assert (slow.cap_kbps, fast.cap_kbps) == (5350, 8025)


@given(width=sides, height=sides)
def test_every_rung_is_even_not_above_the_film_and_keeps_its_shape(width, height):
    assume(max(width, height) / min(width, height) < 20)
    rungs = ladder.rungs(width, height)

    assert rungs
    assert len({rung.name for rung in rungs}) == len(rungs)
    for rung in rungs:
        assert rung.width % 2 == rung.height % 2 == 0
        assert min(rung.width, rung.height) == int(rung.name) <= min(width, height)
        assert rung.width <= width + 1
        assert rung.height <= height + 1
        exact = int(rung.name) * max(width, height) / min(width, height)
        assert abs(max(rung.width, rung.height) - exact) <= 1
        assert 0 < rung.cap_kbps < rung.buffer_kb


@given(width=sides, height=sides)
def test_rungs_descend_and_turning_the_film_turns_them(width, height):
    rungs = ladder.rungs(width, height)
    turned = ladder.rungs(height, width)

    shorts = [int(rung.name) for rung in rungs]
    assert shorts == sorted(shorts, reverse=True)
    assert [(rung.height, rung.width) for rung in turned] == [(rung.width, rung.height) for rung in rungs]
