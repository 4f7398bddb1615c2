"""Stages of a drawing: what is checked, what is kept between them, and what is encoded once."""

from dataclasses import replace

import numpy as np
import pytest
from django.utils import timezone

from festival.media import frames as files
from festival.media.finishing import Wish
from festival.provenance import credentials
from generation.engines import stages
from generation.engines.base import EngineProblem
from generation.engines.inputs import INPUTS
from generation.engines.noise import CARD
from generation.engines.stages import Kept, Remembered

pytestmark = pytest.mark.xdist_group("torch")
ALL = replace(CARD, inputs=("text", *INPUTS), sizes={"1:1": (32, 16)})
PICTURE = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)
CLIP = np.stack([np.full((20, 20, 3), 10 * f, np.uint8) for f in range(9)])


def brief(card=ALL, **given):
    return card.brief(prompt="a cat", seconds=0.4, aspect="1:1", seed=7, **given)


def asked(engine, **given):
    return replace(engine.card.brief(prompt="a cat", seconds=0.5, aspect="1:1", seed=7), **given)


class Enough(Exception):
    pass


def test_pictures_are_brought_to_the_briefs_size_and_length():
    wish = brief(source="ab", mask="cd", last="ef", references=["gh"])
    mask = np.zeros((20, 20), np.uint8)
    mask[:, 10:] = 200

    ready = stages.prepare(
        ALL, wish, {"source": CLIP, "mask": mask, "last": PICTURE, "references": (PICTURE,)}
    )

    assert {name: np.shape(value) for name, value in ready.items()} == {
        "source": (5, 16, 32, 3), "mask": (5, 16, 32), "last": (16, 32, 3), "references": (1, 40, 30, 3),
    }  # fmt: skip
    assert ready["source"][:, 0, 0, 0].tolist() == [0, 20, 40, 60, 80]
    assert ready["mask"][0, 0].tolist() == [0] * 16 + [255] * 16


def test_a_clip_to_go_on_from_keeps_its_length():
    assert stages.prepare(ALL, brief(extend="ab"), {"extend": CLIP})["extend"].shape == (9, 16, 32, 3)


@pytest.mark.parametrize(
    ("wanted", "given", "words"),
    [
        ({"first": "ab"}, {}, "differ in “first”"),
        ({}, {"first": PICTURE}, "differ in “first”"),
        ({"first": "ab"}, {"first": PICTURE[..., 0]}, "“first” is no RGB picture"),
        ({"first": "ab"}, {"first": PICTURE / 255}, "“first” is no RGB picture"),
        ({"source": "ab"}, {"source": CLIP[:0]}, "“source” is no RGB picture"),
        ({"source": "ab", "mask": "cd"}, {"source": CLIP, "mask": CLIP}, "white is drawn anew"),
        ({"keyframes": [(0.5, "ab", 1)]}, {"keyframes": ()}, "differ in “keyframes”"),
        ({"camera": [(0, 0, 0)]}, {}, "three numbers for each"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_loaded(wanted, given, words):
    with pytest.raises(EngineProblem, match=words):
        stages.prepare(ALL, brief(**wanted), given)


def test_the_least_used_is_forgotten_first():
    kept, made = Remembered(2), []
    for key in "abacb":
        kept.get(key, lambda key=key: made.append(key) or key)

    assert (made, len(kept)) == (["a", "b", "c", "b"], 2)


@pytest.mark.parametrize("name", ["wan", "wan-vace", "ltx", "cogvideox", "animatediff", "sana-wm"])
def test_the_same_words_are_encoded_once(family, name, monkeypatch):
    engine, encoded = family(name), []
    pipe = engine.pipe()
    monkeypatch.setattr(engine, "_texts", Remembered(8))
    wish = engine.card.brief(prompt="a cat", seconds=1.0, aspect="1:1", seed=1)
    own = type(engine).encoded

    def counted(self, pipe, brief):
        encoded.append(brief.prompt)
        return own(self, pipe, brief)

    monkeypatch.setattr(type(engine), "encoded", counted)
    briefs = [wish, replace(wish, seed=2), replace(wish, prompt="a dog"), wish]

    rows = engine.encode_text(pipe, briefs)

    assert encoded == ["a cat", "a dog"]
    assert {value.shape[0] for value in rows.values() if value is not None} == {4}


def test_kept_latents_are_decoded_again_to_the_same_clip(family, tmp_path):
    engine = family("wan")
    wish, file = asked(engine), tmp_path / "take.safetensors"
    clip = engine.draw(wish, on_step=lambda step: None)
    latents = engine.denoise([wish], [{}], on_step=lambda step: None)

    Kept(wish, latents[0].numpy(), wish.steps).save(file)
    again = Kept.load(file)

    assert (again.brief, again.steps) == (wish, 2)
    assert np.array_equal(engine.decode(again.latents[None])[0], clip)


@pytest.mark.parametrize("reached", [1, 2])
def test_a_drawing_that_broke_off_is_gone_on_with_to_the_same_latents(family, tmp_path, reached):
    engine = family("wan")
    wish, file = asked(engine, steps=4), tmp_path / "half.safetensors"
    whole = engine.denoise([wish], [{}], on_step=lambda step: None).numpy()

    def stop(step, latents):
        if step == reached - 1:
            Kept(wish, latents.reached()[0], reached).save(file)
            raise Enough

    with pytest.raises(Enough):
        engine.draw(wish, on_step=stop)
    steps = []
    rest = engine.denoise([wish], [{}], on_step=steps.append, go_on=Kept.load(file)).numpy()

    assert len(steps) == 4 - reached
    assert np.abs(rest - whole).max() < 1e-6
    assert np.array_equal(engine.denoise([wish], [{}], on_step=print).numpy(), whole), "it left no trace"


def test_what_a_step_takes_to_be_clean_is_clean_in_the_end(family):
    engine, seen = family("wan"), []
    wish = asked(engine, steps=4)

    final = engine.denoise([wish], [{}], on_step=lambda step, latents: seen.append(latents())).numpy()

    far = [float(np.abs(clean - final).mean()) for clean in seen]
    assert far[-1] < 1e-5 and far[0] > far[-1]


def test_a_scheduler_that_remembers_cannot_be_gone_on_with(family):
    engine = family("cogvideox")
    wish = engine.card.brief(prompt="a cat", seconds=1, aspect="1:1", seed=1)

    with pytest.raises(EngineProblem, match="Euler scheduler"):
        engine.denoise([wish], [{}], on_step=print, go_on=Kept(wish, np.zeros((4, 3, 4, 4), np.float32), 1))


def test_a_file_without_latents_of_ours_is_refused(tmp_path):
    (tmp_path / "other.safetensors").write_bytes(b"nothing")

    with pytest.raises(EngineProblem, match="holds no latents of ours"):
        Kept.load(tmp_path / "other.safetensors")


def test_frames_are_finished_marked_encoded_and_signed(tmp_path, authority):
    wish = brief()
    video = np.random.default_rng(0).integers(0, 256, (5, 16, 32, 3), np.uint8)

    large, fps = stages.finish(video, fps=wish.fps, wish=Wish(size=(64, 32)), folder=tmp_path)
    same, _ = stages.finish(video, fps=wish.fps, wish=Wish(), folder=tmp_path)
    assert (large.shape, fps, same is video) == ((5, 32, 64, 3), wish.fps, True)
    assert stages.mark(video, wish) is video

    raw = stages.encode(video, tmp_path / "raw.mp4", fps=fps)
    facts = credentials.GeneratedFacts(
        title="Take", engine="noise", engine_title="Noise", revision="r1", licence="CC0-1.0",
        random_weights=True, seed=7, prompt_sha256=wish.prompt_sha256, brief_sha256=wish.digest,
        software="diffusers", drawn_at=timezone.now(),
    )  # fmt: skip
    signed = stages.sign(raw, tmp_path / "signed.mp4", facts=facts, authority=authority)

    assert files.read_mp4(signed).shape == video.shape
    assert signed.stat().st_size > raw.stat().st_size


def test_finishing_and_marking_refuse_what_is_not_theirs(tmp_path):
    video = np.zeros((5, 16, 30, 3), np.uint8)

    with pytest.raises(EngineProblem, match="not the size that was asked for"):
        stages.mark(video, brief())
    with pytest.raises(EngineProblem, match="from 0 to 1"):
        stages.finish(video, fps=8, wish=Wish(denoise=3), folder=tmp_path)
