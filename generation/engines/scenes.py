"""Scenes: procedural drawing. A programme reads the prompt's words and draws; nothing in it was trained.

It stands in where no model is installed, and its card says plainly that it is not AI.
"""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from generation.engines import stages
from generation.engines.base import Brief, Card, EngineProblem, OnStep, telling
from generation.sketch import scenes

DISSOLVE = 0.3  # of the clip: how long a still takes to give way to the drawing
MOST_SHOWN = 8  # frames of a preview
CARD = Card(
    name="scenes",
    title="Scenes",
    family="scenes",
    revision="unset",
    licence="CC0-1.0",
    vendor="made on this machine",
    summary=(
        "Procedural drawing, not AI: a programme reads the words it knows (places, hours, weather, twelve "
        "subjects, how they and the camera move) and draws them like cut paper. Other words change nothing. "
        "A stroke pushes the nearest subject, and a still dissolves into the drawing."
    ),
    procedural=True,
    inputs=(
        "text",
        "first_frame",
        "last_frame",
        "extend",
        "camera",
        "boxes",
        "strokes",
        "keyframes",
    ),
    batchable=True,
    commercial=True,
    fps=24,
    shortest_s=1,
    longest_s=6,
    sizes={"16:9": (640, 360), "1:1": (480, 480), "9:16": (360, 640)},
    steps=12,
    guidance=0,
    dtype="none",
    pixel_step=8,
)


def build(folder: Path, *, card: Card = CARD) -> Card:
    """Make the engine's folder: nothing but its card, whole or not at all; returns the card."""
    card = replace(card, revision=revision())
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".card-", delete=False) as part:
        part.write(card.to_json())
    Path(part.name).replace(folder / "engine.json")
    return card


@cache
def revision() -> str:
    """The first 16 digits of a SHA-256 over the drawing's source: what pixels depend on besides numpy."""
    total = hashlib.sha256()
    for path in sorted(Path(scenes.__file__).parent.glob("*.py")):
        total.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


class ScenesEngine:
    """The drawing programme behind the same promise as a model."""

    def __init__(self, folder: Path, card: Card):
        self.folder = folder
        self.card = card

    def software(self) -> str:
        """The programme and the library that pixels depend on."""
        return f"Marquee Scenes {revision()}, numpy {np.__version__}"

    def draw(self, brief: Brief, *, on_step: OnStep, **pictures: Any) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB; see `Engine.draw`. A step is a run of frames.

        Since it has no latents, it shows after each step some of the frames that are drawn by then.

        Raises:
            EngineProblem: the brief breaks one of the card's rules, or the programme has changed since.
        """
        return self.draw_many([brief], on_step=on_step, pictures=[pictures])[0]

    def draw_many(
        self, briefs: Sequence[Brief], *, on_step: OnStep, pictures: Sequence[Mapping[str, Any]] = ()
    ) -> list[np.ndarray]:
        """Draw several side by side, a run of frames of each at every step; see `Engine.draw_many`."""
        given = pictures or [{}] * len(briefs)
        sets = [self._set(brief, known) for brief, known in zip(briefs, given, strict=True)]
        first, tell = briefs[0], telling(on_step)
        clips = np.empty((len(briefs), first.frames, first.height, first.width, 3), np.uint8)
        for step, run in enumerate(np.array_split(np.arange(first.frames), first.steps)):
            for clip, (shoot, shown) in zip(clips, sets, strict=True):
                for f in run.tolist():
                    clip[f] = dissolved(shoot.frame(f)[0], f, shown)
            tell(step, partial(few, clips[:, : run[-1] + 1] if len(run) else clips))
        return list(clips)

    def _set(self, brief: Brief, given: Mapping[str, Any]) -> tuple[scenes.Shoot, list["Shown"]]:
        """What stands before the camera, and the stills that are seen through it."""
        ready = stages.prepare(self.card, brief, given)
        if self.card.revision != revision():
            raise EngineProblem(
                f"{self.card.title} has learnt to draw otherwise since it was installed. `manage.py engines "
                "scenes` installs it anew."
            )
        scene = scenes.compose(scenes.parse(brief.prompt), brief.seed)
        size = {"frames": brief.frames, "width": brief.width, "height": brief.height, "fps": brief.fps}
        path = np.array(brief.camera, np.float32) if brief.camera else None
        shoot = scenes.Shoot(scene, camera_path=path, **size)
        shoot.places = placed(shoot.places, brief)
        return shoot, stills(brief, ready)


@dataclass(frozen=True)
class Shown:
    """A still that is seen wholly in one frame and dissolves into the drawing before and after it."""

    still: np.ndarray  # (height, width, 3) uint8
    frame: int
    strength: float
    reach: float  # frames

    def share(self, frame: int) -> float:
        """How much of it is seen in a frame, 0..1."""
        near = max(0.0, 1 - abs(frame - self.frame) / self.reach)
        return self.strength * near * near * (3 - 2 * near)


def stills(brief: Brief, ready: Mapping[str, Any]) -> list[Shown]:
    """The stills of a brief where they stand in time; of a clip to go on from, its last frame."""
    last = brief.frames - 1
    rows = [(ready["first"], 0.0, 1.0)] if "first" in ready else []
    rows += [(ready["extend"][-1], 0.0, 1.0)] if "extend" in ready else []
    rows += [(ready["last"], 1.0, 1.0)] if "last" in ready else []
    for (time, _, strength), still in zip(brief.keyframes, ready.get("keyframes", ()), strict=True):
        rows.append((still, time, strength))
    reach = max(1.0, DISSOLVE * brief.frames)
    return [Shown(still, round(time * last), strength, reach) for still, time, strength in rows]


def dissolved(drawn: np.ndarray, frame: int, shown: Sequence[Shown]) -> np.ndarray:
    """A drawn frame with what is seen of the stills in it."""
    if not shown:
        return drawn
    picture = drawn.astype(np.float32)
    for one in shown:
        share = one.share(frame)
        picture += share * (one.still - picture)
    return np.rint(picture).astype(np.uint8)


def placed(places: np.ndarray, brief: Brief) -> np.ndarray:
    """(S, F, 4): where the subjects go once boxes and brush strokes have had their say.

    A box takes the subject that the words name in its turn. A stroke carries the subject that stands nearest
    to where it begins; both are ways through the frame, whatever the camera does.
    """
    places = np.array(places, float)
    absent = (np.nan,) * 4
    for subject, boxes in enumerate(brief.boxes[: len(places)]):
        places[subject] = [absent if box is None else box for box in boxes]
    for stroke in brief.strokes if len(places) else ():
        way = np.array(stroke)
        middles = (places[:, :, :2] + places[:, :, 2:]) / 2
        far = np.linalg.norm(np.nan_to_num(middles[:, 0], nan=9.0) - way[0], axis=1)
        nearest = int(far.argmin())
        carried = middles[nearest, 0] + way - way[0]
        places[nearest] += np.tile(carried - middles[nearest], 2)
    return places


def few(clips: np.ndarray) -> np.ndarray:
    """(takes, t, h, w, 3) uint8: a few of the frames that are drawn by now, for a preview."""
    frames = np.linspace(0, clips.shape[1] - 1, min(clips.shape[1], MOST_SHOWN)).astype(int)
    return clips[:, frames]
