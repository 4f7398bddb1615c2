"""From the small picture that was drawn to the size of the shot; no detail is added."""

import numpy as np
from PIL import Image, ImageOps

FILTERS = {"smooth": Image.Resampling.LANCZOS, "pixels": Image.Resampling.NEAREST}


def corner(native: tuple[int, int], window: tuple[int, int]) -> tuple[int, int]:
    """Left and top of the `window` in the middle of the `native` picture; all are width, height."""
    return (native[0] - window[0]) // 2, (native[1] - window[1]) // 2


def enlarged(
    video: np.ndarray, size: tuple[int, int], *, window: tuple[int, int], how: str = "smooth"
) -> np.ndarray:
    """The middle of `video` at `size`.

    Args:
        video: (F, h, w, 3) uint8.
        size: width, height in pixels of what is returned, (F, height, width, 3) uint8.
        window: width, height in pixels of the part of `video` that is seen.
        how: "smooth" by Lanczos' filter, or "pixels", each of them a rectangle.
    """
    left, top = corner((video.shape[2], video.shape[1]), window)
    seen = video[:, top : top + window[1], left : left + window[0]]
    pictures = (Image.fromarray(np.ascontiguousarray(frame)).resize(size, FILTERS[how]) for frame in seen)
    return np.stack([np.asarray(picture) for picture in pictures])


def reduced(still: np.ndarray, native: tuple[int, int], *, window: tuple[int, int]) -> np.ndarray:
    """A still (h, w, 3) uint8 as the native frame whose middle, the `window`, shows it.

    What has another shape than the window loses its sides; around the window its edge is drawn out.
    """
    fitted = np.asarray(ImageOps.fit(Image.fromarray(still), window, Image.Resampling.LANCZOS))
    left, top = corner(native, window)
    around = ((top, native[1] - window[1] - top), (left, native[0] - window[0] - left), (0, 0))
    return np.pad(fitted, around, mode="edge")
