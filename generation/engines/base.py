"""What every video engine promises, and the plain data it exchanges with the site."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Protocol

import numpy as np

LARGEST_SEED = 2**32 - 1


class EngineProblem(Exception):
    """An engine cannot be used or cannot draw this; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything that decides what is drawn; the same brief gives the same pixels."""

    engine: str
    revision: str  # of the weights, so that a clip can be traced to exact parameters
    prompt: str
    seed: int
    frames: int
    width: int  # pixels
    height: int  # pixels
    fps: int  # frames per second
    steps: int = 30
    guidance: float = 5.0  # classifier-free guidance scale, dimensionless
    software: str = ""  # "diffusers 0.42.1, torch 2.13.0, float32": filled in by the engine that draws

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: file name and provenance id in one."""
        canonical = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def prompt_sha256(self) -> str:
        """SHA-256 of the words in UTF-8: proves them without telling them."""
        return hashlib.sha256(self.prompt.encode()).hexdigest()

    @property
    def duration_s(self) -> float:
        return self.frames / self.fps


@dataclass(frozen=True, slots=True)
class Card:
    """What people are told about an engine before they choose it; the file `engine.json`."""

    name: str
    title: str
    family: str  # which adapter drives it: a key of `registry.FAMILIES`
    revision: str
    licence: str  # SPDX id or address of the terms; shown beside the tool, kept in the disclosure
    summary: str  # one or two plain sentences on what it draws
    fps: int
    shortest_s: float
    longest_s: float
    sizes: Mapping[str, tuple[int, int]]  # aspect → (width, height) in pixels
    vendor: str = ""
    random_weights: bool = False  # never trained: what it draws is noise
    procedural: bool = False  # a drawing programme, not AI
    steps: int = 30
    guidance: float = 5.0
    max_sequence_length: int = 512  # tokens of the prompt that the text encoder reads
    dtype: str = "float32"
    frame_step: int = 4  # it draws frame_step · k + 1 frames
    pixel_step: int = 16  # width and height are multiples of it

    @classmethod
    def from_json(cls, text: str) -> "Card":
        """Read a card.

        Raises:
            EngineProblem: it is no JSON object, lacks a field, or has one that no card knows.
        """
        try:
            facts = json.loads(text)
            sizes = {aspect: (int(width), int(height)) for aspect, (width, height) in facts["sizes"].items()}
            card = cls(**{**facts, "sizes": sizes})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise EngineProblem(f"Its engine.json cannot be read: {error}.") from error
        if gaps := card.gaps():
            raise EngineProblem(f"Its engine.json is not complete: {gaps}.")
        return card

    def gaps(self) -> str:
        """What makes the card unusable, "" if nothing."""
        words = ("name", "title", "family", "revision", "licence", "summary")
        if missing := [word for word in words if not getattr(self, word)]:
            return "say its " + ", ".join(missing)
        if not self.sizes or any(side % self.pixel_step for size in self.sizes.values() for side in size):
            return f"give sizes in multiples of {self.pixel_step} pixels"
        if not 0 < self.shortest_s <= self.longest_s or self.fps <= 0 or self.steps <= 0:
            return "give a range of seconds, frames a second and steps above nought"
        return ""

    def to_json(self) -> str:
        facts = {f.name: getattr(self, f.name) for f in fields(self)}
        return json.dumps({**facts, "sizes": {k: list(v) for k, v in self.sizes.items()}}, indent=2) + "\n"

    def frames_for(self, seconds: float) -> int:
        """The number of frames the engine can draw that comes nearest to `seconds`."""
        return max(1, round((seconds * self.fps - 1) / self.frame_step)) * self.frame_step + 1

    def brief(self, *, prompt: str, seconds: float, aspect: str, seed: int) -> Brief:
        """The brief for a person's wish: seconds become frames, an aspect becomes pixels."""
        width, height = self.sizes[aspect]
        return Brief(
            engine=self.name,
            revision=self.revision,
            prompt=prompt,
            seed=seed,
            frames=self.frames_for(seconds),
            width=width,
            height=height,
            fps=self.fps,
            steps=self.steps,
            guidance=self.guidance,
        )

    def why_not(self, brief: Brief) -> str:
        """Return "" when `brief` keeps the engine's rules, else one sentence for the entrant."""
        if (brief.engine, brief.revision) != (self.name, self.revision):
            return f"{self.title} has been changed since this was asked for. Ask again."
        if (brief.width, brief.height) not in self.sizes.values():
            offered = ", ".join(f"{aspect} at {w} × {h}" for aspect, (w, h) in self.sizes.items())
            return f"{self.title} draws {offered}. Choose one of them."
        if brief.frames % self.frame_step != 1:
            return f"{self.title} draws {self.frame_step}k + 1 frames: {self.frames_for(1)} for a second."
        if not self.frames_for(self.shortest_s) <= brief.frames <= self.frames_for(self.longest_s):
            return f"{self.title} draws {self.shortest_s:g} to {self.longest_s:g} seconds at a time."
        if not 0 <= brief.seed <= LARGEST_SEED:
            return f"A seed is a whole number from 0 to {LARGEST_SEED}."
        return ""


class Engine(Protocol):
    """One family of video models. An engine knows tensors; it knows no film, user or database."""

    card: Card

    def software(self) -> str:
        """The libraries and number format that pixels also depend on: "diffusers 0.42.1, …"."""

    def draw(self, brief: Brief, *, on_step: Callable[[int], None]) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB, sRGB transfer, 0-255.

        `on_step(i)` is called after each denoising step i, from 0; it may raise to stop the work,
        and then nothing is decoded.
        """
