"""A tiny Wan pipeline with random weights: the whole path of a clip, on any machine, without a download.

It was never trained, so it draws noise. It is what the demo and the tests use, and its card says so.
"""

import shutil
import string
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from generation.engines import registry
from generation.engines.base import Card
from generation.engines.pipelines import prepare

CARD = Card(
    name="noise",
    title="Noise",
    family="wan",
    revision="unset",
    licence="CC0-1.0",
    vendor="made on this machine",
    summary=(
        "A very small Wan with random weights. It was never trained, so it draws coloured noise and not "
        "what you wrote. It shows the path from words to a signed clip."
    ),
    random_weights=True,
    inputs=("text", "negative", "source_video"),
    batchable=True,
    commercial=True,
    fps=12,
    shortest_s=0.5,
    longest_s=4,
    sizes={"16:9": (256, 144), "1:1": (192, 192), "9:16": (144, 256)},
    steps=8,
    guidance=5.0,
    max_sequence_length=64,
)
CONTRAST = 4.0  # untrained weights hardly leave mid-grey; noise should at least be seen
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"


def build(folder: Path, *, card: Card = CARD) -> Card:
    """Make the pipeline and its card in `folder`, whole or not at all; returns the card.

    The weights come from seed 0; the revision is the digest of the files.
    """
    prepare()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as scratch:
        part = Path(scratch, "engine")
        _pipeline(card).save_pretrained(part)
        card = replace(card, revision=registry.digest(part)[:16])
        (part / "engine.json").write_text(card.to_json())
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return card


def _pipeline(card: Card):
    """A WanPipeline with every part as small as its architecture allows."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, WanPipeline, WanTransformer3DModel
    from transformers import UMT5Config, UMT5EncoderModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return WanPipeline(
            tokenizer=_tokenizer(card.max_sequence_length),
            text_encoder=UMT5EncoderModel(
                UMT5Config(vocab_size=256, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4)
            ).eval(),
            vae=_decoder(),
            transformer=WanTransformer3DModel(
                patch_size=(1, 2, 2),
                num_attention_heads=2,
                attention_head_dim=12,
                in_channels=16,
                out_channels=16,
                text_dim=32,
                freq_dim=256,
                ffn_dim=32,
                num_layers=2,
                cross_attn_norm=True,
                qk_norm="rms_norm_across_heads",
                rope_max_seq_len=32,
            ),
            scheduler=FlowMatchEulerDiscreteScheduler(shift=7.0),
        )


def _decoder():
    """A VAE that decodes at half size, which is what makes it quick without a card."""
    from diffusers import AutoencoderKLWan

    vae: Any = AutoencoderKLWan(
        base_dim=4,
        z_dim=16,
        dim_mult=[1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[True, True],
        patch_size=2,
        in_channels=12,
        out_channels=12,
    )
    vae.decoder.conv_out.weight.data *= CONTRAST
    return vae


def _tokenizer(length: int):
    """A tokenizer that reads letter by letter; made rather than trained, so that it is always the same."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    letters = [(letter, -3.0) for letter in "▁" + string.ascii_letters + string.digits + string.punctuation]
    words = Tokenizer(models.Unigram([(PAD, 0.0), (END, 0.0), (UNKNOWN, -9.0), *letters], unk_id=2))
    words.normalizer = normalizers.NFKC()
    words.pre_tokenizer = pre_tokenizers.Metaspace()
    words.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token=PAD, eos_token=END, unk_token=UNKNOWN, model_max_length=length
    )
