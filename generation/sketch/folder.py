"""The folder of weights: diffusers parts in half precision, our control beside them, and how far they are.

    vae/ text_encoder/ transformer/ tokenizer/ scheduler/ model_index.json    what `WanPipeline` reads
    control/            the steering module
    training.json       the configuration's name, steps and hours of each part
    training.jsonl      the log: step, seconds, losses, decibels
    README.md SHA256SUMS samples.png    the card, written by `evaluate`

Until the transformer has been trained to its last step the shipped folder has no model_index.json, so that
nobody takes it for an engine; what is trained of it is carried along, for the next sitting to go on from.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch

from generation.sketch import parts
from generation.sketch.config import CONFIGS, Config
from generation.sketch.control import Control

SHIPPED = Path(__file__).parent / "weights"
PROGRESS, LOG, SUMS, INDEX = "training.json", "training.jsonl", "SHA256SUMS", "model_index.json"


def progress(folder: Path) -> dict[str, Any]:
    """What `training.json` says: {"config": …, "autoencoder": {"step": …, "trained_s": …}, …}, or {}."""
    file = folder / PROGRESS
    return json.loads(file.read_text()) if file.exists() else {}


def config_of(folder: Path) -> Config:
    return CONFIGS[progress(folder)["config"]]


def note_progress(folder: Path, config: Config, part: str, step: int, trained_s: float) -> None:
    facts = {"config": config.name, **progress(folder)}
    facts[part] = {"step": step, "trained_s": round(trained_s)}
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / PROGRESS, json.dumps(facts, indent=2) + "\n")


def save_part(folder: Path, name: str, part: Any) -> None:
    """Write one part in half precision, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as scratch:
        place = Path(scratch, name)
        if isinstance(part, torch.nn.Module):
            kept = {key: value.detach().clone() for key, value in part.state_dict().items()}
            dtypes = {value.dtype for value in kept.values()}
            try:
                part.save(place) if isinstance(part, Control) else part.half().save_pretrained(place)  # type: ignore[operator]
            finally:
                part.to(next(iter(dtypes)))
                part.load_state_dict(kept)
        else:
            part.save_pretrained(place)
        for file in place.rglob("*"):
            file.chmod(0o644)  # transformers writes for the owner alone
        shutil.rmtree(folder / name, ignore_errors=True)
        place.rename(folder / name)


def save_rest(folder: Path) -> None:
    """The parts that are not trained, and the index that makes the folder a WanPipeline."""
    save_part(folder, "tokenizer", parts.tokenizer())
    save_part(folder, "scheduler", parts.scheduler())
    index = {
        "_class_name": "WanPipeline",
        "boundary_ratio": None,
        "expand_timesteps": False,
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
        "text_encoder": ["transformers", "UMT5EncoderModel"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "transformer": ["diffusers", "WanTransformer3DModel"],
        "transformer_2": [None, None],
        "vae": ["diffusers", "AutoencoderKLWan"],
    }
    _put(folder / INDEX, json.dumps(index, indent=2) + "\n")


def load_vae(folder: Path) -> Any:
    """The autoencoder in full precision."""
    from diffusers import AutoencoderKLWan

    return AutoencoderKLWan.from_pretrained(
        folder / "vae", local_files_only=True, use_safetensors=True, dtype=torch.float32
    )


def ship(source: Path, target: Path = SHIPPED) -> None:
    """Copy a folder of weights into the project, with the digests of its files; see above for the index."""
    target.mkdir(parents=True, exist_ok=True)
    whole = is_whole(source)
    if not whole:
        (target / INDEX).unlink(missing_ok=True)
    for item in sorted(source.iterdir()):
        if item.name.startswith(".") or item.suffix == ".tmp" or (item.name == INDEX and not whole):
            continue
        if item.is_dir():
            shutil.copytree(item, target / item.name, dirs_exist_ok=True)
        else:
            shutil.copy2(item, target / item.name)
    sign(target)


def is_whole(folder: Path) -> bool:
    """Whether all steps of the transformer's training are done."""
    done = progress(folder).get("transformer", {"step": 0})["step"]
    return done >= config_of(folder).fit_transformer.steps


def take_up(target: Path, config: Config) -> None:
    """Begin a folder of weights with the shipped ones and their log, if they are of this configuration."""
    if not target.exists() and progress(SHIPPED).get("config") == config.name:
        ship(SHIPPED, target)


def sign(folder: Path) -> None:
    """Write SHA256SUMS over the weights and settings."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".safetensors", ".json"})
    lines = [f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    _put(folder / SUMS, "".join(lines))


def size_mb(folder: Path) -> float:
    """Megabytes (10^6) of the weights and settings."""
    files = (path for path in folder.rglob("*") if path.suffix in {".safetensors", ".json"})
    return sum(path.stat().st_size for path in files) / 1e6


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.tmp")
    part.write_text(text)
    os.replace(part, path)
