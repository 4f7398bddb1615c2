"""What is where over a shot: boxes with nouns, brushed regions and their ways."""

import math

import numpy as np

from generation.animatic.camera import to_frame, view
from generation.animatic.curves import follow, times
from generation.animatic.direction import FULL, Box, Stroke
from generation.animatic.plates import depth_at

SWAY = 0.03  # frames, of ambient motion at its fullest
SWAYS = (3, 2)  # how often in a shot, across and down

Corners = tuple[float, float, float, float]


def way(box: Box, frames: int) -> tuple[Corners | None, ...]:
    """Left, top, right and bottom in each frame, cut off at its edges; None where nothing of it is seen."""
    when = times(frames)
    at, corners = np.array([key.t for key in box.keys]), np.array([key.box for key in box.keys])
    inside = np.clip(follow(at, corners, [key.ease for key in box.keys], when), 0, 1)
    return tuple(
        (float(x0), float(y0), float(x1), float(y1))
        if box.enters <= t <= box.leaves and x0 < x1 and y0 < y1
        else None
        for t, (x0, y0, x1, y1) in zip(when, inside, strict=True)
    )


def centre(stroke: Stroke) -> np.ndarray:
    """(2,): the middle of a brushed region's points."""
    return np.mean(stroke.points, axis=0)


def sight(stroke: Stroke, dials: np.ndarray) -> np.ndarray:
    """(F, 4): the `view` of the plane on which the region lies, as deep as what stands at its middle."""
    return view(dials, float(depth_at(centre(stroke)[1])))


def drift(stroke: Stroke, frames: int) -> np.ndarray:
    """(F, 3): how far the region has gone across and down, in frames, and log2 of how much it has grown."""
    t = times(frames)
    out = np.zeros((frames, 3))
    if stroke.path:
        stops = np.array([(stop.x, stop.y) for stop in stroke.path])
        along = follow(np.array([s.t for s in stroke.path]), stops, ["linear"] * len(stops), t)
        out[:, :2] = along - along[0]
    else:
        out[:, :2] = t[:, None] * np.array(stroke.push) / FULL
    for axis, times_over in enumerate(SWAYS):
        out[:, axis] += stroke.ambient / FULL * SWAY * np.sin(2 * math.pi * times_over * t)
    out[:, 2] = t * stroke.proximity / FULL
    return out


def track(stroke: Stroke, dials: np.ndarray, aspect: float) -> np.ndarray:
    """(F, 2): where the middle of the region is in each frame, the camera's move included."""
    places = centre(stroke) + drift(stroke, len(dials))[:, :2]
    rows = zip(places, sight(stroke, dials), strict=True)
    return np.stack([to_frame(place, row, aspect) for place, row in rows])


def covered(stroke: Stroke, width: int, height: int) -> np.ndarray:
    """(height, width) bool: the pixels of the first frame that the region covers."""
    aspect = width / height
    y, x = np.mgrid[0.5:height, 0.5:width] / height
    points = np.array(stroke.points) * [aspect, 1]
    return _within(x, y, points) if stroke.radius == 0 else _near(x, y, points, stroke.radius)


def _within(x: np.ndarray, y: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Even-odd rule."""
    inside = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if ay == by:
            continue
        crosses = (y < ay) != (y < by)
        inside ^= crosses & (x < ax + (y - ay) / (by - ay) * (bx - ax))
    return inside


def _near(x: np.ndarray, y: np.ndarray, points: np.ndarray, radius: float) -> np.ndarray:
    """Within `radius` of the polyline."""
    near = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(points, points[1:] if len(points) > 1 else points, strict=False):
        length = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-12)
        share = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1)
        near |= np.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)) <= radius
    return near
