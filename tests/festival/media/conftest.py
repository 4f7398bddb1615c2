"""Tiny real films of every shape, made by ffmpeg once a session."""

import json
import struct
import subprocess
import zlib
from pathlib import Path

import av
import pytest

from festival.media import binaries
from festival.media.examination import examine

TONE = "-f lavfi -i sine=frequency=440:duration={seconds}"
X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -b:a 48k"
BT2020 = "-vf format=yuv420p10le,setparams=color_primaries=bt2020:color_trc={}:colorspace=bt2020nc:range=tv"
SHAPES = {  # the arguments of ffmpeg that make each film
    "landscape": (
        "-f lavfi -i testsrc2=s=640x480:r=12:d=6 -f lavfi -i sine=frequency=440:duration=6 "
        # three shots: as it is, inverted from 2 s, and red from 4 s
        "-vf negate=enable='between(t,2,4)',drawbox=w=iw:h=ih:c=red:t=fill:enable='gte(t,4)' "
        f"{X264} -g 12"
    ),
    "portrait": f"-f lavfi -i testsrc2=s=368x640:r=24:d=1 {TONE.format(seconds=1)} {X264}",
    "rotated": f"-f lavfi -i testsrc2=s=96x64:r=24:d=1 {TONE.format(seconds=1)} {X264}",
    "uneven": (
        f"-f lavfi -i testsrc2=s=96x64:r=24:d=2 {TONE.format(seconds=2)} "
        f"-vf select='lt(n\\,24)+not(mod(n\\,4))' -fps_mode vfr {X264}"
    ),
    "silent": f"-f lavfi -i testsrc2=s=96x64:r=24:d=1 {X264}",
    "surround": (
        "-f lavfi -i testsrc2=s=96x64:r=24:d=1 "
        f"-f lavfi -i aevalsrc=0.1*sin(880*t)|0|0.1*sin(440*t)|0|0|0:c=5.1:d=1 {X264}"
    ),
    "hdr": f"-f lavfi -i testsrc2=s=96x64:r=24:d=1 {BT2020.format('smpte2084')} -c:v libx264",
    "hlg": f"-f lavfi -i testsrc2=s=96x64:r=24:d=1 {BT2020.format('arib-std-b67')} -c:v libx264",
    "odd": (
        "-f lavfi -i testsrc2=s=98x66:r=24000/1001:d=1 -vf format=yuv444p,crop=97:65:exact=1 "
        "-c:v libx264 -preset ultrafast"
    ),
    "anamorphic": f"-f lavfi -i testsrc2=s=96x64:r=25:d=1 -vf setsar=4/3 {X264}",
    "interlaced": f"-f lavfi -i testsrc2=s=96x64:r=50:d=1 -vf interlace {X264} -flags +ildct+ilme",
    "fast": f"-f lavfi -i testsrc2=s=96x64:r=100:d=1 {X264}",
    "longer sound": f"-f lavfi -i testsrc2=s=96x64:r=24:d=1 {TONE.format(seconds=2)} {X264}",
    "clap": (  # white and loud from half a second on
        "-f lavfi -i color=black:s=96x64:r=24:d=1 -f lavfi -i aevalsrc=0.5*sin(2*PI*1000*t)*gte(t\\,0.5):d=1 "
        f"-vf drawbox=w=iw:h=ih:c=white:t=fill:enable='gte(t,0.49)' {X264}"
    ),
    "wordy": f"-f lavfi -i testsrc2=s=96x64:r=24:d=1 {X264} -metadata location=+38-9 -metadata artist=Ada",
    "sound only": f"{TONE.format(seconds=1)} -c:a aac",
    "whole": f"-f lavfi -i testsrc2=s=96x64:r=24:d=3 {TONE.format(seconds=3)} {X264} -movflags +faststart",
}


def png(path: Path, *, width: int, height: int) -> Path:
    """Write a black picture of one bit a pixel: few bytes, however large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + (width + 7) // 8) * height), 1)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return path


def ffmpeg(*args: str) -> None:
    subprocess.run([binaries.ffmpeg(), "-v", "error", "-y", *args], check=True, timeout=60)


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """film("portrait") is the path of a film of that shape."""
    folder = tmp_path_factory.mktemp("films")

    def make(shape: str) -> Path:
        path = folder / f"{shape.replace(' ', '-')}.mp4"
        if not path.exists():
            ffmpeg(*SHAPES[shape].split(), str(path))
            if shape == "rotated":
                turned = path.with_suffix(".turned.mp4")
                ffmpeg("-display_rotation", "90", "-i", str(path), "-c", "copy", str(turned))
                turned.replace(path)
        return path

    return make


@pytest.fixture(scope="session")
def examined(film, tmp_path_factory):
    """examined("portrait") is what was found in that film, the folder, and the progress told."""
    done = {}

    def once(shape: str):
        if shape not in done:
            folder, told = tmp_path_factory.mktemp("examined"), []
            found = examine(film(shape), folder, on_progress=lambda *step: told.append(step))
            done[shape] = found, folder, told
        return done[shape]

    return once


@pytest.fixture(scope="session")
def measure():
    """measure(path) tells what a file we made holds, with its keyframes' times."""

    def read(path: Path) -> dict:
        with av.open(str(path)) as container:
            picture = next(iter(container.streams.video), None)
            sound = next(iter(container.streams.audio), None)
            facts = {
                "metadata": dict(container.metadata),
                "duration_s": container.duration / av.time_base,
                "sound": sound and (sound.codec_context.name, sound.codec_context.channels, sound.rate),
            }
            if picture:
                codec = picture.codec_context
                packets = [p for p in container.demux(picture) if p.pts is not None]
                facts |= {
                    "size": (codec.width, codec.height),
                    "codec": codec.name,
                    "pixel_format": codec.pix_fmt,
                    "transfer": int(codec.color_trc),
                    "matrix": int(codec.colorspace),
                    "times": sorted(float(p.pts * p.time_base) for p in packets),
                    "keyframes": [float(p.pts * p.time_base) for p in packets if p.is_keyframe],
                }
        with av.open(str(path)) as container:
            if picture:
                facts["rotation"] = next(container.decode(video=0)).rotation
        return json.loads(json.dumps(facts))

    return read
