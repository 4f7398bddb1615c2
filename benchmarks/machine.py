"""What a benchmark ran on, and how to measure side by side on a machine that others use too."""

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from festival.media import binaries


def describe() -> str:
    """The machine in a line or two."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo", "model name")), "")
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo", "MemTotal")), 0)
    cores = len(os.sched_getaffinity(0))
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"{model or platform.machine()}, {cores} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}\n"
        f"{binaries.ffmpeg_version()}; load before: {load}"
    )


def _lines(path: str, start: str) -> list[str]:
    try:
        with open(path) as file:
            return [line for line in file if line.startswith(start)]
    except OSError:
        return []


@dataclass
class Times:
    """Wall and processor seconds of each repetition of one way."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"wall least {min(self.wall_s):6.2f} s, median {statistics.median(self.wall_s):6.2f} s; "
            f"processor least {min(self.cpu_s):6.2f} s"
        )


def interleaved(ways: Mapping[str, Callable[[], None]], *, repetitions: int) -> dict[str, Times]:
    """Run each way in turn, `repetitions` times round, so that a busy minute harms all alike."""
    times = {name: Times() for name in ways}
    for turn in range(repetitions):
        names = list(ways)[turn % len(ways) :] + list(ways)[: turn % len(ways)]
        for name in names:
            cpu_before, before = _children_s(), time.perf_counter()
            ways[name]()
            times[name].wall_s.append(time.perf_counter() - before)
            times[name].cpu_s.append(_children_s() - cpu_before)
            last = f"{times[name].wall_s[-1]:6.2f} s wall, {times[name].cpu_s[-1]:6.2f} s processor"
            print(f"  round {turn + 1}, {name:34} {last}", flush=True)
    return times


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
