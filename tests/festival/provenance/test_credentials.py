"""Signed, read, spoilt and signed by strangers: what each file is taken for."""

import json
import shutil
import stat
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from c2pa import Builder, C2paSignerInfo, Context, Signer
from cryptography import x509

from festival.media import binaries
from festival.media.frames import write_mp4
from festival.provenance import certificates, credentials, manifests

FACTS = credentials.GeneratedFacts(
    title="Clip 1",
    engine="noise",
    engine_title="Noise",
    revision="abc123",
    licence="CC0-1.0",
    random_weights=True,
    seed=7,
    prompt_sha256="a" * 64,
    brief_sha256="b" * 64,
    software="diffusers 0.42.1, torch 2.13.0+cpu, float32 on cpu",
    drawn_at=datetime(2026, 11, 21, 8, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return credentials.make_authority(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def roots(authority):
    return credentials.roots_in(authority.folder)


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """A film of 12 frames without credentials."""
    path = tmp_path_factory.mktemp("raw") / "raw.mp4"
    write_mp4(np.random.default_rng(1).integers(0, 255, (12, 48, 64, 3), np.uint8), path, fps=12)
    return path


@pytest.fixture(scope="module")
def signed(raw, authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("signed") / "signed.mp4"
    credentials.sign_clip(raw, path, facts=FACTS, authority=authority)
    return path


def sign(source, target, *, manifest, authority, ingredients=()):
    """Sign with a manifest of one's own, as an editing program would."""
    signer = Signer.from_info(
        C2paSignerInfo(
            alg="es256",
            sign_cert=authority.chain.read_bytes(),
            private_key=authority.key.read_bytes(),
            ta_url=None,
        )
    )
    settings = manifests.settings([authority.root.read_text()], builder=True)
    with Builder(manifest, context=Context.from_dict(settings)) as builder:
        for label, path in ingredients:
            description = {"title": path.name, "relationship": "componentOf", "label": label}
            with path.open("rb") as file:
                builder.add_ingredient(description, "video/mp4", file)
        builder.sign_file(str(source), str(target), signer)


def cut_from(*labels):
    """The manifest of a film composed of clips."""
    created = {
        "action": "c2pa.created",
        "digitalSourceType": manifests.DIGITAL_SOURCE + "compositeWithTrainedAlgorithmicMedia",
    }
    placed = [{"action": "c2pa.placed", "parameters": {"ingredientIds": [label]}} for label in labels]
    return {
        "title": "My film",
        "format": "video/mp4",
        "claim_generator_info": [{"name": "A cutting room", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created, *placed]}}],
    }


def spoilt(path, target):
    """A copy with one bit of the picture flipped."""
    content = bytearray(path.read_bytes())
    content[content.rindex(b"mdat") + 400] ^= 1
    target.write_bytes(content)
    return target


def test_what_a_programme_drew_is_algorithmic_media_and_not_generated(raw, authority, roots, tmp_path):
    path = tmp_path / "drawn.mp4"
    facts = replace(
        FACTS, procedural=True, random_weights=False, software="Marquee Scenes abc123, numpy 2.4.6"
    )
    credentials.sign_clip(raw, path, facts=facts, authority=authority)
    report = credentials.read(path, roots=roots)

    assert report["digital_source_types"] == ["algorithmicMedia"]
    assert report["generated"] is False
    assert report["facts"]["procedural"] is True
    assert b"c2pa.ai-disclosure" not in path.read_bytes()


def test_what_we_signed_is_trusted_and_says_how_it_was_made(signed, roots):
    report = credentials.read(signed, roots=roots)

    assert report == {
        "state": "trusted",
        "signer": "Marquee development",
        "digital_source_types": ["trainedAlgorithmicMedia"],
        "generated": True,
        "facts": {
            "engine": "noise",
            "revision": "abc123",
            "licence": "CC0-1.0",
            "random_weights": True,
            "seed": 7,
            "prompt_sha256": "a" * 64,
            "brief_sha256": "b" * 64,
            "software": FACTS.software,
        },
        "ingredients": [],
        "problems": [],
    }
    assert json.loads(json.dumps(report)) == report


def test_the_manifest_holds_what_the_standard_asks_for(signed, roots):
    from c2pa import Reader

    with signed.open("rb") as file:
        reader = Reader("video/mp4", file, context=Context.from_dict(manifests.settings(roots)))
        store = json.loads(reader.json())
    manifest = store["manifests"][store["active_manifest"]]
    said = {assertion["label"]: assertion for assertion in manifest["assertions"]}

    assert all(assertion["created"] for assertion in said.values()), "vouched for, not hearsay"
    (created,) = said["c2pa.actions.v2"]["data"]["actions"]
    assert created["action"] == "c2pa.created"
    assert created["digitalSourceType"] == manifests.GENERATED
    assert created["softwareAgent"] == {"name": "diffusers", "version": "0.42.1"}
    assert created["when"] == "2026-11-21T08:00:00Z"
    assert said["c2pa.ai-disclosure"]["data"]["modelIdentifier"] == "noise@abc123"
    training = said["cawg.training-mining"]["data"]["entries"]
    assert {entry["use"] for entry in training.values()} == {"notAllowed"}


def test_by_a_root_nobody_here_knows_it_is_valid_and_its_facts_are_not_believed(signed, tmp_path):
    stranger = credentials.make_authority(tmp_path / "stranger", name="A stranger")

    for roots in ((), credentials.roots_in(stranger.folder)):
        report = credentials.read(signed, roots=roots)
        assert (report["state"], report["generated"], report["facts"]) == ("valid", True, {})
        assert report["problems"] == ["It was signed by somebody this festival does not know."]


def test_a_root_in_the_folder_of_trusted_ones_is_trusted(signed, authority, tmp_path):
    ours = credentials.make_authority(tmp_path / "ours")
    (ours.folder / "trusted").mkdir()
    shutil.copy(authority.root, ours.folder / "trusted/friend.pem")

    assert credentials.read(signed, roots=credentials.roots_in(ours.folder))["state"] == "trusted"


def test_one_flipped_bit_is_noticed(signed, roots, tmp_path):
    report = credentials.read(spoilt(signed, tmp_path / "spoilt.mp4"), roots=roots)

    assert (report["state"], report["facts"]) == ("invalid", {})
    assert report["problems"] == ["The picture or the sound was changed after it was signed."]


def test_changed_words_are_noticed(signed, roots, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(signed.read_bytes().replace(b"abc123", b"abc124"))

    report = credentials.read(other, roots=roots)

    assert report["state"] == "invalid"
    assert "What the credentials say was changed after it was signed." in report["problems"]


@pytest.mark.parametrize("how", [["-c", "copy"], ["-c:v", "libx264"]])
def test_what_ffmpeg_wrote_anew_carries_none(signed, roots, tmp_path, how):
    anew = tmp_path / "anew.mp4"
    subprocess.run([binaries.ffmpeg(), "-v", "error", "-i", signed, *how, anew], check=True)

    assert credentials.read(anew, roots=roots) == manifests.nothing()


def test_files_without_credentials_read_as_none(raw, roots, tmp_path):
    text, matroska, empty = tmp_path / "film.mp4", tmp_path / "film.mkv", tmp_path / "empty.mp4"
    text.write_text("not a film")
    empty.touch()
    subprocess.run([binaries.ffmpeg(), "-v", "error", "-i", raw, "-c", "copy", matroska], check=True)

    for path in (raw, text, matroska, empty):
        assert credentials.read(path, roots=roots) == manifests.nothing()


def test_a_truncated_file_is_never_trusted(signed, roots, tmp_path):
    short = tmp_path / "short.mp4"
    content = signed.read_bytes()

    for length in (len(content) - 1, len(content) // 2, 200):
        short.write_bytes(content[:length])
        report = credentials.read(short, roots=roots)
        assert report["state"] in ("invalid", "none")
        assert report["problems"]


def test_a_film_knows_the_clips_it_was_cut_from(signed, raw, authority, roots, tmp_path):
    film = tmp_path / "film.mp4"
    sign(raw, film, manifest=cut_from("one"), authority=authority, ingredients=[("one", signed)])

    report = credentials.read(film, roots=roots)

    assert (report["state"], report["generated"]) == ("trusted", True)
    assert report["digital_source_types"] == [
        "compositeWithTrainedAlgorithmicMedia",
        "trainedAlgorithmicMedia",
    ]
    assert report["ingredients"] == [
        {"title": "signed.mp4", "relationship": "componentOf", "depth": 1, "state": "trusted"}
    ]


def test_a_film_signed_here_keeps_the_credentials_of_its_clips(signed, raw, authority, roots, tmp_path):
    film = tmp_path / "film.mp4"
    credentials.sign_film(raw, film, title="My film", clips=[signed, raw], authority=authority)

    report = credentials.read(film, roots=roots)

    assert (report["state"], report["generated"]) == ("trusted", True)
    assert "compositeWithTrainedAlgorithmicMedia" in report["digital_source_types"]
    assert [(part["title"], part["state"]) for part in report["ingredients"]] == [
        ("signed.mp4", "trusted"),
        (raw.name, "none"),
    ]


def test_a_film_cut_from_what_no_model_made_does_not_say_that_one_did(raw, authority, roots, tmp_path):
    film = tmp_path / "film.mp4"
    credentials.sign_film(raw, film, title="My film", clips=[raw], authority=authority)

    report = credentials.read(film, roots=roots)

    assert (report["state"], report["generated"]) == ("trusted", False)
    assert report["digital_source_types"] == ["composite"]


def test_a_quicktime_film_is_signed_as_what_it_is(signed, authority, roots, tmp_path):
    source, film = tmp_path / "raw.mov", tmp_path / "film.mov"
    black = ["-f", "lavfi", "-i", "color=black:s=64x64:d=0.5"]
    subprocess.run([binaries.ffmpeg(), "-v", "error", *black, "-pix_fmt", "yuv420p", source], check=True)
    credentials.sign_film(source, film, title="My film", clips=[signed], authority=authority)

    report = credentials.read(film, roots=roots)

    assert (report["state"], manifests.media_type(film)) == ("trusted", "video/quicktime")


def test_a_spoilt_clip_in_a_film_is_noticed_though_the_film_itself_is_intact(
    signed, raw, authority, roots, tmp_path
):
    film, bad = tmp_path / "film.mp4", spoilt(signed, tmp_path / "bad.mp4")
    sign(raw, film, manifest=cut_from("a", "b"), authority=authority, ingredients=[("a", signed), ("b", bad)])

    report = credentials.read(film, roots=roots)

    assert report["state"] == "invalid"
    assert [part["state"] for part in report["ingredients"]] == ["trusted", "invalid"]
    assert report["problems"] == ["“bad.mp4”, from which it was made, is not as it was signed."]


def test_a_spoilt_clip_two_cuts_down_is_noticed(signed, raw, authority, roots, tmp_path):
    bad, scene, film = spoilt(signed, tmp_path / "bad.mp4"), tmp_path / "scene.mp4", tmp_path / "film.mp4"
    sign(raw, scene, manifest=cut_from("a"), authority=authority, ingredients=[("a", bad)])
    sign(raw, film, manifest=cut_from("a"), authority=authority, ingredients=[("a", scene)])

    report = credentials.read(film, roots=roots)

    assert report["state"] == "invalid"
    assert [(part["title"], part["depth"]) for part in report["ingredients"]] == [
        ("scene.mp4", 1),
        ("bad.mp4", 2),
    ]


def test_an_expired_leaf_is_said_and_the_file_counts_as_intact_only(raw, tmp_path, monkeypatch):
    monkeypatch.setattr(certificates, "LEAF_AGE", timedelta(seconds=3))
    short = credentials.make_authority(tmp_path / "keys")
    film, roots = tmp_path / "film.mp4", credentials.roots_in(short.folder)
    credentials.sign_clip(raw, film, facts=FACTS, authority=short)

    until = time.monotonic() + 30
    while (report := credentials.read(film, roots=roots))["state"] == "trusted":
        assert time.monotonic() < until

    assert report["state"] == "valid"
    assert report["problems"] == [
        "The signer's certificate has run out, and nothing proves that the signature is older."
    ]


def test_certificates_follow_the_profile_and_are_their_owners_only(authority):
    leaf, between = x509.load_pem_x509_certificates(authority.chain.read_bytes())
    (root,) = x509.load_pem_x509_certificates(authority.root.read_bytes())

    leaf.verify_directly_issued_by(between)
    between.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [use.dotted_string for use in usage] == ["1.3.6.1.4.1.62558.2.1", "1.3.6.1.5.5.7.3.4"]
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert between.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < timedelta(days=366)
    for file in authority.folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700


def test_a_leaf_about_to_run_out_is_renewed_under_the_same_root(tmp_path):
    now = datetime.now(UTC)
    authority = credentials.make_authority(tmp_path / "keys", at=now)
    root, chain = authority.root.read_bytes(), authority.chain.read_bytes()
    assert authority.ready(at=now)
    assert not authority.ready(at=now + timedelta(days=190))

    credentials.make_authority(tmp_path / "keys", at=now + timedelta(days=190))

    assert authority.root.read_bytes() == root
    assert authority.chain.read_bytes() != chain
    assert authority.ready(at=now + timedelta(days=190))


def test_an_empty_folder_is_not_ready_to_sign(tmp_path):
    assert not credentials.Authority(tmp_path).ready()


def test_a_key_that_is_not_the_leafs_signs_nothing(raw, authority, tmp_path):
    other = credentials.make_authority(tmp_path / "other")
    shutil.copy(authority.key, other.key)

    with pytest.raises(Exception, match=r"(?i)signature|key"):
        credentials.sign_clip(raw, tmp_path / "film.mp4", facts=FACTS, authority=other)


def test_a_reader_that_dies_of_a_hostile_file_is_a_sentence(signed, roots, monkeypatch):
    monkeypatch.setattr(credentials, "BOUNDS", replace(credentials.BOUNDS, memory_bytes=24 * 1024**2))

    report = credentials.read(signed, roots=roots)

    assert report["state"] == "none"
    assert report["problems"] == ["Its credentials could not be read within the limits of time and memory."]


def test_a_report_without_end_is_not_kept(signed, roots, monkeypatch):
    monkeypatch.setattr(credentials, "BOUNDS", replace(credentials.BOUNDS, printed_bytes=100))

    assert credentials.read(signed, roots=roots)["state"] == "none"
