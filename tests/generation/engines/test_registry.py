"""Folders that are engines, and folders that would run somebody's code."""

import json
import os
import shutil
from dataclasses import replace

import pytest
from django.conf import settings

from generation.engines import noise, registry, scenes
from generation.engines.base import EngineProblem

pytestmark = pytest.mark.xdist_group("torch")


@pytest.fixture
def root(quick, tmp_path):
    """A root of engines with a copy of the quick one, to be spoilt."""
    shutil.copytree(settings.ENGINES_ROOT / "quick", tmp_path / "quick")
    return tmp_path


def problem(root) -> str:
    (only,) = registry.listings(root)
    return only.problem


def test_a_folder_with_a_pipeline_and_a_card_is_an_engine(root, quick):
    assert registry.cards(root) == {"quick": quick}
    assert problem(root) == ""


def test_trained_engines_come_first_then_the_programme_then_half_trained_ones_and_noise_last(root, quick):
    for name, title, provisional in (("wan", "Zebra", False), ("sketch", "Aardvark", True)):
        shutil.copytree(root / "quick", root / name)
        card = replace(quick, name=name, title=title, random_weights=False, provisional=provisional)
        (root / name / "engine.json").write_text(card.to_json())
    scenes.build(root / "scenes")

    assert list(registry.cards(root)) == ["wan", "scenes", "sketch", "quick"]


def test_no_root_means_no_engines(tmp_path):
    assert registry.cards(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("transformer/diffusion_pytorch_model.bin", "is a pickle"),
        ("vae/weights.PT", "is a pickle"),
        ("pipeline.py", "is code"),
        ("transformer/fast.so", "is code"),
    ],
)
def test_pickles_and_code_are_refused(root, name, words):
    (root / "quick" / name).write_bytes(b"")

    assert words in problem(root)
    with pytest.raises(EngineProblem, match="no engine called “quick”"):
        registry.load(root, "quick")


@pytest.mark.parametrize(
    "index",
    [
        {"_class_name": "WanPipeline", "vae": ["mine", "AutoencoderKLWan"]},
        {"_class_name": ["pipeline", "MyPipeline"]},
    ],
)
def test_parts_that_bring_their_own_code_are_refused(root, index):
    (root / "quick/model_index.json").write_text(json.dumps(index))

    assert "code of its own" in problem(root)


def test_a_link_out_of_the_folder_is_refused(root, tmp_path):
    os.symlink("/etc/hostname", root / "quick/vae/more.safetensors")

    assert "points out of the folder" in problem(root)


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("."), os.mkfifo], ids=["circle", "pipe"])
def test_what_is_no_ordinary_file_is_refused(root, make):
    make(root / "quick/vae/more")

    assert "no ordinary file" in problem(root)


def test_a_folder_without_a_card_says_where_to_read_of_cards(root):
    (root / "quick/engine.json").unlink()

    assert "engines --help" in problem(root)


def test_a_family_nobody_drives_is_refused(root, quick):
    (root / "quick/engine.json").write_text(replace(quick, family="sora").to_json())

    assert problem(root).startswith("No adapter for the family “sora”; there are: animatediff, cogvideox")


@pytest.mark.parametrize("family", sorted(registry.FAMILIES))
def test_every_family_has_an_adapter_with_a_card(family):
    adapter = registry.adapter(family)

    assert callable(adapter.draw)
    if family not in ("scenes", "sketch"):
        assert (adapter.CARD.family, adapter.CARD.gaps()) == (family, "")


def test_the_digest_changes_with_any_byte_of_weights_and_not_with_the_card(root, quick):
    before = registry.digest(root / "quick")
    (root / "quick/engine.json").write_text("{}")
    assert registry.digest(root / "quick") == before
    assert quick.revision == before[:16]

    weights = root / "quick/vae/diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    assert registry.digest(root / "quick") != before


def test_the_same_engine_is_built_twice_with_the_same_revision(tmp_path, quick):
    assert noise.build(tmp_path / "again", card=replace(quick, revision="unset")) == quick
