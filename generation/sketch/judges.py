"""A small network that sees what a drawn clip shows, trained on the renderer's clips alone.

It names the place, the time of day, the subject and its colour, and marks the subject's pixels. Its own
accuracy on rendered clips it has not seen stands beside every figure that rests on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from generation.sketch.clips import Clips
from generation.sketch.scenes.scene import COLOURS, NOUNS, PLACES, TIMES

NAMES = {"place": PLACES, "time": TIMES, "noun": NOUNS, "colour": COLOURS}
PICTURES = 3  # of a clip: the first, the middle, the last
WIDTHS = (24, 48, 96, 128)


class Judge(nn.Module):
    """Pictures (B, 3, H, W) in 0..1 → logits for each name, and a mask's logits (B, H / 2, W / 2).

    The subject and its colour are named from the features within its own mask.
    """

    def __init__(self) -> None:
        super().__init__()
        ends = [3, *WIDTHS]
        self.down = nn.ModuleList(_cell(a, b, stride=2) for a, b in pairwise(ends))
        self.up = nn.ModuleList(_cell(a + b, b) for a, b in zip(WIDTHS[:0:-1], WIDTHS[-2::-1], strict=True))
        self.mask = nn.Conv2d(WIDTHS[0], 1, 1)
        self.whole = nn.Linear(WIDTHS[-1], len(PLACES) + len(TIMES))
        self.figure = nn.Conv2d(WIDTHS[1] + WIDTHS[0], 96, 3, padding=1, stride=2)
        self.named = nn.Sequential(_cell(96, 128, stride=2), nn.Conv2d(128, 128, 3, padding=1), nn.SiLU())
        self.subject = nn.Linear(128 + 96, len(NOUNS) + len(COLOURS))

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        x, steps = pictures * 2 - 1, []
        for cell in self.down:
            x = cell(x)
            steps.append(x)
        place, time = self.whole(x.mean((2, 3))).split([len(PLACES), len(TIMES)], 1)
        for cell, step in zip(self.up, steps[-2::-1], strict=True):
            x = cell(torch.cat([F.interpolate(x, size=step.shape[2:]), step], 1))
        mask = self.mask(x)[:, 0]
        inside = torch.sigmoid(mask.detach())[:, None]
        fine = torch.cat([F.interpolate(steps[1], size=x.shape[2:]), x], 1) * inside
        near = F.silu(self.figure(fine))
        far = self.named(near)
        seen = torch.cat([far.amax((2, 3)), near.amax((2, 3))], 1)
        noun, colour = self.subject(seen).split([len(NOUNS), len(COLOURS)], 1)
        return {"place": place, "time": time, "noun": noun, "colour": colour, "mask": mask}


def _cell(a: int, b: int, stride: int = 1) -> nn.Module:
    return nn.Sequential(nn.Conv2d(a, b, 3, padding=1, stride=stride), nn.GroupNorm(8, b), nn.SiLU())


@dataclass(frozen=True)
class Sight:
    """What the judge sees in one clip: a word for each name, and masks (F, H, W) bool."""

    words: dict[str, str]
    masks: np.ndarray


class Eye:
    """A trained judge."""

    def __init__(self, judge: Judge):
        self.judge = judge.eval()

    @torch.no_grad()
    def see(self, video: np.ndarray) -> Sight:
        """Look at a clip (F, H, W, 3) uint8; what the pictures are is decided over all frames together."""
        pictures = torch.from_numpy(np.ascontiguousarray(video)).permute(0, 3, 1, 2).float() / 255
        found = self.judge(pictures)
        sure = {name: found[name].log_softmax(1).mean(0) for name in NAMES}
        masks = F.interpolate(found["mask"][:, None], scale_factor=2, mode="bilinear")[:, 0] > 0
        return Sight({name: NAMES[name][int(sure[name].argmax())] for name in NAMES}, masks.numpy())


def trained(clips: Clips, file: Path, *, epochs: int = 8, seed: int = 0) -> Eye:
    """A judge trained on clips with one subject or none; kept in `file`."""
    torch.manual_seed(seed)
    judge = Judge()
    if file.exists():
        judge.load_state_dict(load_file(file))
        return Eye(judge)
    chosen = [i for i in range(len(clips)) if len(clips.scenes[i]["subjects"]) <= 1]
    steps = epochs * len(list(_batches(clips, chosen, np.random.default_rng(0), plan_only=True)))
    optimiser = torch.optim.AdamW(judge.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=max(2, steps))
    for epoch in range(epochs):
        for pictures, truth in _batches(clips, chosen, np.random.default_rng([seed, epoch])):
            with torch.autocast("cpu", torch.bfloat16):
                loss = _loss(judge(pictures), truth)
            loss.backward()
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(judge.state_dict(), file)
    return Eye(judge)


def _loss(found: dict[str, Tensor], truth: dict[str, Tensor]) -> Tensor:
    named = sum(F.cross_entropy(found[name].float(), truth[name], ignore_index=-1) for name in NAMES)
    mask = found["mask"].float()
    drawn = torch.sigmoid(mask)
    shared = (drawn * truth["mask"]).sum() * 2 / (drawn.sum() + truth["mask"].sum()).clamp(min=1)
    return named + 2 * F.binary_cross_entropy_with_logits(mask, truth["mask"]) + 1 - shared


def _batches(
    clips: Clips, chosen: list[int], rng: np.random.Generator, size: int = 16, plan_only: bool = False
) -> Iterator[Any]:
    """Pictures (size · PICTURES, 3, H, W) with what they show; a subject that is out of sight has no name."""
    order = rng.permutation(chosen)
    for at in range(0, len(order), size):
        if plan_only:
            yield None
            continue
        pictures, masks = [], []
        names: dict[str, list[int]] = {name: [] for name in NAMES}
        for clip in order[at : at + size]:
            scene = clips.scenes[clip]
            frames = rng.integers(clips.video.shape[1], size=PICTURES)
            seen = clips.subject_mask(int(clip))[frames]
            pictures.append(clips.video[int(clip)][frames])
            masks.append(seen)
            for mask in seen:
                for name, word in facts(scene).items():
                    hidden = name in ("noun", "colour") and mask.sum() < 20
                    names[name].append(-1 if word is None or hidden else NAMES[name].index(word))
        truth = {name: torch.tensor(numbers) for name, numbers in names.items()}
        whole = torch.from_numpy(np.concatenate(masks)).float()[:, None]
        truth["mask"] = F.avg_pool2d(whole, 2)[:, 0].round()
        yield torch.from_numpy(np.concatenate(pictures)).permute(0, 3, 1, 2).float() / 255, truth


def facts(scene: dict[str, Any]) -> dict[str, str | None]:
    """What is to be named in a scene of at most one subject."""
    subject = scene["subjects"][0] if scene["subjects"] else {"noun": None, "colour": None}
    return {
        "place": scene["place"],
        "time": scene["time"],
        "noun": subject["noun"],
        "colour": subject["colour"],
    }
