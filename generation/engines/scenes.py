"""Scenes: procedural drawing. A programme reads the prompt's words and draws; nothing in it was trained.

It stands in where no model is installed, and its card says plainly that it is not AI.
"""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from generation.engines.base import Brief, Card, EngineProblem
from generation.sketch import scenes

CARD = Card(
    name="scenes",
    title="Scenes",
    family="scenes",
    revision="unset",
    licence="CC0-1.0",
    vendor="made on this machine",
    summary=(
        "Procedural drawing, not AI: a programme reads the words it knows (places, hours, weather, twelve "
        "subjects, how they and the camera move) and draws them like cut paper. Other words change nothing."
    ),
    procedural=True,
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

    def draw(self, brief: Brief, *, on_step: Callable[[int], None]) -> np.ndarray:
        """Return (frames, height, width, 3) uint8 RGB; see `Engine.draw`. A step is a run of frames.

        Raises:
            EngineProblem: the brief breaks one of the card's rules, or the programme has changed since.
        """
        if why := self.card.why_not(brief):
            raise EngineProblem(why)
        if self.card.revision != revision():
            raise EngineProblem(
                f"{self.card.title} has learnt to draw otherwise since it was installed. `manage.py engines "
                "scenes` installs it anew."
            )
        shoot = scenes.Shoot(
            scenes.compose(scenes.parse(brief.prompt), brief.seed),
            frames=brief.frames,
            width=brief.width,
            height=brief.height,
            fps=brief.fps,
        )
        video = np.empty((brief.frames, brief.height, brief.width, 3), np.uint8)
        for step, run in enumerate(np.array_split(np.arange(brief.frames), brief.steps)):
            for f in run.tolist():
                video[f] = shoot.frame(f)[0]
            on_step(step)
        return video
