"""The master playlist, written from what the rungs really are."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Protocol

SOUND_CODEC = "mp4a.40.2"  # AAC LC


class Rung(Protocol):
    """What a playlist needs to know of a rung."""

    @property
    def name(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def write_master(folder: Path, rungs: tuple[Rung, ...], *, frame_rate: Fraction, sound: bool) -> None:
    """Write master.m3u8 over the rungs in `folder`, with true bit rates, codecs and frame rate.

    Source: RFC 8216 section 4.3.4, and Apple's HLS authoring specification, section 9.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    sound_peak = sound_mean = 0
    if sound:
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",'
            'URI="audio/index.m3u8"'
        )
        sound_peak, sound_mean = bit_rates((folder / "audio/index.m3u8").read_text())
    for rung in rungs:
        peak, mean = bit_rates((folder / rung.name / "index.m3u8").read_text())
        codecs = [avc(folder / rung.name / "film.mp4"), *([SOUND_CODEC] if sound else [])]
        attributes = [
            f"BANDWIDTH={peak + sound_peak}",
            f"AVERAGE-BANDWIDTH={mean + sound_mean}",
            f"RESOLUTION={rung.width}x{rung.height}",
            f"FRAME-RATE={float(frame_rate):.3f}",
            f'CODECS="{",".join(codecs)}"',
            *(['AUDIO="sound"'] if sound else []),
            "CLOSED-CAPTIONS=NONE",
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(attributes)}", f"{rung.name}/index.m3u8"]
    (folder / "master.m3u8").write_text("\n".join(lines) + "\n")


def bit_rates(playlist: str) -> tuple[int, int]:
    """Highest and mean bit rate of a playlist with byte ranges, in bits a second.

    A last segment shorter than half a second says little about the peak and is left out of it.
    """
    seconds = [float(length) for length in re.findall(r"#EXTINF:([\d.]+)", playlist)]
    sizes = [int(size) for size in re.findall(r"#EXT-X-BYTERANGE:(\d+)", playlist)]
    segments = list(zip(seconds, sizes, strict=True))
    mean = 8 * sum(sizes) / sum(seconds)
    peak = max((8 * size / length for length, size in segments if length >= 0.5), default=mean)
    return round(max(peak, mean)), round(mean)


def avc(path: Path) -> str:
    """The codec string of an H.264 file, from the profile and level in its avcC box. Source: RFC 6381."""
    with path.open("rb") as file:
        head = file.read(4096)
    at = head.index(b"avcC") + 5  # past the name and the box's own version
    return f"avc1.{head[at : at + 3].hex()}"
