"""Whether an engine keeps what every engine promises, found out by drawing small things with it.

Run on weights when they are installed, and on a tiny pipeline of each family by the tests. A rule that fails
is a finding and no exception, so that one fault does not hide the next.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from generation.engines import memory
from generation.engines.base import Brief, Card, Engine

CLOSE = 1e-5  # of latents, whose values lie around 1: how near a batch comes to solo runs on a CPU
CLOSE_ON_A_CARD = 0.05  # kernels of other shapes add up in another order
MOST_STEPS = 3
SEEDS = (11, 12)
ROOM, MARGIN = 1.1, 2**26  # how far over its estimate a peak may be: allocators round up
Row = tuple[int, int, int, int]  # width, height, frames, bytes at the peak
Pair = tuple[np.ndarray, np.ndarray]  # clean latents (channels, t, h, w), and their clip (F, H, W, 3)
PROMPTS = ("a red boat on a calm sea", "a bird over a forest")


@dataclass(frozen=True)
class Finding:
    """One rule, whether it holds (None: it does not apply), and what was seen."""

    rule: str
    holds: bool | None
    seen: str
    measured: Row | None = None  # for the card
    eased: Row | None = None  # with all eased that can be

    def __str__(self) -> str:
        return f"{ {True: 'holds', False: 'FAILS', None: 'noted'}[self.holds] }: {self.rule} ({self.seen})"


class Cancelled(Exception):
    """What the check for cancelling raises from a step."""


@dataclass
class Drawn:
    """What one call of an engine gave, and what it told on the way."""

    clips: list[np.ndarray]
    steps: list[int] = field(default_factory=list)
    last: np.ndarray | None = None  # clean latents after the last step, (takes, …)


def check(engine: Engine, *, on_drawn: Callable[[list[Pair]], object] | None = None) -> list[Finding]:
    """All findings on an engine; the smallest picture and length of its card are drawn some eight times.

    Args:
        on_drawn: is handed latents and clips of what was drawn first, as `previews.fitted` takes them.
    """
    briefs, pictures = examples(engine.card)
    try:
        alone = [_draw(engine, [brief], pictures) for brief in briefs]
    except Exception as error:  # whatever it is, whoever installs the engine is told
        return [Finding("it draws what the brief says", False, f"{type(error).__name__}: {error}")]
    if on_drawn:
        on_drawn([(one.last[0], one.clips[0]) for one in alone if one.last is not None])
    again = _draw(engine, briefs[:1], pictures)
    return [
        _draws(alone[0], briefs[0]),
        Finding(
            "the same brief gives the same pixels",
            _same(alone[0].clips, again.clips),
            f"two runs of seed {briefs[0].seed}",
        ),
        Finding(
            "another seed gives another picture",
            not _same(alone[0].clips, alone[1].clips),
            f"seeds {SEEDS[0]} and {SEEDS[1]}",
        ),
        _progress(alone[0], briefs[0]),
        *_cancel(engine, briefs, pictures, alone[1]),
        _batch(engine, briefs, pictures, alone),
        *(_memory(engine, brief, pictures) for brief in _measured_by(engine, briefs[0])),
        *_eased(engine, briefs[0], pictures),  # last, since not everything can be put back
    ]


def fails(findings: Sequence[Finding]) -> list[Finding]:
    """The rules that do not hold."""
    return [finding for finding in findings if finding.holds is False]


def examples(card: Card) -> tuple[list[Brief], dict[str, Any]]:
    """Two briefs of one batch, as small as the card allows, and the pictures that they need."""
    aspect = min(card.sizes, key=lambda name: card.sizes[name][0] * card.sizes[name][1])
    width, height = card.sizes[aspect]
    rng = np.random.default_rng(0)
    still = rng.integers(0, 256, (height, width, 3), np.uint8)
    clip = rng.integers(0, 256, (card.frames_for(card.shortest_s), height, width, 3), np.uint8)
    offered: dict[str, tuple[str, np.ndarray]] = {
        "first_frame": ("first", still),
        "last_frame": ("last", still),
        "source_video": ("source", clip),
        "control": ("control", clip),
        "extend": ("extend", clip),
    }
    pictures = dict(offered[name] for name in card.needs if name in offered)
    given: dict[str, Any] = {
        name: hashlib.sha256(picture.tobytes()).hexdigest() for name, picture in pictures.items()
    }
    briefs = [
        replace(
            card.brief(prompt=prompt, seconds=card.shortest_s, aspect=aspect, seed=seed, **given),
            steps=min(card.steps, MOST_STEPS),
        )
        for prompt, seed in zip(PROMPTS, SEEDS, strict=True)
    ]
    return briefs, pictures


def _draw(engine: Engine, briefs: Sequence[Brief], pictures: dict[str, Any]) -> Drawn:
    drawn = Drawn([])

    def on_step(step: int, latents: Callable[[], np.ndarray] | None = None) -> None:
        drawn.steps.append(step)
        drawn.last = latents() if latents else None

    if len(briefs) == 1:
        drawn.clips = [engine.draw(briefs[0], on_step=on_step, **pictures)]
    else:
        drawn.clips = engine.draw_many(briefs, on_step=on_step, pictures=[pictures] * len(briefs))
    return drawn


def _same(clips: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> bool:
    return all(np.array_equal(clip, other) for clip, other in zip(clips, others, strict=True))


def _draws(drawn: Drawn, brief: Brief) -> Finding:
    clip, shape = drawn.clips[0], (brief.frames, brief.height, brief.width, 3)
    fits = clip.shape == shape and clip.dtype == np.uint8 and float(clip.std()) > 0
    return Finding("it draws what the brief says", fits, f"{clip.shape} {clip.dtype}, asked for {shape}")


def _progress(drawn: Drawn, brief: Brief) -> Finding:
    """Steps are told from 0 on, one by one, and no more than were asked for."""
    whole = drawn.steps == list(range(len(drawn.steps))) and 0 < len(drawn.steps) <= brief.steps
    return Finding("progress grows step by step", whole, f"steps {drawn.steps} of {brief.steps}")


def _cancel(engine: Engine, briefs, pictures: dict[str, Any], alone: Drawn) -> Iterator[Finding]:
    """Cancel the first brief after its first step, then draw the second, which was drawn alone before."""
    told: list[int] = []

    def stop(step: int) -> None:
        told.append(step)
        raise Cancelled

    with _decodings(engine) as decoded:
        try:
            engine.draw(briefs[0], on_step=stop, **pictures)
            stopped = False
        except Cancelled:
            stopped = True
        quiet = stopped and told == [0] and not decoded
    yield Finding(
        "a cancel acts within one step and nothing is decoded",
        quiet if engine.card.cancellable else None,
        f"steps {told}, decoded {len(decoded)} times",
    )
    after = _draw(engine, briefs[1:], pictures)
    yield Finding(
        "a job after a cancelled one is drawn as if alone",
        _same(after.clips, alone.clips),
        f"seed {briefs[1].seed} after seed {briefs[0].seed} was cancelled",
    )


@contextmanager
def _decodings(engine: Any) -> Iterator[list[int]]:
    """How often latents are decoded while this lasts; never, of an engine that has none."""
    decoded: list[int] = []
    if not hasattr(engine, "pipe"):
        yield decoded
        return
    vae = engine.pipe().vae
    real = vae.decode

    def decode(*args: Any, **kwargs: Any) -> Any:
        decoded.append(1)
        return real(*args, **kwargs)

    vae.decode = decode
    try:
        yield decoded
    finally:
        del vae.decode


def _batch(engine: Engine, briefs: Sequence[Brief], pictures: dict[str, Any], alone: list[Drawn]) -> Finding:
    """Each take of a batch against its solo run, by its latents where it has any."""
    rule = "each take of a batch is drawn as if alone"
    if not engine.card.batchable:
        return Finding(rule, None, "its takes are drawn one at a time")
    batch = _draw(engine, briefs, pictures)
    apart = max(
        int(np.abs(clip.astype(int) - solo.clips[0]).max())
        for clip, solo in zip(batch.clips, alone, strict=True)
    )
    if batch.last is None or len(batch.last) != len(briefs):
        return Finding(rule, apart == 0, f"pixels differ by {apart} of 255 at most")
    solos = np.concatenate([solo.last for solo in alone if solo.last is not None])
    far = float(np.abs(batch.last - solos).max())
    allowed, rounding = (CLOSE, 1) if _on_cpu() else (CLOSE_ON_A_CARD, 255)
    seen = f"latents differ by {far:.1e} at most, {allowed:g} allowed; pixels by {apart} of 255"
    return Finding(rule, far <= allowed and apart <= rounding, seen)


def _memory(engine: Engine, brief: Brief, pictures: dict[str, Any]) -> Finding:
    """What drawing takes at its peak, against what the card says."""
    rule, peak = "memory stays within the card's estimate", peak_bytes(engine, brief, pictures)
    said = engine.card.peak_bytes(brief.frames, (brief.width, brief.height))
    row = (brief.width, brief.height, brief.frames, peak)
    seen = f"{peak / 2**20:,.0f} MiB for {brief.frames} frames of {brief.width} × {brief.height}"
    if said is None:
        return Finding(rule, None, f"{seen}, none on its card yet", row)
    within = peak <= ROOM * said + MARGIN
    return Finding(rule, within, f"{seen}, {said / 2**20:,.0f} MiB on its card", row)


def _eased(engine: Engine, smallest: Brief, pictures: dict[str, Any]) -> Iterator[Finding]:
    """On a card, what drawing takes once all is eased: what needs more than there is cannot be drawn."""
    if _on_cpu():
        return
    ladder = memory.Ladder(engine, 1)
    while ladder.climb():
        pass
    try:
        for brief in _measured_by(engine, smallest):
            peak = peak_bytes(engine, brief, pictures)
            seen = f"{peak / 2**20:,.0f} MiB for {brief.frames} frames of {brief.width} × {brief.height}"
            row = (brief.width, brief.height, brief.frames, peak)
            yield Finding("what it takes with all eased is measured", None, seen, eased=row)
    finally:
        ladder.come_down()


def _measured_by(engine: Engine, smallest: Brief) -> list[Brief]:
    """The smallest brief and, on a card, the largest in one step, since memory does not count steps."""
    if _on_cpu() or engine.card.needs:
        return [smallest]
    card = engine.card
    width, height = max(card.sizes.values(), key=lambda size: size[0] * size[1])
    frames = card.frames_for(card.longest_s)
    return [smallest, replace(smallest, width=width, height=height, frames=frames, steps=1)]


def peak_bytes(engine: Engine, brief: Brief, pictures: dict[str, Any]) -> int:
    """Memory at the peak of drawing: of the accelerator, or weights and what this process grew by."""
    if not _on_cpu():
        import torch

        torch.cuda.reset_peak_memory_stats()
        _draw(engine, [brief], pictures)
        return int(torch.cuda.max_memory_allocated())
    with memory.counted():
        memory.free()  # or what earlier drawings left would hold this one's
        before = _resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
        _draw(engine, [brief], pictures)
        return _weights(engine) + max(0, _resident("VmHWM") - before)


def _resident(line: str) -> int:
    """A line of /proc/self/status, in bytes."""
    said = Path("/proc/self/status").read_text().partition(f"{line}:")[2]
    return int(said.split()[0]) * 1024


def _weights(engine: Any) -> int:
    """Bytes of all weights of its pipeline."""
    parts = engine.pipe().components.values() if hasattr(engine, "pipe") else ()
    modules = [part for part in parts if hasattr(part, "parameters")]
    return sum(w.numel() * w.element_size() for part in modules for w in part.parameters())


def _on_cpu() -> bool:
    from generation.engines.pipelines import device

    return device() == "cpu"
