"""Where the seconds of a job go that a worker draws: the pipeline's call, and each part of ours around it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Parts:
    """Where the wall seconds of a job went: the pipeline's own, and ours by what they were for."""

    whole: float = 0.0
    pipeline: float = 0.0
    beats: float = 0.0  # asking after a cancel after each step, and saying now and then that one is alive
    previews: float = 0.0
    encode: float = 0.0
    poster: float = 0.0
    sign: float = 0.0
    read: float = 0.0  # its credentials read back, and its digest
    keep: float = 0.0  # its row

    @property
    def ours(self) -> float:
        return self.whole - self.pipeline

    @property
    def rest(self) -> float:
        """Whose turn it is, claiming, settling, the archive, and all else."""
        said = self.beats + self.previews + self.encode + self.poster + self.sign + self.read + self.keep
        return self.ours - said


@contextmanager
def clocked(engine) -> Iterator[Parts]:
    """Take the time of the engine's call, less that of all that it calls of ours after each step."""
    from festival.media import stills
    from generation import drawing as room
    from generation.engines import stages
    from generation.showing import Call

    found = Parts()

    def clock(real, part: str, *, within: bool = False):
        def timing(*args, **kwargs):
            began = time.perf_counter()
            try:
                return real(*args, **kwargs)
            finally:
                took = time.perf_counter() - began
                setattr(found, part, getattr(found, part) + took)
                found.pipeline -= took if within else 0

        return timing

    ours = [
        (Call, "_beat", "beats"), (Call, "_show", "previews"), (stages, "encode", "encode"),
        (stills, "typical", "poster"), (stages, "sign", "sign"), (room, "_clip", "read"),
        (room, "_keep", "keep"),
    ]  # fmt: skip
    real = [(holder, name, getattr(holder, name)) for holder, name, _ in ours]
    for (holder, name, doing), (_, _, part) in zip(real, ours, strict=True):
        setattr(holder, name, clock(doing, part, within=holder is Call))
    engine.draw = clock(engine.draw, "pipeline")
    try:
        yield found
    finally:
        del engine.draw
        for holder, name, doing in real:
            setattr(holder, name, doing)
