"""Listen to a film once: how loud it is, and what its sound looks like."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ffmpeg

from festival.media import graph, runs
from festival.media.limits import Limits
from festival.media.probe import Facts, Sound

AMBER = "0xC07C14"  # stands out three to one from the dark of the cinema and from the paper of the office
WAVE_SIZE = "1600x160"
SILENT_LUFS = -70.0  # the absolute gate of EBU R 128: below it there is nothing to measure


def listen(
    source: Path,
    folder: Path,
    *,
    facts: Facts,
    sound: Sound,
    limits: Limits | None = None,
    on_progress: Callable[[int], None] = runs.ignore,
) -> float | None:
    """Write waveform.png into `folder` and return the integrated loudness in LUFS; None for silence.

    Source: EBU R 128, ITU-R BS.1770.
    """
    ran = runs.perform(
        hearing(source, facts, sound, limits=limits or Limits()),
        folder=folder,
        reads=[source],
        duration_s=facts.duration_s,
        wall_s=300 + facts.duration_s,
        on_progress=on_progress,
        level="info",
    )
    return integrated(ran.said)


def hearing(source: Path, facts: Facts, sound: Sound, *, limits: Limits) -> Any:
    """Graph with two ends: loudnorm, which only measures and reports, and the waveform."""
    film = graph.stranger(source, facts, limits=limits)
    ears = film[str(sound.index)].filter_multi_output("asplit", 2)
    measured = ffmpeg.output(ears[0].filter("loudnorm", print_format="json"), "-", f="null")
    wave = (
        ears[1]
        .filter("aformat", channel_layouts="mono")
        .filter("showwavespic", s=WAVE_SIZE, colors=AMBER, scale="sqrt", draw="full")
    )
    drawn = ffmpeg.output(
        wave, "waveform.png", **{"frames:v": 1, "update": 1, "c:v": "png", "f": "image2"}, **graph.PUBLIC
    )
    return ffmpeg.merge_outputs(measured, drawn)


def integrated(said: str) -> float | None:
    """The integrated loudness in loudnorm's report, in LUFS, to a tenth; None below the gate."""
    report = json.loads(re.findall(r"\{[^{}]*\}", said)[-1])
    loudness = float(report["input_i"])
    return round(loudness, 1) if loudness > SILENT_LUFS else None
