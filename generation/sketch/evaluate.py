"""Judge a folder of weights: `python -m generation.sketch.evaluate`.

Every figure is taken on combinations of subject, colour, place and motion that were never trained on, and
beside it stands what the same measurement says of the renderer's own clips of the same scenes. Prints the
table, and writes it with a contact sheet into the folder's card. With only an autoencoder, prints its
lines.
"""

import argparse
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from generation.sketch import scenes
from generation.sketch.clips import filmed
from generation.sketch.figures import Figure, table
from generation.sketch.scenes import scene as scene_parts
from generation.sketch.scenes import seeing
from generation.sketch.train import WORK

if TYPE_CHECKING:
    from generation.sketch.draw import Sketch
    from generation.sketch.judges import Eye

MOVES = ("pan-left", "pan-right", "tilt-up", "tilt-down", "zoom-in", "zoom-out")
WAYS = ("left", "right", "up", "down")
PARTS = ("words", "ways", "boxes", "first")
SEED = 77  # of the scenes asked for
PACED = 12  # clips by which the seconds are measured


def main(arguments: list[str] | None = None) -> dict[str, Figure]:
    asked = _parse(arguments)
    os.environ["HF_HUB_OFFLINE"] = "1"
    from generation.sketch import card, folder

    config, draws = folder.config_of(asked.weights), (asked.weights / "model_index.json").exists()
    figures = {} if asked.steps else autoencoder(asked.weights, asked.work, asked.clips)
    if not asked.steps:
        figures["megabytes"] = Figure(folder.size_mb(asked.weights), 0)
    if draws:
        figures |= drawn(asked)
    print(table(figures, config.name, whole=not asked.steps))
    if asked.card:
        card.write(asked.weights, asked.work, figures, steps=asked.steps)
    return figures


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    from generation.sketch.folder import SHIPPED

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    parser.add_argument("--work", type=Path, default=WORK, help="rendered clips and the judge are kept here")
    parser.add_argument("--clips", type=int, default=200, help="for each figure")
    parser.add_argument(
        "--steps", type=int, help="of denoising: with fewer, what a draft loses, as the card then says too"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a judge trained on few clips: figures only hint"
    )
    parser.add_argument("--processes", type=int, default=1, help="that draw at the same time, on a core each")
    parser.add_argument("--no-card", dest="card", action="store_false", help="only print")
    return parser.parse_args(arguments)


def autoencoder(weights: Path, work: Path, count: int) -> dict[str, Figure]:
    """Decibels of the autoencoder on held-out clips by which training did not even judge itself."""
    from generation.sketch import clips, fit_autoencoder, folder

    config = folder.config_of(weights)
    count = min(count, config.held_out)
    unseen = clips.prepare(work, config, config.held_out + count, held_out=True)
    vae = folder.load_vae(weights).eval()
    frame, subject = fit_autoencoder.psnr(vae, unseen, count, begin=config.held_out)
    return {"frame_db": Figure(frame, count), "subject_db": Figure(subject, count)}


def drawn(asked: argparse.Namespace) -> dict[str, Figure]:
    """The figures of what is drawn from words, boxes and stills, and how long that takes on all cores."""
    exam = examination(asked)
    figures = {"seconds": exam.pace()}
    if asked.processes == 1:
        found = [getattr(exam, part)() for part in PARTS]
    else:
        crew = ProcessPoolExecutor(asked.processes, get_context("spawn"), _on_one_core)
        with crew:
            found = list(crew.map(_part, PARTS, [asked] * len(PARTS)))
    return {name: figure for part in (figures, *found) for name, figure in part.items()}


def _on_one_core() -> None:
    import torch

    torch.set_num_threads(1)


def _part(part: str, asked: argparse.Namespace) -> dict[str, Figure]:
    return getattr(examination(asked), part)()


def examination(asked: argparse.Namespace) -> "Examination":
    """With a judge that is trained on first use, and kept."""
    from generation.sketch import clips, judges
    from generation.sketch.draw import Sketch

    sketch = Sketch(asked.weights)
    config = sketch.config
    known = clips.prepare(asked.work, config, min(400 if asked.quick else 4_000, config.clips))
    file = asked.work / config.name / f"judge-{clips.fingerprint(config)}-{len(known)}.safetensors"
    eye = judges.trained(known, file, epochs=2 if asked.quick else 8)
    return Examination(sketch, eye, asked.clips, asked.steps)


@dataclass(frozen=True)
class Trial:
    """One clip asked for, drawn in `seconds`, and drawn by the renderer; `said`: what the words asked for."""

    scene: scenes.Scene
    prompt: str
    said: scenes.Reading
    drawn: np.ndarray
    true: scenes.Clip
    seconds: float


class Examination:
    """Draws what is asked for and judges it.

    Args:
        eye: what is drawn is seen by it.
        count: clips for each figure.
        steps: of denoising; as many as a clip has if None.
    """

    def __init__(self, sketch: "Sketch", eye: "Eye", count: int, steps: int | None = None):
        self.sketch, self.config, self.eye = sketch, sketch.config, eye
        self.count, self.steps = count, steps

    def pace(self) -> Figure:
        """Seconds that a clip takes, in the middle of a few."""
        spent = [trial.seconds for trial in self._asked(min(self.count, PACED))]
        return Figure(float(np.median(spent)), len(spent))

    def words(self) -> dict[str, Figure]:
        """What is seen where words alone are given, a camera move among them: of each kind so many."""
        trials = list(self._asked(3 * self.count))
        return {**self.named(trials), **self.moves(trials), "flicker": self.flicker(trials)}

    def _asked(self, count: int) -> Iterator[Trial]:
        """Scenes of one subject, each with a camera move of its own."""
        rng = np.random.default_rng(SEED)
        for i in range(count):
            scene = replace(_one(rng), camera=scene_parts.camera(rng, MOVES[i % len(MOVES)]))
            yield self._draw(scene, rng, i, camera=True)

    def named(self, trials: list[Trial]) -> dict[str, Figure]:
        """Place, time, subject and colour, where the words say them."""
        hits: dict[str, list[tuple[bool, bool]]] = {"place": [], "time": [], "noun": [], "colour": []}
        for trial in trials:
            drawn, true = self.eye.see(trial.drawn), self.eye.see(trial.true.video)
            mention = trial.said.subjects[0] if trial.said.subjects else scenes.Mention()
            wanted = {"place": trial.said.place, "time": trial.said.time}
            wanted |= {"noun": mention.noun, "colour": mention.colour}
            for name, word in wanted.items():
                if word:
                    hits[name].append((drawn.words[name] == word, true.words[name] == word))
        return {name: _share(pairs) for name, pairs in hits.items() if pairs}

    def moves(self, trials: list[Trial]) -> dict[str, Figure]:
        """The camera's move, of each kind."""
        hits: dict[str, list[tuple[bool, bool]]] = {"pan": [], "tilt": [], "zoom": []}
        for trial in trials:
            wanted = trial.scene.camera.move
            if trial.said.move == wanted:
                seen = [seeing.move_seen(self._camera(video)) for video in (trial.drawn, trial.true.video)]
                hits[wanted.split("-")[0]].append((seen[0] == wanted, seen[1] == wanted))
        return {name: _share(pairs) for name, pairs in hits.items() if pairs}

    def ways(self) -> dict[str, Figure]:
        """The direction of the subject's motion before a camera that stands still."""
        from generation.sketch import measure

        rng = np.random.default_rng(SEED + 1)
        hits = []
        for i in range(self.count):
            scene = _one(rng, motions=WAYS)
            trial = self._draw(replace(scene, camera=scenes.Camera()), rng, i, motion=True)
            wanted = scene.subjects[0].motion
            seen = [
                measure.way(self.eye.see(video).masks, self._camera(video))
                for video in (trial.drawn, trial.true.video)
            ]
            hits.append((seen[0] == wanted, seen[1] == wanted))
        return {"motion": _share(hits)}

    def boxes(self) -> dict[str, Figure]:
        """How well a subject keeps to the boxes asked for."""
        from generation.sketch import measure

        rng = np.random.default_rng(SEED + 2)
        found = []
        for i in range(self.count):
            scene = replace(_one(rng), camera=scenes.Camera())
            trial = self._draw(scene, rng, i, boxes=True)
            asked = trial.true.boxes[0]
            frames = [f for f in range(len(asked)) if not np.isnan(asked[f]).any()]
            pair = []
            for video in (trial.drawn, trial.true.video):
                masks = self.eye.see(video).masks
                pair.append(np.mean([measure.overlap(measure.box(masks[f]), asked[f]) for f in frames]))
            found.append(pair)
        drawn, true = np.mean(found, axis=0)
        return {"boxes": Figure(float(drawn), len(found), float(true))}

    def first(self) -> dict[str, Figure]:
        """Whether a clip begins with the frame it was given."""
        from generation.sketch import measure

        rng = np.random.default_rng(SEED + 3)
        found = []
        for i in range(self.count):
            trial = self._draw(_one(rng), rng, i, first=True)
            found.append(measure.psnr(trial.drawn[0], trial.true.video[0]))
        return {"first_db": Figure(float(np.mean(found)), len(found))}

    def flicker(self, trials: list[Trial]) -> Figure:
        """The ratio of the means over all clips."""
        from generation.sketch import measure

        drawn = np.mean([measure.flicker(trial.drawn) for trial in trials])
        true = np.mean([measure.flicker(trial.true.video) for trial in trials])
        return Figure(float(drawn / true), len(trials), 1.0)

    def _camera(self, video: np.ndarray) -> np.ndarray:
        return seeing.camera_seen(video, self.eye.see(video).masks)

    def _draw(
        self,
        scene: scenes.Scene,
        rng: np.random.Generator,
        seed: int,
        *,
        camera: bool = False,
        motion: bool = False,
        boxes: bool = False,
        first: bool = False,
    ) -> Trial:
        true = filmed(scene, self.config)
        prompt, said = _prompt(scene, rng, camera=camera, motion=motion)
        given: dict[str, Any] = {"boxes": true.boxes} if boxes else {}
        given |= {"first": true.video[0]} if first else {}
        given |= {"steps": self.steps} if self.steps else {}
        began = time.perf_counter()
        drawn = self.sketch.draw(prompt, seed=seed, **given)
        return Trial(scene, prompt, said, drawn, true, time.perf_counter() - began)


def _one(rng: np.random.Generator, motions: tuple[str, ...] = ()) -> scenes.Scene:
    """A held-out scene of one subject, moving in one of the ways asked for."""
    while True:
        scene = scenes.sample(rng, held_out=True)
        if len(scene.subjects) == 1 and (not motions or scene.subjects[0].motion in motions):
            return scene


def _prompt(
    scene: scenes.Scene, rng: np.random.Generator, *, camera: bool, motion: bool
) -> tuple[str, scenes.Reading]:
    """Words that say place, time, subject and colour, and what moves where that is judged."""
    for _ in range(2_000):
        prompt = scenes.caption(scene, rng)
        said = scenes.parse(prompt)
        mention = said.subjects[0] if said.subjects else scenes.Mention()
        enough = said.place and said.time and mention.noun and mention.colour
        if enough and (said.move or not camera) and (mention.motion or not motion):
            break
    return prompt, said


def _share(pairs: list[tuple[bool, bool]]) -> Figure:
    drawn, true = np.mean(np.array(pairs, float), axis=0) * 100
    return Figure(float(drawn), len(pairs), float(true))


if __name__ == "__main__":
    main()
