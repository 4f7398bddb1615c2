"""Small real films, made by ffmpeg on the spot."""

import subprocess
from pathlib import Path

from django.conf import settings

from festival import archive
from festival.media import binaries
from festival.models import Footage
from tests.factories import make_footage


def reel(*, seconds=1, sound=True) -> Path:
    """A test picture with a tone, 160x90 pixels at 12 frames a second; made once a run."""
    path = Path(settings.VAR, f"reel-{seconds}-{'sound' if sound else 'mute'}.mp4")
    if not path.exists():
        picture = ["-f", "lavfi", "-i", f"testsrc=size=160x90:rate=12:duration={seconds}"]
        tone = ["-f", "lavfi", "-i", f"sine=duration={seconds}"] if sound else []
        part = path.with_suffix(".part.mp4")
        command = [binaries.ffmpeg(), "-v", "error", "-y", *picture, *tone, "-pix_fmt", "yuv420p", part]
        subprocess.run(command, check=True)
        part.rename(path)
    return path


def make_waiting(*, content: bytes, **fields) -> Footage:
    """Footage that waits to be examined, with its file in the archive."""
    empty = {"sha256": "", "folder": "", "duration_s": None, "width": None, "height": None, "frame_rate": ""}
    footage = make_footage(status=Footage.Status.WAITING, **empty | fields)
    file = Path(settings.VAR, "incoming")
    file.write_bytes(content)
    archive.put(file, footage.original)
    return footage
