"""The ladder: one run of ffmpeg makes every copy that is played.

Separate sound, and pictures in several sizes whose keyframes lie at the same times, as fragmented MP4 with
HLS playlists (CMAF); a file a rung, addressed by byte ranges, so that a long film is a handful of files.
Quality is constant (CRF) below a cap, so a quiet film costs little. The progressive MP4 is a copy of our own
rung and our own sound, never of the delivered file.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from festival.media import graph, playlists, runs
from festival.media.limits import Limits
from festival.media.probe import Facts

SHORT_SIDES = (1080, 720, 480, 360)
SEGMENT_S = 4
CRF = 23
SOUND_KBPS = 128
CAPS = {1080: (5350, 7500), 720: (2996, 4200), 480: (1498, 2100), 360: (856, 1200)}  # kb/s, kb of buffer
CAP_RATE = Fraction(30)  # frames a second the caps are meant for
PROGRESSIVE_MOST = 720  # short side of film.mp4
RUNG_FILE = "film.mp4"  # of each rung, in a folder of its own


@dataclass(frozen=True)
class Rung:
    """One size the film is played in."""

    name: str
    width: int
    height: int
    cap_kbps: int
    buffer_kb: int


def rungs(width: int, height: int, *, frame_rate: Fraction = Fraction(25)) -> tuple[Rung, ...]:
    """The sizes for a film of `width` × `height`, largest first, none above the film itself.

    A film is measured by its short side, so portrait gets the same care as landscape; one smaller than
    the smallest rung gets a single rung of its own size, made even.
    """
    short = min(width, height)
    sides = [side for side in SHORT_SIDES if side <= short] or [max(2, short // 2 * 2)]
    return tuple(_rung(side, width, height, frame_rate) for side in sides)


def _rung(side: int, width: int, height: int, frame_rate: Fraction) -> Rung:
    scale = Fraction(side, min(width, height))
    wide, high = (max(2, round(length * scale / 2) * 2) for length in (width, height))
    cap, buffer = CAPS.get(side) or _small_cap(wide, high)
    faster = max(Fraction(1), min(frame_rate / CAP_RATE, Fraction(3, 2)))
    return Rung(str(side), wide, high, cap_kbps=int(cap * faster), buffer_kb=int(buffer * faster))


def _small_cap(width: int, height: int) -> tuple[int, int]:
    cap = max(150, round(856 * width * height / (640 * 360)))
    return cap, round(cap * 1.4)


def make(
    source: Path,
    folder: Path,
    *,
    facts: Facts,
    limits: Limits | None = None,
    on_progress: Callable[[int], None] = runs.ignore,
) -> tuple[Rung, ...]:
    """Write the ladder, its master playlist and film.mp4 into `folder`; return the rungs made.

    Raises:
        sandbox.Failed: the film could not be decoded.
        BrokeOff: it took too long.
    """
    limits = limits or Limits()
    chosen = rungs(facts.width, facts.height, frame_rate=graph.frame_rate(facts))
    for name in [*(rung.name for rung in chosen), *(["audio"] if facts.sound else [])]:
        (folder / name).mkdir()
    wall_s = 300 + limits.patience * facts.duration_s
    runs.perform(
        climb(source, facts, chosen, limits=limits),
        folder=folder,
        reads=[source],
        duration_s=facts.duration_s,
        wall_s=wall_s,
        on_progress=on_progress,
    )
    playlists.write_master(folder, chosen, frame_rate=graph.frame_rate(facts), sound=facts.sound is not None)
    runs.perform(progressive(folder, chosen, facts), folder=folder, wall_s=wall_s)
    return chosen


def climb(source: Path, facts: Facts, chosen: tuple[Rung, ...], *, limits: Limits) -> Any:
    """Graph for all rungs and the sound; each rung is scaled from the next larger one.

    Returns:
        an ffmpeg-python stream whose outputs are relative to the working directory.
    """
    film = graph.stranger(source, facts, limits=limits)
    pictures, larger = [], None
    for rung in chosen:
        if larger is None:
            stream = graph.picture(film, facts, width=rung.width, height=rung.height)
        else:
            stream = larger.filter("scale", rung.width, rung.height, flags="bicubic")
        if rung is not chosen[-1]:
            stream, larger = (branch := stream.filter_multi_output("split", 2))[0], branch[1]
        pictures.append(stream)
    sounds = [graph.sound(film, facts.sound, duration_s=facts.duration_s)] if facts.sound else []
    options = {**_coding(chosen, graph.frame_rate(facts)), **_packing(chosen, bool(sounds)), **graph.PUBLIC}
    return ffmpeg.output(*pictures, *sounds, "%v/index.m3u8", **options)


def _coding(chosen: tuple[Rung, ...], rate: Fraction) -> dict[str, Any]:
    """Encoder options: constant quality, capped a rung; keyframes at 0, 4, 8 … seconds and nowhere else."""
    between = math.ceil(rate * SEGMENT_S)
    options: dict[str, Any] = {
        "c:v": "libx264",
        "threads:v": _threads(),
        "preset": "veryfast",
        "profile:v": "high",
        "pix_fmt": "yuv420p",
        "crf": CRF,
        "g": between,
        "keyint_min": between,
        "sc_threshold": 0,
        "force_key_frames": f"expr:gte(t,n_forced*{SEGMENT_S})",
        "c:a": "aac",
        "b:a": f"{SOUND_KBPS}k",
    }
    for number, rung in enumerate(chosen):
        options[f"maxrate:v:{number}"] = f"{rung.cap_kbps}k"
        options[f"bufsize:v:{number}"] = f"{rung.buffer_kb}k"
    return options


def _threads() -> int:
    """Threads an encoder: one a core. All rungs are encoded at once, so x264's own choice is too many."""
    return min(16, max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))


def _packing(chosen: tuple[Rung, ...], sound: bool) -> dict[str, Any]:
    """Muxer options: HLS over fragmented MP4, sound in a group of its own."""
    group = ",agroup:sound" if sound else ""
    variants = [f"v:{number}{group},name:{rung.name}" for number, rung in enumerate(chosen)]
    if sound:
        variants.insert(0, "a:0,agroup:sound,name:audio,default:yes")
    return {
        "f": "hls",
        "hls_time": SEGMENT_S,
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "hls_flags": "independent_segments+single_file",
        "hls_segment_filename": f"%v/{RUNG_FILE}",
        "avoid_negative_ts": "disabled",  # else time starts two frames late, for the sake of reordering
        "var_stream_map": " ".join(variants),
    }


def progressive(folder: Path, chosen: tuple[Rung, ...], facts: Facts) -> Any:
    """Graph that copies our own rung, 720 at most, and our own sound into one file to download."""
    rung = next((rung for rung in chosen if int(rung.name) <= PROGRESSIVE_MOST), chosen[-1])
    parts = [graph.ours(folder / rung.name / RUNG_FILE)["v"]]
    if facts.sound:
        parts.append(graph.ours(folder / "audio" / RUNG_FILE)["a"])
    return ffmpeg.output(*parts, "film.mp4", c="copy", movflags="+faststart", **graph.PUBLIC)
