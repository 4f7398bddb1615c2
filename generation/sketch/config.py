"""The three sizes in which Sketch is trained: `tiny` for tests, `cpu` for two cores, `gpu` for one card."""

from dataclasses import dataclass, field
from typing import Any

TEXT_LENGTH = (
    32  # tokens of a prompt; cross-attention has no mask, so drawing must pad to what training padded to
)
MOST_SUBJECTS = 2
PARAPHRASES = 6  # captions of each training clip


@dataclass(frozen=True)
class Fit:
    """How one part is trained.

    Args:
        steps: in all, over as many sittings as it takes; the rate falls over the last quarter of them.
        batch: clips in a step of all processes together.
        frames: of each of them.
        before: (steps, frames, batch) of the lessons that come first. The autoencoder looks at many single
            pictures, then at short clips: seventeen pictures of seventeen scenes teach it in 200 steps what
            seventeen frames of one scene did in 1,200. It must end with whole clips: its causal convolutions
            see nothing before a clip begins, and what was trained on 9 frames drew the last of 17 too bright.
        muon: learning rate of matrices and convolutions (Muon).
        adam: learning rate of everything else (AdamW).
        ema: decay of the averaged weights, which are the ones that are shipped.
    """

    steps: int
    batch: int
    frames: int
    muon: float
    adam: float
    ema: float
    warmup: int = 200
    before: tuple[tuple[int, int, int], ...] = ()

    def lesson(self, step: int) -> tuple[int, int]:
        """Frames and batch of a step."""
        for steps, frames, batch in self.before:
            if step < steps:
                return frames, batch
            step -= steps
        return self.frames, self.batch


@dataclass(frozen=True)
class Config:
    """One size of the model: pictures, parts and training."""

    name: str
    clips: int  # rendered once, kept on disk
    clips_autoencoder: int  # as many of them as the autoencoder learns from
    autoencoder: dict[str, Any]
    transformer: dict[str, Any]
    text: dict[str, Any]
    fit_autoencoder: Fit
    fit_transformer: Fit
    width: int = 96
    height: int = 64
    frames: int = 17
    fps: int = 8
    seed: int = 0
    held_out: int = 256  # clips of combinations never trained on
    device: str = "cpu"
    compiled: bool = True
    control: dict[str, Any] = field(default_factory=dict)

    @property
    def z_dim(self) -> int:
        return int(self.autoencoder["z_dim"])


def _autoencoder(
    *, z_dim: int, base: int, decoder: int, mult: list[int], blocks: int, patch: int = 2, time: list[bool]
) -> dict[str, Any]:
    """Arguments of an AutoencoderKLWan that is 8 × smaller in space and 2 or 4 × in time."""
    return {
        "z_dim": z_dim,
        "base_dim": base,
        "decoder_base_dim": decoder,
        "dim_mult": mult,
        "num_res_blocks": blocks,
        "temperal_downsample": time,
        "is_residual": mult[-1] == mult[-2],  # its averaging shortcut wants the last two levels alike
        "patch_size": patch,
        "in_channels": 3 * patch**2,
        "out_channels": 3 * patch**2,
        "scale_factor_temporal": 2 ** sum(time),
        "scale_factor_spatial": 8,
        "latents_mean": [0.0] * z_dim,
        "latents_std": [1.0] * z_dim,
    }


def _transformer(*, z_dim: int, heads: int, head: int, ffn: int, layers: int, text: int) -> dict[str, Any]:
    return {
        "patch_size": (1, 2, 2),
        "num_attention_heads": heads,
        "attention_head_dim": head,
        "in_channels": z_dim,
        "out_channels": z_dim,
        "text_dim": text,
        "freq_dim": 256,
        "ffn_dim": ffn,
        "num_layers": layers,
        "cross_attn_norm": True,
        "qk_norm": "rms_norm_across_heads",
        "rope_max_seq_len": 64,
    }


def _text(*, width: int, layers: int) -> dict[str, Any]:
    return {
        "d_model": width,
        "d_kv": 32,
        "d_ff": width * 2,
        "num_layers": layers,
        "num_heads": 4,
        "dropout_rate": 0.0,
    }


TINY = Config(
    name="tiny",
    clips=12,
    clips_autoencoder=12,
    held_out=6,
    width=48,
    height=32,
    frames=9,
    autoencoder=_autoencoder(z_dim=8, base=8, decoder=8, mult=[1, 1, 1], blocks=1, time=[True, True]),
    transformer=_transformer(z_dim=8, heads=2, head=12, ffn=48, layers=2, text=32),
    text=_text(width=32, layers=1),
    fit_autoencoder=Fit(
        steps=6, batch=2, frames=5, muon=2e-3, adam=2e-3, ema=0.5, warmup=2, before=((2, 1, 6),)
    ),
    fit_transformer=Fit(steps=6, batch=4, frames=9, muon=2e-3, adam=1e-3, ema=0.5, warmup=2),
    compiled=False,
)
CPU = Config(
    name="cpu",
    clips=12_000,
    clips_autoencoder=12_000,
    autoencoder=_autoencoder(z_dim=32, base=24, decoder=32, mult=[1, 2, 2], blocks=1, time=[True, True]),
    transformer=_transformer(z_dim=32, heads=4, head=64, ffn=768, layers=6, text=128),
    text=_text(width=128, layers=2),
    fit_autoencoder=Fit(
        steps=16_800,
        batch=2,
        frames=17,
        muon=1e-3,
        adam=1e-3,
        ema=0.999,
        before=((1_500, 1, 34), (2_500, 5, 8)),
    ),
    fit_transformer=Fit(steps=6_400, batch=64, frames=17, muon=1.5e-3, adam=1e-3, ema=0.999),
)
GPU = Config(
    name="gpu",
    clips=10_000,
    clips_autoencoder=4_000,
    width=224,
    height=128,
    frames=25,
    autoencoder=_autoencoder(z_dim=32, base=32, decoder=48, mult=[1, 2, 2], blocks=2, time=[True, True]),
    transformer=_transformer(z_dim=32, heads=6, head=64, ffn=1024, layers=10, text=192),
    text=_text(width=192, layers=3),
    fit_autoencoder=Fit(
        steps=4_000,
        batch=8,
        frames=25,
        muon=1e-3,
        adam=1e-3,
        ema=0.999,
        before=((1_000, 1, 200), (1_000, 5, 40)),
    ),
    fit_transformer=Fit(steps=12_000, batch=96, frames=25, muon=1e-3, adam=1e-3, ema=0.9995),
    device="cuda",
)
CONFIGS = {config.name: config for config in (TINY, CPU, GPU)}
