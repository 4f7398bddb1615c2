"""Where the programs are that do the heavy work."""

import os
import shutil
import subprocess
from functools import cache


@cache
def ffmpeg() -> str:
    """Path of ffmpeg: FFMPEG_BIN, else the one on PATH, else the one from the imageio-ffmpeg wheel."""
    if found := os.environ.get("FFMPEG_BIN") or shutil.which("ffmpeg"):
        return found
    import imageio_ffmpeg  # its import unpacks nothing, but only machines without ffmpeg need it

    return imageio_ffmpeg.get_ffmpeg_exe()


@cache
def ffmpeg_version() -> str:
    """What ffmpeg calls itself, for the record: "ffmpeg version 7.1"."""
    said = subprocess.run([ffmpeg(), "-version"], capture_output=True, text=True, check=True, timeout=20)
    return " ".join(said.stdout.split()[:3])


@cache
def bubblewrap() -> str:
    """Path of bubblewrap, or "" where there is none or the kernel does not let it work."""
    found = os.environ.get("BWRAP_BIN") or shutil.which("bwrap")
    if not found:
        return ""
    trial = [found, "--unshare-all", "--ro-bind", "/", "/", "true"]
    works = subprocess.run(trial, capture_output=True, timeout=20).returncode == 0
    return found if works else ""
