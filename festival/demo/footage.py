"""What the studio drew for a demo film, made ready for its cut: more frames, and the film's own size."""

import tempfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from festival.demo.catalogue import DRAWN_S
from festival.demo.drawing import Canvas
from festival.media import finishing
from festival.media.frames import read_mp4

SMALLER = 4  # times, before frames are put in between: a small engine drew no more, and it is quickly done
SMOOTH = Fraction(24)  # frames a second
EDGES, FLAT = ImageFilter.UnsharpMask(radius=3, percent=80, threshold=0), ImageFilter.MedianFilter(5)
GUTTER = 0.008  # between two windows, in frame heights

Painter = Callable[[float], np.ndarray]  # seconds into the shot → (height, width, 3) float32, 0 to 1


def player(clips: Sequence[Path], canvas: Canvas) -> Painter:
    """One clip fills the frame; several stand one above the other, as windows do."""
    gutter = round(canvas.height * GUTTER) if len(clips) > 1 else 0
    tall = (canvas.height - gutter * (len(clips) - 1)) // len(clips)
    windows = [_smoothed(clip) for clip in clips]

    def paint(into_s: float) -> np.ndarray:
        picture = np.zeros((canvas.height, canvas.width, 3), np.float32)
        for number, frames in enumerate(windows):
            frame = frames[min(int(into_s * SMOOTH), len(frames) - 1)]
            top = number * (tall + gutter)
            picture[top : top + tall] = _fitted(frame, (canvas.width, tall))
        return picture

    return paint


def _smoothed(clip: Path) -> np.ndarray:
    """(t, h, w, 3) uint8: the clip's frames with others in between, along its motion."""
    drawn = read_mp4(clip)
    rate = Fraction(len(drawn)) / Fraction(DRAWN_S)
    if rate >= SMOOTH:
        return drawn
    small = np.stack([np.asarray(Image.fromarray(frame).reduce(SMALLER)) for frame in drawn])
    with tempfile.TemporaryDirectory() as folder:
        wish = finishing.Wish(fps=SMOOTH)
        smooth, _ = finishing.finished(small, fps=rate, wish=wish, folder=Path(folder))
    return np.stack([np.asarray(_painted(Image.fromarray(frame))) for frame in smooth])


def _painted(picture: Image.Image) -> Image.Image:
    """As in gouache: soft edges become edges again, and what lies between them is flat."""
    painted = picture.resize((2 * picture.width, 2 * picture.height), Image.Resampling.BICUBIC)
    for _ in range(3):
        painted = painted.filter(EDGES).filter(FLAT)
    return painted


def _fitted(frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The middle of the frame at this width and height in pixels, 0 to 1."""
    fitted = ImageOps.fit(Image.fromarray(frame), size, Image.Resampling.LANCZOS)
    return np.asarray(fitted, np.float32) / 255
