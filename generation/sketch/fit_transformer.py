"""Training the transformer, its text encoder and its control by flow matching, on cached latents.

A latent x and noise e meet on the straight line (1 - s) x + s e, and the transformer learns the line's
direction, e - x. Source: Lipman et al., Flow Matching for Generative Modeling, arXiv:2210.02747; the share
s is drawn as in Esser et al., Scaling Rectified Flow Transformers, arXiv:2403.03206. Captions and control
are left out at random, so that guidance works and either works alone. In some batches the first latent
frames are clean and at time 0, which is how Wan 2.2 continues a picture.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generation.sketch import folder, parts
from generation.sketch.clips import prepare
from generation.sketch.config import Config
from generation.sketch.control import Asked, Control, Grid, stack, steering
from generation.sketch.latents import Latents, encoded
from generation.sketch.optim import Optimiser
from generation.sketch.sitting import Ahead, Place, Sitting

NO_CAPTION = 0.1
CLEAN_FIRST = 0.2  # of batches
CLEAN_TWO = 0.3  # of those: the first two latent frames, so that a clip can be continued with its motion
ENDS = (
    "shared",
    "patch_embedding",
    "proj_out",
    "condition_embedder.time",
    "relative",
    "cells",
    "scale_shift",
)
STEERED = {"camera": 0.3, "boxes": 0.3, "strokes": 0.15, "last": 0.15}  # of clips, each for itself


def fit(place: Place) -> bool:
    """One sitting; returns whether the transformer has had all its steps."""
    config = place.config
    vae = folder.load_vae(place.weights).to(config.device).eval()
    place.join()
    known = encoded(place, vae, prepare(place.work, config, config.clips))
    words, grid = parts.tokenizer(), grid_of(config)
    flow = Flow(
        parts.text_encoder(config), parts.transformer(config), Control(config.z_dim, width_of(config))
    )
    flow.to(config.device)
    sitting = Sitting(
        name="transformer",
        place=place,
        fit=config.fit_transformer,
        modules={"flow": flow},
        optimiser=Optimiser(
            flow.named_parameters(),
            muon=config.fit_transformer.muon,
            adam=config.fit_transformer.adam,
            plainly=ENDS,
            **place.crew,
        ),
    )
    sitting.publish = lambda: _publish(place, sitting, flow)
    if not sitting.resume():
        _begin(place, sitting, flow)
    if sitting.done:
        return True
    flow.train()
    if config.device == "cpu":
        flow.transformer.set_attn_processor(PlainAttention())
    if config.compiled:
        for block in flow.transformer.blocks:
            block.compile()

    size = place.share(config.fit_transformer.batch)
    batches = Ahead(lambda number: batch(known, words, config, grid, size, number), place.processes)

    def loss_of(number: int) -> dict[str, Tensor]:
        seen = batches(number).to(config.device)
        with torch.autocast(config.device, torch.bfloat16):
            return flow.losses(seen, torch.Generator().manual_seed(number))

    sitting.run(loss_of)
    return sitting.done


def grid_of(config: Config) -> Grid:
    """The latent cells of a clip of the configuration's size."""
    step = int(config.autoencoder["scale_factor_temporal"])
    return Grid(config.frames, step, config.height // 8, config.width // 8, config.z_dim)


def width_of(config: Config) -> int:
    return int(config.transformer["num_attention_heads"] * config.transformer["attention_head_dim"])


def _begin(place: Place, sitting: Sitting, flow: "Flow") -> None:
    """Without a state, start from the weights that were published, if there are any."""
    done = folder.progress(place.weights)
    if "transformer" in done:
        flow.load(place.weights)
        sitting.begin_from_published(**done["transformer"])


def _publish(place: Place, sitting: Sitting, flow: "Flow") -> None:
    folder.save_part(place.weights, "text_encoder", flow.encoder)
    folder.save_part(place.weights, "transformer", flow.transformer)
    folder.save_part(place.weights, "control", flow.control)
    folder.save_rest(place.weights)
    folder.note_progress(place.weights, place.config, sitting.name, sitting.step, sitting.trained_s)


@dataclass(frozen=True)
class Batch:
    """One step's clips: latents, their captions' ids and mask, control channels, and clean latent frames."""

    latents: Tensor
    ids: Tensor
    mask: Tensor
    control: Tensor
    clean: int

    def to(self, device: str) -> "Batch":
        return Batch(
            self.latents.to(device),
            self.ids.to(device),
            self.mask.to(device),
            self.control.to(device),
            self.clean,
        )


def batch(known: Latents, words: Any, config: Config, grid: Grid, size: int, step: int) -> Batch:
    """The `size` clips of one step; the same step gives the same batch."""
    rng = np.random.default_rng([config.seed, 23, step])
    chosen = rng.integers(len(known.clips), size=size)
    captions = [
        ""
        if rng.random() < NO_CAPTION
        else known.clips.captions[i][rng.integers(len(known.clips.captions[i]))]
        for i in chosen
    ]
    asked = [_asked(known, int(i), rng) for i in chosen]
    clean = 0 if rng.random() >= CLEAN_FIRST else 1 + int(rng.random() < CLEAN_TWO)
    ids, mask = parts.tokens(words, captions)
    return Batch(known.all[chosen].float(), ids, mask, stack(grid, asked), clean)


def _asked(known: Latents, clip: int, rng: np.random.Generator) -> Asked:
    given = {name: rng.random() < share for name, share in STEERED.items()}
    boxes = known.clips.boxes[clip]
    there = ~np.isnan(boxes).all(axis=(1, 2))
    return Asked(
        camera=known.clips.camera[clip] if given["camera"] else None,
        boxes=boxes if given["boxes"] else None,
        strokes=_strokes(boxes[there], rng) if given["strokes"] and there.any() else None,
        last=known.last[clip] if given["last"] else None,
    )


def _strokes(boxes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(S, F, 2): a point of each subject over time; it stays where it was last seen."""
    share = rng.uniform(0.3, 0.7, 2)
    points = boxes[..., :2] + share * (boxes[..., 2:] - boxes[..., :2])
    seen = ~np.isnan(points).any(-1)
    for path, visible in zip(points, seen, strict=True):
        order = np.maximum.accumulate(np.where(visible, np.arange(len(path)), np.argmax(visible)))
        path[:] = path[order]
    return points


class Flow(nn.Module):
    """The three modules that are trained together, as one step sees them."""

    def __init__(self, encoder: Any, transformer: Any, control: Control):
        super().__init__()
        self.encoder, self.transformer, self.control = encoder, transformer, control

    def losses(self, seen: Batch, generator: torch.Generator) -> dict[str, Tensor]:
        """Mean squared error of the direction, over the latent frames that are not given."""
        x = seen.latents
        noise = torch.randn(x.shape, generator=generator).to(x.device)
        share = torch.sigmoid(torch.randn(len(x), generator=generator)).to(x.device)
        share = parts.SHIFT * share / (1 + (parts.SHIFT - 1) * share)
        s = share.view(-1, 1, 1, 1, 1).expand(-1, 1, *x.shape[2:]).clone()
        s[:, :, : seen.clean] = 0
        moved = torch.lerp(x, noise, s)
        times = share * 1000
        if seen.clean:  # a time for every token, as Wan 2.2 has it: 0 where the picture is given
            times = s[:, 0, :, ::2, ::2].flatten(1) * 1000
        text = parts.embed(self.encoder, seen.ids, seen.mask)
        with steering(self.transformer, self.control, seen.control):
            found = self.transformer(moved, times, text, return_dict=False)[0]
        error = (found.float() - (noise - x))[:, :, seen.clean :].square()
        return {"loss": error.mean()}

    def load(self, weights: Path) -> None:
        """Read the three modules from a folder of weights."""
        from diffusers import WanTransformer3DModel
        from transformers import UMT5EncoderModel

        plainly: dict[str, Any] = {"local_files_only": True, "use_safetensors": True}
        for module, kept in (
            (self.encoder, UMT5EncoderModel.from_pretrained(weights / "text_encoder", **plainly)),
            (self.transformer, WanTransformer3DModel.from_pretrained(weights / "transformer", **plainly)),
            (self.control, Control.load(weights / "control")),
        ):
            module.load_state_dict(kept.state_dict())


class PlainAttention:
    """Attention written out: on a CPU the backward pass of torch's own takes nearly half of a step."""

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, attention_mask=None, rotary_emb=None):
        source = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        query, key = attn.norm_q(attn.to_q(hidden_states)), attn.norm_k(attn.to_k(source))
        query, key, value = (x.unflatten(2, (attn.heads, -1)) for x in (query, key, attn.to_v(source)))
        if rotary_emb is not None:
            query, key = (_turn(x, *rotary_emb) for x in (query, key))
        query, key, value = (x.type_as(value).transpose(1, 2) for x in (query, key, value))
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        found = (scores.float().softmax(-1).type_as(value) @ value).transpose(1, 2).flatten(2)
        return attn.to_out[0](found)


def _turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary position: neighbouring channels turned by their angle."""
    even, odd = x.unflatten(-1, (-1, 2)).unbind(-1)
    cos, sin = cos[..., 0::2], sin[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2)
