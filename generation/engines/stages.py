"""From a brief to a signed file in stages, each one verb with what it takes and gives.

prepare → encode text → denoise → decode → finish → mark → encode → sign

`encode text`, `denoise` and `decode` belong to an engine (see `pipelines.PipelineEngine`); this module holds
what is around them, and what is kept between them: words are encoded once, and latents can be written down
and decoded again, or gone on with, later.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from festival.media import finishing
from festival.media import frames as files
from festival.provenance import credentials
from generation.engines.base import Brief, Card, EngineProblem
from generation.engines.inputs import PICTURES

STAGES = ("prepare", "encode text", "denoise", "decode", "finish", "mark", "encode", "sign")
STILLS = ("first", "last")  # (h, w, 3); `keyframes` and `references` are tuples of them
CLIPS = ("source", "control")  # (f, h, w, 3), brought to the brief's number of frames; `extend` keeps its own
GREY = 127  # what stands where nothing is known


def prepare(card: Card, brief: Brief, given: Mapping[str, Any]) -> dict[str, Any]:
    """The brief's pictures at the size it is drawn at and its length, or a refusal before anything is loaded.

    Args:
        given: as `Engine.draw` takes them.

    Returns:
        the same names: stills (height, width, 3), clips (frames, height, width, 3), the mask
        (frames, height, width), all uint8; reference pictures and latents as they are.

    Raises:
        EngineProblem: the brief breaks a rule of the card, or a picture is missing or none.
    """
    if why := card.why_not(brief):
        raise EngineProblem(why)
    for name in (*PICTURES, "latents"):
        if bool(getattr(brief, name)) != (given.get(name) is not None):
            raise EngineProblem(f"The brief and the pictures that came with it differ in “{name}”.")
    size = card.canvas(brief)
    ready: dict[str, Any] = {"latents": given["latents"]} if brief.latents else {}
    for name in STILLS:
        if given.get(name) is not None:
            ready[name] = fitted(_checked(given[name], 3, name), size)
    for name in (*CLIPS, "extend"):
        if given.get(name) is not None:
            clip = _checked(given[name], 4, name)
            ready[name] = lasting(fitted_clip(clip, size), brief.frames if name in CLIPS else len(clip))
    if given.get("mask") is not None:
        ready["mask"] = _mask(given["mask"], brief.frames, size)
    if brief.keyframes:
        stills = _as_many(given["keyframes"], brief.keyframes, "keyframes")
        ready["keyframes"] = tuple(fitted(_checked(still, 3, "keyframes"), size) for still in stills)
    if brief.references:
        stills = _as_many(given["references"], brief.references, "references")
        ready["references"] = tuple(_checked(still, 3, "references") for still in stills)
    return ready


def fitted(still: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A still (h, w, 3) at `size`, width and height; what has another shape loses its sides."""
    if (still.shape[1], still.shape[0]) == size:
        return still
    return np.asarray(ImageOps.fit(Image.fromarray(still), size, Image.Resampling.LANCZOS))


def fitted_clip(clip: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A clip (f, h, w, 3) at `size`, frame by frame."""
    return np.stack([fitted(frame, size) for frame in clip])


def lasting(clip: np.ndarray, frames: int) -> np.ndarray:
    """The clip with so many frames, each the one that is nearest in time."""
    return clip[np.rint(np.linspace(0, len(clip) - 1, frames)).astype(int)]


def _checked(picture: Any, dimensions: int, name: str) -> np.ndarray:
    array = np.asarray(picture)
    if array.ndim != dimensions or array.shape[-1] != 3 or array.dtype != np.uint8 or 0 in array.shape:
        raise EngineProblem(f"What was given as “{name}” is no RGB picture of eight bits a channel.")
    return array


def _as_many(pictures: Any, rows: tuple, name: str) -> Any:
    if len(pictures) != len(rows):
        raise EngineProblem(f"The brief and the pictures that came with it differ in “{name}”.")
    return pictures


def _mask(mask: Any, frames: int, size: tuple[int, int]) -> np.ndarray:
    """A mask of one frame or many as (frames, height, width) uint8 of 0 and 255."""
    array = np.asarray(mask)
    if array.ndim not in (2, 3) or array.dtype != np.uint8 or 0 in array.shape:
        raise EngineProblem("A mask is a grey picture, or one for each frame: white is drawn anew.")
    clip = lasting(array if array.ndim == 3 else array[None], frames)
    pictures = [ImageOps.fit(Image.fromarray(frame), size, Image.Resampling.NEAREST) for frame in clip]
    return np.where(np.stack([np.asarray(picture) for picture in pictures]) > GREY, 255, 0).astype(np.uint8)


class Remembered:
    """What the last few inputs gave, by their digest: the same words are encoded once."""

    def __init__(self, most: int):
        self.most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept for `key`; what `make` makes, if nothing is."""
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)


@dataclass(frozen=True)
class Kept:
    """Latents after some steps of a brief, (channels, t, h, w), to be decoded or gone on with.

    They are float16 where the engine draws in half precision, else float32.
    """

    brief: Brief
    latents: np.ndarray
    steps: int  # that were taken

    def save(self, path: Path) -> None:
        """Write a safetensors file that holds the brief as well."""
        from safetensors.numpy import save_file

        about = json.dumps({"brief": asdict(self.brief), "steps": self.steps}, sort_keys=True)
        # in one piece: the library writes several in any order, and the same latents are the same file
        save_file({"latents": np.ascontiguousarray(self.latents)}, path, metadata={"kept": about})

    @classmethod
    def load(cls, path: Path) -> "Kept":
        """Read such a file.

        Raises:
            EngineProblem: it is none.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                about = json.loads((file.metadata() or {})["kept"])
                return cls(Brief(**about["brief"]), file.get_tensor("latents"), int(about["steps"]))
        except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
            raise EngineProblem(f"{path.name} holds no latents of ours: {error}") from error


def finish(
    video: np.ndarray, *, fps: int, wish: finishing.Wish, folder: Path
) -> tuple[np.ndarray, Fraction | int]:
    """Frames with what is wished for done to them, and how many a second; see `festival.media.finishing`.

    Args:
        video: (F, H, W, 3) uint8.
        folder: to work in; nothing of it is needed afterwards.

    Raises:
        EngineProblem: the wish cannot be done.
    """
    try:
        return finishing.finished(video, fps=fps, wish=wish, folder=folder)
    except ValueError as problem:
        raise EngineProblem(str(problem)) from problem


def mark(video: np.ndarray, brief: Brief) -> np.ndarray:
    """Frames with the invisible mark; there is none yet, so that they pass as they are.

    Args:
        video: (F, H, W, 3) uint8 at the brief's size.

    Raises:
        EngineProblem: they are not the brief's frames.
    """
    if video.shape[1:] != (brief.height, brief.width, 3) or video.dtype != np.uint8:
        raise EngineProblem("What was drawn is not the size that was asked for.")
    return video


def encode(video: np.ndarray, path: Path, *, fps: Fraction | int) -> Path:
    """Write the frames as an MP4; see `festival.media.frames`."""
    files.write_mp4(video, path, fps=fps)
    return path


def sign(
    raw: Path, signed: Path, *, facts: credentials.GeneratedFacts, authority: credentials.Authority
) -> Path:
    """Write the file anew with its Content Credentials; see `festival.provenance.credentials`."""
    credentials.sign_clip(raw, signed, facts=facts, authority=authority)
    return signed
