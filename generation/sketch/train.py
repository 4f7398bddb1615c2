"""Train Sketch: `python -m generation.sketch.train --config cpu --hours 2`.

Renders the clips, trains the autoencoder, encodes the clips, trains the transformer; each part goes on
where the last sitting stopped, or from the shipped weights when this machine has no state. Weights appear
in WORK/CONFIG/weights; `--ship` copies them into the project. When all steps are done, `evaluate` judges
them.
"""

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from generation.sketch.config import CONFIGS, Config

WORK = Path(os.environ.get("SKETCH_WORK", "var/sketch"))
PARTS = ("autoencoder", "transformer")


def main(arguments: list[str] | None = None) -> None:
    asked = _parse(arguments)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin starve a shared machine
    os.environ["HF_HUB_OFFLINE"] = "1"
    from generation.sketch import clips, folder

    config = CONFIGS[asked.config]
    folder.take_up(asked.work / config.name / "weights", config)
    wanted = config.clips_autoencoder if asked.part == "autoencoder" else config.clips
    clips.prepare(asked.work, config, wanted, workers=asked.processes)
    clips.prepare(asked.work, config, config.held_out, held_out=True, workers=asked.processes)
    if asked.processes > 1:
        import torch.multiprocessing

        with tempfile.TemporaryDirectory() as meeting:
            torch.multiprocessing.spawn(_work, (asked, Path(meeting, "store")), asked.processes)
    else:
        _work(0, asked, None)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--config", choices=CONFIGS, required=True)
    parser.add_argument(
        "--work", type=Path, default=WORK, help="clips, latents and states; not in the project"
    )
    parser.add_argument("--hours", type=float, help="stop after so many hours")
    parser.add_argument("--until", help="stop at HH:MM UTC")
    parser.add_argument("--part", choices=PARTS, help="only this one")
    parser.add_argument(
        "--processes", type=int, default=1, help="each with batches of its own, gradients averaged"
    )
    parser.add_argument("--threads", type=int, default=0, help="of each process; 0: torch's choice")
    parser.add_argument("--ship", action="store_true", help="copy the weights into the project at the end")
    parser.add_argument("--no-evaluate", dest="evaluate", action="store_false")
    asked = parser.parse_args(arguments)
    asked.stop = _stop(asked)
    return asked


def _stop(asked: argparse.Namespace) -> float | None:
    """`time.time()` at which to stop, None for never."""
    if asked.until:
        now = datetime.now(UTC)
        hour, minute = map(int, asked.until.split(":"))
        end = now.replace(hour=hour, minute=minute, second=0)
        return (end if end > now else end + timedelta(days=1)).timestamp()
    return None if asked.hours is None else time.time() + asked.hours * 3600


def _work(rank: int, asked: argparse.Namespace, meeting: Path | None) -> None:
    """One process of the training."""
    import torch

    from generation.sketch import fit_autoencoder, fit_transformer, folder
    from generation.sketch.sitting import Place

    config = CONFIGS[asked.config]
    if asked.threads:
        torch.set_num_threads(asked.threads)
    place = Place(config, asked.work, asked.stop, rank, asked.processes, meeting)
    fits = {"autoencoder": fit_autoencoder.fit, "transformer": fit_transformer.fit}
    for part in PARTS:
        if asked.part in (None, part) and not fits[part](place):
            break
    if rank == 0:
        if asked.ship:
            folder.ship(place.weights)
        if asked.evaluate and folder.is_whole(place.weights):
            from generation.sketch import evaluate

            evaluate.main(["--weights", str(place.weights), "--work", str(asked.work), *_quick(config)])


def _quick(config: Config) -> list[str]:
    return ["--clips", "4", "--quick"] if config.name == "tiny" else []


if __name__ == "__main__":
    main()
