"""Drawing with the trained weights, through diffusers' own Wan pipelines.

Text goes through WanPipeline, a first frame through WanImageToVideoPipeline in Wan 2.2's manner (the given
latent frames stand at time 0), a source through WanVideoToVideoPipeline. Camera, boxes, strokes and a last
frame are added by the control module. Nothing here is imported before somebody draws.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from generation.sketch.config import TEXT_LENGTH

OVERLAP = 5  # frames of the clip before that an extension begins with: two latent frames
STEPS, GUIDANCE = 16, 4.0


class Sketch:
    """A folder of weights, ready to draw. One instance per process; pipelines are not thread-safe.

    Args:
        folder: of weights, with model_index.json.
        device: "cpu" or "cuda".
    """

    def __init__(self, folder: Path, device: str = "cpu"):
        import torch
        from diffusers import WanPipeline

        from generation.sketch.control import Control, Grid
        from generation.sketch.folder import config_of

        self.folder, self.config = folder, config_of(folder)
        self.text: Any = WanPipeline.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        ).to(device)
        self.text.set_progress_bar_config(disable=True)
        self.control = Control.load(folder / "control").to(device)
        self.device = device
        vae = self.text.vae.config
        self.grid = Grid(
            self.config.frames,
            vae.scale_factor_temporal,
            self.config.height // 8,
            self.config.width // 8,
            vae.z_dim,
        )

    def draw(
        self,
        prompt: str,
        *,
        seed: int,
        steps: int = STEPS,
        guidance: float = GUIDANCE,
        first: np.ndarray | None = None,
        last: np.ndarray | None = None,
        extend: np.ndarray | None = None,
        source: np.ndarray | None = None,
        strength: float = 0.6,
        camera: np.ndarray | None = None,
        boxes: np.ndarray | None = None,
        strokes: np.ndarray | None = None,
        on_step: Callable[[int], None] = lambda step: None,
    ) -> np.ndarray:
        """Return (F, H, W, 3) uint8 RGB.

        Args:
            first, last: (H, W, 3) uint8, the frames to begin and to end with.
            extend: (≥ 5, H, W, 3) uint8, a clip to go on from; the first 5 frames returned are its last 5.
            source: (F, H, W, 3) uint8, a clip to restyle; `strength` 0..1 says how far from it.
            camera, boxes, strokes: see `control.Asked`.
            on_step: called after each step; raising stops the work, and nothing is decoded.

        Raises:
            ValueError: more than one of `first`, `extend` and `source`, or a shape that does not fit.
        """
        if sum(given is not None for given in (first, extend, source)) > 1:
            raise ValueError("Give a first frame, a clip to extend or a clip to restyle: one of them.")
        for name, wanted, shape in (
            ("camera", camera, (self.config.frames, 3)),
            ("first", first, (self.config.height, self.config.width, 3)),
            ("last", last, (self.config.height, self.config.width, 3)),
            ("source", source, (self.config.frames, self.config.height, self.config.width, 3)),
        ):
            if wanted is not None and wanted.shape != shape:
                raise ValueError(f"{name} must have the shape {shape}, not {wanted.shape}.")
        import torch

        pipe, more = self._pipeline(first, extend, source, strength)
        more |= {} if source is not None else {"num_frames": self.config.frames}

        def after(_pipe: Any, step: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            on_step(step)
            return tensors

        with torch.inference_mode(), self._steered(camera, boxes, strokes, last):
            video = pipe(
                prompt=prompt,
                height=self.config.height,
                width=self.config.width,
                num_inference_steps=steps,
                guidance_scale=guidance,
                max_sequence_length=TEXT_LENGTH,
                generator=torch.Generator("cpu").manual_seed(seed),
                callback_on_step_end=after,
                output_type="np",
                **more,
            ).frames[0]
        return np.rint(np.clip(video, 0, 1) * 255).astype(np.uint8)

    def _pipeline(self, first, extend, source, strength: float) -> tuple[Any, dict[str, Any]]:
        """The pipeline for what is given, around the same weights, and its arguments."""
        from diffusers import WanImageToVideoPipeline, WanVideoToVideoPipeline
        from PIL import Image

        parts = {k: v for k, v in self.text.components.items() if k != "transformer_2"}
        if source is not None:
            pipe: Any = WanVideoToVideoPipeline(**parts)
            pipe.vae_scale_factor_spatial = (
                8  # it guesses 4 from the number of levels, as if there were no patches
            )
            more: dict[str, Any] = {"video": [Image.fromarray(f) for f in source], "strength": strength}
        elif extend is not None:
            pipe = _extension()(**parts, image_encoder=None, image_processor=None, expand_timesteps=True)
            pipe.before = extend[-OVERLAP:]
            more = {"image": Image.fromarray(extend[-OVERLAP])}
        elif first is not None:
            pipe = WanImageToVideoPipeline(
                **parts, image_encoder=None, image_processor=None, expand_timesteps=True
            )
            more = {"image": Image.fromarray(first)}
        else:
            return self.text, {}
        pipe.set_progress_bar_config(disable=True)
        return pipe, more

    def _steered(self, camera, boxes, strokes, last) -> Any:
        from generation.sketch.control import Asked, stack, steering

        channels = None
        if any(wanted is not None for wanted in (camera, boxes, strokes, last)):
            ending = None if last is None else self.encode(last[None])[0, :, 0]
            channels = stack(self.grid, [Asked(camera, boxes, strokes, ending)]).to(self.device)
        return steering(self.text.transformer, self.control, channels)

    def encode(self, video: np.ndarray) -> Any:
        """Normalised latents (1, z, T, h, w) of a clip (F, H, W, 3) uint8."""
        return normalised(self.text.vae, video)


def normalised(vae: Any, video: np.ndarray) -> Any:
    """Latents (1, z, T, h, w) of a clip (F, H, W, 3) uint8, with mean 0 and deviation 1 over all clips."""
    import torch

    with torch.inference_mode():
        pixels = torch.from_numpy(np.ascontiguousarray(video)).permute(3, 0, 1, 2)[None].float() / 127.5 - 1
        latents = vae.encode(pixels.to(vae.device, vae.dtype)).latent_dist.mode()
        mean, std = (
            torch.tensor(values).view(1, -1, 1, 1, 1).to(latents)
            for values in (vae.config.latents_mean, vae.config.latents_std)
        )
        return (latents - mean) / std


def _extension() -> Any:
    """Image to video that is given two latent frames in place of one, so that what moved goes on moving."""
    import torch
    from diffusers import WanImageToVideoPipeline

    stock: Any = WanImageToVideoPipeline

    class Extension(stock):
        before: np.ndarray

        def prepare_latents(self, *args: Any, **kwargs: Any) -> Any:
            latents, condition, free = super().prepare_latents(*args, **kwargs)
            known = normalised(self.vae, self.before).to(latents)
            condition = torch.zeros_like(latents)
            condition[:, :, : known.shape[2]] = known
            free[:, :, : known.shape[2]] = 0
            return latents, condition, free

    return Extension
