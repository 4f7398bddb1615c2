"""Values over time: how a curve travels between its keys."""

import numpy as np

from generation.animatic.direction import Curve


def times(frames: int) -> np.ndarray:
    """(frames,): when each frame is, 0 to 1."""
    return np.linspace(0, 1, frames) if frames > 1 else np.zeros(1)


def eased(ease: str, u: np.ndarray) -> np.ndarray:
    """How much of the way is gone at the share `u`, 0..1, of the time: from 0 to 1, never back."""
    if ease == "in":
        return u * u
    if ease == "out":
        return u * (2 - u)
    if ease == "in-out":
        return u * u * (3 - 2 * u)
    if ease == "hold":
        return np.floor(u)
    return u


def follow(at: np.ndarray, values: np.ndarray, eases: list[str], when: np.ndarray) -> np.ndarray:
    """Values between keys; before the first and after the last they stay.

    Args:
        at: (K,) times of the keys, ascending; values: (K, N); eases: from each key to the next.
        when: (F,) times asked for.

    Returns:
        (F, N), and at a key's own time exactly its value.
    """
    out = np.repeat(values[:1], len(when), axis=0).astype(float)
    for i in range(len(at) - 1):
        within = (when >= at[i]) & (when < at[i + 1])
        share = eased(eases[i], (when[within] - at[i]) / (at[i + 1] - at[i]))[:, None]
        out[within] = values[i] * (1 - share) + values[i + 1] * share
    out[when >= at[-1]] = values[-1]
    return out


def sample(curve: Curve, when: np.ndarray) -> np.ndarray:
    """(F,) values of a dial's curve at the times `when`; one without keys rests at 0."""
    if not curve:
        return np.zeros(len(when))
    at, values = np.array([key.t for key in curve]), np.array([[key.v] for key in curve])
    return follow(at, values, [key.ease for key in curve], when)[:, 0]
