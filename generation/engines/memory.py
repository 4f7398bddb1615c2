"""What is done when a drawing needs more memory than there is: a ladder, one rung after the other.

Free what is cached; decode in tiles; halve the batch; keep on the card only the parts that are at work. What
is still too large after that is refused, with the question whether a smaller picture would do. Where the
engine's card says what drawing takes, the first rung is chosen by that, before anything is drawn. Everything
is put back afterwards, so that the next job finds the engine as this one found it.
"""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from generation.engines.base import Brief, Card, EngineProblem

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)
LARGEST_THRESHOLD = 2**25  # bytes to which glibc raises the latter by itself
SAID = {"tiles": "decoded in tiles", "offload": "parts loaded in turn"}  # rungs that pixels may depend on


class TooLarge(EngineProblem):
    """It does not fit, whatever is tried; the message asks for something smaller."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this is how torch, or the system, says that there is no memory left."""
    torch = sys.modules.get("torch")  # whoever raises its error has loaded it
    if isinstance(error, MemoryError) or (torch and isinstance(error, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and "not enough memory" in str(error)  # torch on a processor


class Ladder:
    """The rungs of one call of an engine: what was eased so far, and how many takes go in one call."""

    def __init__(self, engine: Any, takes: int):
        self.engine = engine
        self.most = takes
        self.eased: list[str] = []
        self._climbed = False
        self._rungs = iter((self._cache, self._tiles, self._halves, self._offload))
        self._rung: Callable[[], bool] | None = next(self._rungs)

    def climb(self) -> bool:
        """Ease something; False once nothing is left to try."""
        self._climbed = True
        while self._rung is not None:
            again = self._rung == self._halves and self.most > 2
            changed = self._rung()
            if not again:
                self._rung = next(self._rungs, None)
            if changed:
                return True
        return False

    def foresee(self, brief: Brief, room_bytes: Callable[[], int | None]) -> None:
        """Ease beforehand what the engine's card says will not fit.

        Args:
            room_bytes: what may be used, None where it is not known; asked only if the card has figures.

        Raises:
            TooLarge: it fits on no rung.
        """
        card: Card | None = getattr(self.engine, "card", None)
        if card is None or not (card.memory or card.eased):
            return
        room = room_bytes()
        if room is None:
            return
        if (card.least_bytes(brief) or 0) > room:
            raise TooLarge(too_large(brief))
        size = card.canvas(brief) if card.native is None else card.native
        while (card.peak_bytes(brief.frames, size, takes=self.most) or 0) > room:
            if "offload" in self.eased or not self.climb():
                return

    def come_down(self) -> bool:
        """Put back what was eased; False if the engine must be loaded anew to be as it was."""
        if not self._climbed:
            return True
        free()
        vae = getattr(_pipe(self.engine), "vae", None)
        if "tiles" in self.eased and vae is not None:
            vae.disable_tiling()
        return "offload" not in self.eased

    def _cache(self) -> bool:
        free()
        return True

    def _tiles(self) -> bool:
        vae: Any = getattr(_pipe(self.engine), "vae", None)
        if not hasattr(vae, "enable_tiling"):
            return False
        try:
            vae.enable_tiling()
        except NotImplementedError:  # some have the method and not the tiles
            return False
        self.eased.append("tiles")
        return True

    def _halves(self) -> bool:
        if self.most == 1:
            return False
        self.most = (self.most + 1) // 2
        return True

    def _offload(self) -> bool:
        pipe = _pipe(self.engine)
        if not hasattr(pipe, "enable_group_offload"):
            return False
        onto = "cuda" if _has_card() else "cpu"
        pipe.enable_group_offload(onload_device=_device(onto), offload_type="leaf_level")
        self.eased.append("offload")
        return True


def draw(
    engine: Any,
    briefs: Sequence[Brief],
    call: Callable[[int, int], list[np.ndarray]],
    *,
    forget: Callable[[], None],
) -> tuple[list[np.ndarray], str]:
    """Draw all briefs, climbing as far as it takes; what was drawn before memory ran out is kept.

    Args:
        call: draws the briefs from index `begin` to `end` in one call.
        forget: throws the engine away, where it cannot be put back as it was; the next job loads it anew.

    Returns:
        the clips in the order of the briefs, and what was eased, to be said with the software; "" if nothing.

    Raises:
        TooLarge: it does not fit.
    """
    ladder = Ladder(engine, len(briefs))
    drawn: list[np.ndarray] = []
    try:
        ladder.foresee(briefs[0], room_bytes)
        while len(drawn) < len(briefs):
            clips = _tried(call, len(drawn), min(len(drawn) + ladder.most, len(briefs)))
            if clips is not None:
                drawn += clips
            elif not ladder.climb():
                raise TooLarge(too_large(briefs[0]))
    finally:
        if not ladder.come_down():
            forget()
    return drawn, ", ".join(SAID[rung] for rung in ladder.eased)


def _tried(call: Callable[[int, int], list[np.ndarray]], begin: int, end: int) -> list[np.ndarray] | None:
    """The clips, or None where memory ran out; by then nothing holds on to what was half drawn."""
    try:
        return call(begin, end)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
    return None


def too_large(brief: Brief) -> str:
    """What is said of a brief that fits on no rung."""
    width, height = brief.native or (brief.width, brief.height)
    return (
        f"There is not enough memory here for {width} × {height} pixels over "
        f"{brief.duration_s:.3g} seconds, even piece by piece. Your words and the seed are kept: ask for "
        "fewer seconds, or for a smaller engine."
    )


def question(brief: Brief, smaller: Brief) -> str:
    """What the owner of a brief that does not fit is asked."""
    width, height = smaller.native or (smaller.width, smaller.height)
    return (
        f"There is not enough memory for {brief.width} × {brief.height} pixels over {brief.duration_s:.3g} "
        f"seconds. Have it drawn at {width} × {height} and enlarged, or cancel it."
    )


def capacity_bytes() -> int | None:
    """Memory of the card, or of the machine, for drawing; None until something has been drawn here."""
    if "torch" not in sys.modules:
        return None
    if _has_card():
        return int(sys.modules["torch"].cuda.mem_get_info()[1])
    return min(filter(None, (_meminfo("MemTotal"), _allowed_bytes())), default=None)


def room_bytes() -> int | None:
    """Memory that drawing may use now, with what this process holds already; None where it is not known."""
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0] + torch.cuda.memory_reserved())
    free = _meminfo("MemAvailable")
    return free and free + _said(Path("/proc/self/status"), "VmRSS")


def _meminfo(line: str) -> int | None:
    return _said(Path("/proc/meminfo"), line) or None


def _said(path: Path, line: str) -> int:
    """A line of a file under /proc, in bytes; 0 where there is none."""
    try:
        return int(path.read_text().partition(f"{line}:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return 0


def _allowed_bytes() -> int | None:
    """What the container allows; None where it is not bounded."""
    try:
        return int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):
        return None


def device() -> str:
    """Where this process draws, for people: the card's name, once something has been drawn on it."""
    torch = sys.modules.get("torch")
    return torch.cuda.get_device_name() if torch and torch.cuda.is_available() else "processor"


def free() -> None:
    """Give back what nobody uses any more."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch and torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # of glibc, which else keeps what was freed
        trim(0)


@contextmanager
def counted() -> Iterator[None]:
    """Let large blocks go back to the system at once, so that a process is as large as what it uses.

    glibc raises the size from which they do with each one that is freed (mallopt(3)), and what a process
    grew by then depends on what it drew before. Afterwards it stands where glibc would have brought it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", lambda option, size: None)
    try:
        mallopt(M_MMAP_THRESHOLD, 2**20)
        yield
    finally:
        mallopt(M_MMAP_THRESHOLD, LARGEST_THRESHOLD)
        mallopt(M_TRIM_THRESHOLD, 2 * LARGEST_THRESHOLD)


def _pipe(engine: Any) -> Any:
    """The engine's pipeline, as far as it has one."""
    pipe = getattr(engine, "pipe", None)
    return pipe() if callable(pipe) else None


def _has_card() -> bool:
    torch = sys.modules.get("torch")
    return bool(torch and torch.cuda.is_available())


def _device(name: str) -> Any:
    import torch

    return torch.device(name)
