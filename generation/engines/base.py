"""What every video engine promises, and the plain data it exchanges with the site."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

import numpy as np

LARGEST_SEED = 2**32 - 1
MOST_BOXES = 2  # subjects whose way can be asked for
ENLARGED = {"smooth": "smoothly", "pixels": "pixel by pixel"}
Box = tuple[float, float, float, float]


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
    native: tuple[int, int] | None = None  # width, height of what is drawn and then enlarged; None: no other
    enlarge: str = "smooth"  # how: a key of ENLARGED
    first: str = ""  # SHA-256 of the still it begins with
    camera: tuple[tuple[float, float, float], ...] = ()  # a frame: pan x, pan y in frames, log2 zoom
    boxes: tuple[tuple[Box | None, ...], ...] = ()  # a subject, a frame: x0 y0 x1 y1, 0..1; None: absent

    def __post_init__(self) -> None:
        """Rows that come out of JSON as lists of whole numbers are the same rows."""
        object.__setattr__(self, "native", self.native and tuple(self.native))
        for name in ("camera", "boxes"):
            object.__setattr__(self, name, _rows(getattr(self, name)))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: file name and provenance id in one."""
        said = {name: value for name, value in asdict(self).items() if value != LATER.get(name, ...)}
        canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def prompt_sha256(self) -> str:
        """SHA-256 of the words in UTF-8: proves them without telling them."""
        return hashlib.sha256(self.prompt.encode()).hexdigest()

    @property
    def duration_s(self) -> float:
        return self.frames / self.fps

    @property
    def drawn_at(self) -> str:
        """“96 × 54, enlarged smoothly”, which is no resolution; "" for what is drawn at its own size."""
        if self.native is None:
            return ""
        return f"{self.native[0]} × {self.native[1]}, enlarged {ENLARGED[self.enlarge]}"


# Left out of the digest while nothing is said there, so that clips from before these fields keep theirs.
LATER: dict[str, Any] = {"native": None, "enlarge": "smooth", "first": "", "camera": (), "boxes": ()}


def _rows(given: Any) -> Any:
    """Rows of numbers as tuples of floats; whatever else stands there stays, and breaks a rule later."""
    if isinstance(given, list | tuple):
        return tuple(map(_rows, given))
    return float(given) if isinstance(given, int) else given


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
    provisional: bool = False  # trained, but short of the figures that a first choice must reach
    native: tuple[int, int] | None = None  # it draws at this width and height, and enlarges to `sizes`
    inputs: tuple[str, ...] = ("text",)  # what it can be given: also "first_frame", "camera", "boxes"

    @classmethod
    def from_json(cls, text: str) -> "Card":
        """Read a card.

        Raises:
            EngineProblem: it is no JSON object, lacks a field, or has one that no card knows.
        """
        try:
            facts = json.loads(text)
            sizes = {aspect: (int(width), int(height)) for aspect, (width, height) in facts["sizes"].items()}
            native = tuple(map(int, facts["native"])) if facts.get("native") else None
            inputs = tuple(facts.get("inputs", ("text",)))
            card = cls(**{**facts, "sizes": sizes, "native": native, "inputs": inputs})
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

    @property
    def rank(self) -> int:
        """Its place among others: 0 trained, 1 a drawing programme, 2 trained but provisional, 3 noise."""
        return 3 if self.random_weights else 2 if self.provisional else 1 if self.procedural else 0

    @property
    def kind(self) -> str:
        """What must be said beside its title; "" of a model like any other."""
        return ("", "procedural drawing, not AI", "still short of its aims", "random weights, noise")[
            self.rank
        ]

    def window(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """Width and height of the middle of the native picture that has the shape of `size`; None without."""
        if self.native is None:
            return None
        scale = min(self.native[0] / size[0], self.native[1] / size[1])
        return round(size[0] * scale), round(size[1] * scale)

    def frames_for(self, seconds: float) -> int:
        """The number of frames the engine can draw that comes nearest to `seconds`."""
        return max(1, round((seconds * self.fps - 1) / self.frame_step)) * self.frame_step + 1

    def brief(
        self, *, prompt: str, seconds: float, aspect: str, seed: int, enlarge: str = "smooth", **given: Any
    ) -> Brief:
        """The brief for a person's wish: seconds become frames, an aspect becomes pixels.

        Args:
            given: `first`, `camera` and `boxes`, as in a brief.
        """
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
            native=self.window((width, height)),
            enlarge=enlarge if self.native else "smooth",
            **given,
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
        return self._why_not_given(brief)

    def _why_not_given(self, brief: Brief) -> str:
        """The rules on what a brief may hold besides words."""
        if brief.enlarge not in ENLARGED:
            return f"A picture is enlarged in one of these ways: {', '.join(ENLARGED)}."
        for given, name, words in (
            (brief.first, "first_frame", "no still to begin with"),
            (brief.camera, "camera", "no camera path"),
            (brief.boxes, "boxes", "no boxes"),
        ):
            if given and name not in self.inputs:
                return f"{self.title} takes {words}. Choose another engine, or leave it to the words."
        if brief.camera and not _is_path(brief.camera, brief.frames):
            return f"A camera path has three numbers for each of the {brief.frames} frames."
        if len(brief.boxes) > MOST_BOXES or not all(_are_boxes(way, brief.frames) for way in brief.boxes):
            return (
                f"Boxes are for {MOST_BOXES} subjects at most: for each of the {brief.frames} frames "
                "their left, top, right and bottom, from 0 to 1."
            )
        return ""


def _is_path(path: tuple[Any, ...], frames: int) -> bool:
    return len(path) == frames and all(_are_numbers(row, 3) for row in path)


def _are_boxes(way: Any, frames: int) -> bool:
    return isinstance(way, tuple) and len(way) == frames and all(box is None or _is_box(box) for box in way)


def _is_box(box: Any) -> bool:
    return _are_numbers(box, 4) and 0 <= box[0] < box[2] <= 1 and 0 <= box[1] < box[3] <= 1


def _are_numbers(row: Any, count: int) -> bool:
    """Whether it is a row of so many finite numbers."""
    return (
        isinstance(row, tuple)
        and len(row) == count
        and all(isinstance(number, float) and math.isfinite(number) for number in row)
    )


class Engine(Protocol):
    """One family of video models. An engine knows tensors; it knows no film, user or database."""

    card: Card

    def software(self) -> str:
        """The libraries and number format that pixels also depend on: "diffusers 0.42.1, …"."""

    def draw(self, brief: Brief, *, on_step: Callable[[int], None]) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB, sRGB transfer, 0-255.

        An engine whose card takes a first frame also takes `first`, (height, width, 3) uint8 of any size,
        and is given it where the brief names one.

        `on_step(i)` is called after each denoising step i, from 0; it may raise to stop the work,
        and then nothing is decoded.
        """
