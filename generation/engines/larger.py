"""A take drawn larger: its latents are enlarged, covered with noise again, and drawn on from there.

Source: C. Meng et al., SDEdit: Guided Image Synthesis and Editing with Stochastic Differential Equations,
arXiv:2108.01073, on latents, with the straight paths of flow matching: x = (1 - σ) z + σ noise.
"""

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from generation.engines.base import Brief, EngineProblem
from generation.engines.stages import Kept

FOREIGN = "These latents are another engine's, or are of weights that have been changed. Draw a new take."


def begun(pipe: Any, brief: Brief, whole: Kept) -> Kept:
    """A take's latents at the brief's size, as noisy as they would be after `brief.from_step` steps.

    Args:
        pipe: whose scheduler says how noisy that is; it is left as it is.
        whole: of the whole take, (channels, t, h, w); t stays.

    Raises:
        EngineProblem: they are foreign, half drawn or of another length, or its scheduler matches no flow.
    """
    import torch
    from torch.nn.functional import interpolate

    _check(pipe, brief, whole)
    small = torch.from_numpy(whole.latents.astype(np.float32))
    sides = [
        side * wanted // was
        for side, wanted, was in zip(
            small.shape[-2:],
            (brief.height, brief.width),
            (whole.brief.height, whole.brief.width),
            strict=True,
        )
    ]
    clean = interpolate(small, size=sides, mode="bilinear", align_corners=False)
    seeded = torch.Generator("cpu").manual_seed(brief.seed)  # the same on any card
    noise = torch.randn(clean.shape, generator=seeded)
    sigma = _noisy(pipe.scheduler, brief)
    return Kept(brief, ((1 - sigma) * clean + sigma * noise).numpy(), brief.from_step)


def _check(pipe: Any, brief: Brief, whole: Kept) -> None:
    was = whole.brief
    if (was.engine, was.revision, was.frames) != (brief.engine, brief.revision, brief.frames):
        raise EngineProblem(FOREIGN)
    if whole.steps < was.steps or whole.latents.ndim != 4:
        raise EngineProblem("These latents are not a whole take's. Draw a new take.")
    if "flow" not in getattr(pipe.scheduler.config, "prediction_type", "flow"):
        raise EngineProblem("This engine cannot begin half way, so it draws no take larger.")


def _noisy(scheduler: Any, brief: Brief) -> float:
    """σ, 0..1, before the first step that is drawn."""
    own = copy.deepcopy(scheduler)
    own.set_timesteps(brief.steps)
    return float(own.sigmas[brief.from_step])


def rounded(latents: Any, dtype: str) -> Any:
    """The latents as they are kept, so that what is decoded now can be decoded again; in their own dtype."""
    import torch

    return latents if _written(dtype) == np.float32 else latents.to(torch.float16).to(latents.dtype)


def kept(briefs: Sequence[Brief], latents: Any, dtype: str) -> list[Kept]:
    """Whole takes' latents (takes, channels, t, h, w), rounded before, as they are kept."""
    rows = latents.float().cpu().numpy().astype(_written(dtype))
    return [Kept(brief, row, brief.steps) for brief, row in zip(briefs, rows, strict=True)]


def _written(dtype: str) -> type[np.floating]:
    """How latents of an engine are kept that draws in `dtype`: half precision needs half the room."""
    return np.float32 if dtype == "float32" else np.float16
