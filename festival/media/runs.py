"""Run a finished ffmpeg graph in the sandbox, and tell how far it is."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from festival.media import binaries, sandbox

MAX_ALLOC = 256 * 1024**2  # bytes in one piece; a decoder that asks for more is being played with


def ignore(percent: int) -> None:
    """Tell nobody."""


def perform(
    graph: Any,
    *,
    folder: Path,
    reads: Sequence[Path] = (),
    duration_s: float = 0,
    wall_s: float = 120,
    on_progress: Callable[[int], None] = ignore,
    level: str = "error",
) -> sandbox.Ran:
    """Run `graph`, an ffmpeg-python stream with outputs, with `folder` as the working directory.

    Args:
        reads: the input files.
        duration_s: of what is written, to turn the time reached into per cent.
        on_progress: gets 0 to 100, never falling, at least once a second and once with 100.

    Raises:
        sandbox.Failed: ffmpeg could not do it.
        BrokeOff: it took longer than `wall_s`.
    """
    reached = 0

    def hear(lines: list[str]) -> None:
        nonlocal reached
        seconds = seconds_done(lines)
        if seconds is not None and duration_s:
            reached = max(reached, percent(seconds, duration_s))
        on_progress(reached)

    bounds = sandbox.Bounds(wall_s=wall_s)
    ran = sandbox.run(command(graph, level=level), folder=folder, reads=reads, bounds=bounds, on_lines=hear)
    on_progress(100)
    return ran


def command(graph: Any, *, level: str = "error") -> list[str]:
    """The argument list for `graph`; ffmpeg-python compiles it and does nothing else for us."""
    program = [
        *(binaries.ffmpeg(), "-nostdin", "-hide_banner", "-v", level, "-nostats"),
        *("-max_alloc", str(MAX_ALLOC), "-progress", "pipe:1", "-stats_period", "0.5"),
    ]
    return ffmpeg.compile(graph, cmd=program, overwrite_output=True)


def seconds_done(lines: Iterable[str]) -> float | None:
    """The last point in time that `-progress` lines name, in seconds; None where they name none."""
    seconds = None
    for line in lines:
        key, _, value = line.strip().partition("=")
        if key == "out_time_us" and value.lstrip("-").isdecimal():  # "N/A" before the first frame
            seconds = int(value) / 1_000_000
    return seconds


def percent(seconds: float, duration_s: float) -> int:
    """How much of `duration_s` is done, 0 to 99: whole only when the run has ended well."""
    return min(99, max(0, int(100 * seconds / duration_s)))
