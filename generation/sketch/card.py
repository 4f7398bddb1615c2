"""The model card beside the weights, and the contact sheet in it."""

import platform
from pathlib import Path

import numpy as np

from generation.sketch import draw, figures, folder, scenes
from generation.sketch.config import PARAPHRASES, Config
from generation.sketch.figures import Figure

SHEET = "samples.png"
COLUMNS = 5  # frames of a clip, evenly spaced
GAP = 2
PROMPTS = (
    "a red boat sailing left at sunset on the sea, static camera",
    "a large yellow balloon rising in the mountains at dawn, tilt-up",
    "a green car driving to the right in the city at night, pan-right",
    "a white bird flying left in the forest by day, static camera",
    "a pink house in the snow in the evening, zoom-in",
    "a blue ball bouncing in a room, static camera",
    "a purple kite circling over the hills by day, static camera",
    "an orange train travelling right in the desert at noon, truck-right",
)
TEXT = """# Sketch, configuration `{name}`

A small text-to-video model that this project trains from nothing on scenes that it draws itself. It draws
in the manner of an animatic: simple subjects in simple places, at {width} × {height} pixels, {frames} frames
at {fps} a second. It knows {words} words.

- **Licence**: Apache-2.0, as the project. Weights, data and code are the project's own.
- **Data**: {clips} clips drawn by `generation.sketch.scenes` (the autoencoder sees the first
  {clips_autoencoder}), each with {paraphrases} captions, and softened by 1 2 1 across and down, as by a lens:
  it is measured on such clips too; on sharp ones the autoencoder has about 4 dB less over the frame and 5 dB
  less in the mask. No picture, film or text of anybody else is used.
  One in eight combinations of subject, colour, place and motion is kept out of training, and all figures
  below are taken on those.
- **Parts**: AutoencoderKLWan ({z} latent channels, 8 × smaller in space and {time} × in time), UMT5 encoder,
  WanTransformer3DModel, a control module of our own in `control/`.
- **Training so far**: {run}
- **Files**: half precision, safetensors only; digests in `SHA256SUMS`, the training log in `training.jsonl`.

{state}

## Figures

Measured by `python -m generation.sketch.evaluate` on {machine}. PSNR is of the mean squared error over all
pixels of all clips. Place, time, subject and colour are named by a small classifier trained on the renderer's
clips; boxes, directions and camera moves are read off the pictures. What the same measurements make of the
renderer's own clips stands beside.

{table}

{drafts}![{caption}]({sheet})

{caption}.

## Limits

It draws what its captions can say and nothing else: twelve kinds of subject, eight colours, eight places.
Words it does not know become `<unk>` and are not drawn. People in it are figures, not persons. The pictures
are small; enlarging them adds no detail. Draw with `max_sequence_length=32`, the length it is trained with:
Wan's cross-attention sees the padding, and at another length the subject is lost.

## Training further

    python -m generation.sketch.train --config {name} --hours 2 --ship

goes on from these weights or, on the machine that trained them, from the whole state of the last sitting.
"""
DRAFTS = """### Drafts

The same, drawn in {steps} instead of {whole} steps:

{table}

"""


def write(weights: Path, work: Path, found: dict[str, Figure], *, steps: int | None = None) -> None:
    """Write the figures, README.md, samples.png and SHA256SUMS into the folder.

    Args:
        steps: of a draft, on which `found` was measured; None where it was the clip itself. Figures of a
            draft stand beside those of the clip, and go when that is measured anew.
    """
    config = folder.config_of(weights)
    for old in () if steps else weights.glob(figures.DRAFTS.format("*")):
        old.unlink()
    figures.write(found, weights, figures.DRAFTS.format(steps) if steps else figures.FILE)
    drawn = (weights / "model_index.json").exists()
    caption = sheet(weights, config, work)
    progress = folder.progress(weights)
    parts = [name for name in ("autoencoder", "transformer") if name in progress]
    run = "; ".join(_run(name, progress[name], _steps(config, name)) for name in parts)
    text = TEXT.format(
        name=config.name,
        width=config.width,
        height=config.height,
        frames=config.frames,
        fps=config.fps,
        words=len(scenes.WORDS),
        clips=f"{config.clips:,}",
        clips_autoencoder=f"{config.clips_autoencoder:,}",
        paraphrases=PARAPHRASES,
        z=config.z_dim,
        time=config.autoencoder["scale_factor_temporal"],
        run=run,
        state=_state(progress, config, drawn),
        machine=f"{platform.machine()}, {platform.system()}",
        table=figures.table(figures.read(weights), config.name),
        drafts=_drafts(weights, config),
        caption=caption,
        sheet=SHEET,
    )
    (weights / "README.md").write_text(text)
    folder.sign(weights)


def _drafts(weights: Path, config: Config) -> str:
    """A section for each number of steps that was measured besides the clip's own."""
    said = []
    for file in sorted(weights.glob(figures.DRAFTS.format("*"))):
        steps = file.stem.partition("-")[2]
        table = figures.table(figures.read(weights, file.name), config.name, whole=False)
        said.append(DRAFTS.format(steps=steps, whole=draw.STEPS, table=table))
    return "".join(said)


def _steps(config: Config, part: str) -> int:
    return {"autoencoder": config.fit_autoencoder, "transformer": config.fit_transformer}[part].steps


def _run(part: str, done: dict[str, int], steps: int) -> str:
    return f"{part} {done['step']:,} of {steps:,} steps in {done['trained_s'] / 3600:.1f} hours"


def _state(progress: dict, config: Config, drawn: bool) -> str:
    if not drawn:
        return (
            "**Not an engine yet.** The transformer has not had all its steps and has not been measured. The "
            "folder has no `model_index.json`, so nothing offers it for drawing."
        )
    if progress["transformer"]["step"] < config.fit_transformer.steps:
        return "**Still in training.** The figures below are those of the weights as they are now."
    return "Trained to the end."


def sheet(weights: Path, config: Config, work: Path) -> str:
    """Draw the contact sheet; returns what its rows and columns are."""
    from PIL import Image

    if (weights / "model_index.json").exists():
        from generation.sketch.draw import Sketch

        sketch = Sketch(weights)
        rows = [sketch.draw(prompt, seed=i) for i, prompt in enumerate(PROMPTS)]
        caption = "Rows: " + "; ".join(f"“{prompt}”" for prompt in PROMPTS) + ". Columns: frames"
    else:
        rows = _rebuilt(weights, config, work)
        caption = "Rows: held-out clips, each above what the autoencoder makes of it. Columns: frames"
    chosen = np.linspace(0, config.frames - 1, COLUMNS).round().astype(int)
    cells = np.stack([row[chosen] for row in rows])
    tall, wide = config.height + GAP, config.width + GAP
    picture = np.full((len(rows) * tall - GAP, COLUMNS * wide - GAP, 3), 255, np.uint8)
    for r, row in enumerate(cells):
        for c, frame in enumerate(row):
            picture[r * tall : r * tall + config.height, c * wide : c * wide + config.width] = frame
    Image.fromarray(picture).save(weights / SHEET, optimize=True)
    return caption


def _rebuilt(weights: Path, config: Config, work: Path, count: int = 5) -> list[np.ndarray]:
    """Held-out clips and what the autoencoder makes of them, in turn."""
    import torch

    from generation.sketch import clips

    vae = folder.load_vae(weights).eval()
    unseen = clips.prepare(work, config, config.held_out, held_out=True)
    rows = []
    for clip in range(min(count, len(unseen))):
        true = np.array(unseen.video[clip])
        with torch.inference_mode():
            video = torch.from_numpy(true).permute(3, 0, 1, 2)[None].float() / 127.5 - 1
            again = vae.decode(vae.encode(video).latent_dist.mode()).sample[0]
        drawn = ((again.permute(1, 2, 3, 0).numpy() + 1) * 127.5).round().clip(0, 255).astype(np.uint8)
        rows += [true, drawn]
    return rows
