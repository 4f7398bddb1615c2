"""Directions for tests: a few named ones, and any at all."""

from hypothesis import strategies as st

from generation.animatic.direction import (
    DIALS,
    EASES,
    KINDS,
    REDRAWN,
    Box,
    Camera,
    Direction,
    Key,
    Keyframe,
    Place,
    Reference,
    Source,
    Stroke,
    Waypoint,
)

times = st.floats(0, 1)
words = st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs"]), max_size=20).filter(
    str.isprintable
)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
units = st.floats(0, 1)


def ordered(least: int = 0, most: int = 6):
    """Times that go upwards."""
    return st.lists(times, min_size=least, max_size=most, unique=True).map(sorted)


@st.composite
def curves(draw, least: int = 0):
    values, eases = st.floats(-10, 10), st.sampled_from(EASES)
    return tuple(Key(t, draw(values), draw(eases)) for t in draw(ordered(least)))


@st.composite
def cameras(draw):
    return Camera(**{dial: draw(curves()) for dial in DIALS}, lock=draw(st.booleans()))


@st.composite
def strokes(draw):
    radius = draw(st.sampled_from([0.0, 0.05, 0.2]))
    points = st.lists(st.tuples(units, units), min_size=1 if radius else 3, max_size=6)
    stops = draw(st.one_of(st.just([]), ordered(2)))
    return Stroke(
        points=tuple(draw(points)),
        radius=radius,
        push=(draw(st.floats(-10, 10)), draw(st.floats(-10, 10))),
        proximity=draw(st.floats(-10, 10)),
        ambient=draw(st.floats(0, 10)),
        path=tuple(Waypoint(t, draw(st.floats(-1, 2)), draw(st.floats(-1, 2))) for t in stops),
        name=draw(words),
    )


@st.composite
def boxes(draw):
    places = []
    for t in draw(ordered(1)):
        x, y = draw(st.floats(-1, 1)), draw(st.floats(-1, 1))
        places.append(Place(t, (x, y, x + draw(st.floats(0.01, 0.9)), y + 0.5), draw(st.sampled_from(EASES))))
    enters = draw(st.floats(0, 0.5))
    return Box(draw(words), tuple(places), enters, draw(st.floats(0.6, 1)))


directions = st.builds(
    Direction,
    camera=cameras(),
    strokes=st.lists(strokes(), max_size=3).map(tuple),
    boxes=st.lists(boxes(), max_size=3).map(tuple),
    keyframes=ordered(0, 3).flatmap(
        lambda times: st.tuples(*(st.builds(Keyframe, st.just(t), digests, units) for t in times))
    ),
    source=st.none() | st.builds(Source, words.filter(bool), units, st.sampled_from(REDRAWN)),
    references=st.lists(st.builds(Reference, digests, st.sampled_from(KINDS), words), max_size=3).map(tuple),
)


def move(ease: str = "in-out", **dials: float) -> Camera:
    """A camera that goes from rest to these dials over the shot."""
    return Camera(**{dial: (Key(0, 0, ease), Key(1, value)) for dial, value in dials.items()})
