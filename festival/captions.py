"""Captions: SRT or WebVTT as it was sent, read as plain words and times, and written anew."""

import html
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from festival.errors import Unacceptable
from festival.provenance import timecodes

MOST_BYTES = 2 * 1024 * 1024  # a three-hour film with dense dialogue has about 200 kB
MOST_CUES = 10_000
MOST_LETTERS = 2_000  # in one caption; more is an attack on the reader, or a novel
LATE_S = 0.5  # editing programs let the last caption stand a little over the film's end

ELEMENT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"</?[a-z0-9][^<>]*>", re.IGNORECASE)
OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # “{\an8}”, which SRT borrowed from another format


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: words on the screen from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    text: str


def rewrite(data: bytes, *, duration_s: float | None = None) -> tuple[str, int]:
    """Clean WebVTT made from an SRT or WebVTT file, and the number of its captions.

    Only times and plain words survive. Markup, styles, regions, positions, notes and scripts do not,
    and whatever could be read as markup is escaped.

    Raises:
        Unacceptable: the file cannot be read, or its times do not fit the film; the message says where.
    """
    cues = [cue for cue in _read(_text(data)) if cue.text]
    if not cues:
        raise Unacceptable("There is no caption in this file. Send an SRT or WebVTT file with words in it.")
    if len(cues) > MOST_CUES:
        raise Unacceptable(f"This file has {len(cues)} captions; {MOST_CUES} are the most we take.")
    for number, cue in enumerate(cues, start=1):
        _check(number, cue, duration_s)
    if duration_s is not None:
        cues = [
            Cue(cue.start_s, min(cue.end_s, max(duration_s, cue.start_s + 0.001)), cue.text) for cue in cues
        ]
    return write(sorted(cues, key=lambda cue: (cue.start_s, cue.end_s))), len(cues)


def write(cues: list[Cue]) -> str:
    """WebVTT of these captions, with the words escaped."""
    blocks = [
        f"{_stamp(cue.start_s)} --> {_stamp(cue.end_s)}\n{html.escape(cue.text, quote=False)}" for cue in cues
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def outside(vtt: str, ranges: Iterable[tuple[float, float]]) -> str:
    """WebVTT that `write` made, less the captions that stand in one of the half-open `ranges` of seconds."""
    hidden = list(ranges)
    head, *blocks = vtt.strip("\n").split("\n\n")
    timed = [(*_times(block), block) for block in blocks]
    kept = [
        block
        for start, end, block in timed
        if not any(start < until and since < end for since, until in hidden)
    ]
    return "\n\n".join([head, *kept]) + "\n"


def _times(block: str) -> tuple[float, float]:
    start, _, end = block.partition("\n")[0].partition(" --> ")
    return _seconds(start), _seconds(end)


def plain(text: str) -> str:
    """A caption's words without any markup, on lines that are not empty."""
    text = ELEMENT.sub("", OVERRIDE.sub("", text))
    for _ in range(3):  # “<<b>script>” holds one tag inside another; what is deeper still is escaped
        text = ELEMENT.sub("", TAG.sub("", text))
    lines = ("".join(map(_printable, line)).strip() for line in html.unescape(text).splitlines())
    return "\n".join(line for line in lines if line)


def _printable(character: str) -> str:
    """The character, a space for a control, nothing for a lone half of a surrogate pair."""
    category = unicodedata.category(character)
    return " " if category in ("Cc", "Zl", "Zp") else "" if category == "Cs" else character


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Unacceptable("This file is over 2 MB, too large for captions. Did you choose the right one?")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Unacceptable(
            "We cannot read the letters in this file. Save it with the encoding UTF-8 and send it again."
        ) from None
    if "\0" in text:
        raise Unacceptable("This is no text file. Send the captions as SRT or WebVTT.")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _read(text: str) -> list[Cue]:
    """Captions of a WebVTT file, or else of an SRT file, which may lack its first number."""
    kind = "vtt" if text.startswith("WEBVTT") else "srt"
    if kind == "srt" and "-->" in text.partition("\n")[0]:
        text = f"1\n{text}"
    try:
        captions = webvtt.WebVTT.from_buffer(io.StringIO(text), format=kind).captions
        cues = [Cue(_seconds(one.start), _seconds(one.end), _bounded(one.raw_text)) for one in captions]
    except (MalformedFileError, MalformedCaptionError, ValueError, OverflowError):
        raise Unacceptable(
            "This is neither SRT nor WebVTT that we can read. Each caption needs a line with its times, "
            "such as 00:00:01,000 --> 00:00:03,500, and its words below."
        ) from None
    if (lost := sum("-->" in line for line in text.split("\n")) - len(cues)) > 0:
        raise Unacceptable(
            f"We cannot read the times of {lost} of the {lost + len(cues)} captions. Write them as "
            "00:00:01,000 --> 00:00:03,500."
        )
    return cues


def _bounded(raw: str) -> str:
    if len(raw) > MOST_LETTERS:
        raise Unacceptable(f"A caption in this file has {len(raw)} letters; {MOST_LETTERS} are the most.")
    return plain(raw)


def _seconds(stamp: str) -> float:
    """Seconds of WebVTT's [hours:]minutes:seconds.milliseconds."""
    *hours, minutes, seconds = stamp.split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)


def _check(number: int, cue: Cue, duration_s: float | None) -> None:
    if cue.end_s <= cue.start_s:
        raise Unacceptable(
            f"Caption {number} at {timecodes.fine(cue.start_s)} ends before it begins. Correct its times."
        )
    if duration_s is not None and cue.start_s >= duration_s + LATE_S:
        raise Unacceptable(
            f"Caption {number} begins at {timecodes.fine(cue.start_s)}, after the film’s end at "
            f"{timecodes.fine(duration_s)}. Do these captions belong to this cut?"
        )


def _stamp(seconds: float) -> str:
    milliseconds = round(timedelta(seconds=seconds) / timedelta(milliseconds=1))
    whole, ms = divmod(milliseconds, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{ms:03}"
