"""The colours of things and of hours."""

import numpy as np


def rgb(code: str) -> np.ndarray:
    """ "#f4a261" → three floats, 0 to 1."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def mix(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    return a + (b - a) * np.float32(share)


PAINT = {
    "red": rgb("#d7263d"),
    "orange": rgb("#f3841f"),
    "yellow": rgb("#f7d038"),
    "green": rgb("#2f9e54"),
    "blue": rgb("#2467d8"),
    "purple": rgb("#7d3cb5"),
    "pink": rgb("#f48fb8"),
    "white": rgb("#f5f1e6"),
}
INK, CREAM, SKIN, WOOD = rgb("#231d2b"), rgb("#fbf1dc"), rgb("#c68a62"), rgb("#7a5138")
