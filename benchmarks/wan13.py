"""A Wan of true size with random weights, for measuring on a card: 1.3 thousand million, bfloat16.

The text encoder has the width of the real one and two layers, since words are encoded once; everything that
a step or a decode goes through is as large as in Wan2.1-T2V-1.3B.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from generation.engines import noise
from generation.engines.base import Brief, Card

CARD = replace(
    noise.CARD,
    name="wan13",
    title="Wan 1.3B, random",
    dtype="bfloat16",
    fps=16,
    longest_s=5,
    sizes={"16:9": (832, 480)},
    steps=30,
    max_sequence_length=512,
)
BACKENDS = ("native", "_native_flash", "_native_cudnn", "_native_efficient")


def build(folder: Path) -> Card:
    """Make the engine's folder; the card it returns is the one laid beside the weights."""
    folder.mkdir(parents=True)
    _pipeline().save_pretrained(folder)
    (folder / "engine.json").write_text(CARD.to_json())
    return CARD


def _pipeline() -> Any:
    import torch
    from diffusers import (
        AutoencoderKLWan,
        FlowMatchEulerDiscreteScheduler,
        WanPipeline,
        WanTransformer3DModel,
    )
    from transformers import UMT5Config, UMT5EncoderModel

    torch.manual_seed(0)
    words = UMT5Config(vocab_size=256, d_model=4096, d_kv=64, d_ff=10240, num_layers=2, num_heads=64)
    transformer = WanTransformer3DModel(num_attention_heads=12, ffn_dim=8960, num_layers=30)
    return WanPipeline(
        tokenizer=noise._tokenizer(CARD.max_sequence_length),
        text_encoder=UMT5EncoderModel(words).to(torch.bfloat16).eval(),
        vae=AutoencoderKLWan(),
        transformer=transformer.to(torch.bfloat16),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
    )


def backends(engine: Any, *, steps: int = 4) -> list[str]:
    """Seconds a step with each attention backend that this card has; the best one compiled by regions."""
    brief = CARD.brief(prompt="a boat", seconds=CARD.longest_s, aspect="16:9", seed=1)
    brief, transformer = replace(brief, steps=steps), engine.pipe().transformer
    found, lines = {}, []
    for name in BACKENDS:
        try:
            transformer.set_attention_backend(name)
            found[name] = _seconds_a_step(engine, brief)
            lines.append(f"attention {name}: {found[name]:.3f} s a step")
        except (RuntimeError, ValueError, NotImplementedError) as error:
            lines.append(f"attention {name}: not on this card ({str(error)[:60]})")
    best = min(found, key=found.__getitem__)
    transformer.set_attention_backend(best)
    transformer.compile_repeated_blocks(fullgraph=True)
    _seconds_a_step(engine, brief)  # compiles
    return [*lines, f"{best}, compiled region by region: {_seconds_a_step(engine, brief):.3f} s a step"]


def _seconds_a_step(engine: Any, brief: Brief) -> float:
    at: list[float] = []
    engine.draw(brief, on_step=lambda step: at.append(time.perf_counter()))
    return (at[-1] - at[0]) / (len(at) - 1)
