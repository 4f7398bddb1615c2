"""Putting an organiser's folder among the engines: read, checked, summed, and in place whole or not."""

import fcntl
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generation.engines import conformance, registry
from generation.engines.base import Card, EngineProblem
from generation.engines.registry import OURS, SUMS

FICLONE = 0x40049409  # of Linux: a file that shares its blocks with another
WITHOUT_WEIGHTS = ("Tokenizer", "Scheduler", "Processor", "Extractor", "Backend")  # how such classes end


def family_of(folder: Path) -> str:
    """The family whose adapter drives the pipeline in `folder`, by its model_index.json.

    Raises:
        EngineProblem: there is none, or no adapter for it.
    """
    found = _index(folder).get("_class_name")
    for family in registry.FAMILIES:
        if found in getattr(registry.adapter(family), "PIPELINES", ()):
            return family
    raise EngineProblem(
        f"No adapter drives a {found}. `manage.py engines --help` lists the pipelines that are driven."
    )


def card_for(folder: Path, **said: object) -> Card:
    """The family's card with what the organiser says of these weights.

    Without a revision it gets the digest of its files, once they are in place.

    Args:
        said: fields of a card; those that are None are left as the family has them.
    """
    card = registry.adapter(family_of(folder)).card_of(folder)
    told = {name: value for name, value in said.items() if value is not None}
    return replace(card, **{"name": folder.name, "revision": registry.UNSET, **told})


def why_not_install(folder: Path, card: Card) -> str:
    """Return "" when the folder is a whole and harmless engine, else a sentence."""
    if gaps := card.gaps():
        return f"Its card is not complete: {gaps}."
    if card.name != Path(card.name).name or card.name.startswith("."):
        return f"“{card.name}” cannot be the name of a folder."
    if problem := registry.why_not_load(folder, card):
        return problem
    for name, part in _index(folder).items():
        if name.startswith("_") or not isinstance(part, list) or part[0] is None:
            continue
        if not (folder / name).is_dir():
            return f"Its {name} is missing: a folder of that name belongs beside model_index.json."
        if part[1].endswith(WITHOUT_WEIGHTS) or part[1].endswith("TokenizerFast"):
            continue
        if not any((folder / name).glob("*.safetensors")):
            return f"Its {name} has no weights: put its .safetensors there."
    return next(filter(None, map(_why_not_whole, sorted(folder.rglob("*.safetensors")))), "")


def install(
    source: Path,
    root: Path,
    card: Card,
    *,
    check: Callable[[Path, Card], Sequence[conformance.Finding]] | None = None,
) -> tuple[Card, list[conformance.Finding]]:
    """Put `source` into the engines' root as `card.name`, with its card and the sums of its files.

    Files are copied, so that whatever becomes of `source` later leaves them as they are; on disks that can
    share blocks until one side writes, that takes no room. What is checked and summed is the copy. What
    stood there before is replaced.

    Args:
        check: the conformance set, run on the new folder before it is in place; None leaves it out.

    Returns:
        the card as installed, and what was found; nothing is installed if a rule does not hold.

    Raises:
        EngineProblem: the folder cannot be an engine; the message says why.
    """
    if problem := why_not_install(source, card):
        raise EngineProblem(problem)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".building-") as scratch:
        part = Path(scratch, card.name)
        shutil.copytree(source, part, copy_function=_copy, ignore=shutil.ignore_patterns(*OURS))
        if problem := why_not_install(part, card):
            raise EngineProblem(problem)
        hashes = registry.hashes(part)
        if card.revision == registry.UNSET:
            card = replace(card, revision=registry.digest_of(hashes)[:16])
        (part / SUMS).write_text(_sums(hashes))
        (part / "engine.json").write_text(card.to_json())
        findings = list(check(part, card)) if check else []
        card = replace(card, **_measured(findings))
        (part / "engine.json").write_text(card.to_json())
        if not conformance.fails(findings):
            shutil.rmtree(root / card.name, ignore_errors=True)
            part.rename(root / card.name)
    return card, findings


def _measured(findings: Sequence[conformance.Finding]) -> dict[str, Any]:
    """The card's tables of memory, as far as they were measured."""
    found = {
        "memory": tuple(finding.measured for finding in findings if finding.measured),
        "eased": tuple(finding.eased for finding in findings if finding.eased),
    }
    return {name: rows for name, rows in found.items() if rows}


def sums(folder: Path) -> str:
    """A line a file, as sha256sum writes and checks them: digest, two spaces, path."""
    return _sums(registry.hashes(folder))


def _sums(hashes: Mapping[str, str]) -> str:
    return "".join(f"{sha256}  {path}\n" for path, sha256 in hashes.items())


def changed(folder: Path) -> list[str]:
    """Files that are not as they were summed: changed, gone, or come since."""
    if not (folder / SUMS).is_file():
        return [SUMS]
    then, now = set((folder / SUMS).read_text().splitlines()), set(sums(folder).splitlines())
    return sorted({line.partition("  ")[2] for line in then ^ now})


def _index(folder: Path) -> dict:
    try:
        index = json.loads((folder / "model_index.json").read_text())
    except (OSError, ValueError) as error:
        raise EngineProblem(
            f"{folder} has no model_index.json that can be read. Save the pipeline with diffusers."
        ) from error
    if not isinstance(index, dict):
        raise EngineProblem("Its model_index.json is no JSON object.")
    return index


def _why_not_whole(path: Path) -> str:
    """A safetensors file says in its head how long it is: a broken download is found before it is loaded."""
    broken = f"{path.parent.name}/{path.name} is not whole. Fetch it again."
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(path.stat().st_size, 100_000_000):
            return broken
        try:
            head = json.loads(file.read(length))
            ends = [tensor["data_offsets"][1] for name, tensor in head.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return broken
    return "" if path.stat().st_size == 8 + length + max(ends, default=0) else broken


def _copy(source: str, target: str) -> None:
    """Copy a file; where the disk can, the blocks are shared until either is written to."""
    with open(source, "rb") as there, open(target, "wb") as here:
        try:
            fcntl.ioctl(here, FICLONE, there.fileno())
        except OSError:  # this disk cannot, or it is another one
            shutil.copyfileobj(there, here, 2**24)
