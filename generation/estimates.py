"""How long a drawing takes a worker, learned from those that were drawn before."""

import numpy as np
from django.conf import settings

from generation.engines import registry
from generation.engines.base import Brief
from generation.models import Clip

HISTORY = 40  # latest clips of an engine that are looked at
UNKNOWN_S = 10.0  # for a second of film in its card's steps, while an engine has drawn nothing: a guess
FILM_FPS = 24.0  # for that guess


def estimate_s(engine: str, frames: int, size: tuple[int, int], steps: int) -> float:
    """Seconds a worker will need for so many frames of `size` = (width, height) pixels in so many steps."""
    drawn = Clip.objects.filter(engine=engine, drawn_in_s__gt=0).order_by("-created_at")[:HISTORY]
    sizes = ("brief__native", "brief__width", "brief__height")  # a whole brief may hold a megabyte
    rows = list(drawn.values_list("brief__frames", "brief__steps", *sizes, "drawn_in_s"))
    if not rows:
        return UNKNOWN_S * frames / FILM_FPS * _share(engine, steps)
    done = np.array([work(f, native or (width, height), n) for f, n, native, width, height, _ in rows])
    took = np.array([seconds for *_, seconds in rows])
    return learned(done, took, work(frames, size, steps))


def _share(engine: str, steps: int) -> float:
    """How many steps these are of those that the engine's card says; 1 where it is not here."""
    card = registry.cards(settings.ENGINES_ROOT).get(engine)
    return max(steps, 1) / max(card.steps, 1) if card else 1.0


def of(brief: Brief) -> float:
    """Seconds a worker will need for this brief."""
    return estimate_s(brief.engine, brief.frames, brief.native or (brief.width, brief.height), brief.steps)


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
