"""CogVideoX through diffusers: from words, after a clip, from a still, and after a control clip.

Source: Z. Yang et al., CogVideoX: Text-to-Video Diffusion Models with An Expert Transformer,
arXiv:2408.06072.
"""

from dataclasses import replace
from typing import Any

from generation.engines import controls
from generation.engines.base import Brief, Card
from generation.engines.pipelines import RepaintingEngine, image, images, sized

CARD = Card(
    name="unset",
    title="CogVideoX",
    family="cogvideox",
    revision="unset",
    licence="unset",
    summary="Draws from words, and draws a clip of yours anew, further from it or nearer.",
    inputs=("text", "negative", "source_video"),
    batchable=True,
    fps=8,
    shortest_s=1,
    longest_s=6,
    sizes={"3:2": (720, 480)},
    steps=50,
    guidance=6.0,
    max_sequence_length=226,
    dtype="bfloat16",
    frame_step=8,  # of an even number of latent frames its decoder makes three frames too many
)


class CogVideoXEngine(RepaintingEngine):
    """Text to video; after a clip, the video-to-video pipeline around the same weights."""

    KIND = "CogVideoX text to video"
    PIPELINES = ("CogVideoXPipeline",)
    REPAINTER = "CogVideoXVideoToVideoPipeline"
    CARD = CARD

    def shaped(self, pipe: Any, brief: Brief, latents: Any) -> Any:
        """Its latents have time before channels, and 1.5 puts padding in front."""
        latents = latents.permute(0, 2, 1, 3, 4)
        return latents[:, :, -((brief.frames - 1) // pipe.vae_scale_factor_temporal + 1) :]

    def pixels(self, pipe: Any, latents: Any) -> Any:
        return pipe.decode_latents(latents.permute(0, 2, 1, 3, 4))


class CogVideoXImageEngine(CogVideoXEngine):
    """From a still."""

    KIND = "CogVideoX image to video"
    PIPELINES = ("CogVideoXImageToVideoPipeline",)
    CARD = replace(
        CARD,
        title="CogVideoX from a still",
        family="cogvideox-image",
        summary="Draws what follows a still. Diffusers gives it no still to end with.",
        inputs=("text", "negative", "first_frame"),
        needs=("first_frame",),
        batchable=False,
    )

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        return sized(brief) | {"image": image(given["first"])}


class CogVideoXControlEngine(CogVideoXEngine):
    """After a control clip (CogVideoX-Fun)."""

    KIND = "CogVideoX with control"
    PIPELINES = ("CogVideoXFunControlPipeline",)
    CARD = replace(
        CARD,
        title="CogVideoX with control",
        family="cogvideox-control",
        summary=(
            "Follows a control clip, or one that is drawn of camera, boxes and strokes; without any the "
            "camera rests. Diffusers gives it no stills."
        ),
        inputs=("text", "negative", "control", "camera", "boxes", "strokes"),
        batchable=False,
    )

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        followed = given["control"] if "control" in given else controls.film(brief)
        dials = sized(brief) | {"control_video": images(followed)}
        del dials["num_frames"]  # as many as the control clip
        return dials
