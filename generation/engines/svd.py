"""Stable Video Diffusion through diffusers: what follows a still, without words.

Source: A. Blattmann et al., Stable Video Diffusion, arXiv:2311.15127.
"""

from collections.abc import Sequence
from typing import Any

from generation.engines.base import Brief, Card
from generation.engines.pipelines import PipelineEngine, image, sized

CHUNK = 8  # frames decoded at a time
CARD = Card(
    name="unset",
    title="Stable Video Diffusion",
    family="svd",
    revision="unset",
    licence="unset",
    summary=(
        "Sets a still in motion. It reads no words: what you write changes nothing. Diffusers gives "
        "it neither a camera nor a still to end with."
    ),
    inputs=("first_frame",),
    needs=("first_frame",),
    fps=7,
    shortest_s=2,
    longest_s=3.6,
    sizes={"16:9": (1024, 576), "9:16": (576, 1024)},
    steps=25,
    guidance=3.0,
    dtype="float16",
    frame_step=1,
    pixel_step=64,
)


class SvdEngine(PipelineEngine):
    """Image to video. Its pipeline cannot be interrupted, which is why steps are watched by the scheduler."""

    KIND = "Stable Video Diffusion"
    PIPELINES = ("StableVideoDiffusionPipeline",)
    CARD = CARD

    def encode_text(self, pipe: Any, briefs: Sequence[Brief]) -> dict[str, Any]:
        """It has no text encoder."""
        return {}

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        dials = sized(brief)
        most = dials.pop("guidance_scale")  # grows from the first frame to the last
        return dials | {
            "image": image(given["first"]),
            "fps": brief.fps,
            "min_guidance_scale": min(1.0, most),
            "max_guidance_scale": most,
        }

    def shaped(self, pipe: Any, brief: Brief, latents: Any) -> Any:
        """Its latents have time before channels."""
        return latents.permute(0, 2, 1, 3, 4)

    def pixels(self, pipe: Any, latents: Any) -> Any:
        return pipe.decode_latents(latents.permute(0, 2, 1, 3, 4), latents.shape[2], CHUNK)
