"""Run a command on a stranger's file: bounded in memory, time, disk and, with bubblewrap, in sight.

A decoder is a large program fed by whoever cares to upload. Each run gets its own process group, which is
killed as a whole at the wall-clock limit; resource limits; an empty environment; and where bubblewrap works
a file system with nothing in it but the libraries, the file to read and the folder to write.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from festival.media import binaries
from festival.media.errors import BrokeOff

CONFINED = Path(__file__).with_name("confined.py")
TAIL_BYTES = 64 * 1024  # of the complaints we keep
TICK_S = 1.0


@dataclass(frozen=True)
class Bounds:
    """How much one run may use."""

    wall_s: float = 120
    memory_bytes: int = 8 * 1024**3  # of address space, which threads claim generously and use sparingly
    file_bytes: int = 20 * 1024**3
    open_files: int = 256
    printed_bytes: int = 256 * 1024**2  # which we hold in memory


@dataclass(frozen=True)
class Ran:
    """What a command that went well has printed, and the end of what it said beside."""

    printed: bytes
    said: str


class Failed(Exception):
    """The command ended with an error; `said` is the end of what it complained about."""

    def __init__(self, command: str, status: int, said: str):
        super().__init__(f"{command} ended with {status}: {said.strip()[-2000:]}")
        self.status = status
        self.said = said


def run(
    argv: Sequence[str],
    *,
    folder: Path,
    reads: Sequence[Path] = (),
    bounds: Bounds | None = None,
    on_lines: Callable[[list[str]], None] = lambda lines: None,
) -> Ran:
    """Run `argv` inside `folder`, the one place it may write.

    Args:
        reads: files it may see besides its own libraries.
        on_lines: called with the new whole lines of output, at least once a second even if there are
            none, so that a caller can beat; what it raises stops the run.

    Raises:
        Failed: the command ended with an error, or printed without end.
        BrokeOff: it took longer than `bounds.wall_s`, or the disk is full.
    """
    bounds = bounds or Bounds()
    command = confine(argv, folder=folder, reads=reads, bounds=bounds)
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        ran = _listen(process, time.monotonic() + bounds.wall_s, on_lines, most=bounds.printed_bytes)
        status = process.wait()
    finally:
        _kill_group(process)
    if status:
        if "No space left on device" in ran.said:
            raise BrokeOff(
                "There is no room left on our disk to prepare the film. The file is kept as it arrived. "
                "Try again later; if it happens again, write to the festival."
            )
        raise Failed(Path(argv[0]).name, status, ran.said)
    return ran


def confine(argv: Sequence[str], *, folder: Path, reads: Sequence[Path], bounds: Bounds) -> list[str]:
    """The whole command line: resource limits, then bubblewrap where there is one, then `argv`."""
    limits = {
        "AS": bounds.memory_bytes,
        "CPU": int(bounds.wall_s * (os.cpu_count() or 1)) + 1,
        "FSIZE": bounds.file_bytes,
        "NOFILE": bounds.open_files,
        "CORE": 0,
    }
    launcher = [sys.executable, "-I", "-S", str(CONFINED), json.dumps(limits)]
    return [*launcher, *_walls(argv, folder=folder, reads=reads), *argv]


def environment() -> dict[str, str]:
    """What the command is told about the world: no secret of ours, and few memory arenas."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent", "MALLOC_ARENA_MAX": "4"}


def _walls(argv: Sequence[str], *, folder: Path, reads: Sequence[Path]) -> list[str]:
    if not (wall := binaries.bubblewrap()):
        return []
    libraries = ["/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/alternatives", "/etc/ld.so.cache"]
    ours = [sys.prefix, sys.base_prefix, str(Path(argv[0]).parent), str(CONFINED.parent.parent)]
    seen = dict.fromkeys([*libraries, *ours, *(str(path.absolute()) for path in reads)])
    binds = [part for path in seen for part in ("--ro-bind-try", path, path)]
    return [
        *(wall, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"),
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),  # noqa: S108
        *binds,
        *("--bind", str(folder.absolute()), str(folder.absolute()), "--chdir", str(folder.absolute()), "--"),
    ]


def _listen(process: subprocess.Popen, deadline: float, on_lines, *, most: int) -> Ran:
    """Read both outputs until they close, handing on whole lines, up to the deadline or `most` bytes."""
    printed, said, unfinished = bytearray(), bytearray(), b""
    told_at = 0.0
    with selectors.DefaultSelector() as outputs:
        for pipe in filter(None, (process.stdout, process.stderr)):
            outputs.register(pipe, selectors.EVENT_READ)
        while outputs.get_map():
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise BrokeOff(
                    "Preparing the film took longer than we allow for its length, so we stopped. "
                    "The file is kept as it arrived. Try again; if it happens again, export the film "
                    "as MP4 with H.264 and upload that."
                )
            lines: list[str] = []
            for key, _ in outputs.select(min(TICK_S, left_s)):
                chunk = os.read(key.fd, 65536)
                if not chunk:
                    outputs.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    said = (said + chunk)[-TAIL_BYTES:]
                else:
                    printed += chunk
                    *whole, unfinished = (unfinished + chunk).split(b"\n")
                    lines += [line.decode(errors="replace") for line in whole]
            if len(printed) > most:
                raise Failed("The command", -signal.SIGKILL, f"It printed more than {most} bytes.")
            if lines or time.monotonic() - told_at >= TICK_S:
                told_at = time.monotonic()
                on_lines(lines)
    return Ran(bytes(printed), said.decode(errors="replace"))


def _kill_group(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):  # the whole group may have gone by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()
