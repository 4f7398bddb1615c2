"""Finishing: what is done to a take once it is drawn makes another take of it.

It is a job like any other, on the same queue and the same allowance, but no engine draws it: the worker reads
the take's clip and works on its frames. What was wished for stands in the new take's wish and recipe.
"""

import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from festival import archive
from festival.media import binaries, frames
from festival.media import finishing as tools
from generation import entering
from generation.engines.base import Brief, Card, EngineProblem
from generation.models import FINISHING, Clip, Job, Take

ENGINE = FINISHING
STEPS = 100  # per cent
TOOLS = ("denoise", "steady", "upscale", "fps", "exposure", "contrast", "saturation", "kelvin")
A_FRAME_S = {"denoise": 0.05, "steady": 0.2, "upscale": 1.0, "fps": 1.0}  # a megapixel, on one core; a guess
MADE_WITH = ("dtype", "licence", "scheduler", "weights")  # of a recipe
MOST_BYTES = 4 * 1024**3  # of frames in memory at a time: what goes in and what comes out
GONE = "The take to finish is not here any more, so nothing could be done to it. Choose another."


@dataclass(frozen=True)
class Done:
    """A clip that was worked on, with what it says of itself."""

    video: np.ndarray
    brief: Brief
    card: Card


def wish_for(clip: Clip, said: Mapping[str, Any]) -> tools.Wish:
    """The wish that these words of TOOLS make for a clip; “lanczos” is a size, as ffmpeg has it."""
    known = {name: said[name] for name in TOOLS if name in said}
    wish = tools.Wish(**known)
    if wish.upscale == "lanczos":
        wish = replace(wish, upscale="", size=(2 * clip.width, 2 * clip.height))
    return wish


def why_not(clip: Clip, said: Mapping[str, Any]) -> str:
    """Can this be done to the clip? "" for yes, else a sentence."""
    wish = wish_for(clip, said)
    if wish == tools.Wish():
        return "Choose at least one thing that is to be done to the take."
    if why := wish.why_not(size=(clip.width, clip.height), fps=clip.fps):
        return why
    done = _brief(clip, wish)
    if 2 * 3 * done.frames * done.width * done.height > MOST_BYTES:
        return "A clip so large does not fit into a worker's memory. Ask for fewer frames, or leave its size."
    return ""


def _meant(said: Mapping[str, Any]) -> dict[str, Any]:
    """What of TOOLS is not as it would be without saying anything."""
    nothing = tools.Wish()
    return {name: said[name] for name in TOOLS if name in said and said[name] != getattr(nothing, name)}


def ask(take: Take, *, by, **said: Any) -> Take:
    """Ask for a take that is this one finished; this one stays as it is.

    Args:
        said: any of TOOLS, as `festival.media.finishing.Wish` reads them.

    Raises:
        Refused: `by` does not share the production, the take is not drawn, or `by` may have nothing drawn.
        Unacceptable: the wish is empty, or cannot be done to this clip.
    """
    said = _meant(said)

    def queued(clip: Clip, **whose: Any) -> Job:
        brief, estimate_s = _brief(clip, wish_for(clip, said)), estimate(clip, said)
        return entering.queue(brief, **whose, estimate_s=estimate_s, engine=ENGINE, batch_key="", steps=STEPS)

    can = partial(why_not, said=said)
    return entering.make_of(take, queued, by=by, way=Take.Way.FINISHED, why_not=can, finish=said)


def estimate(clip: Clip, said: Mapping[str, Any]) -> float:
    """Seconds that a worker will need for it, roughly."""
    wish = wish_for(clip, said)
    width, height = _size(clip, wish)
    whole = clip.duration_s * (wish.fps or clip.fps) * width * height / 1e6
    return max(1.0, math.fsum(A_FRAME_S.get(name, 0.05) for name in said if name in TOOLS) * whole)


def _size(clip: Clip, wish: tools.Wish) -> tuple[int, int]:
    times = 2 if wish.upscale else 1
    return wish.size or (clip.width * times, clip.height * times)


def _brief(clip: Clip, wish: tools.Wish) -> Brief:
    """The clip's own brief at its new size and rate, drawn after the clip itself."""
    width, height = _size(clip, wish)
    rate = int(wish.fps or clip.fps)
    count = round(clip.brief["frames"] * rate / clip.fps)
    changes = {"frames": count, "fps": rate, "width": width, "height": height, "source": clip.sha256}
    return replace(Brief(**clip.brief), **changes)


# What a worker does


def finish(job: Job) -> Done:
    """Do to the parent's clip what the job's take wishes for; each second it beats, and may be cancelled.

    Raises:
        Stopped: the job was cancelled, or taken over.
        EngineProblem: the clip is gone, or a tool is missing here.
    """
    take = Take.objects.select_related("parent__clip").filter(job=job).first()
    clip = take.parent.clip if take and take.parent else None
    if take is None or clip is None or not archive.exists(clip.path):
        raise EngineProblem(GONE)
    job.beat(step=1)
    said = take.wish["finish"]
    if why := why_not(clip, said):
        raise EngineProblem(why)
    settings.SCRATCH_ROOT.mkdir(parents=True, exist_ok=True)
    with archive.local(clip.path) as film, tempfile.TemporaryDirectory(dir=settings.SCRATCH_ROOT) as folder:
        video, _ = tools.finished(
            frames.read_mp4(film),
            fps=clip.fps,
            wish=wish_for(clip, said),
            folder=Path(folder),
            on_progress=lambda percent: job.beat(step=max(1, min(percent, STEPS - 1))),
        )
    software = f"{clip.software}, {binaries.ffmpeg_version()}: {in_words(said)}"[:200]
    return Done(video, replace(Brief(**job.brief), software=software), _card(clip))


def recipe(job: Job) -> dict[str, Any]:
    """What a finished take's recipe says besides: the tools with their values, and what they were used on.

    The engine and its weights are those the parent was made with, whatever stands in their place now.
    """
    take = Take.objects.select_related("parent").get(job=job)
    made_with = {name: take.parent.recipe[name] for name in MADE_WITH if name in take.parent.recipe}
    return made_with | {"finish": take.wish["finish"], "parent_sha256": job.brief["source"]}


def _card(clip: Clip) -> Card:
    """What drew the clip, as far as the clip itself tells; its engine may be gone by now."""
    return Card(
        name=clip.engine,
        title=clip.engine,
        family="",
        revision=clip.revision,
        licence=clip.licence,
        summary="",
        fps=clip.fps,
        shortest_s=clip.duration_s,
        longest_s=clip.duration_s,
        sizes={clip.aspect: (clip.width, clip.height)},
        random_weights=clip.random_weights,
        procedural=clip.procedural,
    )


def in_words(said: Mapping[str, Any]) -> str:
    """“grain taken out 0.5, steadied, 24 frames a second”: what was done, for people and recipes."""
    words = {
        "denoise": "grain taken out {:g}",
        "steady": "steadied",
        "fps": "{:g} frames a second",
        "exposure": "exposure {:+g} stops",
        "contrast": "contrast {:g}",
        "saturation": "saturation {:g}",
        "kelvin": "{:g} kelvin",
    }
    ways = {"lanczos": "enlarged smoothly", "realesrgan": "enlarged by Real-ESRGAN"}
    done = [
        ways.get(said[name], "enlarged") if name == "upscale" else words[name].format(said[name])
        for name in TOOLS
        if name in said
    ]
    return ", ".join(done)
