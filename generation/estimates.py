"""How long a drawing takes a worker, learned from those that were drawn before."""

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet

from generation.engines import registry
from generation.engines.base import Brief, Card, taken
from generation.models import Clip

HISTORY = 40  # latest clips of an engine that are looked at
UNKNOWN_S = 10.0  # for a second of film in its card's steps, while an engine has drawn nothing: a guess
FILM_FPS = 24.0  # for that guess
SAID = ("frames", "steps", "native", "width", "height", "strength", "source", "latents")
# Else a drawing took at most half of its card's steps, however many were asked for.
_FAR = Q(brief__strength__gte=0.25) | Q(brief__source="") | ~Q(brief__has_key="strength")


def estimate_s(engine: str, frames: int, size: tuple[int, int], steps: int) -> float:
    """Seconds a worker will need for so many frames of `size` = (width, height) pixels in so many steps.

    Learned from drawings of half as many steps at least, where there are any: of those of few steps, what
    comes before the first and after the last takes the larger part.
    """
    card = registry.cards(settings.ENGINES_ROOT).get(engine)
    drawn = Clip.objects.filter(engine=engine, drawn_in_s__gt=0).order_by("-created_at")
    rows = _drawn(drawn.filter(_FAR, brief__steps__gte=steps / 2), card)
    rows = [row for row in rows if 2 * row[2] >= steps] or _drawn(drawn, card)
    if not rows:
        return UNKNOWN_S * frames / FILM_FPS * (max(steps, 1) / max(card.steps, 1) if card else 1.0)
    done = np.array([work(count, pixels, n) for count, pixels, n, _ in rows])
    took = np.array([seconds for *_, seconds in rows])
    return learned(done, took, work(frames, size, steps))


def _drawn(clips: QuerySet[Clip], card: Card | None) -> list[tuple[int, tuple[int, int], int, float]]:
    """Frames, size, steps really taken and seconds of the first of these clips; no whole brief is read."""
    rows = clips.values_list(*(f"brief__{name}" for name in SAID), "drawn_in_s")[:HISTORY]
    return [
        (frames, native or (width, height), _taken(card, steps, strength, source, latents), seconds)
        for frames, steps, native, width, height, strength, source, latents, seconds in rows
    ]


def _taken(card: Card | None, steps: int, strength: float | None, source: str, latents: str) -> int:
    """Of so many steps those that are drawn: over a clip and from latents fewer, as far as strength says.

    What is steered by a control clip is drawn in all its steps, whatever clip lies under it.
    """
    over = source and not (card and "control" in card.inputs)
    return taken(steps, strength) if strength is not None and (over or latents) else steps


def of(brief: Brief) -> float:
    """Seconds a worker will need for this brief."""
    card = registry.cards(settings.ENGINES_ROOT).get(brief.engine)
    steps = _taken(card, brief.steps, brief.strength, brief.source, brief.latents)
    return estimate_s(brief.engine, brief.frames, brief.native or (brief.width, brief.height), steps)


def is_guess(engine: str) -> bool:
    """Whether the engine has drawn nothing yet, so that its estimate rests on nothing."""
    return not Clip.objects.filter(engine=engine, drawn_in_s__gt=0).exists()


def work(frames: int, size: tuple[int, int], steps: int) -> float:
    """Million pixels times steps: what the seconds of one engine are taken to grow with."""
    return frames * size[0] * size[1] * max(steps, 1) / 1e6


def learned(done: np.ndarray, took: np.ndarray, asked: float) -> float:
    """The seconds that `asked` of work will take, where `done` took `took`; robust to a slow first one.

    A line by Theil and Sen's medians where the works differ; through the origin where they hardly do, or
    where the line falls.

    Source: Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63, 1968.
    """
    if len(done) >= 4 and done.max() > 1.2 * done.min():
        slope, intercept = _line(done, took)
        if slope > 0:
            return float(max(intercept, 0) + slope * asked)
    return float(np.median(took / np.maximum(done, 1e-9)) * asked)


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and intercept by medians: scipy's theilslopes, whose import would cost each start a second."""
    one, other = np.triu_indices(len(x), 1)
    apart = x[one] != x[other]
    slope = np.median((y[one] - y[other])[apart] / (x[one] - x[other])[apart])
    return slope, np.median(y) - slope * np.median(x)
