"""What a delivered file holds, found out in the sandbox, or the sentence why it cannot be used.

PyAV looks, in a child process of its own. One prober everywhere keeps the facts the same on every machine:
the wheel that carries ffmpeg has no ffprobe.
"""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from festival.media import sandbox
from festival.media.errors import MediaProblem, refusal
from festival.media.limits import CONTAINERS, PICTURE_CODECS, SOUND_CODECS, Limits

PEEK = Path(__file__).with_name("peek.py")
EXPORT = "Export the film as MP4 or MOV (H.264, HEVC or ProRes) and upload that."
USUAL_RATES = [
    *(Fraction(n, 1001) for n in (24000, 30000, 48000, 60000)),
    *(Fraction(n) for n in (24, 25, 30, 48, 50, 60)),
]
PQ, HLG = 16, 18  # transfer characteristics, ITU-T H.273
BT709, UNSPECIFIED = 1, 2


@dataclass(frozen=True)
class Sound:
    """The sound stream that is used."""

    index: int
    codec: str
    channels: int
    layout: str
    sample_rate: int


@dataclass(frozen=True)
class Facts:
    """What a film file holds; sizes as watched: after rotation, in square pixels."""

    container: str
    duration_s: float
    picture_index: int
    picture_codec: str
    picture_s: float  # where the last frame ends, which may be before the sound does
    width: int
    height: int
    coded_width: int
    coded_height: int
    rotation: int
    frame_rate: Fraction
    vfr: bool
    interlaced: bool
    pixel_format: str
    bits: int
    rgb: bool
    primaries: int
    transfer: int
    matrix: int
    sound: Sound | None

    @cached_property
    def hdr(self) -> str:
        """ "pq", "hlg", or "" for a film in standard dynamic range."""
        return {PQ: "pq", HLG: "hlg"}.get(self.transfer, "")


def look(
    source: Path, *, limits: Limits | None = None, on_progress: Callable[[int], None] = lambda percent: None
) -> Facts:
    """The facts of the film in `source`.

    Raises:
        MediaProblem: it is no film, or one beyond `limits`.
    """
    limits = limits or Limits()
    sniff(source, limits=limits)
    settings = {
        "containers": CONTAINERS,
        "codecs": f"{PICTURE_CODECS},{SOUND_CODECS}",
        "max_streams": limits.max_streams,
        "max_pixels": limits.max_pixels,
    }
    argv = [sys.executable, "-I", str(PEEK), json.dumps(settings), str(source.absolute())]
    bounds = sandbox.Bounds(wall_s=600, memory_bytes=4 * 1024**3, file_bytes=1024**2)
    try:
        with TemporaryDirectory() as folder:
            ran = sandbox.run(
                argv, folder=Path(folder), reads=[source], bounds=bounds, on_lines=lambda _: on_progress(0)
            )
    except sandbox.Failed as failed:
        raise refusal(
            "This file could not be read: it is damaged or made in an unusual way.", EXPORT
        ) from failed
    return judge(json.loads(ran.printed), said=ran.said, limits=limits)


def sniff(source: Path, *, limits: Limits) -> None:
    """Refuse what no decoder needs to see: nothing, far too much, text and lists of other files."""
    size = source.stat().st_size
    if not size:
        raise refusal(
            "This file is empty: it has 0 bytes.",
            "Look at the export on your own machine, and upload the film again.",
        )
    if size > limits.max_bytes:
        raise refusal(
            f"This file has {size / 1e9:.1f} GB, and we take in at most {limits.max_bytes / 1e9:.1f} GB.",
            "Export the film with a lower bit rate and upload that.",
        )
    with source.open("rb") as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"#EXTM3U", b"ffconcat")) or b"<MPD" in head or b"<SmoothStreamingMedia" in head:
        raise refusal("This file is a playlist, a list of other files, and not the film itself.", EXPORT)
    if head and not any(byte < 9 or 13 < byte < 32 for byte in head):
        raise refusal("This file holds text and not a film, whatever its name says.", EXPORT)


def judge(found: dict, *, said: str, limits: Limits) -> Facts:
    """Turn what peek.py printed, and what its libraries complained about, into facts, or refuse."""
    if size := re.search(r"Picture size (\d+)x(\d+) exceeds", said):
        raise _too_large(*map(int, size.groups()), limits=limits)
    if "refused" in found:
        raise _unreadable(said, limits=limits)
    picture = found["picture"]
    if picture is None:
        raise refusal(
            "There is no picture in this file, only sound."
            if found["sound"]
            else "There is no film in this file.",
            "Export the film with its picture and upload that.",
        )
    _check_picture(picture, limits=limits)
    facts = _facts(found, picture)
    _check_length(facts, promised_s=found["duration_s"], limits=limits)
    return facts


def _unreadable(said: str, *, limits: Limits) -> MediaProblem:
    if "max_streams" in said:
        return refusal(
            f"This file holds more than {limits.max_streams} streams, and a film needs two.", EXPORT
        )
    if "not on whitelist" in said or "with low score" in said:
        return refusal("This file is not a film in a format we read, whatever its name says.", EXPORT)
    return refusal(
        "This file breaks off or is damaged: the part that says where the pictures lie is missing.",
        "Look whether it plays to its end on your own machine, export it again if not, and upload it again.",
    )


def _too_large(width: int, height: int, *, limits: Limits) -> MediaProblem:
    return refusal(
        f"The picture is {width:,} × {height:,} pixels, and {limits.max_pixels / 1e6:g} million pixels "
        "a frame are the most we take in.",
        "Export the film at 4K (3840 × 2160) or smaller and upload that.",
    )


def _check_picture(picture: dict, *, limits: Limits) -> None:
    if picture["width"] * picture["height"] > limits.max_pixels:
        raise _too_large(picture["width"], picture["height"], limits=limits)
    if not picture["codec"] or not picture["width"] or not picture["decoded"]:
        raise refusal("The picture in this file could not be decoded.", EXPORT)
    promised, came = picture["promised_frames"], picture["frames"]
    if promised > came * 1.02 + 2:
        raise refusal(
            f"This file breaks off: {came:,} of its {promised:,} pictures are there.",
            "Look whether it plays to its end on your own machine, and upload it again.",
        )


def _facts(found: dict, picture: dict) -> Facts:
    rate = _rate(picture)
    picture_s = picture["last_s"] + float(1 / rate) - found["start_s"]
    duration_s = max(picture_s, picture["sound_end_s"] - found["start_s"])
    width, height = _watched_size(picture)
    sound = found["sound"]
    return Facts(
        container=found["container"],
        duration_s=round(duration_s, 3),
        picture_index=picture["index"],
        picture_codec=picture["codec"],
        picture_s=round(picture_s, 3),
        width=width,
        height=height,
        coded_width=picture["width"],
        coded_height=picture["height"],
        rotation=picture["rotation"] % 360,
        frame_rate=rate,
        vfr=picture["uneven"],
        interlaced=picture["interlaced"],
        pixel_format=picture["pixel_format"] or "",
        bits=picture["bits"],
        rgb=picture["rgb"],
        primaries=picture["primaries"],
        transfer=picture["transfer"],
        matrix=picture["matrix"],
        sound=Sound(**{key: sound[key] for key in Sound.__dataclass_fields__}) if sound else None,
    )


def _check_length(facts: Facts, *, promised_s: float, limits: Limits) -> None:
    length_s, rate = facts.duration_s, facts.frame_rate
    if promised_s > length_s * 1.02 + 2:
        raise refusal(
            f"This file breaks off: it should last {promised_s:.0f} seconds and ends after {length_s:.0f}.",
            "Look whether it plays to its end on your own machine, and upload it again.",
        )
    if length_s < limits.min_duration_s:
        raise refusal(
            f"This film lasts {length_s:.2f} seconds, and we need at least {limits.min_duration_s:g}.",
            "Export the whole film and upload that.",
        )
    if length_s > limits.max_duration_s:
        raise refusal(
            f"This film lasts {length_s / 60:.0f} minutes, and {limits.max_duration_s / 60:.0f} minutes are "
            "the most we can take in.",
            "Write to the festival if that is its true length.",
        )
    if rate > limits.max_frame_rate * Fraction(101, 100):
        raise refusal(
            f"This film has {float(rate):.0f} frames a second, and {limits.max_frame_rate} are the most.",
            "Export it at 60 frames a second or fewer and upload that.",
        )


def _rate(picture: dict) -> Fraction:
    """Frames a second: the average of an even film, the usual step of an uneven one."""
    average = Fraction(picture["average_rate"])
    step_s = picture["step_s"]
    rate = average if average > 0 and not picture["uneven"] else Fraction(1 / step_s if step_s else 25)
    nearest = min(USUAL_RATES, key=lambda usual: abs(usual - rate))
    near = Fraction(1, 50) if picture["uneven"] else Fraction(1, 5000)  # 24 and 23.976 are 1/1000 apart
    return nearest if abs(nearest - rate) < rate * near else max(rate, Fraction(1)).limit_denominator(1001)


def _watched_size(picture: dict) -> tuple[int, int]:
    """Width and height as watched: pixels made square by widening, then turned."""
    num, den = picture["sample_aspect"]
    width, height = picture["width"], picture["height"]
    if num and den and 0.1 < num / den < 10:
        width = round(width * num / den)
    return (height, width) if picture["rotation"] % 180 else (width, height)
