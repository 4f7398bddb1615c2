"""What a file's Content Credentials say, in our own words; also a script, for the sandbox.

Run as `python -I manifests.py FILE ROOTS.json` it prints the report of a stranger's file. It must then need
nothing but the standard library and c2pa, so it imports nothing of ours.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from c2pa import C2paError, Context, Reader

DIGITAL_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = DIGITAL_SOURCE + "trainedAlgorithmicMedia"
PROCEDURAL = DIGITAL_SOURCE + "algorithmicMedia"
COMPOSITE = DIGITAL_SOURCE + "composite"
COMPOSITE_WITH_MODELS = DIGITAL_SOURCE + "compositeWithTrainedAlgorithmicMedia"
MADE_BY_MODELS = {GENERATED, COMPOSITE_WITH_MODELS}
CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"  # c2pa-kp-claimSigning
FACTS = "org.marquee.generation"  # our own assertion; prompts never stand in it, only their digest
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


def report(path: Path, *, roots: Sequence[str] = ()) -> dict[str, Any]:
    """As `credentials.read`, in this very process: for files we wrote ourselves, and for the sandbox."""
    kind = media_type(path)
    if kind is None:
        return nothing()
    try:
        with path.open("rb") as file:
            reader = Reader(kind, file, context=Context.from_dict(settings(roots)))
            store, state = json.loads(reader.json()), reader.get_validation_state()
    except C2paError as error:
        return _unreadable(str(error))
    return _summary(store, state)


def settings(roots: Sequence[str], *, builder: bool = False) -> dict[str, Any]:
    """Settings of the C2PA library: offline; ours are the only anchors."""
    trust = {"trust_config": CLAIM_SIGNING + "\n"}
    if roots:
        trust["user_anchors"] = "\n".join(roots)
    chosen: dict[str, Any] = {
        "trust": trust,
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    }
    if builder:
        # The base label: with ".v2" the library silently files our actions under hearsay.
        ours = ["c2pa.actions", "c2pa.ai-disclosure", FACTS, "cawg.training-mining"]
        chosen["builder"] = {"thumbnail": {"enabled": False}, "created_assertion_labels": ours}
    return chosen


def media_type(path: Path) -> str | None:
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


def nothing(*problems: str) -> dict[str, Any]:
    """The report on a file without credentials."""
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
        return nothing()
    if error.startswith("Remote"):
        return nothing("The credentials lie on another server and are not fetched; send them in the file.")
    return nothing("Whether the file carries credentials could not be made out.")


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
    codes = [failure["code"] for failure in failures]
    if "signingCredential.expired" in codes:  # then the library calls every signer unknown
        codes = [code for code in codes if code != "signingCredential.untrusted"]
    said = [next(words for part, words in SENTENCES.items() if part in code) for code in codes]
    said += [
        f"“{i['title'] or 'Untitled'}”, from which it was made, is not as it was signed."
        for i in ingredients
        if i["state"] == "invalid"
    ]
    return list(dict.fromkeys(said))


if __name__ == "__main__":
    print(json.dumps(report(Path(sys.argv[1]), roots=json.loads(Path(sys.argv[2]).read_text()))))
