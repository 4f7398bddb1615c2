"""A small, quick engine, and takes drawn by it."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
from django.conf import settings

from festival import archive
from generation import drawing
from generation.engines import scenes
from generation.engines.base import Card
from generation.models import Clip, Job, Take

SMALL = replace(
    scenes.CARD,
    name="small",
    title="Small",
    sizes={"16:9": (128, 72), "1:1": (64, 64)},
    shortest_s=0.2,
    longest_s=2,
    fps=8,
    steps=3,
    inputs=("text", "first_frame"),
)
MODEL = replace(
    SMALL,
    name="model",
    title="Model",
    family="wan",
    revision="r1",
    procedural=False,
    sizes={"16:9": (256, 144)},
    steps=10,
    guidance=4.0,
    draft_steps=2,
)  # a model without weights: enough to ask for takes, not to draw them
INSTALLED = settings.ENGINES_ROOT  # where the session's engines are
ON_THE_DESK = {"engine": "small", "words": "a red boat at sea", "seconds": 0.6, "aspect": "16:9", "seed": 7}


def install_card(folder: Path, card: Card) -> None:
    """The folder of a model, without its weights."""
    folder.mkdir(exist_ok=True)
    (folder / "model_index.json").write_text('{"_class_name": "WanPipeline"}')
    (folder / "engine.json").write_text(card.to_json())


def drawn(take: Take) -> Take:
    """The take after a worker has been there."""
    drawing.draw(Job.objects.claim(take.job_id))
    return Take.objects.get(pk=take.pk)


def pixels(clip: Clip) -> np.ndarray:
    with archive.local(clip.path) as path, av.open(str(path)) as film:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])
