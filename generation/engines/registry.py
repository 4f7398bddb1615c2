"""Engines are folders: a diffusers pipeline (`model_index.json`) with a card of ours (`engine.json`).

The folder of a drawing programme, which has no weights, holds the card alone.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from generation.engines.base import Card, Engine, EngineProblem

FAMILIES = {
    "animatediff": "generation.engines.animatediff:AnimateDiffEngine",
    "cogvideox": "generation.engines.cogvideox:CogVideoXEngine",
    "cogvideox-control": "generation.engines.cogvideox:CogVideoXControlEngine",
    "cogvideox-image": "generation.engines.cogvideox:CogVideoXImageEngine",
    "ltx": "generation.engines.ltx:LtxEngine",
    "sana-wm": "generation.engines.sana:SanaEngine",
    "scenes": "generation.engines.scenes:ScenesEngine",
    "sketch": "generation.engines.sketch:SketchEngine",
    "svd": "generation.engines.svd:SvdEngine",
    "wan": "generation.engines.wan:WanEngine",
    "wan-image": "generation.engines.wan:WanImageEngine",
    "wan-vace": "generation.engines.wan:WanVaceEngine",
}
UNSET = "unset"  # the revision of a card that has none yet
PROCEDURAL = {"scenes"}  # families that draw by a programme of ours, without weights
SUMS = "SHA256SUMS"  # what an organiser installed, as sha256sum writes and checks it
OURS = {"engine.json", "preview.json", SUMS}  # files that say something of the weights, and are none of them
PICKLES = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".npy", ".npz", ".h5", ".msgpack"}


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder under the engines' root: with its card, or with what is wrong with it."""

    folder: Path
    card: Card | None
    problem: str = ""


def listings(root: Path) -> list[Listing]:
    """Every folder under `root` that wants to be an engine, usable or not, by name."""
    marks = [*root.glob("*/model_index.json"), *root.glob("*/engine.json")] if root.is_dir() else []
    return [_listing(folder) for folder in sorted({path.parent for path in marks})]


def cards(root: Path) -> dict[str, Card]:
    """The cards of the engines that can be used, by name; trained ones first, noise last."""
    usable = [listing.card for listing in listings(root) if listing.card]
    return {card.name: card for card in sorted(usable, key=lambda card: (card.rank, card.title))}


def load(root: Path, name: str) -> Engine:
    """The engine called `name`, ready to draw; its weights are read when it first draws.

    Raises:
        EngineProblem: there is no such engine, or its folder is not safe to load.
    """
    found = next((one for one in listings(root) if one.card and one.card.name == name), None)
    if found is None or found.card is None:
        raise EngineProblem(f"There is no engine called “{name}” here any more. Choose another.")
    return adapter(found.card.family)(found.folder, found.card)


def adapter(family: str) -> Any:
    """The class that drives a family; adapters are named, not imported, so that the web stays light."""
    module, _, factory = FAMILIES[family].partition(":")
    return getattr(import_module(module), factory)


def digest(folder: Path) -> str:
    """SHA-256 over the names and contents of all files but ours: fit to be its revision."""
    return digest_of(hashes(folder))


def digest_of(hashes: Mapping[str, str]) -> str:
    """That of a folder whose files have been hashed."""
    return hashlib.sha256(
        "".join(f"{path} {sha256}\n" for path, sha256 in hashes.items()).encode()
    ).hexdigest()


def hashes(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file but ours, by path."""
    found = {}
    for path in _files(folder):
        if path.name not in OURS:
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _listing(folder: Path) -> Listing:
    try:
        card_file = folder / "engine.json"
        if not card_file.is_file():
            raise EngineProblem("It has no engine.json; `manage.py engines --help` says what belongs in it.")
        card = Card.from_json(card_file.read_text())
        if problem := why_not_load(folder, card):
            raise EngineProblem(problem)
    except EngineProblem as problem:
        return Listing(folder, None, str(problem))
    return Listing(folder, card)


def why_not_load(folder: Path, card: Card) -> str:
    """Return "" when the folder holds nothing that runs code on loading, else a sentence."""
    if card.family not in FAMILIES:
        return f"No adapter for the family “{card.family}”; there are: {', '.join(sorted(FAMILIES))}."
    if card.procedural != (card.family in PROCEDURAL):
        return "Its card must say “procedural” when a programme draws, and only then."
    for path in _files(folder):
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return f"{path.name} points out of the folder. Put the file itself there."
        if not path.is_file():  # a link to a folder may lead round and round, a pipe never ends
            return f"{path.name} is no ordinary file. Put files and folders themselves there."
        if path.suffix.lower() in PICKLES:
            return f"{path.name} is a pickle, which can run code. Convert the weights to safetensors."
        if path.suffix.lower() in {".py", ".so"}:
            return f"{path.name} is code. An engine brings weights and settings only."
    return "" if card.procedural else _foreign_parts(folder)


def _foreign_parts(folder: Path) -> str:
    """Every part must come from diffusers or transformers; anything else would load somebody's module."""
    try:
        index = json.loads((folder / "model_index.json").read_text())
        parts = {
            name: part for name, part in index.items() if not name.startswith("_") and isinstance(part, list)
        }
    except (OSError, ValueError, AttributeError):
        return "Its model_index.json cannot be read."
    for name, part in parts.items():
        if part[0] not in ("diffusers", "transformers", None):
            return (
                f"Its {name} wants code of its own ({part[0]}). Only diffusers and transformers are loaded."
            )
    return "" if isinstance(index.get("_class_name"), str) else "It wants a pipeline with code of its own."


def _files(folder: Path) -> Iterator[Path]:
    """All that is in the folder, but for the folders in it that are no links."""
    return iter(sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()))
