"""How the camera and the subjects move over a clip."""

import numpy as np

from generation.sketch.scenes.scene import Camera

TRAVEL = 0.42  # how far a subject goes in a clip, in frame widths or heights
LARGEST = 0.95  # frame heights: nobody comes closer than that
GROWTH = 1.3  # log2 of how much larger a subject gets that comes towards us


def progress(frames: int) -> np.ndarray:
    """Time over the clip, 0 to 1."""
    return np.linspace(0, 1, frames) if frames > 1 else np.zeros(1)


def camera_path(camera: Camera, frames: int) -> np.ndarray:
    """(frames, 3) float32: pan x and y in frame widths and heights, log2 zoom; all 0 at frame 0.

    Positive x looks further right, positive y further down; zooming in is positive.
    """
    t = progress(frames)
    eased = 0.6 * t + 0.4 * t * t * (3 - 2 * t)
    way = {
        "pan-left": (-1, 0, 0),
        "pan-right": (1, 0, 0),
        "truck-left": (-1, 0, 0),
        "truck-right": (1, 0, 0),
        "tilt-up": (0, -1, 0),
        "tilt-down": (0, 1, 0),
        "zoom-in": (0, 0, 1),
        "zoom-out": (0, 0, -1),
    }.get(camera.move, (0, 0, 0))
    return (eased[:, None] * np.array(way) * camera.amount).astype(np.float32)


def offsets(motion: str, frames: int, seconds: float, size: float) -> np.ndarray:
    """(frames, 3): a subject's way from its place, in frame widths and heights, and log2 of its growth.

    `size` is its height in frame heights: the tall jump less high.
    """
    t = progress(frames)
    way = np.zeros((frames, 3))
    if motion in ("left", "right"):
        way[:, 0] = (t - 0.5) * TRAVEL * (1 if motion == "right" else -1)
    elif motion in ("up", "down"):
        way[:, 1] = (t - 0.5) * TRAVEL * (1 if motion == "down" else -1)
    elif motion == "bounce":
        way[:, 1] = -min(0.3, 0.8 - size) * np.abs(np.sin(np.pi * t * max(1, round(seconds))))
    elif motion == "circle":
        turn = 2 * np.pi * t * max(1, round(seconds / 2.1))
        way[:, 0], way[:, 1] = 0.14 * np.sin(turn), -0.18 * np.cos(turn)
    elif motion in ("toward", "away"):
        fitting = min(0.0, np.log2(LARGEST / size) - GROWTH / 2)
        way[:, 2] = (t - 0.5) * GROWTH * (1 if motion == "toward" else -1) + fitting
    return way
