"""The examination: what it asks for was kept from training and is said in full; half a folder is judged."""

import numpy as np
import pytest

from generation.sketch import evaluate, scenes
from generation.sketch.config import TINY

pytestmark = pytest.mark.xdist_group("torch")


def test_what_is_asked_for_was_kept_back_and_is_said_in_full():
    rng = np.random.default_rng(1)
    for number in range(12):
        scene = evaluate._one(rng, motions=evaluate.WAYS)
        prompt, said = evaluate._prompt(scene, rng, camera=False, motion=True)
        subject = scene.subjects[0]

        assert scenes.is_held_out(scene), number
        assert subject.motion in evaluate.WAYS
        assert (said.place, said.time) == (scene.place, scene.time), prompt
        assert said.subjects[0].noun == subject.noun, prompt
        assert said.subjects[0].colour == subject.colour, prompt


def test_an_autoencoder_alone_is_judged_and_the_rest_is_not_trained_yet(tmp_path, capsys):
    from generation.sketch import fit_autoencoder, folder

    weights = tmp_path / "weights"
    folder.save_part(weights, "vae", fit_autoencoder.build(TINY))
    folder.note_progress(weights, TINY, "autoencoder", 3, 60.0)

    figures = evaluate.main(["--weights", str(weights), "--work", str(tmp_path), "--clips", "3"])
    said = capsys.readouterr().out
    card = (weights / "README.md").read_text()

    assert 5 < figures["frame_db"].value < 20  # untrained
    assert figures["frame_db"].count == 3
    assert "subject's colour right | not trained yet" in said
    assert "Not an engine yet" in card
    assert "autoencoder 3 of 6 steps in 0.0 hours" in card
    assert (weights / "samples.png").stat().st_size > 1000
    assert "vae/diffusion_pytorch_model.safetensors" in (weights / "SHA256SUMS").read_text()


def test_a_judge_learns_to_see(tmp_path):
    """A few clips and epochs: it overfits them, which is all that is asked of it here."""
    from dataclasses import replace

    from generation.sketch import clips, judges

    known = clips.prepare(tmp_path, replace(TINY, clips=24), 24, workers=1)
    eye = judges.trained(known, tmp_path / "judge.safetensors", epochs=12)
    again = judges.trained(known, tmp_path / "judge.safetensors")
    sights = [eye.see(np.array(known.video[i])) for i in range(24)]
    truths = [judges.facts(known.scenes[i]) for i in range(24)]

    right = np.mean(
        [sight.words["time"] == truth["time"] for sight, truth in zip(sights, truths, strict=True)]
    )
    assert right > 0.75  # by chance: a quarter
    assert again.see(np.array(known.video[0])).words == sights[0].words
    assert sights[0].masks.shape == (TINY.frames, TINY.height, TINY.width)
