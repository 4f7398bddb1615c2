"""The whole examination of a delivered film: what it is, and everything that is played of it."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from festival.media import binaries, graph, ladder, loudness, probe, sandbox, stills
from festival.media.errors import MediaProblem, refusal
from festival.media.limits import Limits
from festival.provenance import shots

__all__ = ["Examination", "Limits", "examine"]

CHUNK = 4 * 1024**2
BEAT_S = 1.0
STAGES = {  # what the entrant reads, and where on the way from 0 to 100 it ends
    "Reading the file": 4,
    "Looking at picture and sound": 6,
    "Making the copies people will watch": 86,
    "Measuring the sound": 90,
    "Printing the poster": 94,
    "Finding the cuts": 99,
}


@dataclass(frozen=True)
class Examination:
    """What was found, for the film's row; the files lie in the folder."""

    sha256: str
    size_bytes: int
    duration_s: float
    width: int
    height: int
    frame_rate: str
    loudness_lufs: float | None
    colour: str
    heights: tuple[int, ...]
    shots: tuple[tuple[float, float], ...]
    has_audio: bool
    record: dict[str, Any]


def quiet(stage: str, percent: int) -> None:
    """Tell nobody."""


def examine(
    source: Path,
    folder: Path,
    *,
    limits: Limits | None = None,
    on_progress: Callable[[str, int], None] = quiet,
) -> Examination:
    """Examine the film `source` and write what is played of it into the empty `folder`.

    Args:
        on_progress: called with a stage in words and the per cent of the whole, never falling, at least
            every few seconds; what it raises stops the examination and everything it started.

    Raises:
        MediaProblem: the film cannot be used; the message is for the entrant.
    """
    limits = limits or Limits()
    way = _Way(on_progress)
    probe.sniff(source, limits=limits)
    sha256 = digest(source, on_progress=way.stage("Reading the file"))
    looking = way.stage("Looking at picture and sound")
    facts = probe.look(source, limits=limits, on_progress=looking)
    try:
        chosen = ladder.make(
            source,
            folder,
            facts=facts,
            limits=limits,
            on_progress=way.stage("Making the copies people will watch"),
        )
        listening = way.stage("Measuring the sound")
        loudness_lufs = None
        if facts.sound:
            loudness_lufs = loudness.listen(
                source, folder, facts=facts, sound=facts.sound, limits=limits, on_progress=listening
            )
    except sandbox.Failed as failed:
        raise _undecodable() from failed
    printing = way.stage("Printing the poster")
    largest, smallest = (folder / rung.name / ladder.RUNG_FILE for rung in (chosen[0], chosen[-1]))
    stills.poster(largest, folder / "poster.jpg", duration_s=facts.duration_s, on_progress=printing)
    stills.sprite(
        smallest,
        folder,
        duration_s=facts.duration_s,
        width=facts.width,
        height=facts.height,
        on_progress=printing,
    )
    cuts = shots.cuts(smallest, on_progress=way.stage("Finding the cuts"), duration_s=facts.duration_s)
    on_progress("Finding the cuts", 100)
    return Examination(
        sha256=sha256,
        size_bytes=source.stat().st_size,
        duration_s=facts.duration_s,
        width=facts.width,
        height=facts.height,
        frame_rate=str(facts.frame_rate),
        loudness_lufs=loudness_lufs,
        colour=stills.colour(folder / "poster.jpg"),
        heights=tuple(int(rung.name) for rung in chosen),
        shots=tuple(cuts),
        has_audio=facts.sound is not None,
        record=record(facts, chosen),
    )


def digest(source: Path, *, on_progress: Callable[[int], None]) -> str:
    """SHA-256 of the file, in hexadecimal."""
    total, done, sha = source.stat().st_size, 0, hashlib.sha256()
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha.update(chunk)
            done += len(chunk)
            on_progress(100 * done // total)
    return sha.hexdigest()


def record(facts: probe.Facts, chosen: tuple[ladder.Rung, ...]) -> dict[str, Any]:
    """What the examination writes down for later, as plain JSON."""
    sound = facts.sound
    return {
        "container": facts.container,
        "picture": {
            "codec": facts.picture_codec,
            "width": facts.coded_width,
            "height": facts.coded_height,
            "pixel_format": facts.pixel_format,
            "bits": facts.bits,
            "hdr": facts.hdr,
            "rotation": facts.rotation,
            "interlaced": facts.interlaced,
            "vfr": facts.vfr,
            "frame_rate": str(facts.frame_rate),
        },
        "sound": sound
        and {
            "codec": sound.codec,
            "channels": sound.channels,
            "layout": sound.layout,
            "sample_rate": sound.sample_rate,
        },
        "played": {
            "frame_rate": str(graph.frame_rate(facts)),
            "rungs": [{"name": r.name, "width": r.width, "height": r.height} for r in chosen],
        },
        "made_with": binaries.ffmpeg_version(),
    }


class _Way:
    """Turns the per cent of a stage into the per cent of the whole, which never falls.

    It tells what is new at once and what is not once a second: often enough to beat, and no more.
    """

    def __init__(self, tell: Callable[[str, int], None]):
        self._tell = tell
        self._reached = 0
        self._told = ("", -1, 0.0)

    def stage(self, name: str) -> Callable[[int], None]:
        names = list(STAGES)
        before = names.index(name) - 1
        start, end = STAGES[names[before]] if before >= 0 else 0, STAGES[name]

        def reach(percent: int) -> None:
            self._reached = max(self._reached, start + (end - start) * percent // 100)
            now = time.monotonic()
            if self._told[:2] != (name, self._reached) or now - self._told[2] >= BEAT_S:
                self._told = (name, self._reached, now)
                self._tell(name, self._reached)

        reach(0)
        return reach


def _undecodable() -> MediaProblem:
    return refusal(
        "The pictures or the sound in this file could not be decoded to the end.",
        "Look whether it plays to its end on your own machine, export it as MP4 with H.264, and upload that.",
    )
