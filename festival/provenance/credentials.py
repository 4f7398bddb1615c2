"""Content Credentials: sign what was made here, and read what others signed, by C2PA 2.4.

Keys are files that only their owner may read; they never enter a setting, a row or an image. Reading is
offline (no remote manifest, no OCSP) and, since a native parser meets files of strangers, happens in a
child process with limits.

Source: C2PA specification 2.4, https://spec.c2pa.org; the profile of the leaf follows the C2PA
certificate policy (both extended key usages, a digital signature, at most one year).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DIGITAL_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = DIGITAL_SOURCE + "trainedAlgorithmicMedia"
MADE_BY_MODELS = {GENERATED, DIGITAL_SOURCE + "compositeWithTrainedAlgorithmicMedia"}
CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"  # c2pa-kp-claimSigning
LEAF_AGE = timedelta(days=90)
RENEW_BEFORE = timedelta(days=14)
FACTS = "org.marquee.generation"  # our own assertion; prompts never stand in it, only their digest
READ_LIMITS = {"seconds": 60, "memory": 2 * 1024**3}
HARMLESS = {"signingCredential.untrusted", "signingCredential.expired"}  # the file itself is intact
SENTENCES = {  # by part of the C2PA status code
    "untrusted": "It was signed by somebody this festival does not know.",
    "expired": "The signer's certificate has run out, and nothing proves that the signature is older.",
    "Hash.mismatch": "The picture or the sound was changed after it was signed.",
    "hashedURI": "What the credentials say was changed after it was signed.",
    "claimSignature": "The signature does not fit what the credentials say.",
    "": "The credentials break a rule of the C2PA standard.",
}
DEEPEST = 12  # ingredients of ingredients; a film that needs more is not a film


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs here: a folder with the root, the chain and the leaf's key."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def chain(self) -> Path:
        return self.folder / "chain.pem"  # leaf first, then the intermediate

    @property
    def key(self) -> Path:
        return self.folder / "leaf.key"

    def ready(self, *, at: datetime | None = None) -> bool:
        """Whether it can sign for a while yet: all files are there and the leaf is not about to expire."""
        from cryptography import x509

        if not all(path.exists() for path in (self.root, self.chain, self.key)):
            return False
        leaf = x509.load_pem_x509_certificate(self.chain.read_bytes())
        return leaf.not_valid_after_utc - (at or datetime.now(UTC)) > RENEW_BEFORE


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


def make_authority(
    folder: Path, *, name: str = "Marquee development", at: datetime | None = None
) -> Authority:
    """Create root, intermediate and leaf in `folder`; where a root stands, only a new leaf.

    A festival that means it makes its root elsewhere and puts chain.pem, root.pem and leaf.key here.
    """
    from festival.provenance import certificates  # cryptography is slow to import; only makers need it

    authority = Authority(folder)
    certificates.issue(authority, name=name, at=at or datetime.now(UTC), leaf_age=LEAF_AGE)
    return authority


def sign_clip(source: Path, target: Path, *, facts: GeneratedFacts, authority: Authority) -> None:
    """Write `source` to `target` as an MP4 that says, under our signature, that a model drew it.

    Raises:
        c2pa.C2paError: the file is no MP4, or the certificates are not what C2PA asks for.
    """
    from c2pa import Builder, C2paSignerInfo, Context, Signer

    signer = Signer.from_info(
        C2paSignerInfo(
            alg="es256",
            sign_cert=authority.chain.read_bytes(),
            private_key=authority.key.read_bytes(),
            ta_url=None,
        )
    )
    context = Context.from_dict(_settings([authority.root.read_text()], builder=True))
    with Builder(_manifest(facts), context=context) as builder:
        builder.sign_file(str(source), str(target), signer)


def _manifest(facts: GeneratedFacts) -> dict[str, Any]:
    """The manifest's definition: made, by which model, from what; and not for training."""
    agent, _, agent_version = facts.software.partition(",")[0].rpartition(" ")
    created = {
        "action": "c2pa.created",
        "when": facts.drawn_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "softwareAgent": {"name": agent or facts.software, "version": agent_version},
        "digitalSourceType": GENERATED,
    }
    model = {
        "modelType": "c2pa.types.model.pytorch",
        "modelName": facts.engine_title,
        "modelIdentifier": f"{facts.engine}@{facts.revision}",
        "contentProfile": {"humanOversightLevel": "prompt_guided"},
    }
    parameters = {
        "engine": facts.engine,
        "revision": facts.revision,
        "licence": facts.licence,
        "random_weights": facts.random_weights,
        "seed": facts.seed,
        "prompt_sha256": facts.prompt_sha256,
        "brief_sha256": facts.brief_sha256,
        "software": facts.software,
    }
    no_training = {
        f"cawg.{use}": {"use": "notAllowed"}
        for use in ("ai_training", "ai_generative_training", "data_mining", "ai_inference")
    }
    return {
        "title": facts.title,
        "format": "video/mp4",
        "claim_generator_info": [{"name": "Marquee", "version": "0.1.0", "specVersion": "2.4.0"}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"allActionsIncluded": True, "actions": [created]}},
            {"label": "c2pa.ai-disclosure", "data": model},
            {"label": FACTS, "data": parameters},
            {"label": "cawg.training-mining", "data": {"entries": no_training}},
        ],
    }


def read(path: Path, *, roots: Sequence[str] = ()) -> dict[str, Any]:
    """What the Content Credentials of `path` say, and how far they can be believed.

    Args:
        path: any file; what carries no credentials, or cannot, reads as "none".
        roots: PEM certificates whose signers are ours, see `roots_in`.

    Returns:
        JSON-able: state, signer, signed_at, digital_source_types, generated, facts (of a clip made
        here), ingredients, problems (sentences). "trusted": intact, every ingredient too, and signed
        under one of `roots`. "valid": intact, by a signer nobody here knows. "invalid": the file or
        something it was made from is not what was signed. "none": no credentials.
    """
    if _format(path) is None:
        return _nothing()
    try:
        child = subprocess.run(
            [sys.executable, "-I", __file__, str(path.resolve())],
            input=json.dumps(list(roots)),
            capture_output=True,
            text=True,
            timeout=READ_LIMITS["seconds"],
            env={"PATH": os.environ.get("PATH", "")},
            check=True,
        )
        return json.loads(child.stdout)
    except (subprocess.SubprocessError, json.JSONDecodeError):
        return _nothing("The credentials could not be read within the limits of time and memory.")


def roots_in(folder: Path) -> tuple[str, ...]:
    """The PEM certificates of those whom this house trusts: its own root, and any in `trusted/`."""
    files = [folder / "root.pem", *sorted((folder / "trusted").glob("*.pem"))]
    return tuple(file.read_text() for file in files if file.exists())


def read_here(path: Path, *, roots: Sequence[str]) -> dict[str, Any]:
    """As `read`, in this very process: for files we wrote ourselves, and for the limited child."""
    from c2pa import C2paError, Context, Reader

    kind = _format(path)
    if kind is None:
        return _nothing()
    try:
        with path.open("rb") as file:
            reader = Reader(kind, file, context=Context.from_dict(_settings(roots)))
            store, state = json.loads(reader.json()), reader.get_validation_state()
    except C2paError as error:
        return _unreadable(str(error))
    return _summary(store, state)


def _settings(roots: Sequence[str], *, builder: bool = False) -> dict[str, Any]:
    """Settings of the C2PA library: offline; ours are the only anchors."""
    trust = {"trust_config": CLAIM_SIGNING + "\n"}
    if roots:
        trust["user_anchors"] = "\n".join(roots)
    settings: dict[str, Any] = {
        "trust": trust,
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    }
    if builder:
        # The base label: with ".v2" the library silently files our actions under hearsay.
        ours = ["c2pa.actions", "c2pa.ai-disclosure", FACTS, "cawg.training-mining"]
        settings["builder"] = {"thumbnail": {"enabled": False}, "created_assertion_labels": ours}
    return settings


def _format(path: Path) -> str | None:
    """The media type by the file's first bytes; names given by strangers prove nothing."""
    with path.open("rb") as file:
        head = file.read(16)
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "video/quicktime"  # QuickTime before it had an ftyp box
    if head[:4] == b"RIFF":
        return {b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(head[8:12])
    starts = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"ID3": "audio/mpeg"}
    return next((kind for start, kind in starts.items() if head.startswith(start)), None)


def _nothing(*problems: str) -> dict[str, Any]:
    return {
        "state": "none",
        "signer": "",
        "digital_source_types": [],
        "generated": False,
        "facts": {},
        "ingredients": [],
        "problems": list(problems),
    }


def _unreadable(error: str) -> dict[str, Any]:
    """What a file counts as whose credentials the library would not even open."""
    if error.startswith(("ManifestNotFound", "NotSupported")):
        return _nothing()
    if error.startswith("Remote"):
        return _nothing("The credentials lie on another server and are not fetched; send them in the file.")
    return _nothing("Whether the file carries credentials could not be made out.")


def _summary(store: dict[str, Any], state: str) -> dict[str, Any]:
    """Our own reading of the library's report: its state alone overlooks spoilt ingredients."""
    manifests, active = store["manifests"], store["manifests"][store["active_manifest"]]
    failures = store.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    broken = [failure for failure in failures if failure["code"] not in HARMLESS]
    ingredients = list(_ingredients(manifests, active, depth=1))
    kinds = {
        kind
        for manifest in (active, *(manifests[i["manifest"]] for i in ingredients if i["manifest"]))
        for kind in _source_types(manifest)
    }
    sound = not broken and all(i["state"] != "invalid" for i in ingredients)
    trusted = sound and state == "Trusted"
    signature = active.get("signature_info") or {}
    return {
        "state": "trusted" if trusted else "valid" if sound else "invalid",
        "signer": signature.get("common_name") or signature.get("issuer") or "",
        "digital_source_types": sorted(kind.removeprefix(DIGITAL_SOURCE) for kind in kinds),
        "generated": bool(kinds & MADE_BY_MODELS),
        "facts": _facts(active) if trusted else {},
        "ingredients": [{k: v for k, v in i.items() if k != "manifest"} for i in ingredients],
        "problems": _sentences(failures, ingredients),
    }


def _ingredients(manifests: dict, manifest: dict, *, depth: int) -> Iterator[dict[str, Any]]:
    """What `manifest` was made from, and what that was made from, nearest first."""
    for ingredient in manifest.get("ingredients", []):
        label = ingredient.get("active_manifest")
        label = label if label in manifests else ""
        results = (ingredient.get("validation_results") or {}).get("activeManifest") or {}
        failures = [failure["code"] for failure in results.get("failure", [])]
        known = any(success["code"] == "signingCredential.trusted" for success in results.get("success", []))
        if set(failures) - HARMLESS:
            state = "invalid"
        else:
            state = "none" if not label else "trusted" if known else "valid"
        yield {
            "title": ingredient.get("title") or "",
            "relationship": ingredient.get("relationship") or "",
            "depth": depth,
            "state": state,
            "manifest": label,
        }
        if label and depth < DEEPEST:
            yield from _ingredients(manifests, manifests[label], depth=depth + 1)


def _source_types(manifest: dict) -> Iterator[str]:
    """The IPTC digital source types that a manifest's actions name."""
    for assertion in manifest.get("assertions", []):
        if assertion["label"].startswith("c2pa.actions"):
            for action in assertion["data"].get("actions", []):
                if kind := action.get("digitalSourceType"):
                    yield kind


def _facts(manifest: dict) -> dict[str, Any]:
    """The parameters of a clip made here; only what the signer vouched for, never hearsay."""
    vouched = (a["data"] for a in manifest.get("assertions", []) if a["label"] == FACTS and a.get("created"))
    return next(vouched, {})


def _sentences(failures: list[dict], ingredients: list[dict]) -> list[str]:
    """What is wrong, for people; each thing once."""
    said = [
        next((words for part, words in SENTENCES.items() if part in failure["code"]), SENTENCES[""])
        for failure in failures
    ]
    said += [
        f"“{i['title'] or 'Untitled'}”, from which it was made, is not as it was signed."
        for i in ingredients
        if i["state"] == "invalid"
    ]
    return list(dict.fromkeys(said))


if __name__ == "__main__":  # the limited child of `read`
    import resource

    for what, most in (
        (resource.RLIMIT_AS, READ_LIMITS["memory"]),
        (resource.RLIMIT_CPU, READ_LIMITS["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    print(json.dumps(read_here(Path(sys.argv[1]), roots=json.load(sys.stdin))))
