"""LTX-Video through diffusers, with stills and clips at any time.

Source: Y. HaCohen et al., LTX-Video: Realtime Video Latent Diffusion, arXiv:2501.00103; the rules on frames
(8k + 1) and sides (multiples of 32) are those of diffusers' LTXConditionPipeline.
"""

from typing import Any

import numpy as np

from generation.engines.base import Brief, Card
from generation.engines.pipelines import PipelineEngine, device, image, images, reached, sized

OVERLAP = 9  # frames of the clip before that a new one begins with: two latent frames
CARD = Card(
    name="unset",
    title="LTX-Video",
    family="ltx",
    revision="unset",
    licence="unset",
    summary=(
        "Draws from words and from stills at any time, each as strictly as you say, goes on from a clip, or "
        "draws one anew. Diffusers batches words alone: takes with pictures are drawn one after the other."
    ),
    inputs=("text", "negative", "first_frame", "last_frame", "keyframes", "extend", "source_video"),
    batchable=True,
    fps=24,
    shortest_s=1,
    longest_s=6,
    sizes={"3:2": (768, 512), "16:9": (896, 512), "9:16": (512, 896), "1:1": (640, 640)},
    steps=40,
    guidance=3.0,
    max_sequence_length=256,
    dtype="bfloat16",
    frame_step=8,
    pixel_step=32,
)


class LtxEngine(PipelineEngine):
    """LTX-Video, always through the pipeline that takes conditions; the parts are the same."""

    KIND = "LTX-Video"
    PIPELINES = ("LTXConditionPipeline", "LTXPipeline", "LTXImageToVideoPipeline")
    CARD = CARD

    def together(self, brief: Brief) -> bool:
        """Pictures are encoded for one take at a time."""
        return not (brief.first or brief.last or brief.keyframes or brief.extend or brief.source)

    def encoded(self, pipe: Any, brief: Brief) -> dict[str, Any]:
        embeds, mask, negative, negative_mask = pipe.encode_prompt(
            prompt=[brief.prompt],
            negative_prompt=[brief.negative],
            do_classifier_free_guidance=brief.guidance > 1,
            max_sequence_length=self.card.max_sequence_length,
            device=pipe._execution_device,
        )
        return {
            "prompt_embeds": embeds,
            "prompt_attention_mask": mask,
            "negative_prompt_embeds": negative,
            "negative_prompt_attention_mask": negative_mask,
        }

    def dials(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> dict[str, Any]:
        dials = sized(brief) | {"frame_rate": brief.fps}
        if conditions := self._conditions(pipe, brief, given):
            dials["conditions"] = conditions
        if brief.source:
            dials |= {"latents": self._encoded(pipe, given["source"]), "denoise_strength": reached(brief)}
        return dials

    def _encoded(self, pipe: Any, clip: np.ndarray) -> Any:
        """Latents (1, channels, t, h, w) of a clip (F, H, W, 3) uint8, of about unit variance."""
        import torch

        vae, (_, height, width, _) = pipe.vae, clip.shape
        with torch.no_grad():
            pixels = pipe.video_processor.preprocess_video(images(clip), height, width)
            latents = vae.encode(pixels.to(device(), vae.dtype)).latent_dist.mode()
            return pipe._normalize_latents(latents, vae.latents_mean, vae.latents_std).float()

    def _conditions(self, pipe: Any, brief: Brief, given: dict[str, Any]) -> list[Any]:
        """Stills and clips with their frame; one in between stands where a latent frame begins."""
        from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition

        grid, last = pipe.vae_temporal_compression_ratio, brief.frames - 1
        found = []
        if "extend" in given:
            before = given["extend"][-OVERLAP:]
            whole = (len(before) - 1) // grid * grid + 1  # it encodes 8k + 1 frames
            found.append(LTXVideoCondition(video=images(before[-whole:]), frame_index=0))
        for name, frame in (("first", 0), ("last", last)):
            if name in given:
                found.append(LTXVideoCondition(image=image(given[name]), frame_index=frame))
        for (time, _, strength), still in zip(brief.keyframes, given.get("keyframes", ()), strict=True):
            frame = round(time * last / grid) * grid
            found.append(LTXVideoCondition(image=image(still), frame_index=frame, strength=strength))
        return found

    def shaped(self, pipe: Any, brief: Brief, latents: Any) -> Any:
        """Latents within the loop are rows of tokens, those of the conditions first."""
        if latents.ndim == 5:
            return latents
        time = (brief.frames - 1) // pipe.vae_temporal_compression_ratio + 1
        down, across = (side // pipe.vae_spatial_compression_ratio for side in (brief.height, brief.width))
        patch, patch_t = pipe.transformer_spatial_patch_size, pipe.transformer_temporal_patch_size
        own = time * down * across // (patch * patch * patch_t)
        return pipe._unpack_latents(latents[:, -own:], time, down, across, patch, patch_t)

    def pixels(self, pipe: Any, latents: Any) -> Any:
        import torch

        vae = pipe.vae
        latents = pipe._denormalize_latents(
            latents, vae.latents_mean, vae.latents_std, vae.config.scaling_factor
        ).to(vae.dtype)
        time = None
        if vae.config.timestep_conditioning:  # its decoder takes the last step of denoising
            at, scale = DECODE_AT
            quiet = torch.Generator("cpu").manual_seed(0)
            noise = torch.randn(latents.shape[1:], generator=quiet).to(latents)
            latents = (1 - scale) * latents + scale * noise
            time = torch.full((len(latents),), at).to(latents)
        return vae.decode(latents, time, return_dict=False)[0]


DECODE_AT = (0.05, 0.025)  # time and noise that LTX-Video 0.9.1 and later are decoded with, by its authors
