"""Draw a demo film and write its master, as an entrant's own program would export it."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from festival.demo import scenes
from festival.demo.catalogue import DemoFilm, Shot
from festival.demo.drawing import Canvas, finish
from festival.demo.footage import Painter, player
from festival.demo.sound import chord, write_wav
from festival.media import binaries

FONTS = Path(__file__).resolve().parent.parent / "static" / "festival" / "fonts"
DISSOLVE_S = 0.7
DRAWINGS_A_SECOND = 12  # animated on twos, as drawn films are: each drawing stands for two frames or more
STILLS = {  # where a picture from the first shot would not be the film's best: the scene and its moment
    "Paper Boats for Lisbon": ("lanterns", 0.7),
}
TITLE_AT, TITLE_S = 0.55, 1.9  # where the title comes and how long it stands; posters come from earlier


def write(film: DemoFilm, target: Path, *, clips: Sequence[Path] = ()) -> None:
    """Draw `film` frame by frame into the video file `target`, with its sound.

    Args:
        clips: what was drawn for it in the studio, one for each of its `words`.
    """
    width, height = film.size
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder, "sound.wav")
        if film.channels:
            notes = list(film.notes)
            write_wav(
                chord(film.seconds, notes, weather=film.weather, seed=width, channels=film.channels), sound
            )
        source = [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            f"{width}x{height}",
            "-r",
            str(film.fps),
            "-i",
            "-",
        ]
        audio = ["-i", str(sound), "-c:a", "aac", "-b:a", "160k"] if film.channels else []
        video = ["-c:v", "libx264", "-preset", "superfast", "-crf", "16", "-pix_fmt", "yuv420p"]
        command = [binaries.ffmpeg(), "-v", "error", "-y", *source, *audio, *video, str(target)]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder, encoder.stdin as pipe:
            for frame in frames(film, clips):
                pipe.write(frame.tobytes())
        if encoder.returncode:
            raise RuntimeError(f"ffmpeg could not write {target.name}")


def write_still(film: DemoFilm, target: Path, *, clips: Sequence[Path] = ()) -> None:
    """Draw one picture of the film without its title, at twice the film's size."""
    width, height = film.size
    canvas = Canvas(width * 2, height * 2)
    if film.title in STILLS:
        scene, moment = STILLS[film.title]
        picture = getattr(scenes, scene)(canvas, moment)
    else:
        paint = next(painters(film, canvas, clips))
        picture = paint(film.shots[0].seconds / 2)
    Image.fromarray(finish(canvas, picture, seed=1)).save(target)


def frames(film: DemoFilm, clips: Sequence[Path] = ()) -> Iterator[np.ndarray]:
    """The film's frames in order, each (height, width, 3) uint8 RGB."""
    canvas = Canvas(*film.size)
    title = title_mask(film)
    hold = max(1, round(film.fps / DRAWINGS_A_SECOND))
    last = None
    number = 0
    for shot, paint in zip(film.shots, painters(film, canvas, clips), strict=True):
        count = length(shot, film)
        for i in range(0, count, hold):
            at_s, into_s = number / float(film.fps), i / float(film.fps)
            picture = paint(into_s)
            if shot.dissolve and last is not None and into_s < DISSOLVE_S:
                picture = last + (picture - last) * (into_s / DISSOLVE_S)
            from_s = film.seconds * TITLE_AT
            shown = np.clip(min(at_s - from_s, from_s + TITLE_S - at_s) / 0.35, 0, 1)
            if shown > 0:
                picture = picture * (1 - 0.25 * shown) + (1 - picture * 0.75) * (title * shown)[..., None]
            fade = np.clip(min((at_s + 0.2) / 0.5, (film.seconds - at_s) / 0.6), 0, 1)
            drawn = finish(canvas, picture, seed=number, fade=float(fade))
            for _ in range(min(hold, count - i)):
                yield drawn
                number += 1
        last = picture


def painters(film: DemoFilm, canvas: Canvas, clips: Sequence[Path]) -> Iterator[Painter]:
    """For each shot what draws its pictures: a scene by arithmetic, or the clips that were drawn for it."""
    waiting = iter(clips)
    for shot in film.shots:
        if shot.words:
            yield player([next(waiting) for _ in shot.words], canvas)
        else:
            yield partial(_scene, shot, canvas)


def _scene(shot: Shot, canvas: Canvas, into_s: float) -> np.ndarray:
    t = shot.begins + (1 - shot.begins) * into_s / shot.seconds * min(1.0, shot.seconds / 8)
    return getattr(scenes, shot.scene)(canvas, t)


def length(shot: Shot, film: DemoFilm) -> int:
    """Frames of the shot."""
    return round(shot.seconds * film.fps)


def begins(film: DemoFilm) -> list[float]:
    """Where each of the film's clips begins, in seconds of the film as it is written."""
    before = list(accumulate((length(shot, film) for shot in film.shots), initial=0))
    starts = zip(film.shots, before, strict=False)
    return [float(frame / film.fps) for shot, frame in starts for _ in shot.words]


def title_mask(film: DemoFilm) -> np.ndarray:
    """The film's title in the festival's letters: (height, width) float32, 1 where ink is."""
    width, height = film.size
    words = film.title.upper()
    size = height // 7
    while (box := font(size).getbbox(words))[2] > width * 0.84 and size > 12:
        size -= 2
    sheet = Image.new("L", (width, height))
    place = ((width - box[2]) // 2, (height - box[3]) // 2)
    ImageDraw.Draw(sheet).text(place, words, font=font(size), fill=255)
    return np.asarray(sheet, np.float32) / 255


def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "league-gothic-latin.woff2"), size)
