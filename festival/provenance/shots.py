"""Cut a film into its shots."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from festival.media import runs, sandbox

DETECTOR = Path(__file__).with_name("detector.py")


def cuts(
    path: Path, *, duration_s: float = 0, on_progress: Callable[[int], None] = runs.ignore
) -> list[tuple[float, float]]:
    """The shots of the film at `path`: half-open ranges in seconds that cover it without a gap.

    PySceneDetect looks for jumps of content beside the usual change around them, in the sandbox. Hand it
    a small copy: the cuts are the same and found in a fraction of the time.

    Args:
        duration_s: of the film if known; the last shot ends there, and progress is told against it.

    Raises:
        sandbox.Failed: the file could not be read.
        BrokeOff: it took too long.
    """

    def hear(lines: list[str]) -> None:
        seconds = runs.seconds_done(lines)
        on_progress(runs.percent(seconds, duration_s) if seconds and duration_s else 0)

    with TemporaryDirectory() as folder:
        ran = sandbox.run(
            [sys.executable, "-I", str(DETECTOR), str(path.absolute())],
            folder=Path(folder),
            reads=[path],
            bounds=sandbox.Bounds(wall_s=300 + 2 * duration_s),
            on_lines=hear,
        )
    found = json.loads(ran.printed.splitlines()[-1])
    on_progress(100)
    starts, end_s = found["starts"], max(duration_s or found["end"], found["starts"][-1])
    return list(zip(starts, [*starts[1:], end_s], strict=True))
