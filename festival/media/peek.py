"""Open one file with PyAV and print what it holds, as JSON.

Run as a script in the sandbox with `python -I`, never imported: whatever parses a stranger's file must not
live in the process that knows the festival. Usage: peek.py '{"containers": …, "max_streams": …}' FILE
"""

import json
import sys
from array import array
from itertools import pairwise
from statistics import median

import av
import av.logging


def main(settings: str, path: str) -> None:
    """Print the facts, or {"refused": why} for a file that cannot be opened."""
    av.logging.restore_default_callback()  # complaints go to the error output, where the caller reads them
    options = json.loads(settings)
    demuxer = {
        "protocol_whitelist": "file",
        "format_whitelist": options["containers"],
        "codec_whitelist": options["codecs"],
        "max_streams": str(options["max_streams"]),
        "max_probe_packets": "5000",
        "probesize": "50000000",
        "analyzeduration": "20000000",
        "max_pixels": str(options["max_pixels"]),
    }
    try:
        with av.open(f"file:{path}", options=demuxer, metadata_errors="replace") as container:
            facts = look(container)
    except (av.FFmpegError, ValueError) as error:
        facts = {"refused": str(error)}
    print(json.dumps(facts))


def look(container) -> dict:
    """Facts of the container and of the streams that make the film."""
    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    sounds = [s for s in container.streams.audio if s.codec_context]
    facts = {
        "container": container.format.name,
        "duration_s": (container.duration or 0) / av.time_base,
        "start_s": (container.start_time or 0) / av.time_base,
        "streams": len(container.streams),
        "picture": None,
        "sound": None,
    }
    sound = min(sounds, key=lambda s: not s.disposition & av.stream.Disposition.default, default=None)
    if sound:
        facts["sound"] = hear(sound)
    if pictures:
        facts["picture"] = watch(container, pictures[0], sound)
    return facts


def hear(stream) -> dict:
    """Facts of a sound stream."""
    codec = stream.codec_context
    return {
        "index": stream.index,
        "codec": codec.name,
        "channels": codec.channels,
        "layout": codec.layout.name,
        "sample_rate": codec.sample_rate,
    }


def watch(container, stream, sound) -> dict:
    """Facts of the picture: its first frame decoded, the time of every frame, and where all ends."""
    codec = stream.codec_context
    facts = {
        "index": stream.index,
        "codec": codec.name if codec else None,
        "width": codec.width if codec else 0,
        "height": codec.height if codec else 0,
        "promised_frames": stream.frames,
    }
    if not codec or not codec.width:
        return facts
    for other in container.streams:
        if other not in (stream, sound):
            other.discard = "all"
    first, times, sound_end = None, array("q"), 0
    for packet in container.demux(*filter(None, (stream, sound))):
        if packet.pts is None and packet.size:
            continue
        if packet.stream is sound:
            sound_end = max(sound_end, (packet.pts or 0) + (packet.duration or 0))
            continue
        if packet.pts is not None:
            times.append(packet.pts)
        if first is None and len(times) <= 300:
            first = next(iter(frames_of(packet)), None)
    steps = intervals(times)
    base = stream.time_base
    sample = stream.sample_aspect_ratio
    facts |= {
        "pixel_format": codec.pix_fmt,
        "bits": max((part.bits for part in codec.format.components), default=8) if codec.format else 8,
        "rgb": bool(codec.format and codec.format.is_rgb),
        "sample_aspect": [sample.numerator, sample.denominator] if sample else [1, 1],
        "average_rate": str(stream.average_rate or 0),
        "frames": len(times),
        "sound_end_s": float(sound_end * sound.time_base) if sound else 0.0,
        "last_s": float(max(times, default=0) * base),
        "step_s": float(median(steps) * base) if steps else 0.0,
        "uneven": uneven(steps),
        "decoded": first is not None,
    }
    if first is not None:
        facts |= {
            "rotation": first.rotation,
            "interlaced": bool(first.interlaced_frame),
            "primaries": int(first.color_primaries),
            "transfer": int(first.color_trc),
            "matrix": int(first.colorspace),
            "range": int(first.color_range),
        }
    return facts


def frames_of(packet):
    """Frames decoded from one packet; a broken packet gives none, and the next may do better."""
    try:
        return packet.decode()
    except av.FFmpegError:
        return []


def intervals(times) -> list[int]:
    """Steps between neighbouring frames, in the order they are shown."""
    ordered = sorted(times)
    return [later - earlier for earlier, later in pairwise(ordered) if later > earlier]


def uneven(steps: list[int]) -> bool:
    """Whether more than one step in a hundred is far from the usual: a variable frame rate.

    Containers that count in milliseconds round, so a step may be off by two ticks or by a tenth.
    """
    if not steps:
        return False
    usual = median(steps)
    odd = sum(abs(step - usual) > max(2, usual / 10) for step in steps)
    return odd > len(steps) / 100


if __name__ == "__main__":
    main(*sys.argv[1:])
