"""What every video engine promises, and the plain data it exchanges with the site."""

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Protocol

import numpy as np

from generation.engines.inputs import ENLARGED, INPUTS, given, why_not_given
from generation.engines.inputs import MOST_BOXES as MOST_BOXES  # callers read it here

LARGEST_SEED = 2**32 - 1
LEAST_SIDE = 64  # pixels of what is drawn at half size; less shows nothing
Box = tuple[float, float, float, float]
Point = tuple[float, float]
Latents = Callable[[], np.ndarray]
OnStep = Callable[..., Any]


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
    negative: str = ""  # words on what it should keep away from
    last: str = ""  # SHA-256 of the still it ends with
    extend: str = ""  # SHA-256 of the clip it goes on from
    source: str = ""  # SHA-256 of the clip it is drawn after: restyled, or filled in where the mask is white
    strength: float = 0.6  # how far it may go from the source, or from the latents, 0..1
    mask: str = ""  # SHA-256 of a still or clip as large as the source; white is drawn anew
    control: str = ""  # SHA-256 of a clip that shows where things are and go, such as an animatic's
    poses: tuple[tuple[float, ...], ...] = ()  # a frame: its camera-to-world matrix, 4 × 4 row by row
    strokes: tuple[tuple[Point, ...], ...] = ()  # a point that is carried, a frame: x y, 0..1
    keyframes: tuple[tuple[float, str, float], ...] = ()  # time 0..1, SHA-256 of the still, strength 0..1
    references: tuple[str, ...] = ()  # SHA-256 of pictures of who and what is seen
    latents: str = ""  # SHA-256 of a take's latents, of which it is drawn larger

    def __post_init__(self) -> None:
        """Rows that come out of JSON as lists of whole numbers are the same rows."""
        object.__setattr__(self, "native", self.native and tuple(self.native))
        for name in ("strength", "camera", "boxes", "poses", "strokes", "keyframes", "references"):
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
    def from_step(self) -> int:
        """How many of its steps are left out, since latents are there to go on from; 0 without them."""
        return self.steps - taken(self.steps, self.strength) if self.latents else 0

    @property
    def drawn_at(self) -> str:
        """“96 × 54, enlarged smoothly”, which is no resolution; "" for what is drawn at its own size."""
        if self.native is None:
            return ""
        return f"{self.native[0]} × {self.native[1]}, enlarged {ENLARGED[self.enlarge]}"

    @property
    def batch_key(self) -> str:
        """What briefs that are drawn in one call have in common: all but their words and their seeds."""
        apart = {"prompt", "negative", "seed", "software"}
        shared = {name: value for name, value in asdict(self).items() if name not in apart}
        return hashlib.sha256(json.dumps(shared, sort_keys=True).encode()).hexdigest()


# Left out of the digest while nothing is said there, so that clips from before these fields keep theirs.
LATER: dict[str, Any] = {
    "native": None,
    "enlarge": "smooth",
    "strength": 0.6,
    **dict.fromkeys(("first", "negative", "last", "extend", "source", "mask", "control", "latents"), ""),
    **dict.fromkeys(("camera", "boxes", "poses", "strokes", "keyframes", "references"), ()),
}


def taken(steps: int, strength: float) -> int:
    """Of so many steps those that are drawn at this strength: one at least."""
    return max(1, round(strength * steps))


def _rows(said: Any) -> Any:
    """Rows of numbers as tuples of floats; whatever else stands there stays, and breaks a rule later."""
    if isinstance(said, list | tuple):
        return tuple(map(_rows, said))
    return float(said) if isinstance(said, int) else said


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
    inputs: tuple[str, ...] = ("text",)  # what it can be given: "text" and keys of `inputs.INPUTS`
    needs: tuple[str, ...] = ()  # which of them it cannot do without
    batchable: bool = False  # several takes in one call, each equal to its solo run
    cancellable: bool = True  # a cancel acts within one step, and nothing is decoded
    territory: str = ""  # where its licence holds, in words, where that is not everywhere
    commercial: bool | None = None  # whether its licence allows commercial use; None: not stated
    memory: tuple[tuple[int, int, int, int], ...] = ()  # width, height, frames, bytes at the peak: measured
    eased: tuple[tuple[int, int, int, int], ...] = ()  # the same with all eased that `memory.Ladder` can
    draft_steps: int = 0  # of a first look; 0: as many as of others
    larger: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # aspect → takes drawn larger

    @classmethod
    def from_json(cls, text: str) -> "Card":
        """Read a card.

        Raises:
            EngineProblem: it is no JSON object, lacks a field, or has one that no card knows.
        """
        try:
            facts = json.loads(text)
            sizes = {aspect: (int(width), int(height)) for aspect, (width, height) in facts["sizes"].items()}
            larger = {aspect: (int(w), int(h)) for aspect, (w, h) in facts.get("larger", {}).items()}
            native = tuple(map(int, facts["native"])) if facts.get("native") else None
            named = {name: tuple(facts[name]) for name in ("inputs", "needs") if name in facts}
            measured = {
                name: tuple(tuple(map(int, row)) for row in facts.get(name, ()))
                for name in ("memory", "eased")
            }
            card = cls(**{**facts, **named, **measured, "sizes": sizes, "larger": larger, "native": native})
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
        sizes = [*self.sizes.values(), *self.larger.values()]
        if not self.sizes or any(side % self.pixel_step for size in sizes for side in size):
            return f"give sizes in multiples of {self.pixel_step} pixels"
        if not 0 < self.shortest_s <= self.longest_s or self.fps <= 0 or self.steps <= 0:
            return "give a range of seconds, frames a second and steps above nought"
        if unknown := {*self.inputs, *self.needs} - {"text", *INPUTS}:
            return f"its inputs name {', '.join(sorted(unknown))}, which no brief holds"
        if any(len(row) != 4 or min(row) <= 0 for row in (*self.memory, *self.eased)):
            return "rows of memory are width, height, frames and bytes"
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

    @property
    def terms(self) -> str:
        """“Apache-2.0, commercial use allowed”: the licence with what an organiser must know of it."""
        use = {True: "commercial use allowed", False: "no commercial use", None: ""}[self.commercial]
        return ", ".join(filter(None, [self.licence, use, self.territory]))

    def peak_bytes(self, frames: int, size: tuple[int, int], *, takes: int = 1) -> int | None:
        """Memory that drawing so many frames of this width and height takes at its peak; None: not measured.

        It grows in a straight line with the pixels of all frames of all takes.
        """
        return _on_the_line(self.memory, frames * size[0] * size[1] * takes)

    def least_bytes(self, brief: Brief) -> int | None:
        """Memory without which this brief cannot be drawn, whatever is eased; None: not measured."""
        width, height = brief.native or (brief.width, brief.height)
        return _on_the_line(self.eased, brief.frames * width * height)

    def smaller(self, brief: Brief) -> Brief | None:
        """The same drawn at half the width and height and enlarged; None where that is too small to do."""
        half = self._half((brief.width, brief.height))
        return replace(brief, native=half) if half and not (brief.native or brief.latents) else None

    def larger_size(self, brief: Brief) -> tuple[int, int] | None:
        """Width and height at which a take of this brief, if of words alone, can be drawn larger, or None."""
        if not self.larger or {*given(brief)} - {"negative"}:
            return None
        size = brief.width, brief.height
        aspect = next((aspect for aspect, offered in self.sizes.items() if offered == size), "")
        return size if brief.native else self.larger.get(aspect)  # what was halved gets the whole

    def _half(self, size: tuple[int, int]) -> tuple[int, int] | None:
        half = size[0] // 2, size[1] // 2
        return None if self.native or self.procedural or min(half) < LEAST_SIDE else half

    def canvas(self, brief: Brief) -> tuple[int, int]:
        """Width and height that a pipeline is given: the brief's, or room for what will be enlarged."""
        if brief.native is None or self.native:
            return brief.width, brief.height
        step = self.pixel_step
        width, height = (-(-side // step) * step for side in brief.native)
        return width, height

    def frames_for(self, seconds: float) -> int:
        """The number of frames the engine can draw that comes nearest to `seconds`."""
        return max(1, round((seconds * self.fps - 1) / self.frame_step)) * self.frame_step + 1

    def brief(
        self,
        *,
        prompt: str,
        seconds: float,
        aspect: str,
        seed: int,
        enlarge: str = "smooth",
        draft: bool = False,
        **given: Any,
    ) -> Brief:
        """The brief for a person's wish: seconds become frames, an aspect becomes pixels.

        Args:
            draft: a first look, in fewer steps where the engine has such.
            given: what a brief holds besides, by its fields: `first`, `camera`, `boxes`, …; also other
                `steps` and `guidance` than the card's.
        """
        width, height = self.sizes[aspect]
        pace = {"steps": (draft and self.draft_steps) or self.steps, "guidance": self.guidance}
        return Brief(
            engine=self.name,
            revision=self.revision,
            prompt=prompt,
            seed=seed,
            frames=self.frames_for(seconds),
            width=width,
            height=height,
            fps=self.fps,
            native=self.window((width, height)),
            enlarge=enlarge if self.native else "smooth",
            **pace | given,
        )

    def why_not(self, brief: Brief) -> str:
        """Return "" when `brief` keeps the engine's rules, else one sentence for the entrant."""
        if (brief.engine, brief.revision) != (self.name, self.revision):
            return f"{self.title} has been changed since this was asked for. Ask again."
        if brief.latents:
            if why := self._why_not_larger(brief):
                return why
        elif (brief.width, brief.height) not in self.sizes.values():
            offered = ", ".join(f"{aspect} at {w} × {h}" for aspect, (w, h) in self.sizes.items())
            return f"{self.title} draws {offered}. Choose one of them."
        if (brief.frames - 1) % self.frame_step or brief.frames < 2:
            return f"{self.title} draws {self.frame_step}k + 1 frames: {self.frames_for(1)} for a second."
        if not self.frames_for(self.shortest_s) <= brief.frames <= self.frames_for(self.longest_s):
            return f"{self.title} draws {self.shortest_s:g} to {self.longest_s:g} seconds at a time."
        if not 0 <= brief.seed <= LARGEST_SEED:
            return f"A seed is a whole number from 0 to {LARGEST_SEED}."
        if self.native is None and brief.native not in (None, self._half((brief.width, brief.height))):
            return f"{self.title} draws at the size of the shot, or at half of it. Ask again."
        return why_not_given(self.title, self.inputs, self.needs, brief)

    def _why_not_larger(self, brief: Brief) -> str:
        alone = not {*given(brief)} - {"negative"} and brief.native is None
        if not (self.larger and alone and isinstance(brief.latents, str)):
            return f"{self.title} draws no such take larger. Those drawn from words alone can be."
        if (brief.width, brief.height) not in [*self.sizes.values(), *self.larger.values()]:
            offered = ", ".join(f"{w} × {h}" for w, h in self.larger.values())
            return f"{self.title} draws takes larger at {offered}. Choose one of these sizes."
        return ""


def _on_the_line(rows: tuple[tuple[int, int, int, int], ...], asked: int) -> int | None:
    """Bytes for so many pixels of all frames, on the line through measured rows; None without any."""
    if not rows:
        return None
    points = sorted((width * height * frames, peak) for width, height, frames, peak in rows)
    if asked > points[-1][0]:
        (small, low), (large, high) = points[-2] if len(points) > 1 else (0, 0), points[-1]
        return round(high + (high - low) * (asked - large) / max(large - small, 1))
    volumes, peaks = zip(*points, strict=True)
    return round(float(np.interp(asked, volumes, peaks)))


class Engine(Protocol):
    """One family of video models. An engine knows tensors; it knows no film, user or database."""

    card: Card

    def software(self) -> str:
        """The libraries and number format that pixels also depend on: "diffusers 0.42.1, …"."""

    def draw(self, brief: Brief, *, on_step: OnStep, **pictures: Any) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB, sRGB transfer, 0-255.

        `on_step(i, latents)` is called after each denoising step i, from 0; it may raise to stop the work,
        and then nothing is decoded. `latents()` computes what the step takes the clean clip to be,
        (takes, channels, t, h, w) float32, for previews; an engine without latents passes None.
        An `on_step` of one argument is given the number alone: see `telling`.

        Args:
            pictures: what the brief names by SHA-256, RGB uint8 of any size: `first` and `last`
                (h, w, 3); `extend`, `source` and `control` (f, h, w, 3); `mask` (h, w) or (f, h, w),
                white is drawn anew; `keyframes` and `references`, tuples of stills in the brief's order.
        """

    def draw_many(
        self, briefs: Sequence[Brief], *, on_step: OnStep, pictures: Sequence[Mapping[str, Any]] = ()
    ) -> list[np.ndarray]:
        """Draw briefs of one `batch_key` in one call, each within 1e-5 of what `draw` draws alone.

        Only engines whose card says `batchable` have it.

        Args:
            pictures: for each brief what `draw` would be given; empty if none is given any.

        Where the card has `larger` sizes, this and `draw` take `keep` as well, called with each brief's
        `stages.Kept` in turn before any is decoded; what is drawn larger is given one, as `latents`.
        """


def telling(on_step: OnStep) -> Callable[[int, Latents | None], None]:
    """`on_step` as a function of the step and its latents, also where it cares for the step alone."""
    try:
        takes_both = _takes_two(inspect.signature(on_step))
    except ValueError:  # written in C, without a signature
        takes_both = False
    if takes_both:
        return lambda step, latents: on_step(step, latents)
    return lambda step, latents: on_step(step)


def _takes_two(signature: inspect.Signature) -> bool:
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    one = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(kind in one for kind in kinds) >= 2 or inspect.Parameter.VAR_POSITIONAL in kinds
