"""From nothing to a clip on the tiny configuration: render, train both parts, save, load, draw, judge."""

import hashlib
import json
import shutil

import numpy as np
import pytest
import torch

from generation.sketch import train
from generation.sketch.config import TINY

pytestmark = pytest.mark.xdist_group("torch")

SHAPE = (TINY.frames, TINY.height, TINY.width, 3)
PROMPT = "a red boat sailing left at sunset on the sea"


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A work folder after `train --config tiny`."""
    work = tmp_path_factory.mktemp("sketch")
    train.main(["--config", "tiny", "--work", str(work), "--no-evaluate"])
    return work


@pytest.fixture(scope="module")
def weights(work):
    return work / "tiny" / "weights"


@pytest.fixture(scope="module")
def sketch(weights):
    from generation.sketch.draw import Sketch

    return Sketch(weights)


@pytest.fixture(scope="module")
def plain(sketch):
    return sketch.draw(PROMPT, seed=3, steps=2)


def test_both_parts_are_trained_to_their_last_step_and_say_so(weights):
    progress = json.loads((weights / "training.json").read_text())

    assert progress["config"] == "tiny"
    assert progress["autoencoder"]["step"] == TINY.fit_autoencoder.steps
    assert progress["transformer"]["step"] == TINY.fit_transformer.steps


def test_a_second_sitting_has_nothing_left_to_do(work, weights):
    file = weights / "transformer" / "diffusion_pytorch_model.safetensors"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    train.main(["--config", "tiny", "--work", str(work), "--no-evaluate"])

    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_the_weights_are_half_precision_and_no_pickles(weights):
    from safetensors import safe_open

    from generation.engines import registry

    files = list(weights.rglob("*.safetensors"))
    assert {file.parent.name for file in files} == {"vae", "text_encoder", "transformer", "control"}
    for file in files:
        with safe_open(file, "pt") as kept:
            assert {kept.get_tensor(key).dtype for key in kept.keys()} == {torch.float16}, file  # noqa: SIM118
    assert not [file for file in weights.rglob("*") if file.suffix in registry.PICKLES]


def test_the_latents_statistics_are_in_the_autoencoders_settings(weights):
    facts = json.loads((weights / "vae" / "config.json").read_text())

    assert len(facts["latents_mean"]) == len(facts["latents_std"]) == TINY.z_dim
    assert all(0 < value < 100 for value in facts["latents_std"])
    assert any(value != 0 for value in facts["latents_mean"])


def test_the_stock_pipeline_draws_what_sketch_draws(weights, plain):
    from diffusers import DiffusionPipeline

    pipe = DiffusionPipeline.from_pretrained(weights, local_files_only=True, dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    video = pipe(
        PROMPT,
        height=TINY.height,
        width=TINY.width,
        num_frames=TINY.frames,
        num_inference_steps=2,
        guidance_scale=4.0,
        max_sequence_length=32,
        generator=torch.Generator("cpu").manual_seed(3),
    ).frames[0]

    assert type(pipe).__name__ == "WanPipeline"
    assert plain.shape == SHAPE
    assert plain.dtype == np.uint8
    np.testing.assert_array_equal(np.rint(video * 255).astype(np.uint8), plain)


def test_the_same_seed_draws_the_same_and_another_seed_another(sketch, plain):
    assert np.array_equal(sketch.draw(PROMPT, seed=3, steps=2), plain)
    assert not np.array_equal(sketch.draw(PROMPT, seed=4, steps=2), plain)


def test_camera_boxes_and_strokes_steer_as_arrays(sketch, plain):
    """An untrained control adds nothing, so its last layer is given weights for this."""
    camera = np.linspace(0, 1, TINY.frames)[:, None] * np.array([[0.4, 0, 0]])
    boxes = np.tile(np.array([[[0.1, 0.1, 0.6, 0.9]]]), (2, TINY.frames, 1))
    strokes = np.full((1, TINY.frames, 2), 0.5)
    kept = sketch.control.out.weight.detach().clone()
    with torch.no_grad():
        sketch.control.out.weight.normal_(generator=torch.Generator().manual_seed(0))
    try:
        drawn = [
            sketch.draw(PROMPT, seed=3, steps=2, **asked)
            for asked in ({}, {"camera": camera}, {"boxes": boxes}, {"strokes": strokes})
        ]
    finally:
        with torch.no_grad():
            sketch.control.out.weight.copy_(kept)

    assert np.array_equal(drawn[0], plain)
    assert all(not np.array_equal(steered, plain) for steered in drawn[1:])
    assert all(steered.shape == SHAPE for steered in drawn)


def test_a_first_frame_a_clip_before_and_a_source_are_kept_to(sketch):
    """What is given clean comes back as the autoencoder rebuilds it."""
    before = np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)
    rebuilt = sketch.text.vae

    def again(video):
        with torch.inference_mode():
            pixels = torch.from_numpy(video).permute(3, 0, 1, 2)[None].float() / 127.5 - 1
            drawn = rebuilt.decode(rebuilt.encode(pixels).latent_dist.mode()).sample[0]
        return ((drawn.permute(1, 2, 3, 0).numpy() + 1) * 127.5).round()

    begun = sketch.draw(PROMPT, seed=3, steps=2, first=before[0])
    continued = sketch.draw(PROMPT, seed=3, steps=2, extend=before)
    restyled = sketch.draw(PROMPT, seed=3, steps=4, source=before, strength=0.25)

    np.testing.assert_allclose(begun[0], again(before[:1])[0], atol=2)
    np.testing.assert_allclose(continued[:5], again(before[-5:]), atol=2)
    assert restyled.shape == SHAPE


def test_a_last_frame_can_be_given(sketch):
    drawn = sketch.draw(PROMPT, seed=3, steps=2, last=np.zeros(SHAPE[1:], np.uint8))

    assert drawn.shape == SHAPE


def test_a_shape_that_does_not_fit_is_refused_in_words(sketch):
    with pytest.raises(ValueError, match=r"camera must have the shape \(9, 3\)"):
        sketch.draw(PROMPT, seed=1, camera=np.zeros((4, 3)))
    with pytest.raises(ValueError, match="one of them"):
        sketch.draw(PROMPT, seed=1, first=np.zeros(SHAPE[1:]), source=np.zeros(SHAPE))


def test_raising_between_steps_stops_the_work(sketch):
    class Enough(Exception):
        pass

    def stop(step):
        raise Enough(step)

    with pytest.raises(Enough):
        sketch.draw(PROMPT, seed=1, steps=3, on_step=stop)


def test_shipped_weights_are_digested(weights, tmp_path):
    from generation.sketch import folder

    folder.ship(weights, tmp_path)
    lines = dict(reversed(line.split("  ")) for line in (tmp_path / "SHA256SUMS").read_text().splitlines())

    assert "transformer/diffusion_pytorch_model.safetensors" in lines
    for name, digest in lines.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("steps", [5, 6])
def test_a_transformer_is_offered_once_it_has_had_all_its_steps(weights, tmp_path, steps):
    from generation.sketch import folder

    part = tmp_path / "part"
    shutil.copytree(weights, part)
    folder.note_progress(part, TINY, "transformer", steps, 9)
    folder.ship(weights, tmp_path / "shipped")
    folder.ship(part, tmp_path / "shipped")

    assert (tmp_path / "shipped" / "transformer").is_dir()
    assert (tmp_path / "shipped" / "model_index.json").exists() == (steps == TINY.fit_transformer.steps)


def test_the_examination_fills_every_line_of_the_table(work, weights):
    from generation.sketch import evaluate, figures

    given = ["--weights", str(weights), "--work", str(work), "--quick"]
    found = evaluate.main([*given, "--clips", "2"])
    card = (weights / "README.md").read_text()

    assert found.keys() == {line.key for line in figures.LINES}
    assert (found["place"].count, found["boxes"].count) == (6, 2)
    assert 0 <= found["boxes"].value <= 1
    assert found["flicker"].ruler == 1
    assert "not trained yet" not in card
    assert "Trained to the end" in card

    drafts = evaluate.main([*given, "--clips", "2", "--steps", "1", "--processes", "2"])
    card = (weights / "README.md").read_text()

    assert drafts.keys() == found.keys() - {"frame_db", "subject_db", "megabytes"}
    assert "The same, drawn in 1 instead of 16 steps:" in card
    assert figures.table(drafts, "tiny", whole=False) in card
    assert figures.table(found, "tiny") in card  # what the clip itself is worth still stands there


def test_a_machine_without_a_state_goes_on_from_the_shipped_weights(work, weights, tmp_path, monkeypatch):
    from generation.sketch import folder

    shipped, other = tmp_path / "shipped", tmp_path / "work"
    folder.ship(weights, shipped)
    (shipped / "training.json").write_text(
        json.dumps({"config": "tiny", "autoencoder": {"step": 5, "trained_s": 9}})
    )
    monkeypatch.setattr(folder, "SHIPPED", shipped)
    train.main(["--config", "tiny", "--work", str(other), "--part", "autoencoder", "--no-evaluate"])
    log = [json.loads(line) for line in (other / "tiny/weights/training.jsonl").read_text().splitlines()]
    progress = folder.progress(other / "tiny/weights")["autoencoder"]

    assert progress["step"] == 6  # one step more, and the log and the hours go on
    assert progress["trained_s"] >= 9
    assert [line["step"] for line in log if "loss" in line and line["part"] == "autoencoder"] == [6, 6]


def test_the_gpu_configuration_runs_from_end_to_end_on_small_pictures(tmp_path, monkeypatch):
    """Its own parts and widths, on two clips and for one step each, without a card."""
    from dataclasses import replace

    from generation.sketch.config import CONFIGS, GPU
    from generation.sketch.draw import Sketch

    one = {"steps": 1, "batch": 1, "frames": 9, "warmup": 1}
    small = replace(
        GPU,
        device="cpu",
        compiled=False,
        clips=2,
        clips_autoencoder=2,
        held_out=1,
        width=64,
        height=32,
        frames=9,
        fit_autoencoder=replace(GPU.fit_autoencoder, **one),
        fit_transformer=replace(GPU.fit_transformer, **one),
    )
    monkeypatch.setitem(CONFIGS, "gpu", small)
    train.main(["--config", "gpu", "--work", str(tmp_path), "--no-evaluate"])
    sketch = Sketch(tmp_path / "gpu" / "weights")
    drawn = sketch.draw(PROMPT, seed=1, steps=1, boxes=np.zeros((1, 9, 4), np.float32))
    millions = {
        name: sum(p.numel() for p in part.parameters()) / 1e6
        for name, part in (("vae", sketch.text.vae), ("transformer", sketch.text.transformer))
    }

    assert drawn.shape == (9, 32, 64, 3)
    assert millions == {"vae": pytest.approx(7.5, abs=4), "transformer": pytest.approx(22, abs=6)}
