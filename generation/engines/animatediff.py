"""AnimateDiff through diffusers, with MotionLoRAs for the camera's moves.

Source: Y. Guo et al., AnimateDiff: Animate Your Personalized Text-to-Image Diffusion Models without Specific
Tuning, arXiv:2307.04725, section 4.3 on MotionLoRA.
"""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from generation.engines.base import Brief, Card
from generation.engines.pipelines import RepaintingEngine

LORAS = "motion-lora"  # the folder beside the pipeline's parts with one safetensors a move
WHOLE = 0.25  # of the frame's width, or of a doubling: how far a camera goes for a LoRA's whole weight
CARD = Card(
    name="unset",
    title="AnimateDiff",
    family="animatediff",
    revision="unset",
    licence="unset",
    summary=(
        "Short clips from words, or of a clip drawn anew. With MotionLoRAs in its folder the camera pans and "
        "zooms; they know one steady move, so that of its path only the beginning and the end count."
    ),
    inputs=("text", "negative", "source_video"),
    batchable=True,
    fps=8,
    shortest_s=1,
    longest_s=2,
    sizes={"1:1": (512, 512), "3:2": (768, 512), "2:3": (512, 768)},
    steps=25,
    guidance=7.5,
    max_sequence_length=77,
    dtype="float16",
    frame_step=1,
    pixel_step=8,
)


class AnimateDiffEngine(RepaintingEngine):
    """A motion adapter over Stable Diffusion 1.5."""

    KIND = "AnimateDiff"
    PIPELINES = ("AnimateDiffPipeline",)
    REPAINTER = "AnimateDiffVideoToVideoPipeline"
    CARD = CARD

    @classmethod
    def card_of(cls, folder: Path) -> Card:
        """With MotionLoRAs it takes a camera."""
        return replace(CARD, inputs=(*CARD.inputs, "camera")) if moves_in(folder) else CARD

    def load(self) -> Any:
        """The pipeline with the LoRAs of all moves beside it, none of them in force."""
        pipe = super().load()
        for move in moves_in(self.folder):
            pipe.load_lora_weights(
                str(self.folder / LORAS),
                weight_name=f"{move}.safetensors",
                adapter_name=move,
                local_files_only=True,
                use_safetensors=True,
            )
        if moves_in(self.folder):
            pipe.disable_lora()
        return pipe

    def pipe_for(self, brief: Brief) -> Any:
        """The pipeline with the LoRAs in force that the camera asks for; or that for a clip to draw after."""
        pipe, known = self.pipe(), moves_in(self.folder)
        weights = {move: weight for move, weight in moves(brief).items() if move in known}
        if weights:
            pipe.enable_lora()
            pipe.set_adapters(list(weights), adapter_weights=list(weights.values()))
        elif known:
            pipe.disable_lora()
        return super().pipe_for(brief)

    def encoded(self, pipe: Any, brief: Brief) -> dict[str, Any]:
        guided = brief.guidance > 1
        embeds, negative = pipe.encode_prompt(
            [brief.prompt], pipe._execution_device, 1, guided, [brief.negative]
        )
        return {"prompt_embeds": embeds, "negative_prompt_embeds": negative if guided else None}

    def pixels(self, pipe: Any, latents: Any) -> Any:
        return pipe.decode_latents(latents)


def moves_in(folder: Path) -> list[str]:
    """The moves that the folder has MotionLoRAs for: “pan-left”, “zoom-in”, …"""
    return sorted(path.stem for path in (folder / LORAS).glob("*.safetensors"))


def moves(brief: Brief) -> dict[str, float]:
    """Move → weight, for where the camera has gone by the last frame; none for a camera that rests."""
    if not brief.camera:
        return {}
    across, down, zoom = (end - begin for begin, end in zip(brief.camera[0], brief.camera[-1], strict=True))
    ways = (
        (across, "pan-right", "pan-left"),
        (down, "tilt-down", "tilt-up"),
        (zoom, "zoom-in", "zoom-out"),
    )
    return {
        ahead if gone > 0 else back: min(1.0, abs(gone) / WHOLE)
        for gone, ahead, back in ways
        if not math.isclose(gone, 0, abs_tol=1e-3)
    }
