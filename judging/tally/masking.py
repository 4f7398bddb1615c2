"""What a blind round keeps back of a film: segments that show nothing but covered names are never sent."""

import re
from collections.abc import Iterable, Sequence

from judging.tally.watching import Index, Range, overlap, union

SEGMENT = re.compile(r"^#EXTINF:", re.MULTILINE)
VERSION = re.compile(r"^#EXT-X-VERSION:\d+", re.MULTILINE)
GAP = "#EXT-X-GAP\n"


def kept_back(index: Index, hidden: Iterable[Sequence[int]]) -> list[bool]:
    """For each segment of a file, whether it lies wholly in `hidden` ranges of milliseconds."""
    covered = union(hidden)
    segments = zip(index.ms, index.ms[1:], strict=False)
    return [overlap([segment], covered) == [segment] for segment in segments]


def withheld(index: Index, hidden: Iterable[Sequence[int]]) -> list[Range]:
    """The bytes of a file, from first up to end, that are never sent."""
    segments = zip(index.bytes, index.bytes[1:], strict=False)
    return union(place for place, back in zip(segments, kept_back(index, hidden), strict=True) if back)


def with_gaps(playlist: str, index: Index, hidden: Iterable[Sequence[int]]) -> str:
    """The playlist of a file, in which segments that are kept back are marked as gaps.

    Source:
        draft-pantos-hls-rfc8216bis, section 4.4.4.7: EXT-X-GAP, of protocol version 8.
    """
    head, *segments = SEGMENT.split(playlist)
    marks = [GAP if back else "" for back in kept_back(index, hidden)]
    body = "".join(f"{mark}#EXTINF:{segment}" for mark, segment in zip(marks, segments, strict=True))
    return VERSION.sub("#EXT-X-VERSION:8", head) + body
