"""All clips as latents, encoded once: the transformer never sees a pixel."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from generation.sketch import autoencoder, folder
from generation.sketch.clips import Clips
from generation.sketch.sitting import Place

SHARD = 500  # clips in a file, so that processes share the work and a broken-off encoding is taken up again


@dataclass(frozen=True)
class Latents:
    """Normalised latents (N, z, T, h, w) of the clips, and (N, z, h, w) of their last frames as pictures."""

    clips: Clips
    all: Tensor
    last: Tensor


def encoded(place: Place, vae: Any, clips: Clips) -> Latents:
    """The latents of all clips; what is not on disk is encoded now, by all processes together."""
    steps = folder.progress(place.weights)["autoencoder"]["step"]
    home = (
        clips.shards[0].parent / f"latents-{place.config.name}-{steps}"
    )  # of these clips by this autoencoder
    ranges = [(at, min(at + SHARD, len(clips))) for at in range(0, len(clips), SHARD)]
    files = [home / f"{first:06d}-{end:06d}.safetensors" for first, end in ranges]
    for number in range(place.rank, len(files), place.processes):
        if not files[number].exists():
            _encode(vae, clips, *ranges[number], files[number])
    place.wait()
    found = [load_file(file) for file in files]
    whole, last = (torch.cat([shard[name] for shard in found]) for name in ("all", "last"))
    return Latents(clips, whole, last)


@torch.no_grad()
def _encode(vae: Any, clips: Clips, first: int, end: int, file: Path, size: int = 10) -> None:
    mean, std = (
        torch.tensor(values).view(1, -1, 1, 1, 1).to(vae.device)
        for values in (vae.config.latents_mean, vae.config.latents_std)
    )
    found: dict[str, list[Tensor]] = {"all": [], "last": []}
    for at in range(first, end, size):
        video = torch.from_numpy(clips.video[at : min(at + size, end)]).permute(0, 4, 1, 2, 3).to(vae.device)
        video = video.float() / 127.5 - 1
        with torch.autocast(vae.device.type, torch.bfloat16):
            for name, seen in (("all", video), ("last", video[:, :, -1:])):
                latents = (autoencoder.encode(vae, seen)[0] - mean) / std
                found[name].append(latents.half().cpu())
    whole, last = torch.cat(found["all"]), torch.cat(found["last"])[:, :, 0]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".tmp")
    save_file({"all": whole.contiguous(), "last": last.contiguous()}, part)
    part.rename(file)
