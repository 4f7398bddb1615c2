"""The camera's path read off a clip: phase correlation with a fit of scale, half a second at a time.

Source: Reddy and Chatterji, An FFT-based technique for translation, rotation, and scale-invariant image
registration, IEEE Trans. Image Processing 5(8), 1996; on the directions of edges, so that a smooth sky does
not outvote the ground.
"""

from itertools import pairwise

import numpy as np

from generation.sketch.scenes.raster import look, taps

SCALES = (0.0, 0.06, 0.12, 0.18, 0.24, -0.06, -0.12, -0.18, -0.24)  # log2 of the zoom between two frames
FURTHEST = 0.2  # of the frame, between two frames
WHITENING = 0.5  # 1 is pure phase correlation, 0 plain correlation
ZOOMS, MOVES = 0.25, 0.1  # log2 and frame sides: less than that is a camera that stands still


def camera_seen(video: np.ndarray, hidden: np.ndarray | None = None, *, stride: int = 4) -> np.ndarray:
    """(3,): how far the camera went over the clip, in frame widths and heights, and log2 of its zoom.

    Args:
        video: (F, H, W, 3) uint8.
        hidden: (F, H, W) bool, pixels to leave out: subjects with a motion of their own.
    """
    moments = [min(max(f, 1), max(len(video) - 2, 0)) for f in range(0, len(video), stride)]
    veils = [_hidden(hidden, f, video.shape[1:3]) for f in moments]
    seen = [(_settled(video, f), veil) for f, veil in zip(moments, veils, strict=True)]
    way = np.sum([_step(before, after) for before, after in pairwise(seen)], axis=0)
    return way * (len(video) - 1) / max(1, moments[-1] - moments[0])


def move_seen(way: np.ndarray) -> str:
    """The move that a way of `camera_seen` amounts to; a truck is seen as a pan."""
    x, y, zoom = way
    if abs(zoom) > ZOOMS:
        return "zoom-in" if zoom > 0 else "zoom-out"
    if max(abs(x), abs(y)) < MOVES:
        return "static"
    if abs(x) > abs(y):
        return "pan-right" if x > 0 else "pan-left"
    return "tilt-down" if y > 0 else "tilt-up"


def _settled(video: np.ndarray, f: int) -> np.ndarray:
    """A frame without flakes and drops, which are lighter than what they hide: the darkest of three."""
    return video[max(0, f - 1) : f + 2].min(0).astype(np.float32)


def _hidden(hidden: np.ndarray | None, f: int, shape: tuple[int, int]) -> np.ndarray:
    """What is to be left out of a frame, 1 or 0, with a margin."""
    if hidden is None:
        return np.zeros(shape, np.float32)
    return _grown(np.logical_or.reduce(hidden[max(0, f - 1) : f + 2])).astype(np.float32)


def _step(before, after) -> np.ndarray:
    """The camera's way between two frames, each with its veil."""
    (first, veil), (second, later) = before, after
    height, width = veil.shape
    window = np.sqrt(np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1]))
    best, way = -np.inf, (0.0, 0.0, 0.0)
    for scale in SCALES:
        one, other = _edges(first, veil, -scale / 2, window), _edges(second, later, scale / 2, window)
        cross = np.conj(np.fft.fft2(one, axes=(1, 2))) * np.fft.fft2(other, axes=(1, 2))
        peaks = np.real(np.fft.ifft2((cross / (np.abs(cross) ** WHITENING + 1e-3)).sum(0)))
        rows, columns = _near(height), _near(width)
        part = peaks[np.ix_(rows, columns)]
        high = part.max() * (1.03 if scale == 0 else 1.0)
        if high > best:
            y, x = np.unravel_index(part.argmax(), part.shape)
            best, way = (
                high,
                (-_signed(int(columns[x]), width) / width, -_signed(int(rows[y]), height) / height, scale),
            )
    return np.array(way)


def _edges(frame: np.ndarray, veil: np.ndarray, zoom: float, window: np.ndarray) -> np.ndarray:
    """(3, H, W) complex: the direction of each colour's edges, after a zoom about the middle."""
    height, width = veil.shape
    step = 2.0**zoom
    rows = taps((height - height * step) / 2, step, height, height)
    columns = taps((width - width * step) / 2, step, width, width)
    picture = look(np.concatenate([frame, veil[..., None]], -1), rows, columns)
    picture[1:-1, 1:-1] = _smooth(picture)
    down, along = np.gradient(picture[..., :3], axis=(0, 1))
    edge = along + 1j * down
    keep = window * (1 - picture[..., 3])
    return np.moveaxis(edge / (np.abs(edge) + 1.5), -1, 0) * keep


def _smooth(picture: np.ndarray) -> np.ndarray:
    rows = picture[:-2] + 2 * picture[1:-1] + picture[2:]
    return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 16


def _grown(veil: np.ndarray, by: int = 3) -> np.ndarray:
    """The veil, wider by a few pixels, so that no edge of what is hidden is left."""
    for axis in (0, 1):
        veil = np.logical_or.reduce([np.roll(veil, shift, axis) for shift in range(-by, by + 1)])
    return veil


def _near(size: int) -> np.ndarray:
    reach = int(size * FURTHEST)
    return np.r_[0:reach, size - reach : size]


def _signed(index: int, size: int) -> int:
    return (index + size // 2) % size - size // 2
