"""Wan through diffusers: from words, from stills, after a clip, and with VACE's control.

Source: Wan team, Wan: Open and Advanced Large-Scale Video Generative Models, arXiv:2503.20314; Z. Jiang et
al., VACE: All-in-One Video Creation and Editing, arXiv:2503.07598. The rules on frames (4k + 1) and sides
(multiples of 16) are those of diffusers' pipelines.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from generation.engines import controls
from generation.engines.base import Brief, Card
from generation.engines.pipelines import RepaintingEngine, device, image, images, settings_of, sized
from generation.engines.stages import GREY

PATCH = 2  # latents a side of a token
OVERLAP = 5  # frames of the clip before that a new one begins with: two latent frames

CARD = Card(
    name="unset",
    title="Wan",
    family="wan",
    revision="unset",
    licence="unset",
    summary="Draws from words, and draws a clip of yours anew, further from it or nearer.",
    inputs=("text", "negative", "source_video"),
    batchable=True,
    fps=16,
    shortest_s=1,
    longest_s=5,
    sizes={"16:9": (832, 480), "9:16": (480, 832), "1:1": (624, 624)},
    larger={"16:9": (1248, 720), "9:16": (720, 1248), "1:1": (928, 928)},
    steps=50,
    guidance=5.0,
    dtype="bfloat16",
)


TWO_EXPERTS = "Draws from words. Diffusers has no pipeline that draws after a clip with two experts."


class WanEngine(RepaintingEngine):
    """Text to video; after a clip, the video-to-video pipeline around the same weights."""

    KIND = "Wan text to video"
    PIPELINES = ("WanPipeline",)
    REPAINTER = "WanVideoToVideoPipeline"
    CARD = CARD

    @classmethod
    def card_of(cls, folder: Path) -> Card:
        """Wan 2.2's large autoencoder wants larger steps; with its two experts no clip can be drawn after."""
        squeeze = settings_of(folder, "vae").get("scale_factor_spatial", 8)
        step = max(cls.CARD.pixel_step, squeeze * PATCH)
        sizes, larger = (
            {
                aspect: (width // step * step, height // step * step)
                for aspect, (width, height) in known.items()
            }
            for known in (cls.CARD.sizes, cls.CARD.larger)
        )
        card = replace(cls.CARD, pixel_step=step, sizes=sizes, larger=larger)
        if cls is WanEngine and (folder / "transformer_2").is_dir():
            inputs = tuple(name for name in card.inputs if name != "source_video")
            return replace(card, inputs=inputs, summary=TWO_EXPERTS)
        return card

    def repainter(self, pipe: Any) -> Any:
        other = super().repainter(pipe)
        other.vae_scale_factor_spatial = pipe.vae_scale_factor_spatial  # it takes no patches into account
        return other

    def pixels(self, pipe: Any, latents: Any) -> Any:
        return wan_pixels(pipe, latents)


def wan_pixels(pipe: Any, latents: Any) -> Any:
    """Decode (takes, channels, t, h, w) of unit variance by Wan's autoencoder: (takes, 3, F, H, W), -1..1."""
    import torch

    with torch.no_grad():
        latents = torch.as_tensor(latents).to(device(), pipe.vae.dtype)
        mean, deviation = (
            torch.tensor(values).view(1, -1, 1, 1, 1).to(latents)
            for values in (pipe.vae.config.latents_mean, pipe.vae.config.latents_std)
        )
        return pipe.vae.decode(latents * deviation + mean, return_dict=False)[0]


class WanImageEngine(WanEngine):
    """From a still, and to another one where the weights were trained for that."""

    KIND = "Wan image to video"
    PIPELINES = ("WanImageToVideoPipeline",)
    CARD = replace(
        CARD,
        title="Wan from a still",
        family="wan-image",
        summary="Draws what follows a still. A still to end with is kept by weights trained for both ends.",
        inputs=("text", "negative", "first_frame", "last_frame"),
        needs=("first_frame",),
        larger={},
    )

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        ends = {"image": image(given["first"])}
        if brief.last:
            ends["last_image"] = image(given["last"])
        return sized(brief) | ends


class WanVaceEngine(WanEngine):
    """VACE: one control clip and one mask say what is kept, what is steered and what is drawn anew."""

    KIND = "Wan VACE"
    PIPELINES = ("WanVACEPipeline",)
    CARD = replace(
        CARD,
        title="Wan VACE",
        family="wan-vace",
        summary=(
            "Follows a control clip, or one that is drawn of camera, boxes and strokes; fills in what a mask "
            "leaves white, keeps stills where they are put, and takes reference pictures. Diffusers draws "
            "its takes one after the other, not in one call."
        ),
        inputs=(
            "text", "negative", "first_frame", "last_frame", "extend", "source_video", "mask", "control",
            "camera", "boxes", "strokes", "keyframes", "references",
        ),
        batchable=False,
        larger={},
    )  # fmt: skip

    def pipe_for(self, brief: Brief) -> Any:
        return self.pipe()

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        if brief.camera or brief.boxes or brief.strokes:
            given = {"control": controls.film(brief), **given}
        clip, mask = control(brief, given)
        references = [image(still) for still in given.get("references", ())]
        return sized(brief) | {
            "video": images(clip),
            "mask": images(mask),
            "reference_images": references or None,
        }

    def shaped(self, pipe: Any, brief: Brief, latents: Any) -> Any:
        """Without the latent frames in front that stand for the references."""
        return latents[:, :, len(brief.references) :]


def control(brief: Brief, given: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """What is known of each frame, and where it is to be drawn.

    A control clip steers what is drawn; so does a source without a mask. Around a mask the source is kept,
    and stills and the end of an earlier clip are kept where they stand in time.

    Returns:
        (F, H, W, 3) uint8, grey where nothing is known, and (F, H, W) uint8, white where it is drawn.
    """
    shape = (brief.frames, brief.height, brief.width)
    clip, mask = np.full((*shape, 3), GREY, np.uint8), np.full(shape, 255, np.uint8)
    if "control" in given or "source" in given:
        clip[:] = given["control"] if "control" in given else given["source"]
    if "mask" in given:
        mask[:] = given["mask"]
        clip[:] = clip if "control" in given else GREY
        clip[mask == 0] = given["source"][mask == 0]
    if "extend" in given:
        before = given["extend"][-OVERLAP:]
        clip[: len(before)], mask[: len(before)] = before, 0
    stills = {round(time * (brief.frames - 1)): at for at, (time, _, _) in enumerate(brief.keyframes)}
    kept = {frame: given["keyframes"][at] for frame, at in stills.items()}
    kept |= {frame: given[name] for name, frame in (("first", 0), ("last", -1)) if name in given}
    for frame, still in kept.items():
        clip[frame], mask[frame] = still, 0
    return clip, mask
