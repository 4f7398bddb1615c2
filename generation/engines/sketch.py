"""Sketch: the project's own small text-to-video model, enlarged to the size of a shot."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from generation.engines import enlarge, registry, stages
from generation.engines.base import Brief, Card, OnStep, telling
from generation.engines.pipelines import device, hush, libraries, prepare, uint8
from generation.engines.wan import wan_pixels
from generation.engines.watching import watched
from generation.sketch import config as sizes
from generation.sketch import figures, scenes

OVERLAP = 5  # frames of a clip before that it goes on from; see `sketch.draw`
SHIPPED = Path(sizes.__file__).parent / "weights"
MUST_REACH = ("frame_db", "subject_db", "pan", "tilt", "zoom")  # before it may be anybody's first choice
CARD = Card(
    name="sketch",
    title="Sketch",
    family="sketch",
    revision="unset",
    licence="Apache-2.0",
    vendor="trained by this project",
    summary="unset",
    fps=8,
    shortest_s=0.5,
    longest_s=2,
    sizes={"16:9": (768, 432), "3:2": (768, 512), "1:1": (512, 512)},
    steps=16,
    guidance=4.0,
    max_sequence_length=sizes.TEXT_LENGTH,
    pixel_step=8,
    inputs=("text", "first_frame", "last_frame", "extend", "source_video", "camera", "boxes", "strokes"),
    draft_steps=4,
    commercial=True,
)
SUMMARY = (
    "A small model that this project trained from nothing on its own drawings, in the manner of an animatic. "
    "It draws {width} × {height} pixels and the picture is then enlarged, which adds no detail.{state}"
)
STILL_SHORT = " It falls short of some of its aims; its model card has the figures."


def card(source: Path = SHIPPED) -> Card:
    """The card of the weights in `source`, a folder as `generation.sketch.folder` describes it."""
    config = _config(source)
    provisional = not _reaches(source, config)
    return replace(
        CARD,
        revision=registry.digest(source)[:16],
        summary=SUMMARY.format(
            width=config.width, height=config.height, state=STILL_SHORT if provisional else ""
        ),
        fps=config.fps,
        longest_s=config.frames // config.fps,
        native=(config.width, config.height),
        provisional=provisional,
    )


def build(folder: Path, *, source: Path = SHIPPED) -> Card:
    """Copy the weights into the engine's folder and lay the card beside them, whole or not at all."""
    made = card(source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as scratch:
        part = Path(scratch, "engine")
        shutil.copytree(source, part)
        (part / "engine.json").write_text(made.to_json())
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return made


def is_trained(source: Path = SHIPPED) -> bool:
    """Whether the weights are there, as far as a pipeline."""
    return (source / "model_index.json").is_file()


def _config(folder: Path) -> sizes.Config:
    return sizes.CONFIGS[json.loads((folder / "training.json").read_text())["config"]]


def _reaches(source: Path, config: sizes.Config) -> bool:
    """Whether the figures measured on these weights are those that a first choice needs."""
    if not (source / figures.FILE).is_file():
        return False
    found = figures.read(source)
    aims = {line.key: line.gpu if config.name == "gpu" else line.cpu for line in figures.LINES}
    return all(key in found and found[key].value >= aims[key] for key in MUST_REACH)


Over = Callable[[np.ndarray], np.ndarray]  # rows, one a frame of the brief, as one a frame of the model


class SketchEngine:
    """The small model behind the engines' promise. One instance per process, as with all pipelines."""

    def __init__(self, folder: Path, card: Card):
        prepare()
        self.folder = folder
        self.card = card
        self._sketch: Any = None

    def software(self) -> str:
        """The libraries and number format that pixels also depend on."""
        return libraries("float32")

    def draw(self, brief: Brief, *, on_step: OnStep, **pictures: Any) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB; see `Engine.draw`.

        The model draws its whole length and size; the brief gets its first frames, and their middle. Where it
        is told what to end with, a shorter brief gets frames from all of its length, so that it ends there.

        Raises:
            EngineProblem: the brief breaks one of the card's rules.
        """
        ready = stages.prepare(self.card, brief, pictures)
        sketch = self.sketch()
        frames, native = sketch.config.frames, (sketch.config.width, sketch.config.height)
        window = brief.native or native
        over = stages.lasting if brief.last else _held
        given = _steering(brief, native, window, partial(over, frames=frames))
        given |= _pictures(ready, native, window, partial(over, frames=frames))
        with watched(sketch.text.scheduler, telling(on_step), lambda latents: latents):
            video = sketch.draw(
                spoken(brief.prompt),
                seed=brief.seed,
                steps=brief.steps,
                guidance=brief.guidance,
                strength=max(brief.strength, 1 / brief.steps),
                **given,
            )
        video = stages.lasting(video, brief.frames) if brief.last else video[: brief.frames]
        return enlarge.enlarged(video, (brief.width, brief.height), window=window, how=brief.enlarge)

    def pipe(self) -> Any:
        """Its text-to-video pipeline; what it draws otherwise goes through others around the same weights."""
        return self.sketch().text

    def decode(self, latents: Any) -> list[np.ndarray]:
        """Latents (takes, channels, t, h, w), a tensor or an array, to clips (F, H, W, 3) uint8."""
        return uint8(wan_pixels(self.pipe(), latents))

    def sketch(self) -> Any:
        """The model, read from the folder on first use."""
        if self._sketch is None:
            from generation.sketch.draw import Sketch

            hush()
            self._sketch = Sketch(self.folder, device())
        return self._sketch


def spoken(prompt: str) -> str:
    """The prompt with everyday words replaced by those that the model was trained with."""
    return re.sub(
        r"[^\W\d_]+(?:-[^\W\d_]+)*", lambda found: scenes.SYNONYMS.get(found[0].lower(), found[0]), prompt
    )


def _steering(
    brief: Brief, native: tuple[int, int], window: tuple[int, int], over: Over
) -> dict[str, np.ndarray]:
    """What the brief asks for besides words, `over` as many frames as the model draws."""
    steered = {}
    if brief.camera:
        steered["camera"] = over(path(brief, native, window))
    if brief.boxes:
        steered["boxes"] = np.stack([over(way) for way in boxes(brief, native, window)])
    if brief.strokes:
        steered["strokes"] = np.stack([over(way) for way in strokes(brief, native, window)])
    return steered


def _pictures(
    ready: dict[str, Any], native: tuple[int, int], window: tuple[int, int], over: Over
) -> dict[str, np.ndarray]:
    """Stills and clips at the native size, a source `over` as many frames as the model draws."""
    small = partial(enlarge.reduced, native=native, window=window)
    given = {name: small(ready[name]) for name in stages.STILLS if name in ready}
    if "extend" in ready:
        before = ready["extend"][-OVERLAP:]
        given["extend"] = np.stack([small(frame) for frame in stages.lasting(before, OVERLAP)])
    if "source" in ready:
        given["source"] = over(np.stack([small(frame) for frame in ready["source"]]))
    return given


def path(brief: Brief, native: tuple[int, int], window: tuple[int, int]) -> np.ndarray:
    """(F, 3): the camera's path, its pans in widths and heights of the native picture."""
    seen = np.array([window[0] / native[0], window[1] / native[1], 1], np.float32)
    return np.array(brief.camera, np.float32) * seen


def boxes(brief: Brief, native: tuple[int, int], window: tuple[int, int]) -> np.ndarray:
    """(S, F, 4): the boxes in the native picture, of which the brief's frame is the middle; NaN: absent."""
    absent = (np.nan,) * 4
    ways = np.array([[absent if box is None else box for box in way] for way in brief.boxes], np.float32)
    begins = np.array(enlarge.corner(native, window) * 2, np.float32)
    return (ways * np.array(window * 2, np.float32) + begins) / np.array(native * 2, np.float32)


def strokes(brief: Brief, native: tuple[int, int], window: tuple[int, int]) -> np.ndarray:
    """(K, F, 2): the ways of points in the native picture, of which the brief's frame is the middle."""
    begins = np.array(enlarge.corner(native, window), np.float32)
    return (np.array(brief.strokes, np.float32) * np.array(window, np.float32) + begins) / np.array(
        native, np.float32
    )


def _held(rows: np.ndarray, frames: int) -> np.ndarray:
    """So many rows; what comes after the last one given is like it."""
    return np.concatenate([rows, np.repeat(rows[-1:], frames - len(rows), axis=0)])
