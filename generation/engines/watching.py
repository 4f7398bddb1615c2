"""Seeing each step of a diffusers pipeline, and stopping it there.

The scheduler's `step` is the one function that every pipeline calls once a step, also those without a
callback; wrapped, it tells of progress and lets an exception leave the loop, so that nothing half-drawn is
ever decoded.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from itertools import count
from typing import Any

import numpy as np

from generation.engines.base import Latents


@dataclass(frozen=True)
class Seen:
    """What one step came to; called, it computes the clean latents as far as they are known by now.

    Args:
        asked: the arguments of the scheduler's step.
        out: what it returned.
        shaped: from the pipeline's own layout of latents to (takes, channels, t, h, w).
    """

    scheduler: Any
    asked: dict[str, Any]
    out: Any
    shaped: Callable[[Any], Any]

    def __call__(self) -> np.ndarray:
        """(takes, channels, t, h, w) float32, predicted to be clean: for previews."""
        return self.shaped(clean(self.scheduler, self.asked, self.out)).float().cpu().numpy()

    def reached(self) -> np.ndarray:
        """(takes, channels, t, h, w) float32, as noisy as they are after this step: to go on with later."""
        after = self.out[0] if isinstance(self.out, tuple) else self.out.prev_sample
        return self.shaped(after).float().cpu().numpy()


@contextmanager
def watched(
    scheduler: Any, tell: Callable[[int, Latents | None], None], shaped: Callable[[Any], Any]
) -> Iterator[None]:
    """Tell of each step that `scheduler` takes while this lasts, and of what it came to.

    Args:
        tell: called with the number of the step and with a function that computes the clean latents.
        shaped: from the pipeline's own layout of latents to (takes, channels, t, h, w).
    """
    real, numbers = scheduler.step, count()
    signature = inspect.signature(real)

    @wraps(real)  # pipelines look at its signature for what else it takes
    def step(*args: Any, **kwargs: Any) -> Any:
        asked = signature.bind(*args, **kwargs).arguments
        out = real(*args, **kwargs)
        tell(next(numbers), Seen(scheduler, asked, out, shaped))
        return out

    scheduler.step = step
    try:
        yield
    finally:
        del scheduler.step  # the class's own is underneath


def clean(scheduler: Any, asked: dict[str, Any], out: Any) -> Any:
    """What a step predicts the latents to be without noise: x0, in the pipeline's layout.

    Schedulers that compute it return it. Flow matching has x0 = x - σ v; where each token has a time of its
    own the pipelines pass -v.
    """
    if not isinstance(out, tuple):
        out = (out.prev_sample, getattr(out, "pred_original_sample", None))
    if len(out) > 1 and out[1] is not None:
        return out[1]
    sample, said = asked["sample"].float(), asked["model_output"].float()
    times = asked.get("per_token_timesteps")
    scale = scheduler.config.num_train_timesteps
    if times is not None:
        return sample + times[..., None].float() / scale * said
    if "flow" in getattr(scheduler.config, "prediction_type", "flow"):
        return sample - float(asked["timestep"]) / scale * said
    return out[0]  # no cheaper guess than where the step led
