"""The weights that ship: whole, small enough, honest about themselves, and as good as their card says."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generation.sketch import figures

pytestmark = pytest.mark.xdist_group("torch")

from generation.engines import registry  # noqa: E402 (after torch's threads are set)
from generation.sketch import folder  # noqa: E402

JUDGE = Path(__file__).parents[2] / "data" / "sketch-judge.safetensors"  # half precision
MARGIN_DB = 2.0  # eight clips against the card's two hundred
MARGIN_SHARE = 20  # per cent
WEIGHTS = folder.SHIPPED


def test_every_file_is_the_one_that_was_signed():
    lines = (WEIGHTS / folder.SUMS).read_text().splitlines()
    signed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    kept = {path.relative_to(WEIGHTS).as_posix() for path in WEIGHTS.rglob("*.safetensors")}

    assert kept <= signed.keys()
    for name, digest in signed.items():
        assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() == digest, name


def test_the_folder_is_small_and_holds_no_pickles():
    assert folder.size_mb(WEIGHTS) < 25
    assert not [path for path in WEIGHTS.rglob("*") if path.suffix in registry.PICKLES]


def test_the_card_shows_the_figures_that_were_measured():
    card = (WEIGHTS / "README.md").read_text()
    table = figures.table(figures.read(WEIGHTS), folder.config_of(WEIGHTS).name)

    assert table in card
    assert "Apache-2.0" in card
    assert "SHA256SUMS" in card


def test_a_folder_whose_transformer_has_not_had_all_its_steps_is_no_engine():
    trained = folder.is_whole(WEIGHTS)

    assert (WEIGHTS / "model_index.json").exists() == trained
    assert ("Not an engine yet" in (WEIGHTS / "README.md").read_text()) != trained


def test_the_autoencoder_rebuilds_unseen_clips_about_as_well_as_its_card_says(tmp_path):
    from generation.sketch import clips, fit_autoencoder

    config = replace(folder.config_of(WEIGHTS), held_out=8)
    unseen = clips.prepare(tmp_path, config, 8, held_out=True, workers=1)
    frame, subject = fit_autoencoder.psnr(folder.load_vae(WEIGHTS).eval(), unseen, 8)
    said = figures.read(WEIGHTS)

    assert frame > said["frame_db"].value - MARGIN_DB
    assert subject > said["subject_db"].value - MARGIN_DB


def test_a_clip_begins_with_the_frame_it_is_given_about_as_well_as_its_card_says():
    from generation.sketch import measure, scenes
    from generation.sketch.clips import filmed
    from generation.sketch.draw import Sketch

    sketch, rng, found = Sketch(WEIGHTS), np.random.default_rng(9), []
    for seed in range(4):
        scene = scenes.sample(rng, held_out=True)
        first = filmed(scene, sketch.config).video[0]
        drawn = sketch.draw(scenes.caption(scene, rng), seed=seed, steps=4, first=first)
        found.append(measure.psnr(drawn[0], first))

    assert np.mean(found) > figures.read(WEIGHTS)["first_db"].value - 2 * MARGIN_DB


def test_what_words_ask_for_is_drawn_about_as_often_as_the_card_says():
    """Twelve clips in half the steps, seen by the judge that the card's figures were taken with."""
    from generation.sketch import judges
    from generation.sketch.draw import Sketch
    from generation.sketch.evaluate import Examination

    found = Examination(Sketch(WEIGHTS), judges.trained((), JUDGE), 4, steps=8).words()
    said = figures.read(WEIGHTS)

    for several in (("place", "time", "noun", "colour"), ("pan", "tilt", "zoom")):
        seen = np.mean([found[key].value for key in several])
        assert seen > np.mean([said[key].value for key in several]) - MARGIN_SHARE, several
    assert found["flicker"].value < 1.5 * said["flicker"].value
