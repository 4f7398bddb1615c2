"""Where the camera is: from dials to a path in the picture, and to poses in space.

The world's origin is the camera of the first frame: x to the right, y down, z into the picture (OpenCV). Its
unit is the distance of the focus plane, z = 1, on which the subject stands. The dials count from the first
frame, so that a shot begins with what its still shows or its words compose.
"""

import math

import numpy as np

from generation.animatic.curves import sample, times
from generation.animatic.direction import DIALS, FULL, Camera

FIELD_OF_VIEW = math.radians(36)  # top to bottom, of the first frame
FOCAL = 0.5 / math.tan(FIELD_OF_VIEW / 2)  # of the first frame, in frame heights
MOST_ROLL = math.radians(45)  # at the end of the dial
NEAREST = 0.05  # the camera keeps this distance from whatever it is driven into


def dials(camera: Camera, frames: int) -> np.ndarray:
    """(frames, 7): each dial of `DIALS` in each frame, as a share of the full dial; 0 in the first frame."""
    if camera.lock:
        return np.zeros((frames, len(DIALS)))
    when = times(frames)
    values = np.stack([sample(curve, when) for curve in camera.curves.values()], axis=1)
    return (values - values[0]) / FULL


def view(dials: np.ndarray, depth: float | np.ndarray) -> np.ndarray:
    """What the camera sees of a plane at `depth`, in the plane's own frames (its size in the first frame).

    Args:
        dials: (F, 7); depth: in distances of the focus plane; one, or one for each row of dials.

    Returns:
        (F, 4): how far right and down the middle of the frame looks, in frame widths and heights; the size
        of what is seen, 1 in the first frame; roll in radians, clockwise.
    """
    truck, pedestal, dolly, pan, tilt, roll, zoom = dials.T
    distance = np.maximum(depth - 1 + 2.0**-dolly, NEAREST)
    x = (truck + distance * pan) / depth
    y = -(pedestal + distance * tilt) / depth
    return np.stack(np.broadcast_arrays(x, y, distance / depth * 2.0**-zoom, roll * MOST_ROLL), axis=1)


def path(dials: np.ndarray) -> np.ndarray:
    """(F, 3): pan x and y in frame widths and heights, log2 zoom, of the focus plane: `Brief.camera`.

    It holds all but roll and the difference between near and far.
    """
    seen = view(dials, 1.0)
    return np.stack([seen[:, 0], seen[:, 1], -np.log2(seen[:, 2])], axis=1) + 0.0  # no negative noughts


def focal(dials: np.ndarray) -> np.ndarray:
    """(F,): the focal length in frame heights; times the height in pixels for a matrix of intrinsics."""
    return FOCAL * 2.0 ** dials[:, DIALS.index("zoom")]


def poses(dials: np.ndarray, aspect: float) -> np.ndarray:
    """(F, 4, 4): camera to world; the columns are the camera's right, down, forward and place.

    Args:
        dials: (F, 7); aspect: the frame's width by its height.
    """
    truck, pedestal, dolly, pan, tilt, roll, _ = dials.T
    place = np.stack([truck * aspect / FOCAL, -pedestal / FOCAL, 1 - 2.0**-dolly], axis=1)
    forward = _unit(np.stack([pan * aspect / FOCAL, -tilt / FOCAL, np.ones(len(dials))], axis=1))
    right = _unit(np.cross([0.0, 1.0, 0.0], forward))
    down = np.cross(forward, right)
    cos, sin = np.cos(roll * MOST_ROLL)[:, None], np.sin(roll * MOST_ROLL)[:, None]
    out = np.zeros((len(dials), 4, 4))
    out[:, :3, 0], out[:, :3, 1] = cos * right + sin * down, cos * down - sin * right
    out[:, :3, 2], out[:, :3, 3], out[:, 3, 3] = forward, place, 1
    return out


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def to_plane(points: np.ndarray, seen: np.ndarray, aspect: float) -> np.ndarray:
    """Points of the frame (…, 2), 0..1, to where they lie on a plane, given one row of `view`."""
    x, y, size, roll = seen
    px, py = (points[..., 0] - 0.5) * aspect * size, (points[..., 1] - 0.5) * size
    cos, sin = math.cos(roll), math.sin(roll)
    return np.stack([0.5 + x + (px * cos - py * sin) / aspect, 0.5 + y + px * sin + py * cos], axis=-1)


def to_frame(points: np.ndarray, seen: np.ndarray, aspect: float) -> np.ndarray:
    """The way back: points of a plane (…, 2), in its own frames, to where the frame shows them."""
    x, y, size, roll = seen
    qx, qy = (points[..., 0] - 0.5 - x) * aspect / size, (points[..., 1] - 0.5 - y) / size
    cos, sin = math.cos(roll), math.sin(roll)
    return np.stack([0.5 + (qx * cos + qy * sin) / aspect, 0.5 + qy * cos - qx * sin], axis=-1)
