"""Training the autoencoder: what it cannot draw, no transformer can.

The loss is the squared and absolute error of every pixel, with the renderer's subject mask weighing as much
as all the rest together, since a subject is a tenth of the frame and what people look at; an error of
differences between neighbours, for outlines; and a hint of the usual Kullback-Leibler term. The posterior's
variance begins small, because noise in a latent that does not yet say anything only slows it down.
"""

import math
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKLWan
from torch import Tensor, nn

from generation.sketch import autoencoder, folder
from generation.sketch.clips import Clips, prepare
from generation.sketch.config import Config
from generation.sketch.optim import Optimiser
from generation.sketch.sitting import Ahead, Place, Sitting

SUBJECT = 1.0  # the subject's weight as a whole, against the whole frame's
SQUARED, OUTLINES, KL = 4.0, 0.5, 1e-6
FIRST_LOGVAR = -6.0
TAPS = 3  # frames that a convolution in time sees: the present one comes last
ENDS = ("conv_in", "conv_out", "quant_conv")  # to and from pixels and latents: left to AdamW


def fit(place: Place) -> bool:
    """One sitting; returns whether the autoencoder has had all its steps."""
    config = place.config
    seen = prepare(place.work, config, config.clips_autoencoder)
    unseen = prepare(place.work, config, config.held_out, held_out=True)
    vae = build(config).to(config.device)
    sitting = Sitting(
        name="autoencoder",
        place=place,
        fit=config.fit_autoencoder,
        modules={"vae": vae},
        optimiser=Optimiser(
            vae.named_parameters(),
            muon=config.fit_autoencoder.muon,
            adam=config.fit_autoencoder.adam,
            plainly=ENDS,
            **place.crew,
        ),
        judge=lambda: dict(zip(("frame_db", "subject_db"), psnr(vae, unseen, quick=True), strict=True)),
    )
    sitting.publish = lambda: _publish(place, sitting, vae, seen)
    if not sitting.resume():
        _begin(place, sitting, vae)
    if sitting.done:
        return True
    if config.compiled:
        autoencoder.compile_norms()

    def made(number: int) -> tuple[Tensor, Tensor]:
        frames, size = config.fit_autoencoder.lesson(number // place.processes)
        return batch(seen, frames, place.share(size), seed=config.seed, step=number)

    batches = Ahead(made, place.processes)

    def loss_of(number: int) -> dict[str, Tensor]:
        video, mask = (tensor.to(config.device).float() for tensor in batches(number))
        noise = torch.Generator().manual_seed(number)
        with torch.autocast(config.device, torch.bfloat16):
            return losses(vae, video / 127.5 - 1, mask, noise)

    sitting.run(loss_of)
    return sitting.done


def _begin(place: Place, sitting: Sitting, vae: Any) -> None:
    """Without a state, start from the weights that were published, if there are any."""
    done = folder.progress(place.weights)
    if "autoencoder" in done:
        vae.load_state_dict(folder.load_vae(place.weights).state_dict())
        sitting.begin_from_published(**done["autoencoder"])


def _publish(place: Place, sitting: Sitting, vae: Any, seen: Clips) -> None:
    mean, std = statistics(vae, seen)
    vae.register_to_config(latents_mean=mean, latents_std=std)
    folder.save_part(place.weights, "vae", vae)
    folder.note_progress(place.weights, place.config, sitting.name, sitting.step, sitting.trained_s)


def build(config: Config) -> Any:
    """A new autoencoder with random weights from the configuration's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        vae: Any = AutoencoderKLWan(**config.autoencoder)
    with torch.no_grad():
        for half in (vae.quant_conv.weight, vae.quant_conv.bias):
            half[config.z_dim :] = 0
        vae.quant_conv.bias[config.z_dim :] = FIRST_LOGVAR
        for weight in vae.parameters():
            if weight.ndim == 5 and weight.shape[2] == TAPS:
                weight[:, :, :-1] = 0  # each frame by itself, until clips say otherwise
    return fast(vae)


def fast(module: Any) -> Any:
    """Lay convolutions out with channels last, which oneDNN and cuDNN are fastest with."""
    for part in module.modules():
        if isinstance(part, nn.Conv3d):
            part.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]
        elif isinstance(part, nn.Conv2d):
            part.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return module


def batch(clips: Clips, frames: int, size: int, *, seed: int, step: int) -> tuple[Tensor, Tensor]:
    """The clips of one step: video (B, 3, F, H, W) uint8 and subject masks (B, 1, F, H, W) bool."""
    rng = np.random.default_rng([seed, 11, step])
    total = clips.video.shape[1]
    videos, masks = [], []
    for clip in rng.integers(len(clips), size=size):
        start = int(rng.integers(total - frames + 1))
        shown = slice(start, start + frames)
        flip = slice(None, None, -1 if rng.random() < 0.5 else 1)
        videos.append(clips.video[int(clip)][shown, :, flip])
        masks.append(clips.subject_mask(int(clip), shown)[:, :, flip])
    video = torch.from_numpy(np.stack(videos)).permute(0, 4, 1, 2, 3)
    return video, torch.from_numpy(np.stack(masks)).unsqueeze(1)


def losses(
    vae: Any, video: Tensor, mask: Tensor, generator: torch.Generator | None = None
) -> dict[str, Tensor]:
    """The loss and its parts; "mse" and "subject_mse" are in units of the full range 0..1."""
    mean, logvar = autoencoder.encode(vae, video)
    noise = torch.randn(mean.shape, generator=generator).to(mean.device)
    drawn = autoencoder.decode(vae, mean + noise * (0.5 * logvar).exp())
    error = drawn - video
    area = mask.mean().clamp(min=0.02)
    weight = 1 + SUBJECT * mask / area
    pixels = (weight * (error.abs() + SQUARED * error.square())).mean()
    outlines = sum(_differences(error, axis, weight) for axis in (-1, -2))
    kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).sum(1).mean()
    squares = error.detach().square() / 4
    return {
        "loss": pixels + OUTLINES * outlines + KL * kl,
        "mse": squares.mean(),
        "subject_mse": (squares * mask).sum() / (mask.sum() * 3).clamp(min=1),
        "kl": kl.detach(),
    }


def _differences(error: Tensor, axis: int, weight: Tensor) -> Tensor:
    """Mean absolute difference between neighbouring pixels of the error."""
    length = error.shape[axis] - 1
    ahead, behind = error.narrow(axis, 1, length), error.narrow(axis, 0, length)
    return (weight.narrow(axis, 0, length) * (ahead - behind).abs()).mean()


@torch.no_grad()
def psnr(
    vae: Any, clips: Clips, count: int = 24, *, begin: int = 0, size: int = 4, quick: bool = False
) -> tuple[float, float]:
    """Decibels over the frame and inside the subjects' masks, over `count` clips.

    Args:
        begin: the first of them.
        quick: compute in bfloat16, as training does; drawing does not.
    """
    squares = np.zeros(2)
    weights = np.zeros(2)
    end = min(begin + count, len(clips))
    for at in range(begin, end, size):
        wanted = np.arange(at, min(at + size, end))
        true = torch.from_numpy(clips.video[wanted]).permute(0, 4, 1, 2, 3).float()
        with torch.autocast(vae.device.type, torch.bfloat16, enabled=quick):
            mean, _ = autoencoder.encode(vae, (true / 127.5 - 1).to(vae.device, vae.dtype))
            drawn = autoencoder.decode(vae, mean.to(vae.dtype)).float().cpu().clamp(-1, 1)
        error = ((drawn + 1) * 127.5 - true).square().mean(1)
        masks = torch.from_numpy(np.stack([clips.subject_mask(int(clip)) for clip in wanted])).float()
        squares += [float(error.sum()), float((error * masks).sum())]
        weights += [error.numel(), max(1.0, float(masks.sum()))]
    frame, subject = (
        10 * math.log10(255**2 / max(1e-9, s / w)) for s, w in zip(squares, weights, strict=True)
    )
    return frame, subject


@torch.no_grad()
def statistics(vae: Any, clips: Clips, count: int = 96, size: int = 4) -> tuple[list[float], list[float]]:
    """Mean of each latent channel over training clips, and the deviation of all, for the config.

    The deviation is the same for every channel: channels deviate up to six times as much as others, and a
    unit of any of them changes pixels about equally (.4 to 1.7 of the mean, measured). Divided each by its
    own, the transformer would learn most about what is seen least.
    """
    seen = []
    for at in range(0, min(count, len(clips)), size):
        true = torch.from_numpy(clips.video[at : at + size]).permute(0, 4, 1, 2, 3).float().to(vae.device)
        with torch.autocast(vae.device.type, torch.bfloat16):
            seen.append(autoencoder.encode(vae, true / 127.5 - 1)[0].transpose(0, 1).flatten(1))
    latents = torch.cat(seen, 1).double()
    deviation = float(latents.var(1).mean().sqrt().clamp(min=1e-3))
    return latents.mean(1).tolist(), [deviation] * len(latents)


def decibels(mse: Tensor | float) -> float:
    return -10 * math.log10(max(1e-9, float(mse)))


__all__ = ["batch", "build", "decibels", "fast", "losses", "psnr", "statistics"]
