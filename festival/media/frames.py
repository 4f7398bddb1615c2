"""From an array of frames to a film file."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

BT709 = 1
# Of x264: about half of veryfast's time for files up to two and a half times as large, at nearly the same
# decibels. Its quickest preset leaves out what skies need: quantisers that adapt, and a filter over seams.
SWIFT = {"preset": "ultrafast", "aq-mode": "1", "deblock": "0:0"}


def write_mp4(frames: np.ndarray, target: Path, *, fps: int | Fraction, crf: int = 18) -> None:
    """Encode `frames` as H.264 into the MP4 `target`, which appears only when it is whole.

    Args:
        frames: (t, h, w, 3) uint8 RGB; an odd side loses its last row or column.
        fps: frames a second.
        crf: x264's constant rate factor; 18 is hard to tell from the array, and quicker than 16.

    Raises:
        ValueError: `frames` has another shape or type, or none at all.
    """
    if frames.ndim != 4 or frames.shape[-1] != 3 or frames.dtype != np.uint8 or not len(frames):
        raise ValueError(f"frames must be (t, h, w, 3) uint8, not {frames.shape} {frames.dtype}")
    height, width = (side // 2 * 2 for side in frames.shape[1:3])
    part = target.with_name(f"{target.stem}.part.mp4")
    reformatter = VideoReformatter()  # one for all frames: its tables take longer to make than to use
    with av.open(str(part), "w", options={"movflags": "+faststart", "fflags": "+bitexact"}) as film:
        stream = film.add_stream("libx264", rate=Fraction(fps))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": str(crf), **SWIFT}
        context = stream.codec_context
        context.thread_type = "FRAME"  # quicker than slices, and smaller; frames are all here
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = ColorRange.MPEG
        for rgb in frames[:, :height, :width]:
            picture = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(rgb), format="rgb24")  # no copy
            yuv = reformatter.reformat(
                picture,
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
            )
            film.mux(stream.encode(yuv))
        film.mux(stream.encode())
    part.replace(target)


def read_mp4(source: Path) -> np.ndarray:
    """(t, h, w, 3) uint8 RGB: all frames of a film file of ours.

    Raises:
        ValueError: it holds no picture.
    """
    with av.open(str(source)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    if not frames:
        raise ValueError(f"{source.name} holds no picture")
    return np.stack(frames)
