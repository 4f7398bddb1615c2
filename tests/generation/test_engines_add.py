"""`manage.py engines add`: what an organiser reads, what is put in place, and what is refused."""

import json
import shutil
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from generation.engines import installing, previews, registry
from tests.generation.engines import tiny

pytestmark = pytest.mark.xdist_group("torch")
SIZED = ["--size", "1:1=32x32", "--seconds", "0.25-2", "--fps", "8", "--steps", "2", "--dtype", "float32"]


def said(*command) -> str:
    out = StringIO()
    call_command("engines", *map(str, command), stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A pipeline as diffusers saves it, without a card."""
    root = tmp_path_factory.mktemp("saved")
    tiny.install(root, "wan")
    (root / "wan/engine.json").unlink()
    return root / "wan"


@pytest.fixture
def folder(saved, tmp_path):
    """A copy of it, to be spoilt."""
    return shutil.copytree(saved, tmp_path / "wan2.1-t2v-tiny")


@pytest.fixture
def root(settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path / "engines"
    return settings.ENGINES_ROOT


def test_weights_are_checked_drawn_with_summed_and_installed(folder, root):
    told = said(
        "add", folder, "--licence", "Apache-2.0", "--commercial", "--territory", "not on the moon",
        "--title", "Tiny Wan", "--random-weights", *SIZED,
    )  # fmt: skip

    assert "holds: the same brief gives the same pixels" in told
    assert "holds: each take of a batch is drawn as if alone" in told
    assert told.splitlines()[-1].startswith(
        "Installed “Tiny Wan” (Apache-2.0, commercial use allowed, not on the moon), revision "
    )
    card = registry.cards(root)["wan2.1-t2v-tiny"]
    assert (card.family, card.licence, card.sizes, card.shortest_s, card.longest_s) == (
        "wan", "Apache-2.0", {"1:1": (32, 32)}, 0.25, 2,
    )  # fmt: skip
    ((width, height, frames, peak),) = card.memory
    assert (width, height, frames) == (32, 32, 5) and peak > 50_000
    assert card.revision == registry.digest(root / card.name)[:16] == registry.digest(folder)[:16]
    sums = (root / card.name / "SHA256SUMS").read_text().splitlines()
    assert any(line.endswith("  vae/diffusion_pytorch_model.safetensors") for line in sums)
    assert (root / card.name / "preview.json").is_file()
    assert "holds: progress" in said("verify", card.name)


def test_without_conformance_nothing_is_drawn(folder, root):
    told = said("add", folder, "--licence", "Apache-2.0", "--no-conformance", "--draft-steps", "1", *SIZED)
    card = registry.cards(root)["wan2.1-t2v-tiny"]
    assert "holds" not in told
    assert (card.memory, card.steps, card.draft_steps) == ((), 2, 1)


def test_an_engine_that_breaks_a_promise_is_not_installed(folder, root):
    card = installing.card_for(folder, licence="MIT")
    broken = installing.conformance.Finding("the same brief gives the same pixels", False, "they differ")

    _, found = installing.install(folder, root, card, check=lambda folder, card: [broken])

    assert found == [broken]
    assert list(root.iterdir()) == []


def test_a_file_that_changed_after_it_was_installed_is_named(folder, root):
    said("add", folder, "--licence", "MIT", "--no-conformance", *SIZED)
    config = root / "wan2.1-t2v-tiny/vae/config.json"
    config.unlink()
    config.write_text("{}")

    with pytest.raises(CommandError, match=r"Not as it was installed: vae/config\.json"):
        said("verify", "wan2.1-t2v-tiny")


def test_what_becomes_of_the_source_later_leaves_the_engine_as_it_is(folder, root):
    said("add", folder, "--licence", "MIT", "--no-conformance", *SIZED)
    weights = "vae/diffusion_pytorch_model.safetensors"
    before = (root / folder.name / weights).read_bytes()

    with (folder / weights).open("r+b") as file:  # in place, as a second download would
        file.write(b"spoilt")

    assert (root / folder.name / weights).read_bytes() == before
    assert installing.changed(root / folder.name) == []


def test_previews_are_fitted_to_what_was_drawn_before_the_engine_is_in_place(folder, root):
    told = said("add", folder, "--licence", "MIT", "--random-weights", *SIZED)

    found = previews.Map.from_json((root / folder.name / previews.FILE).read_text())
    engine = registry.load(root, folder.name)
    assert "Previews are fitted to its decoder." in told
    assert not np.array_equal(found.weights, previews.fitted(engine.decode, len(found.weights)).weights)


def test_adding_it_again_replaces_it(folder, root):
    for licence in ("MIT", "Apache-2.0"):
        said("add", folder, "--licence", licence, "--no-conformance", *SIZED)

    assert [card.licence for card in registry.cards(root).values()] == ["Apache-2.0"]


def pickled(folder):
    (folder / "transformer/weights.bin").write_bytes(b"")


def coded(folder):
    (folder / "pipeline.py").write_text("")


def truncated(folder):
    weights = folder / "vae/diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])


def weightless(folder):
    (folder / "vae/diffusion_pytorch_model.safetensors").unlink()


def partless(folder):
    shutil.rmtree(folder / "tokenizer")


def indexless(folder):
    (folder / "model_index.json").unlink()


def strange(folder):
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {"_class_name": "MochiPipeline"}))


def foreign(folder):
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {"vae": ["mine", "AutoencoderKLWan"]}))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (pickled, "weights.bin is a pickle"),
        (coded, "pipeline.py is code"),
        (truncated, "diffusion_pytorch_model.safetensors is not whole"),
        (weightless, "Its vae has no weights"),
        (partless, "Its tokenizer is missing"),
        (indexless, "has no model_index.json"),
        (strange, "No adapter drives a MochiPipeline"),
        (foreign, "wants code of its own"),
    ],
)
def test_what_is_not_whole_and_harmless_is_refused(folder, root, spoil, words):
    spoil(folder)

    with pytest.raises(CommandError, match=words):
        said("add", folder, "--licence", "MIT", "--no-conformance", *SIZED)
    assert not root.exists() or list(root.iterdir()) == []


def test_a_licence_and_a_folder_must_be_said(folder, root):
    with pytest.raises(CommandError, match="under which licence"):
        said("add", folder)
    with pytest.raises(CommandError, match="Name the folder"):
        said("add", folder / "nowhere", "--licence", "MIT")


def test_motion_loras_give_a_camera(tmp_path):
    tiny.install(tmp_path, "animatediff")

    assert "camera" in installing.card_for(tmp_path / "animatediff", licence="MIT").inputs
    shutil.rmtree(tmp_path / "animatediff/motion-lora")
    assert "camera" not in installing.card_for(tmp_path / "animatediff", licence="MIT").inputs


def test_wans_card_follows_its_parts(folder):
    assert "source_video" in installing.card_for(folder, licence="MIT").inputs
    config = json.loads((folder / "vae/config.json").read_text())
    (folder / "vae/config.json").write_text(json.dumps(config | {"scale_factor_spatial": 16}))
    shutil.copytree(folder / "transformer", folder / "transformer_2")

    card = installing.card_for(folder, licence="MIT")

    assert (card.pixel_step, card.sizes["1:1"], card.gaps()) == (32, (608, 608), "")
    assert "source_video" not in card.inputs and "two experts" in card.summary


def test_a_card_can_take_a_name_of_its_own(folder):
    card = installing.card_for(folder, licence="MIT", name="wan", title=None)

    assert (card.name, card.title) == ("wan", "Wan")
    assert "cannot be the name" in installing.why_not_install(folder, replace(card, name="../wan"))
