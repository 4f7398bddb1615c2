"""Content Credentials: sign what was made here, and read what others signed, by C2PA 2.4.

Reading is offline (no remote manifest, no OCSP) and, since a native parser meets files of strangers,
happens in the sandbox.

Source: C2PA specification 2.4, https://spec.c2pa.org.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from c2pa import Builder, C2paSignerInfo, Context, Signer

from festival.media import sandbox
from festival.media.errors import MediaProblem
from festival.provenance import manifests
from festival.provenance.certificates import Authority, make_authority

__all__ = ["Authority", "GeneratedFacts", "make_authority", "read", "roots_in", "sign_clip", "sign_film"]

GENERATOR = {"name": "Marquee", "version": "0.1.0", "specVersion": "2.4.0"}
BOUNDS = sandbox.Bounds(
    wall_s=60,
    memory_bytes=2 * 1024**3,
    file_bytes=0,
    printed_bytes=256 * 1024,  # a report is kept in the film's row, and a stranger may nest it without end
)


@dataclass(frozen=True, slots=True)
class GeneratedFacts:
    """What a credential says about a clip. The prompt is private and appears as its digest only."""

    title: str
    engine: str
    engine_title: str
    revision: str
    licence: str
    random_weights: bool
    seed: int
    prompt_sha256: str
    brief_sha256: str
    software: str  # "diffusers 0.42.1, torch 2.13.0, float32"
    drawn_at: datetime
    procedural: bool = False  # drawn by a programme, without a trained model


def sign_clip(source: Path, target: Path, *, facts: GeneratedFacts, authority: Authority) -> None:
    """Write `source` to `target` as an MP4 that says, under our signature, what drew it.

    Raises:
        c2pa.C2paError: the file is no MP4, or the certificates are not what C2PA asks for.
    """
    _sign(source, target, _manifest(facts), authority=authority)


def sign_film(source: Path, target: Path, *, title: str, clips: Sequence[Path], authority: Authority) -> None:
    """Write `source` to `target` with credentials that name the clips it was cut from, theirs within its own.

    Args:
        source: an MP4 or QuickTime file.
        clips: of our own, MP4s in the order of the film; one that carries credentials keeps them.

    Raises:
        c2pa.C2paError: a file is of another kind, or the certificates are not what C2PA asks for.
    """
    labels = [f"clip-{number}" for number in range(1, len(clips) + 1)]
    trained = any(manifests.report(clip)["generated"] for clip in clips)
    kind = manifests.COMPOSITE_WITH_MODELS if trained else manifests.COMPOSITE
    composed = {"action": "c2pa.created", "digitalSourceType": kind}
    placed = [{"action": "c2pa.placed", "parameters": {"ingredientIds": [label]}} for label in labels]
    manifest = {
        "title": title,
        "format": manifests.media_type(source),
        "claim_generator_info": [GENERATOR],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [composed, *placed]}}],
    }
    _sign(source, target, manifest, authority=authority, ingredients=dict(zip(labels, clips, strict=True)))


def _sign(
    source: Path,
    target: Path,
    manifest: dict[str, Any],
    *,
    authority: Authority,
    ingredients: Mapping[str, Path] = MappingProxyType({}),
) -> None:
    signer = Signer.from_info(
        C2paSignerInfo(
            alg="es256",
            sign_cert=authority.chain.read_bytes(),
            private_key=authority.key.read_bytes(),
            ta_url=None,
        )
    )
    context = Context.from_dict(manifests.settings([authority.root.read_text()], builder=True))
    with Builder(manifest, context=context) as builder:
        for label, clip in ingredients.items():
            named = {"title": clip.name, "relationship": "componentOf", "label": label}
            with clip.open("rb") as file:
                builder.add_ingredient(named, manifests.media_type(clip) or "", file)
        builder.sign_file(str(source), str(target), signer)


def _manifest(facts: GeneratedFacts) -> dict[str, Any]:
    """The manifest's definition: made, by which model or programme, from what; and not for training."""
    agent, _, agent_version = facts.software.partition(",")[0].rpartition(" ")
    created = {
        "action": "c2pa.created",
        "when": facts.drawn_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "softwareAgent": {"name": agent or facts.software, "version": agent_version},
        "digitalSourceType": manifests.PROCEDURAL if facts.procedural else manifests.GENERATED,
    }
    model = {
        "modelType": "c2pa.types.model.pytorch",
        "modelName": facts.engine_title,
        "modelIdentifier": f"{facts.engine}@{facts.revision}",
        "contentProfile": {"humanOversightLevel": "prompt_guided"},
    }
    parameters: dict[str, Any] = {
        "engine": facts.engine,
        "revision": facts.revision,
        "licence": facts.licence,
        "random_weights": facts.random_weights,
        "seed": facts.seed,
        "prompt_sha256": facts.prompt_sha256,
        "brief_sha256": facts.brief_sha256,
        "software": facts.software,
    }
    disclosure = [{"label": "c2pa.ai-disclosure", "data": model}]
    if facts.procedural:
        disclosure, parameters["procedural"] = [], True
    no_training = {
        f"cawg.{use}": {"use": "notAllowed"}
        for use in ("ai_training", "ai_generative_training", "data_mining", "ai_inference")
    }
    return {
        "title": facts.title,
        "format": "video/mp4",
        "claim_generator_info": [GENERATOR],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"allActionsIncluded": True, "actions": [created]}},
            *disclosure,
            {"label": manifests.FACTS, "data": parameters},
            {"label": "cawg.training-mining", "data": {"entries": no_training}},
        ],
    }


def read(path: Path, *, roots: Sequence[str] = ()) -> dict[str, Any]:
    """What the Content Credentials of `path` say, and how far they can be believed.

    Args:
        path: any file; what carries no credentials, or cannot, reads as "none".
        roots: PEM certificates whose signers are ours, see `roots_in`.

    Returns:
        JSON-able: state, signer, digital_source_types, generated, facts (of a clip made here),
        ingredients, problems (sentences). "trusted": intact, every ingredient too, and signed under
        one of `roots`. "valid": intact, by a signer nobody here knows. "invalid": the file or
        something it was made from is not what was signed. "none": no credentials.
    """
    if manifests.media_type(path) is None:
        return manifests.nothing()
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder, "roots.json")
        known.write_text(json.dumps(list(roots)))
        argv = [sys.executable, "-I", manifests.__file__, str(path.absolute()), str(known)]
        try:
            ran = sandbox.run(argv, folder=Path(folder), reads=[path], bounds=BOUNDS)
        except (sandbox.Failed, MediaProblem):
            return manifests.nothing(
                "Its credentials could not be read within the limits of time and memory."
            )
        return json.loads(ran.printed)


def roots_in(folder: Path) -> tuple[str, ...]:
    """The PEM certificates of those whom this house trusts: its own root, and any in `trusted/`."""
    files = [folder / "root.pem", *sorted((folder / "trusted").glob("*.pem"))]
    return tuple(file.read_text() for file in files if file.exists())
