"""How the jury's pages write marks and long stretches of film."""

from types import SimpleNamespace

import pytest

from judging.templatetags import jury


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "0 min"),
        (0, "0 min"),
        (45, "45 s"),
        (60, "1 min"),
        (89, "1 min"),
        (3600, "1 h"),
        (9590, "2 h 40 min"),
    ],
)
def test_long_stretches_of_film(seconds, words):
    assert jury.stretch(seconds) == words


@pytest.mark.parametrize(("value", "words"), [(None, "–"), (7, "7.0"), (7.25, "7.2"), (10.0, "10.0")])
def test_marks(value, words):
    assert jury.mark(value) == words


@pytest.mark.parametrize(("value", "place"), [(1, 0), (10, 136), (5.5, 68), (None, 0)])
def test_a_mark_on_a_line(value, place):
    assert jury.at_mark(value, 136) == place


def test_bars_stand_on_the_ground_and_reach_the_top_at_ten():
    criteria = [SimpleNamespace(name=name) for name in ("Story", "Sound", "Light")]

    drawing = jury.bars(criteria, [10, 5, None])

    assert drawing.width == 42
    assert [(bar.name, bar.x, bar.y, bar.height) for bar in drawing.bars] == [
        ("Story", 0, 0, 28.0),
        ("Sound", 14, 14.0, 14.0),
        ("Light", 28, 28.0, 0.0),
    ]
