"""SANA-WM through diffusers: from a still, along camera poses with six degrees of freedom.

Source: diffusers' SanaWMPipeline; the rules on frames (8k + 1) and sides (multiples of 32) are those of its
autoencoder.
"""

from typing import Any

import numpy as np

from generation.engines.base import Brief, Card
from generation.engines.pipelines import PipelineEngine, image, sized

FOCAL = 0.8  # focal length in widths of the picture: a view of 64°, that of a usual camera
CARD = Card(
    name="unset",
    title="SANA-WM",
    family="sana-wm",
    revision="unset",
    licence="unset",
    summary=(
        "Draws what a camera sees that starts from a still and moves along drawn poses, in all six ways. "
        "Without poses the camera rests. Diffusers draws one take in a call."
    ),
    inputs=("text", "negative", "first_frame", "poses"),
    needs=("first_frame",),
    fps=16,
    shortest_s=1,
    longest_s=60,
    sizes={"16:9": (1280, 704)},
    steps=60,
    guidance=5.0,
    max_sequence_length=300,
    dtype="bfloat16",
    frame_step=8,
    pixel_step=32,
)


class SanaEngine(PipelineEngine):
    """Camera-controlled world model."""

    KIND = "SANA-WM"
    PIPELINES = ("SanaWMPipeline",)
    CARD = CARD

    def encoded(self, pipe: Any, brief: Brief) -> dict[str, Any]:
        """Its authors' preamble is put before the words by the pipeline unless embeddings are given."""
        from diffusers.pipelines.sana_wm.pipeline_sana_wm import DEFAULT_CHI_PROMPT

        embeds, mask, negative, negative_mask = pipe.encode_prompt(
            brief.prompt,
            brief.negative,
            device=pipe._execution_device,
            max_sequence_length=self.card.max_sequence_length,
            chi_prompt=DEFAULT_CHI_PROMPT,
        )
        return {
            "prompt_embeds": embeds,
            "prompt_attention_mask": mask,
            "negative_prompt_embeds": negative,
            "negative_prompt_attention_mask": negative_mask,
        }

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        poses = brief.poses or [tuple(np.eye(4).ravel())] * brief.frames
        focal = FOCAL * max(brief.width, brief.height)
        return sized(brief) | {
            "prompt": brief.prompt,
            "image": image(given["first"]),
            "c2w": np.array(poses, np.float32).reshape(-1, 4, 4),
            "intrinsics": [focal, focal, brief.width / 2, brief.height / 2],
            "fps": brief.fps,
        }

    def shaped(self, pipe: Any, brief: Brief, latents: Any) -> Any:
        """Latents within the loop are rows of tokens."""
        if latents.ndim == 5:
            return latents
        down, across = (side // pipe.vae_spatial_compression_ratio for side in (brief.height, brief.width))
        return latents.transpose(1, 2).reshape(len(latents), latents.shape[2], -1, down, across)

    def pixels(self, pipe: Any, latents: Any) -> Any:
        return pipe._decode_latents(latents)
