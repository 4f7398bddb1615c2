import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from festival.media import frames, stills
from festival.media.errors import MediaProblem
from tests.festival.media.conftest import ffmpeg, png

SECRET = "taken at home, by Ada"


@pytest.fixture
def photo(tmp_path):
    """A JPEG of 300 × 200 with a turned camera and a comment."""
    path, exif = tmp_path / "sent.jpg", Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    exif[0x010E] = SECRET
    Image.new("RGB", (300, 200), (200, 40, 40)).save(path, exif=exif)
    return path


def test_a_picture_is_written_anew_without_what_the_camera_wrote(photo, tmp_path):
    target = tmp_path / "out.jpg"

    size = stills.picture(photo, target)

    assert size == (200, 300)
    assert SECRET.encode() in photo.read_bytes()
    assert SECRET.encode() not in target.read_bytes()
    with Image.open(target) as written:
        assert (written.format, written.size, dict(written.getexif())) == ("JPEG", (200, 300), {})
        assert written.getpixel((100, 150)) == pytest.approx((200, 40, 40), abs=4)


def test_the_first_frame_of_a_film_and_its_last_are_its_own(tmp_path):
    colours = [(200, 40, 40), (40, 160, 60), (30, 60, 190)]
    film, target = tmp_path / "film.mp4", tmp_path / "edge.jpg"
    frames.write_mp4(
        np.stack([np.full((48, 64, 3), c, np.uint8) for c in colours for _ in range(4)]), film, fps=8
    )

    for last, colour in ((False, colours[0]), (True, colours[-1])):
        stills.edge(film, target, last=last)
        with Image.open(target) as still:
            assert still.size == (64, 48)
            assert still.getpixel((32, 24)) == pytest.approx(colour, abs=5)


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left(photo, tmp_path):
    assert stills.picture(photo, tmp_path / "out.jpg", longest=150) == (100, 150)
    assert stills.picture(photo, tmp_path / "out.jpg", longest=3000) == (200, 300)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_png_and_webp_come_in_too(kind, tmp_path):
    path = tmp_path / "sent"
    Image.new("RGB", (64, 32), (10, 200, 30)).save(path, kind)

    assert stills.picture(path, tmp_path / "out.jpg") == (64, 32)


def test_a_picture_of_14000_pixels_is_refused(tmp_path):
    path = png(tmp_path / "sent.png", width=14000, height=14000)

    with pytest.raises(MediaProblem) as caught:
        stills.picture(path, tmp_path / "out.jpg")

    assert str(caught.value) == (
        "This picture has more than 50 million pixels, the most we take. Everything else is as it was. "
        "Save it as a JPEG or PNG of at most 8,000 pixels on the longer side, and send that."
    )
    assert [p.name for p in tmp_path.iterdir()] == ["sent.png"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "is not a JPEG, PNG or WebP",
        ),
        (b"", "is not a JPEG, PNG or WebP"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "is not a JPEG, PNG or WebP"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "is damaged and could not be read"),
    ],
)
def test_what_is_no_picture_is_refused(content, sentence, tmp_path):
    path = tmp_path / "sent.jpg"
    path.write_bytes(content)

    with pytest.raises(MediaProblem, match=sentence):
        stills.picture(path, tmp_path / "out.jpg")


def test_poster_and_sheet_of_a_film(examined):
    found, folder, _ = examined("landscape")

    with Image.open(folder / "poster.jpg") as poster, Image.open(folder / "sprite.jpg") as sheet:
        assert (poster.size, sheet.size) == ((640, 480), (6 * 160, 120))
        reds = [sheet.getpixel((number * 160 + 80, 60)) for number in range(6)]
    assert [red[0] > 200 and red[1] < 60 for red in reds] == [False, False, False, False, True, True]
    assert re.fullmatch("#[0-9a-f]{6}", found.colour)
    assert (folder / "sprite.vtt").read_text().split("\n\n")[-1] == (
        "00:00:05.000 --> 00:00:06.000\nsprite.jpg#xywh=800,0,160,120\n"
    )


def test_mean_colour(tmp_path):
    path = tmp_path / "half.png"
    image = Image.new("RGB", (10, 10), (200, 0, 0))
    image.paste((0, 100, 0), (0, 0, 5, 10))
    image.save(path)

    assert stills.colour(path) == "#643200"


@example(200.5, (1920, 1080))  # a stretch of 1.6708… s: its end and the next one's start round alike
@given(st.floats(min_value=0.5, max_value=5 * 3600), st.sampled_from([(1920, 1080), (480, 854), (97, 65)]))
def test_cues_cover_the_film_and_point_inside_the_sheet(duration_s, size):
    plan = stills.sheet(duration_s=duration_s, width=size[0], height=size[1])
    blocks = stills.cues(plan, duration_s=duration_s).strip().split("\n\n")[1:]

    assert 1 <= len(blocks) == plan.count <= stills.MOST_TILES
    ends = [re.match(r"(\S+) --> (\S+)", block).groups() for block in blocks]
    assert ends[0][0] == "00:00:00.000"
    assert all(earlier[1] == later[0] for earlier, later in pairwise(ends))
    for block in blocks:
        x, y, width, height = map(int, block.partition("#xywh=")[2].split(","))
        assert x + width <= plan.columns * plan.tile_width
        assert y + height <= plan.rows * plan.tile_height


def test_a_long_film_has_one_tile_per_stretch(tmp_path):
    """A quarter of an hour: a tile every eight seconds, drawn from keyframes alone, each at its own time."""
    grey = "color=black:s=16x16:r=1:d=900,geq=lum='16+mod(T\\,200)':cb=128:cr=128"
    ffmpeg(*f"-f lavfi -i {grey} -g 4 -pix_fmt yuv420p".split(), str(tmp_path / "long.mp4"))

    plan = stills.sprite(tmp_path / "long.mp4", tmp_path, duration_s=900, width=16, height=16)

    assert (plan.every_s, plan.count) == (8, 113)
    with Image.open(tmp_path / "sprite.jpg") as sheet:
        grey_sheet = sheet.convert("L")
    for number in (0, 1, 49, 75, 112):
        shade = grey_sheet.getpixel((number % 10 * 160 + 80, number // 10 * 160 + 80))
        assert shade == pytest.approx(number * 8 % 200 * 255 / 219, abs=4)


def test_the_typical_frame_is_neither_the_dark_beginning_nor_the_flash(tmp_path):
    levels = [0, 90, 100, 100, 110, 255]
    frames = np.stack([np.full((48, 64, 3), level, np.uint8) for level in levels])

    stills.typical(frames, tmp_path / "poster.jpg")

    with Image.open(tmp_path / "poster.jpg") as poster:
        assert (poster.format, poster.size) == ("JPEG", (64, 48))
        assert abs(int(np.asarray(poster).mean()) - 100) < 3
