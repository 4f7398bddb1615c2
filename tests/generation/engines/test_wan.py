"""A real, tiny Wan pipeline: the same brief, the same pixels; and a cancel that decodes nothing."""

from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings

from generation.engines import registry
from generation.engines.base import EngineProblem

pytestmark = pytest.mark.xdist_group("torch")


class Enough(Exception):
    pass


def wish(card, **fields):
    return replace(card.brief(prompt="a cat walks", seconds=0.6, aspect="4:3", seed=7), **fields)


def draw(engine, brief):
    steps = []
    return engine.draw(brief, on_step=steps.append), steps


def test_it_draws_what_the_brief_says(engine):
    frames, steps = draw(engine, wish(engine.card))

    assert (frames.shape, frames.dtype) == ((5, 48, 64, 3), np.uint8)
    assert frames.std() > 2, "a flat picture would be a fault in the path"
    assert steps == [0, 1, 2]


def test_the_same_brief_gives_the_same_bytes_also_from_disk_again(engine):
    first, _ = draw(engine, wish(engine.card))
    again, _ = draw(engine, wish(engine.card))
    anew, _ = draw(registry.load(settings.ENGINES_ROOT, "quick"), wish(engine.card))

    assert first.tobytes() == again.tobytes() == anew.tobytes()


@pytest.mark.parametrize("change", [{"seed": 8}, {"prompt": "the quick brown fox"}])
def test_another_seed_or_other_words_give_another_picture(engine, change):
    first, _ = draw(engine, wish(engine.card))
    other, _ = draw(engine, wish(engine.card, **change))

    assert first.tobytes() != other.tobytes()


def test_cancelled_it_stops_after_that_step_decodes_nothing_and_leaves_no_trace(engine, monkeypatch):
    alone, _ = draw(engine, wish(engine.card))
    decoded, vae, steps = [], engine.pipe().vae, []
    real = vae.decode
    monkeypatch.setattr(vae, "decode", lambda *args, **kwargs: decoded.append(1) or real(*args, **kwargs))

    def stop(step):
        steps.append(step)
        if step == 1:
            raise Enough

    with pytest.raises(Enough):
        engine.draw(wish(engine.card, seed=99, steps=20), on_step=stop)
    assert (steps, decoded) == ([0, 1], [])

    after, _ = draw(engine, wish(engine.card))
    assert decoded == [1]
    assert after.tobytes() == alone.tobytes()


def test_a_brief_that_breaks_a_rule_is_refused_before_anything_is_loaded(quick):
    fresh = registry.load(settings.ENGINES_ROOT, "quick")

    with pytest.raises(EngineProblem, match="draws 4k"):
        fresh.draw(wish(quick, frames=6), on_step=print)
    assert fresh._pipe is None


def test_it_names_the_software_that_pixels_depend_on(engine):
    assert engine.software().startswith("diffusers 0.")
    assert ", torch 2.13.0" in engine.software()
    assert engine.software().endswith("float32 on cpu")


def test_a_folder_with_another_pipeline_is_refused(quick, tmp_path):
    import shutil

    from diffusers import WanVideoToVideoPipeline

    shutil.copytree(settings.ENGINES_ROOT / "quick", tmp_path / "quick")
    index = tmp_path / "quick/model_index.json"
    index.write_text(index.read_text().replace('"WanPipeline"', f'"{WanVideoToVideoPipeline.__name__}"'))

    with pytest.raises(EngineProblem, match="not Wan text to video"):
        registry.load(tmp_path, "quick").draw(wish(quick), on_step=print)
