"""The parts of the pipeline besides the autoencoder: words, their encoder, the transformer, the scheduler."""

from typing import Any

import torch
from diffusers import FlowMatchEulerDiscreteScheduler, WanTransformer3DModel
from torch import Tensor

from generation.sketch import scenes
from generation.sketch.config import TEXT_LENGTH, Config

PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
SHIFT = (
    2.0  # of the noise schedule towards much noise: fewer would do for so few tokens, more for large frames
)


def tokenizer() -> Any:
    """Words of the scenes' captions, in small letters, without marks; what it does not know becomes <unk>."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: number for number, word in enumerate((PAD, END, UNKNOWN, *scenes.WORDS))}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN))
    words.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"[^\p{L}\p{N}-]+"), " ")]
    )
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token=PAD, eos_token=END, unk_token=UNKNOWN, model_max_length=TEXT_LENGTH
    )


def text_encoder(config: Config) -> Any:
    """A small UMT5 encoder, trained along with the transformer."""
    from transformers import UMT5Config, UMT5EncoderModel

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed + 1)
        size = 3 + len(scenes.WORDS)
        return UMT5EncoderModel(UMT5Config(vocab_size=size, pad_token_id=0, eos_token_id=1, **config.text))


def transformer(config: Config) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed + 2)
        return WanTransformer3DModel(**config.transformer)


def scheduler() -> FlowMatchEulerDiscreteScheduler:
    return FlowMatchEulerDiscreteScheduler(shift=SHIFT)


def tokens(words: Any, captions: list[str]) -> tuple[Tensor, Tensor]:
    """Ids and mask, (B, TEXT_LENGTH) each, as diffusers' Wan pipelines make them."""
    found = words(
        captions, padding="max_length", max_length=TEXT_LENGTH, truncation=True, return_tensors="pt"
    )
    return found.input_ids, found.attention_mask


def embed(encoder: Any, ids: Tensor, mask: Tensor) -> Tensor:
    """(B, TEXT_LENGTH, width), nought after the end of the sentence, as diffusers' Wan pipelines make it."""
    return encoder(ids, mask).last_hidden_state * mask.unsqueeze(-1)
