"""What a clip does, measured from its pixels: where its subject goes, its box, how it flickers.

Clips are (F, H, W, 3) uint8. The camera's own move is read by `scenes.seeing`.
"""

import math

import numpy as np

LEAST_PIXELS = 6  # fewer are no subject
STILL = 0.08  # frame heights: less is no motion


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    """Decibels between two uint8 arrays of one shape."""
    error = float(np.square(one.astype(np.float64) - other).mean())
    return 10 * math.log10(255**2 / max(error, 1e-9))


def box(mask: np.ndarray) -> np.ndarray:
    """(4,) x0 y0 x1 y1 in 0..1 around a (H, W) bool mask's bulk, NaN if it is empty.

    A hundredth at each side is left out, so that a stray pixel does not stretch the box.
    """
    if mask.sum() < LEAST_PIXELS:
        return np.full(4, np.nan)
    y, x = np.nonzero(mask)
    low, high = np.quantile(x, (0.01, 0.99)), np.quantile(y, (0.01, 0.99))
    height, width = mask.shape
    return np.array([low[0] / width, high[0] / height, (low[1] + 1) / width, (high[1] + 1) / height])


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes, 0 if either is NaN."""
    if np.isnan(one).any() or np.isnan(other).any():
        return 0.0
    inner = np.clip(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0, None).prod()
    union = (one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod() - inner
    return float(inner / max(union, 1e-9))


def way(masks: np.ndarray, camera: np.ndarray) -> str:
    """Where a subject goes against its background: "left", "right", "up", "down", or "" if it hardly moves.

    Args:
        masks: (F, H, W) bool, where it is seen.
        camera: (3,), how far the camera went over the clip, as `scenes.seeing.camera_seen` says; a subject at
            rest under a panning camera is at rest.
    """
    height, width = masks.shape[1:]
    seen = [f for f in range(len(masks)) if masks[f].sum() >= LEAST_PIXELS]
    if len(seen) < 2:
        return ""
    (x0, y0), (x1, y1) = (_middle(masks[f]) for f in (seen[0], seen[-1]))
    grown = 2.0 ** -float(camera[2])
    across = ((x1 - 0.5) * grown + camera[0] - (x0 - 0.5)) * width / height
    down = (y1 - 0.5) * grown + camera[1] - (y0 - 0.5)
    if max(abs(across), abs(down)) < STILL:
        return ""
    if abs(across) > abs(down):
        return "right" if across > 0 else "left"
    return "down" if down > 0 else "up"


def _middle(mask: np.ndarray) -> tuple[float, float]:
    """Of a (H, W) mask: x and y in 0..1 of the frame."""
    y, x = np.nonzero(mask)
    return float(x.mean() + 0.5) / mask.shape[1], float(y.mean() + 0.5) / mask.shape[0]


def flicker(video: np.ndarray) -> float:
    """Mean absolute second difference over time, in grey levels of 255: what even motion does not explain."""
    v = video.astype(np.float32)
    return float(np.abs(v[:-2] - 2 * v[1:-1] + v[2:]).mean())
