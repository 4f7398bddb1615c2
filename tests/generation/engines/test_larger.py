"""A take drawn larger from its latents: at the size asked for, the same twice, and by its own engine."""

from dataclasses import replace

import numpy as np
import pytest

from generation.engines import larger
from generation.engines.base import Brief, Card, EngineProblem
from generation.engines.stages import Kept
from generation.engines.wan import WanEngine, WanImageEngine, WanVaceEngine

pytestmark = pytest.mark.xdist_group("torch")
DIGEST = "ab" * 32


@pytest.fixture
def engine(family, monkeypatch):
    """A tiny Wan that draws 32 × 32 pixels, and larger 64 × 64."""
    engine = family("wan")
    monkeypatch.setattr(engine, "card", replace(engine.card, steps=4, larger={"1:1": (64, 64)}))
    return engine


def asked(engine, **given) -> Brief:
    return replace(engine.card.brief(prompt="a cat", seconds=0.5, aspect="1:1", seed=7), **given)


def enlarged(brief: Brief, strength: float = 0.5) -> Brief:
    return replace(brief, width=64, height=64, latents=DIGEST, strength=strength)


def drawn(engine, brief, **given):
    steps, kept = [], []
    return engine.draw(brief, on_step=steps.append, keep=kept.append, **given), kept[0], steps


def test_what_is_kept_decodes_again_to_the_same_pixels(engine, tmp_path):
    clip, kept, _ = drawn(engine, asked(engine))

    kept.save(tmp_path / "kept.safetensors")
    again = Kept.load(tmp_path / "kept.safetensors")

    assert (again.brief, again.steps, again.latents.dtype) == (asked(engine), 4, np.float32)
    assert np.array_equal(engine.decode(again.latents[None])[0], clip)


def test_of_half_precision_half_the_bytes_are_kept_and_they_decode_to_the_same_pixels(engine, tmp_path):
    half = WanEngine(engine.folder, replace(engine.card, dtype="bfloat16"))
    clip, kept, _ = drawn(half, asked(half))
    unkept = half.draw(asked(half), on_step=print)
    kept.save(tmp_path / "kept.safetensors")
    again = Kept.load(tmp_path / "kept.safetensors")

    assert again.latents.dtype == np.float16
    assert np.array_equal(half.decode(again.latents[None])[0], clip)
    assert np.array_equal(unkept, clip), "nobody's pixels depend on whether latents are kept"
    assert drawn(half, enlarged(asked(half)), latents=again)[0].shape == (5, 64, 64, 3)


def test_larger_it_has_its_size_and_the_same_comes_out_twice(engine):
    _, kept, _ = drawn(engine, asked(engine))
    wish = enlarged(asked(engine))

    clip, more, steps = drawn(engine, wish, latents=kept)
    again, _, _ = drawn(engine, wish, latents=kept)
    bolder, _, taken = drawn(engine, enlarged(asked(engine), 0.75), latents=kept)

    assert clip.shape == (5, 64, 64, 3) and np.array_equal(clip, again)
    assert not np.array_equal(clip, bolder)
    assert (len(steps), wish.from_step, len(taken)) == (2, 2, 3)
    assert more.brief.latents == DIGEST and more.latents.shape[1:] == (2, 8, 8)


def test_at_full_strength_nothing_of_the_take_is_left(engine):
    _, kept, _ = drawn(engine, asked(engine))
    plain = engine.denoise([asked(engine, width=64, height=64)], [{}], on_step=print).numpy()

    _, whole, steps = drawn(engine, enlarged(asked(engine), 1.0), latents=kept)

    assert len(steps) == 4
    assert np.abs(whole.latents - plain[0]).max() < 1e-5


def test_the_less_it_may_change_the_nearer_it_stays(engine):
    _, kept, _ = drawn(engine, asked(engine, steps=20))
    begun = [larger.begun(engine.pipe(), enlarged(asked(engine, steps=20), s), kept) for s in (0.05, 0.5, 1)]

    noise = begun[2].latents
    far = [float(np.abs(one.latents - noise).mean()) for one in begun]
    assert [one.steps for one in begun] == [19, 10, 0]
    assert far[0] > far[1] > far[2] == 0


def test_a_scheduler_that_remembers_steps_begins_half_way_too(engine, monkeypatch):
    """Wan's own weights come with UniPC; with fresh noise there are no earlier steps to remember."""
    from diffusers import UniPCMultistepScheduler

    unipc = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0, num_train_timesteps=1000
    )
    monkeypatch.setattr(engine.pipe(), "scheduler", unipc)
    _, kept, _ = drawn(engine, asked(engine))
    plain = engine.denoise([asked(engine, width=64, height=64)], [{}], on_step=print).numpy()

    clip, _, steps = drawn(engine, enlarged(asked(engine), 0.5), latents=kept)
    again, _, _ = drawn(engine, enlarged(asked(engine), 0.5), latents=kept)
    _, whole, _ = drawn(engine, enlarged(asked(engine), 1.0), latents=kept)

    assert len(steps) == 2 and np.array_equal(clip, again)
    assert np.abs(whole.latents - plain[0]).max() < 1e-3
    assert np.array_equal(
        engine.denoise([asked(engine, width=64, height=64)], [{}], on_step=print).numpy(), plain
    ), "it left no trace"


def test_several_are_drawn_one_after_the_other_each_as_alone(engine):
    _, kept, _ = drawn(engine, asked(engine))
    wishes = [enlarged(asked(engine)), enlarged(asked(engine, seed=8))]
    alone = [drawn(engine, wish, latents=kept)[0] for wish in wishes]
    more, steps = [], []

    clips = engine.draw_many(wishes, on_step=steps.append, pictures=[{"latents": kept}] * 2, keep=more.append)

    assert all(map(np.array_equal, clips, alone))
    assert [one.brief.seed for one in more] == [7, 8]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"engine": "other"}, "another engine's"), ({"revision": "r0"}, "weights that have been changed")],
)
def test_latents_of_other_weights_are_refused(engine, change, words):
    _, kept, _ = drawn(engine, asked(engine))

    with pytest.raises(EngineProblem, match=words):
        drawn(engine, enlarged(asked(engine)), latents=replace(kept, brief=replace(kept.brief, **change)))


def test_half_drawn_ones_and_none_are_refused(engine):
    _, kept, _ = drawn(engine, asked(engine))

    with pytest.raises(EngineProblem, match="not a whole take's"):
        drawn(engine, enlarged(asked(engine)), latents=replace(kept, steps=2))
    with pytest.raises(EngineProblem, match="differ in “latents”"):
        drawn(engine, enlarged(asked(engine)))
    with pytest.raises(EngineProblem, match="differ in “latents”"):
        drawn(engine, asked(engine), latents=kept)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": "cd" * 32}, "drawn from words alone"),
        ({"native": (32, 32)}, "drawn from words alone"),
        ({"width": 48}, "larger at 64 × 64"),
    ],
)
def test_what_cannot_be_drawn_larger_is_a_sentence(engine, change, words):
    assert engine.card.why_not(enlarged(asked(engine))) == ""
    assert words in engine.card.why_not(replace(enlarged(asked(engine)), **change))
    assert "drawn from words alone" in replace(engine.card, larger={}).why_not(enlarged(asked(engine)))


def test_a_card_says_how_large_a_take_can_get(engine):
    card, brief = engine.card, asked(engine)

    assert Card.from_json(card.to_json()) == card
    assert card.larger_size(brief) == (64, 64)
    assert card.larger_size(replace(brief, negative="blur")) == (64, 64)
    assert card.larger_size(replace(brief, native=(16, 16))) == (32, 32), "half its size gets the whole"
    assert card.larger_size(replace(brief, source="cd" * 32)) is None
    assert card.larger_size(enlarged(brief)) is None, "there is nothing larger than the largest"
    assert replace(card, larger={}).larger_size(brief) is None
    assert "multiples of 16" in replace(card, larger={"1:1": (40, 40)}).gaps()
    assert card.smaller(enlarged(brief)) is None


def test_only_wan_from_words_draws_larger():
    assert set(WanEngine.CARD.larger) == set(WanEngine.CARD.sizes)
    assert not WanImageEngine.CARD.larger and not WanVaceEngine.CARD.larger


def test_old_digests_stay_and_latents_count():
    brief = Brief(engine="wan", revision="r1", prompt="a cat", seed=7, frames=5, width=64, height=64, fps=8)
    more = replace(brief, latents=DIGEST)

    assert brief.digest == "76c2c070d5bddd5d87e86db614fb7b43678c400af37ce5aa5bff988f0b9316aa"
    assert len({brief.digest, more.digest, replace(more, strength=0.3).digest}) == 3
    assert len({brief.batch_key, more.batch_key, replace(more, strength=0.3).batch_key}) == 3
    assert brief.from_step == 0 and replace(more, steps=30, strength=0.01).from_step == 29
