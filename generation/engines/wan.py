"""Wan, text to video, through diffusers.

Source: Wan team, Wan: Open and Advanced Large-Scale Video Generative Models, arXiv:2503.20314; the rules
on frames (4k + 1) and sides (multiples of 16) are those of diffusers' WanPipeline.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from generation.engines.base import Brief, Card, EngineProblem

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "DIFFUSERS_DISABLE_REMOTE_CODE": "1"}


def prepare() -> None:
    """Set what torch and the hub's libraries read once, when they are first imported."""
    os.environ.update(OFFLINE)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # waiting threads that spin starve a shared machine


class WanEngine:
    """A Wan pipeline in a local folder. One instance per process; pipelines are not thread-safe."""

    def __init__(self, folder: Path, card: Card):
        prepare()
        self.folder = folder
        self.card = card
        self._pipe: Any = None

    def software(self) -> str:
        """The libraries and number format that pixels also depend on."""
        return libraries(self.card.dtype)

    def draw(self, brief: Brief, *, on_step: Callable[[int], None]) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB; see `Engine.draw`.

        Raises:
            EngineProblem: the brief breaks one of the card's rules.
        """
        if why := self.card.why_not(brief):
            raise EngineProblem(why)
        pipe = self.pipe()
        import torch

        def after(_pipe, step, _timestep, tensors):
            on_step(step)  # raising here leaves the loop, so that nothing half-drawn is ever decoded
            return tensors

        try:
            video = pipe(
                prompt=brief.prompt,
                width=brief.width,
                height=brief.height,
                num_frames=brief.frames,
                num_inference_steps=brief.steps,
                guidance_scale=brief.guidance,
                max_sequence_length=self.card.max_sequence_length,
                generator=torch.Generator("cpu").manual_seed(brief.seed),  # the same noise on any card
                callback_on_step_end=after,
                output_type="np",
            ).frames[0]
        finally:
            pipe.maybe_free_model_hooks()
        return np.rint(np.clip(video, 0, 1) * 255).astype(np.uint8)

    def pipe(self) -> Any:
        """The pipeline, read from the folder on first use."""
        if self._pipe is None:
            self._pipe = _load(self.folder, self.card)
        return self._pipe


def _load(folder: Path, card: Card) -> Any:
    """Read the pipeline from disk: safetensors only, no hub, no remote code."""
    import torch
    from diffusers import DiffusionPipeline, WanPipeline

    hush()
    loaded = DiffusionPipeline.from_pretrained(
        folder,
        local_files_only=True,
        use_safetensors=True,
        dtype=getattr(torch, card.dtype),
    )
    if not isinstance(loaded, WanPipeline):
        raise EngineProblem(f"The folder holds a {type(loaded).__name__}, not Wan text to video.")
    pipe: Any = loaded
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(device())


def hush() -> None:
    """Draw no progress bars while loading: a worker's log is no terminal."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()


def libraries(dtype: str) -> str:
    """“diffusers 0.42.1, torch 2.13.0, float32 on cpu”."""
    import diffusers
    import torch

    return f"diffusers {diffusers.__version__}, torch {torch.__version__}, {dtype} on {device()}"


def device() -> str:
    """Where torch draws here."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
