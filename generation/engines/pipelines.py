"""What all adapters over diffusers share: loading, words, steps, cancelling and decoding.

An adapter says which pipelines its folder may hold, what its card is unless told otherwise, and how a brief
becomes the pipeline's own arguments. Denoising and decoding are apart, so that latents can be kept between.
"""

import inspect
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from generation.engines import enlarge, larger, stages
from generation.engines.base import Brief, Card, EngineProblem, OnStep, telling
from generation.engines.watching import watched

Keep = Callable[["stages.Kept"], object]  # what is done with latents before they are decoded
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "DIFFUSERS_DISABLE_REMOTE_CODE": "1"}
MOST_TEXTS = 16  # encoded prompts that an engine keeps on the card, some ten megabytes each


def prepare() -> None:
    """Set what torch and the hub's libraries read once, when they are first imported."""
    os.environ.update(OFFLINE)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # waiting threads that spin starve a shared machine


class PipelineEngine:
    """A diffusers pipeline in a local folder. One instance per process; pipelines are not thread-safe.

    Attributes:
        KIND: what its folder holds, for people: “Wan text to video”.
        PIPELINES: class names that the folder's model_index.json may have; the first one drives it.
        CARD: what its card says unless the organiser says otherwise.
    """

    KIND: ClassVar[str]
    PIPELINES: ClassVar[tuple[str, ...]]
    CARD: ClassVar[Card]

    def __init__(self, folder: Path, card: Card):
        prepare()
        self.folder = folder
        self.card = card
        self._pipe: Any = None
        self._texts = stages.Remembered(MOST_TEXTS)

    @classmethod
    def card_of(cls, folder: Path) -> Card:
        """What the family's card says of the pipeline in `folder`, as far as its files tell."""
        return cls.CARD

    def software(self) -> str:
        """The libraries and number format that pixels also depend on."""
        return libraries(self.card.dtype)

    def draw(
        self, brief: Brief, *, on_step: OnStep, keep: "Keep | None" = None, **pictures: Any
    ) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB; see `Engine.draw`.

        Raises:
            EngineProblem: the brief breaks one of the card's rules.
        """
        return self.draw_many([brief], on_step=on_step, pictures=[pictures], keep=keep)[0]

    def draw_many(
        self,
        briefs: Sequence[Brief],
        *,
        on_step: OnStep,
        pictures: Sequence[Mapping[str, Any]] = (),
        keep: "Keep | None" = None,
    ) -> list[np.ndarray]:
        """Draw several in one call, or one after the other where the pipeline cannot; see `Engine`.

        Raises:
            EngineProblem: a brief breaks one of the card's rules, or they do not belong together.
        """
        given = [
            stages.prepare(self.card, brief, pictures[i] if pictures else {})
            for i, brief in enumerate(briefs)
        ]
        if len({brief.batch_key for brief in briefs}) != 1:
            raise EngineProblem("Only takes that differ in words and seed alone are drawn together.")
        canvas = [self._on_canvas(brief) for brief in briefs]
        together = self.card.batchable and self.together(briefs[0]) and not briefs[0].latents
        if len(briefs) > 1 and not together:
            clips = self._in_turn(canvas, given, on_step, keep)
        else:
            clips = self._drawn(canvas, given, on_step, keep)
        return [_enlarged(clip, brief) for clip, brief in zip(clips, briefs, strict=True)]

    def _on_canvas(self, brief: Brief) -> Brief:
        """The brief as its pipeline is called: what is enlarged afterwards is small until then."""
        width, height = self.card.canvas(brief)
        return replace(brief, width=width, height=height, native=None)

    def _drawn(
        self, briefs: Sequence[Brief], given: list[dict[str, Any]], on_step: OnStep, keep: "Keep | None"
    ) -> list[np.ndarray]:
        """Clips of briefs that go through the pipeline in one call; kept before they are decoded."""
        go_on = larger.begun(self.pipe(), briefs[0], given[0]["latents"]) if briefs[0].latents else None
        latents = self.denoise(briefs, given, on_step=on_step, go_on=go_on)
        if self.card.larger:
            latents = larger.rounded(latents, self.card.dtype)
        if keep is not None:
            for one in larger.kept(briefs, latents, self.card.dtype):
                keep(one)
        return self.decode(latents)

    def _in_turn(
        self, briefs: Sequence[Brief], given: list[dict[str, Any]], on_step: OnStep, keep: "Keep | None"
    ) -> list[np.ndarray]:
        drawn: list[np.ndarray] = []
        tell = telling(on_step)
        for turn, brief in enumerate(briefs):
            share = partial(_share, tell, turn, len(briefs), brief.steps)
            drawn += self._drawn([brief], [given[turn]], share, keep)
        return drawn

    # What an adapter says of its pipeline

    def together(self, brief: Brief) -> bool:
        """Whether several takes of this brief go through the pipeline in one call."""
        return True

    def pipe_for(self, brief: Brief) -> Any:
        """The pipeline that draws this brief: the folder's own, or another one around the same weights."""
        return self.pipe()

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        """What the pipeline is called with besides words, seeds and the form of its output."""
        return sized(brief)

    def encoded(self, pipe: Any, brief: Brief) -> dict[str, Any]:
        """The pipeline's arguments for the brief's words, each a tensor with one row or None."""
        embeds, negative = pipe.encode_prompt(
            prompt=[brief.prompt],
            negative_prompt=[brief.negative],
            do_classifier_free_guidance=brief.guidance > 1,
            max_sequence_length=self.card.max_sequence_length,
            device=pipe._execution_device,
        )
        return {"prompt_embeds": embeds, "negative_prompt_embeds": negative}

    def shaped(self, pipe: Any, brief: Brief, latents: Any) -> Any:
        """From the pipeline's layout of latents to (takes, channels, t, h, w)."""
        return latents

    def pixels(self, pipe: Any, latents: Any) -> Any:
        """Decode (takes, channels, t, h, w) to a tensor (takes, 3, F, H, W) of -1..1."""
        raise NotImplementedError

    # The stages

    def encode_text(self, pipe: Any, briefs: Sequence[Brief]) -> dict[str, Any]:
        """All words as the pipeline's arguments, a row a brief; the same words are encoded once."""
        import torch

        rows = []
        for brief in briefs:
            key = (brief.prompt, brief.negative, brief.guidance > 1)
            with torch.no_grad():
                rows.append(self._texts.get(key, partial(self.encoded, pipe, brief)))
        return {
            name: None if first is None else torch.cat([row[name] for row in rows])
            for name, first in rows[0].items()
        }

    def denoise(
        self,
        briefs: Sequence[Brief],
        given: Sequence[dict[str, Any]],
        *,
        on_step: OnStep,
        go_on: "stages.Kept | None" = None,
    ) -> Any:
        """From noise to latents: a tensor (takes, channels, t, h, w) on the engine's device.

        Args:
            given: prepared pictures of each brief; those of the first count, since they are the same.
            go_on: latents from which the one brief is gone on with, in place of noise.
        """
        import torch

        brief, pipe = briefs[0], self.pipe_for(briefs[0])
        shaped = partial(self.shaped, pipe, brief)
        seeds = [torch.Generator("cpu").manual_seed(brief.seed) for brief in briefs]  # the same on any card
        with freed(pipe), _from_step(pipe, go_on) as begun, watched(pipe.scheduler, telling(on_step), shaped):
            drawn = pipe(
                **self.encode_text(pipe, briefs),
                **self.dials(pipe, brief, given[0]),
                **begun,
                generator=seeds if len(seeds) > 1 else seeds[0],
                output_type="latent",
            )
        return shaped(drawn.frames)

    def decode(self, latents: Any) -> list[np.ndarray]:
        """Latents (takes, channels, t, h, w), a tensor or an array, to clips (F, H, W, 3) uint8.

        One take after the other: decoding is what takes most memory, and no pixel depends on its neighbours.
        """
        import torch

        pipe = self.pipe()
        with torch.no_grad(), freed(pipe):
            given = torch.as_tensor(latents).to(device(), pipe.vae.dtype)
            return [uint8(self.pixels(pipe, one[None]))[0] for one in given]

    def pipe(self) -> Any:
        """The pipeline, read from the folder on first use."""
        if self._pipe is None:
            self._pipe = self.load()
        return self._pipe

    def load(self) -> Any:
        """Read the pipeline from disk: safetensors only, no hub, no remote code."""
        import diffusers
        import torch

        hush()
        loading: Any = diffusers.DiffusionPipeline
        found = loading.load_config(self.folder, local_files_only=True).get("_class_name")
        if found not in self.PIPELINES:
            raise EngineProblem(f"The folder holds a {found}, not {self.KIND}.")
        pipe: Any = getattr(diffusers, self.PIPELINES[0]).from_pretrained(
            self.folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=getattr(torch, self.card.dtype),
        )
        pipe.set_progress_bar_config(disable=True)
        return pipe.to(device())


class RepaintingEngine(PipelineEngine):
    """From words; after a clip, another pipeline around the same weights.

    Attributes:
        REPAINTER: that other pipeline's class in diffusers.
    """

    REPAINTER: ClassVar[str]

    def together(self, brief: Brief) -> bool:
        """A source is encoded for one take at a time."""
        return not brief.source

    def pipe_for(self, brief: Brief) -> Any:
        pipe = self.pipe()
        return self.repainter(pipe) if brief.source else pipe

    def repainter(self, pipe: Any) -> Any:
        """The pipeline that draws after a clip, of those parts of `pipe` that it takes."""
        import diffusers

        factory = getattr(diffusers, self.REPAINTER)
        taken = inspect.signature(factory).parameters
        other = factory(**{name: part for name, part in pipe.components.items() if name in taken})
        other.set_progress_bar_config(disable=True)
        return other

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        dials = sized(brief)
        if brief.source:
            del dials["num_frames"]  # as many as the source
            dials |= {"video": images(given["source"]), "strength": reached(brief)}
        return dials


def reached(brief: Brief) -> float:
    """The strength, but at least that of one step; below it nothing would be drawn."""
    return max(brief.strength, 1 / brief.steps)


def _enlarged(clip: np.ndarray, brief: Brief) -> np.ndarray:
    if brief.native is None:
        return clip
    return enlarge.enlarged(clip, (brief.width, brief.height), window=brief.native, how=brief.enlarge)


def settings_of(folder: Path, part: str) -> dict[str, Any]:
    """The config.json of a part of the pipeline in `folder`; empty where there is none that can be read."""
    try:
        return dict(json.loads((folder / part / "config.json").read_text()))
    except (OSError, ValueError, TypeError):
        return {}


def sized(brief: Brief) -> dict[str, Any]:
    """The arguments that most pipelines share."""
    return {
        "width": brief.width,
        "height": brief.height,
        "num_frames": brief.frames,
        "num_inference_steps": brief.steps,
        "guidance_scale": brief.guidance,
    }


def uint8(video: Any) -> list[np.ndarray]:
    """A decoded tensor (takes, 3, F, H, W) of -1..1 as clips (F, H, W, 3) uint8."""
    shares = video.float().div(2).add(0.5).clamp(0, 1).permute(0, 2, 3, 4, 1).cpu().numpy()
    return [np.rint(clip * 255).astype(np.uint8) for clip in shares]


def images(clip: np.ndarray) -> list[Any]:
    """Frames (F, H, W, 3) or (F, H, W) uint8 as pictures, which is how pipelines take them."""
    from PIL import Image

    return [Image.fromarray(np.ascontiguousarray(frame)) for frame in clip]


def image(still: np.ndarray) -> Any:
    """A still (H, W, 3) uint8 as a picture."""
    return images(still[None])[0]


@contextmanager
def freed(pipe: Any) -> Iterator[None]:
    """Let go of what offloading holds, also after an exception."""
    try:
        yield
    finally:
        pipe.maybe_free_model_hooks()


@contextmanager
def _from_step(pipe: Any, kept: "stages.Kept | None") -> Iterator[dict[str, Any]]:
    """Let the pipeline leave out the steps that kept latents have taken already.

    Raises:
        EngineProblem: its scheduler remembers earlier steps, which are gone.
    """
    if kept is None:
        yield {}
        return
    import torch

    scheduler = pipe.scheduler
    remembers = type(scheduler).__name__ != "FlowMatchEulerDiscreteScheduler"
    if remembers and not kept.brief.latents:  # latents with fresh noise on them have no earlier steps
        raise EngineProblem("Only pipelines with an Euler scheduler can be gone on with; draw it anew.")

    real, begin = scheduler.set_timesteps, scheduler.set_begin_index

    def set_timesteps(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        whole.append(scheduler.timesteps)
        scheduler.timesteps = scheduler.timesteps[kept.steps :]
        begin(kept.steps)

    def set_begin_index(index: int = 0) -> None:  # pipelines begin with 0, and have read their times by then
        scheduler.timesteps = whole[-1]  # some schedulers count from their end how many are left
        begin(index + kept.steps)

    whole: list[Any] = []
    scheduler.set_timesteps, scheduler.set_begin_index = set_timesteps, set_begin_index
    try:
        yield {"latents": torch.from_numpy(kept.latents[None]).float().to(device())}
    finally:
        del scheduler.set_timesteps, scheduler.set_begin_index


def _share(tell: Any, turn: int, turns: int, steps: int, step: int) -> None:
    """Tell of a step of one of several clips as of a step of them all; nobody's latents are all of theirs."""
    tell((turn * steps + step) // turns, None)


def hush() -> None:
    """Draw no progress bars while loading, and warn of nothing: a warning may quote a prompt in the log."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    for logging in (diffusers_logging, transformers_logging):
        logging.disable_progress_bar()
        logging.set_verbosity_error()


def libraries(dtype: str) -> str:
    """“diffusers 0.42.1, torch 2.13.0, float32 on cpu”."""
    import diffusers
    import torch

    return f"diffusers {diffusers.__version__}, torch {torch.__version__}, {dtype} on {device()}"


def device() -> str:
    """Where torch draws here."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
