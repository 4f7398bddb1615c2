"""Files that are no films get a sentence, and can open nothing but themselves."""

import http.server
import os
import threading

import pytest

from festival.media import probe
from festival.media.errors import KEPT, MediaProblem
from festival.media.examination import Limits, examine
from tests.festival.media.conftest import ffmpeg, png

LISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{segment}\n#EXTINF:4,\n{address}\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile {segment}\nfile {address}\n",
    "dash": (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'profiles="urn:mpeg:dash:profile:isoff-live:2011" mediaPresentationDuration="PT4S"><Period>'
        '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
        '<BaseURL>{address}</BaseURL><SegmentList duration="4"><Initialization sourceURL="{segment}"/>'
        "</SegmentList></Representation></AdaptationSet></Period></MPD>"
    ),
}


@pytest.fixture
def lure():
    """A web server that writes down who comes."""
    seen = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/segment.ts", seen
    server.shutdown()
    server.server_close()


@pytest.fixture
def trap(tmp_path, lure):
    """trap("hls") is a playlist named .mp4 beside the local segment it names.

    The segment is a pipe without a writer: whoever opened it to read would hang until the time limit.
    """

    def write(kind):
        segment, film = tmp_path / "segment.ts", tmp_path / "film.mp4"
        os.mkfifo(segment)
        film.write_text(LISTS[kind].format(segment=segment, address=lure[0]))
        return film

    return write


def refused(path, tmp_path, **limits) -> str:
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(MediaProblem) as caught:
        examine(path, folder, limits=Limits(**limits))
    assert list(folder.iterdir()) == []
    assert KEPT in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", LISTS)
def test_a_playlist_named_mp4_is_refused_and_nothing_it_names_is_opened(kind, trap, lure, tmp_path):
    sentence = refused(trap(kind), tmp_path)

    assert sentence.startswith("This file is a playlist, a list of other files, and not the film itself.")
    assert lure[1] == []


@pytest.mark.parametrize("kind", LISTS)
def test_the_demuxer_itself_opens_no_playlist(kind, trap, lure, tmp_path, monkeypatch):
    """Even when nobody has looked at the first bytes."""
    monkeypatch.setattr(probe, "sniff", lambda source, *, limits: None)

    with pytest.raises(MediaProblem, match="not a film in a format we read"):
        probe.look(trap(kind))

    assert lure[1] == []


def test_text_named_mp4_is_refused(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_text("Dear festival,\nplease find attached my film.\n" * 50)

    assert refused(path, tmp_path) == (
        "This file holds text and not a film, whatever its name says. The file is kept as it arrived. "
        "Export the film as MP4 or MOV (H.264, HEVC or ProRes) and upload that."
    )


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "film.mp4"
    path.touch()

    assert refused(path, tmp_path).startswith("This file is empty: it has 0 bytes.")


def test_noise_is_refused(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(50_000))

    assert "Export the film as MP4 or MOV" in refused(path, tmp_path)


def test_a_picture_of_14000_pixels_is_refused(tmp_path):
    still, film = png(tmp_path / "film.png", width=14000, height=14000), tmp_path / "film.mov"
    ffmpeg("-i", str(still), "-c", "copy", str(film))

    assert "not a film in a format we read" in refused(still, tmp_path)
    with pytest.raises(
        MediaProblem, match="14,000 × 14,000 pixels, and 36 million pixels a frame are the most"
    ):
        probe.look(film)


def test_a_film_whose_tail_is_missing_is_refused(film, tmp_path):
    whole, path = film("whole").read_bytes(), tmp_path / "film.mp4"
    path.write_bytes(whole[: len(whole) // 2])

    sentence = refused(path, tmp_path)
    assert sentence.startswith("This file breaks off: ")
    assert "of its 72 pictures are there" in sentence


def test_a_film_whose_index_is_missing_is_refused(film, tmp_path):
    plain, path = film("silent").read_bytes(), tmp_path / "film.mp4"
    path.write_bytes(plain[: len(plain) // 2])

    assert refused(path, tmp_path).startswith("This file breaks off or is damaged:")


def test_a_matroska_film_that_breaks_off_is_refused(film, tmp_path):
    whole, path = tmp_path / "whole.mkv", tmp_path / "film.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=96x64:r=24:d=8", str(whole))
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])

    assert "it should last 8 seconds" in refused(path, tmp_path)


def test_sound_alone_is_refused(film, tmp_path):
    assert refused(film("sound only"), tmp_path).startswith("There is no picture in this file, only sound.")


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"max_bytes": 1000}, "and we take in at most 0.0 GB"),
        ({"max_duration_s": 0.9}, "minutes are the most we can take in"),
        ({"min_duration_s": 2}, "lasts 1.00 seconds, and we need at least 2"),
        (
            {"max_pixels": 6000},
            "The picture is 96 × 64 pixels, and 0.006 million pixels a frame are the most",
        ),
        ({"max_frame_rate": 20}, "24 frames a second, and 20 are the most"),
        ({"max_streams": 0}, "more than 0 streams, and a film needs two"),
    ],
)
def test_a_film_beyond_a_limit_is_refused(limits, sentence, film, tmp_path):
    assert sentence in refused(film("silent"), tmp_path, **limits)


def test_a_film_that_is_noise_after_its_beginning_is_refused(film, tmp_path):
    path, spoilt = tmp_path / "film.mp4", bytearray(film("whole").read_bytes())
    noise_from = spoilt.index(b"mdat") + 6000
    spoilt[noise_from:] = os.urandom(len(spoilt) - noise_from)
    path.write_bytes(spoilt)
    (tmp_path / "out").mkdir()

    with pytest.raises(MediaProblem, match="could not be decoded to the end"):
        examine(path, tmp_path / "out")
