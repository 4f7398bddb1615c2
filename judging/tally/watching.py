"""Proof of watching: which stretches of a film were delivered and played. Seeking and speed add nothing.

A range is a half-open pair of whole milliseconds of the film's own time; lists of ranges are sorted and
apart from each other.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Range = tuple[int, int]

FASTEST = 2.0  # film seconds a wall second: the player's highest speed
SLACK_MS = 1_000  # of film, once a viewing: a page is a moment older than the permission it carries
SAVED_MS = 60_000  # of film: what a late or lost report may make up for, and no more
REST_AFTER_MS = 50 * 60_000  # of wall time without a break
REST_MS = 10 * 60_000  # of silence that counts as a break


# Ranges


def union(*lists: Iterable[Sequence[int]]) -> list[Range]:
    """What lies in at least one of the lists; ranges that touch become one, empty ones vanish."""
    merged: list[Range] = []
    for start, end in sorted((int(start), int(end)) for ranges in lists for start, end in ranges):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def overlap(one: Iterable[Sequence[int]], other: Iterable[Sequence[int]]) -> list[Range]:
    """What lies in both lists."""
    left, right, common = union(one), union(other), []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            common.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return common


def without(one: Iterable[Sequence[int]], other: Iterable[Sequence[int]]) -> list[Range]:
    """What lies in `one` and not in `other`."""
    kept, taken = union(one), union(other)
    if not kept:
        return []
    ends = [kept[0][0], *(edge for pair in taken for edge in pair), kept[-1][1]]
    return overlap(kept, zip(ends[::2], ends[1::2], strict=True))


def earliest(ranges: Iterable[Sequence[int]], most_ms: int) -> list[Range]:
    """The first `most_ms` milliseconds that the ranges hold."""
    taken: list[Range] = []
    for start, end in union(ranges):
        if most_ms <= 0:
            break
        taken.append((start, min(end, start + most_ms)))
        most_ms -= end - start
    return taken


def length_ms(ranges: Iterable[Sequence[int]]) -> int:
    """Milliseconds in at least one of the ranges."""
    return sum(end - start for start, end in union(ranges))


# Delivery: from bytes to seconds


class Index(NamedTuple):
    """Where in a file which moment of the film lies: two rising sequences of equal length."""

    bytes: tuple[int, ...]
    ms: tuple[int, ...]


BYTE_RANGE = re.compile(r"#EXT-X-BYTERANGE:(\d+)(?:@(\d+))?")
LENGTH = re.compile(r"#EXTINF:(\d+(?:\.\d+)?)")


def index_of_playlist(text: str) -> Index:
    """The index of a rung that is one file, from its playlist with byte ranges.

    Raises:
        ValueError: the playlist has no segments, or not every one has its length and its bytes.

    Source:
        RFC 8216, sections 4.3.2.1 and 4.3.2.2.
    """
    lengths = [float(length) for length in LENGTH.findall(text)]
    pieces = BYTE_RANGE.findall(text)
    if not lengths or len(lengths) != len(pieces):
        raise ValueError("Every segment needs a length and a byte range")
    places, moments, at_byte, at_s = [], [], 0, 0.0
    for length, (size, offset) in zip(lengths, pieces, strict=True):
        at_byte = int(offset) if offset else at_byte
        places.append(at_byte)
        moments.append(round(at_s * 1000))
        at_byte, at_s = at_byte + int(size), at_s + length
    return Index((*places, at_byte), (*moments, round(at_s * 1000)))


def delivered(index: Index, first: int, end: int) -> list[Range]:
    """The film's milliseconds that the bytes from `first` up to `end` hold.

    Between two known places bytes and time are taken to run evenly, so that pieces of a segment add up to
    the segment.
    """
    return union([(_moment(index, first), _moment(index, end))])


def _moment(index: Index, byte: int) -> int:
    places, moments = index
    if byte <= places[0]:
        return moments[0]
    if byte >= places[-1]:
        return moments[-1]
    i = bisect_right(places, byte) - 1
    part = (byte - places[i]) / (places[i + 1] - places[i])
    return moments[i] + round(part * (moments[i + 1] - moments[i]))


# Admission: what of a report counts


@dataclass(frozen=True)
class Admitted:
    """What is known to have been played after a report, and the film time still in hand."""

    played: list[Range]
    credit_ms: int


def admit(
    played: Iterable[Sequence[int]],
    reported: Iterable[Sequence[int]],
    *,
    delivered: Iterable[Sequence[int]],
    credit_ms: int,
    elapsed_ms: int,
) -> Admitted:
    """Add to `played` what a player reports, as far as it can be true.

    It can be true of what was delivered, and for as much film as could run since the last report at the
    highest speed. What is left over stays in hand up to SAVED_MS, so that a late report loses nothing, and
    an idle hour earns nothing. A report that says what is known already changes nothing; one that says too
    much counts from its beginning, and the rest may be reported again.

    Args:
        credit_ms: film time in hand after the last report.
        elapsed_ms: wall time since then, in which no other film of this juror was reported.
    """
    played = union(played)
    in_hand = min(SAVED_MS, credit_ms + int(FASTEST * max(0, elapsed_ms)))
    new = earliest(without(overlap(reported, delivered), played), in_hand)
    return Admitted(union(played, new), in_hand - length_ms(new))


# Breaks


def sitting_ms(sat_ms: int, silent_ms: int) -> int:
    """How long a juror has been at it: `sat_ms` until the last report, `silent_ms` since. A break ends it."""
    return 0 if silent_ms >= REST_MS else sat_ms + max(0, silent_ms)
