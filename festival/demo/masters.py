"""Draw a demo film and write its master, as an entrant's own program would export it."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from festival.demo import scenes
from festival.demo.catalogue import DemoFilm
from festival.demo.drawing import Canvas, finish
from festival.demo.sound import chord, write_wav
from festival.media import binaries

FONTS = Path(__file__).resolve().parent.parent / "static" / "festival" / "fonts"
DISSOLVE_S = 0.7
DRAWINGS_A_SECOND = 12  # animated on twos, as drawn films are: each drawing stands for two frames or more
STILLS = {  # where a picture from the first shot would not be the film's best: the scene and its moment
    "The Tide Keeps Time": ("sea", 1.06),
    "Paper Boats for Lisbon": ("lanterns", 0.7),
}
TITLE_AT, TITLE_S = 0.55, 1.9  # where the title comes and how long it stands; posters come from earlier


def write(film: DemoFilm, target: Path) -> None:
    """Draw `film` frame by frame into the video file `target`, with its sound."""
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
            for frame in frames(film):
                pipe.write(frame.tobytes())
        if encoder.returncode:
            raise RuntimeError(f"ffmpeg could not write {target.name}")


def write_still(film: DemoFilm, target: Path) -> None:
    """Draw one picture of the film without its title, at twice the film's size."""
    width, height = film.size
    canvas = Canvas(width * 2, height * 2)
    scene, moment = STILLS.get(film.title, (film.shots[0].scene, film.shots[0].begins + 0.25))
    drawn = finish(canvas, getattr(scenes, scene)(canvas, moment), seed=1)
    Image.fromarray(drawn).save(target)


def frames(film: DemoFilm) -> Iterator[np.ndarray]:
    """The film's frames in order, each (height, width, 3) uint8 RGB."""
    canvas = Canvas(*film.size)
    title = title_mask(film)
    last = None
    number = 0
    for shot in film.shots:
        hold = max(1, round(film.fps / DRAWINGS_A_SECOND))
        count = round(shot.seconds * film.fps)
        paint = getattr(scenes, shot.scene)
        for i in range(0, count, hold):
            at_s, into_s = number / float(film.fps), i / float(film.fps)
            t = shot.begins + (1 - shot.begins) * i / count * min(1.0, shot.seconds / 8)
            picture = paint(canvas, t)
            if shot.dissolve and last is not None and into_s < DISSOLVE_S:
                picture = last + (picture - last) * (into_s / DISSOLVE_S)
            begins = film.seconds * TITLE_AT
            shown = np.clip(min(at_s - begins, begins + TITLE_S - at_s) / 0.35, 0, 1)
            if shown > 0:
                picture = picture * (1 - 0.25 * shown) + (1 - picture * 0.75) * (title * shown)[..., None]
            fade = np.clip(min((at_s + 0.2) / 0.5, (film.seconds - at_s) / 0.6), 0, 1)
            drawn = finish(canvas, picture, seed=number, fade=float(fade))
            for _ in range(min(hold, count - i)):
                yield drawn
                number += 1
        last = picture


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
