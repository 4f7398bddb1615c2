"""Words, attention and batches: that training sees what the stock pipelines will show."""

import numpy as np
import pytest
import torch

from generation.sketch import scenes
from generation.sketch.config import TEXT_LENGTH, TINY

pytestmark = pytest.mark.xdist_group("torch")

from generation.sketch import fit_transformer, parts  # noqa: E402 (after torch's threads are set)
from generation.sketch.control import CHANNELS, Control  # noqa: E402


@pytest.fixture(scope="module")
def words():
    return parts.tokenizer()


def test_every_word_of_every_caption_is_known(words):
    rng = np.random.default_rng(0)
    captions = [scenes.caption(scenes.sample(rng), rng) for _ in range(300)]
    ids, mask = parts.tokens(words, captions)

    assert words.unk_token_id not in ids
    assert ids.shape == mask.shape == (300, TEXT_LENGTH)
    assert int(mask.sum(1).max()) < TEXT_LENGTH  # none is cut off


def test_marks_and_capitals_do_not_matter_and_strange_words_are_unknown(words):
    one, other = (words.tokenize(text) for text in ("A red boat, pan-left!", "a red boat pan-left"))

    assert one == other == ["a", "red", "boat", "pan-left"]
    assert words.tokenize("a purple elephant") == ["a", "purple", parts.UNKNOWN]


def test_embeddings_are_those_of_the_stock_pipeline(words):
    from diffusers import WanPipeline

    encoder = parts.text_encoder(TINY).eval()
    pipe = WanPipeline(words, encoder, None, parts.scheduler(), None)
    prompts = ["a red boat at sea", ""]
    with torch.inference_mode():
        theirs, _ = pipe.encode_prompt(
            prompts, do_classifier_free_guidance=False, max_sequence_length=TEXT_LENGTH
        )
        ours = parts.embed(encoder, *parts.tokens(words, prompts))

    torch.testing.assert_close(ours, theirs)
    assert not ours[1, 1:].any()  # of nothing said, only the end is told


@pytest.mark.parametrize("per_token", [False, True], ids=["one time", "a time for each token"])
def test_attention_written_out_is_attention(per_token):
    model = parts.transformer(TINY).eval()
    generator = torch.Generator().manual_seed(1)
    x, text = torch.randn(2, 8, 3, 4, 6, generator=generator), torch.randn(2, 32, 32, generator=generator)
    times = torch.full((2, 18) if per_token else (2,), 400.0)
    with torch.inference_mode():
        stock = model(x, times, text, return_dict=False)[0]
        model.set_attn_processor(fit_transformer.PlainAttention())
        plain = model(x, times, text, return_dict=False)[0]

    torch.testing.assert_close(plain, stock, atol=1e-5, rtol=1e-4)
    assert stock.std() > 0.01


def test_a_time_for_each_token_all_alike_is_one_time():
    """So that text to video, which gives one, and image to video, which gives many, share their weights."""
    model = parts.transformer(TINY).eval()
    x, text = torch.randn(1, 8, 3, 4, 6), torch.randn(1, 32, 32)
    with torch.inference_mode():
        one = model(x, torch.tensor([300.0]), text, return_dict=False)[0]
        many = model(x, torch.full((1, 18), 300.0), text, return_dict=False)[0]

    torch.testing.assert_close(one, many, atol=1e-5, rtol=1e-4)


def test_frames_that_are_given_are_not_learnt():
    flow = fit_transformer.Flow(parts.text_encoder(TINY), parts.transformer(TINY), Control(8, 24)).eval()
    latents = torch.randn(2, 8, 3, 4, 6, generator=torch.Generator().manual_seed(2))
    ids = torch.ones(2, TEXT_LENGTH, dtype=torch.long)
    control = torch.zeros(2, CHANNELS + 8, 3, 4, 6)

    def gradient(clean):
        flow.zero_grad()
        seen = fit_transformer.Batch(latents, ids, ids, control, clean)
        flow.losses(seen, torch.Generator().manual_seed(3))["loss"].backward()
        return flow.transformer.proj_out.weight.grad.clone()

    with torch.no_grad():
        seen = fit_transformer.Batch(latents, ids, ids, control, 3)
        assert torch.isnan(flow.losses(seen, torch.Generator())["loss"])  # all given: nothing to learn from
    assert not torch.allclose(gradient(0), gradient(1))


def test_strokes_follow_a_subject_and_wait_where_it_was_last_seen():
    boxes = np.full((1, 5, 4), np.nan, np.float32)
    boxes[0, 1], boxes[0, 2] = (0, 0, 0.2, 0.2), (0.5, 0, 0.7, 0.2)
    points = fit_transformer._strokes(boxes.copy(), np.random.default_rng(0))[0]

    np.testing.assert_allclose(points[0], points[1])
    np.testing.assert_allclose(points[2] - points[1], [0.5, 0], atol=1e-6)
    np.testing.assert_allclose(points[3:], np.stack([points[2]] * 2))
