"""Pieces of filter graphs that several graphs share. Building never runs anything."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from festival.media.limits import CONTAINERS, PICTURE_CODECS, SOUND_CODECS, Limits
from festival.media.probe import BT709, UNSPECIFIED, Facts, Sound

FASTEST = Fraction(60)  # frames a second we play
SOUND_RATE = 48_000
HD_LINES = 720  # players take untagged pictures of fewer lines for BT.601


def stranger(source: Path, facts: Facts, *, limits: Limits) -> Any:
    """The delivered film as an input that can open nothing but itself, and ends where it should."""
    options: dict[str, Any] = {
        "protocol_whitelist": "file",
        "format_whitelist": CONTAINERS,
        "codec_whitelist": f"{PICTURE_CODECS},{SOUND_CODECS}",
        "max_pixels": limits.max_pixels,
        "max_streams": limits.max_streams,
        "max_probe_packets": 5000,
        "probesize": "50M",
        "analyzeduration": "20M",
        "t": f"{facts.duration_s:.3f}",
    }
    if facts.container.startswith("mov"):
        options |= {"enable_drefs": 0, "use_absolute_path": 0}
    return ffmpeg.input(f"file:{source.absolute()}", **options)


def ours(path: Path, **options: Any) -> Any:
    """A file we encoded ourselves, as an input."""
    return ffmpeg.input(f"file:{path.absolute()}", protocol_whitelist="file", **options)


PUBLIC = {"map_metadata": -1, "map_chapters": -1, "sn": None, "dn": None, "fflags": "+bitexact"}
"""Output options of every public file: nothing of what the maker's tools wrote beside the film."""


def frame_rate(facts: Facts) -> Fraction:
    """Frames a second of everything we make; above 60 every second frame is left out."""
    return facts.frame_rate if facts.frame_rate <= FASTEST else facts.frame_rate / 2


def picture(film: Any, facts: Facts, *, width: int, height: int) -> Any:
    """The film's picture at `width` × `height`: progressive, even in time, square pixels, BT.709."""
    stream = film[str(facts.picture_index)]
    if facts.interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    stream = stream.filter("fps", fps=str(frame_rate(facts)), start_time=0)
    stream = tone_mapped(stream, width, height, facts) if facts.hdr else scaled(stream, width, height, facts)
    tags = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
    stream = stream.filter("setparams", **tags).filter("setsar", 1)
    if (missing_s := facts.duration_s - facts.picture_s) > 0.1:
        stream = stream.filter("tpad", stop_mode="clone", stop_duration=f"{missing_s:.3f}")
    return stream


def scaled(stream: Any, width: int, height: int, facts: Facts) -> Any:
    """Scale, and turn other matrices into BT.709; untagged pictures are read as players read them."""
    options: dict[str, Any] = {"flags": "bicubic", "out_range": "tv"}
    if facts.matrix == UNSPECIFIED and not facts.rgb:
        lines = min(facts.coded_width, facts.coded_height)
        options["in_color_matrix"] = "bt709" if lines >= HD_LINES else "bt601"
    if facts.matrix != BT709:
        options["out_color_matrix"] = "bt709"
    return stream.filter("scale", width, height, **options).filter("format", "yuv420p")


def tone_mapped(stream: Any, width: int, height: int, facts: Facts) -> Any:
    """Bring PQ or HLG into standard range: to linear light, through a film-like curve, to BT.709."""
    transfer = {"pq": "smpte2084", "hlg": "arib-std-b67"}[facts.hdr]
    light = {"transferin": transfer, "matrixin": "bt2020nc", "primariesin": "bt2020", "rangein": "limited"}
    return (
        stream.filter("zscale", width=width, height=height, filter="bicubic", **light)
        .filter("zscale", transfer="linear", npl=100, **light)
        .filter("format", "gbrpf32le")
        .filter("zscale", primaries="bt709")
        .filter("tonemap", "hable", desat=0)
        .filter("zscale", transfer="bt709", matrix="bt709", range="limited")
        .filter("format", "yuv420p")
    )


def sound(film: Any, heard: Sound, *, duration_s: float) -> Any:
    """The film's sound in stereo, without gaps, exactly as long as the film."""
    return (
        film[str(heard.index)]
        .filter("aresample", SOUND_RATE, **{"async": 1, "first_pts": 0})
        .filter("aformat", channel_layouts="stereo")
        .filter("apad", whole_dur=f"{duration_s:.3f}")
    )
