"""Where in a file which second lies. Only for files that we have written ourselves."""

from pathlib import Path

import av


def keyframes(path: Path) -> list[tuple[int, float]]:
    """Byte and second of each keyframe, and of the end of the picture, both rising.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it has no picture that can be found by its index.
    """
    with av.open(str(path)) as film:
        picture = film.streams.video[0]
        entries = [entry for entry in picture.index_entries if entry.size]
        if not entries or picture.time_base is None:
            raise ValueError(f"{path} has no index of its picture")
        seconds = float((picture.duration or 0) * picture.time_base)
        begins = entries[0].timestamp  # before zero where pictures are reordered
        places = [
            (entry.pos, float((entry.timestamp - begins) * picture.time_base))
            for entry in entries
            if entry.is_keyframe
        ]
        end = max(entry.pos + entry.size for entry in entries)  # read here: entries die with the file
    return [*places, (end, max(seconds, places[-1][1]))]
