"""Timecodes: seconds as people read them, and back."""

import re

WRITTEN = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?")


def short(seconds: float) -> str:
    """Whole seconds, for a sentence: 0:04, 12:30, 1:02:03."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, whole = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{whole:02}" if hours else f"{minutes}:{whole:02}"


def exact(seconds: float) -> str:
    """Hundredths, for a field: 0:00:04.25."""
    hundredths = round(seconds * 100)
    whole, cc = divmod(hundredths, 100)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{cc:02}"


def span(start_s: float, end_s: float) -> str:
    """A range for a sentence: 0:04–0:09; hundredths appear where whole seconds would say nothing."""
    if int(start_s) == int(end_s):
        return f"{fine(start_s)}–{fine(end_s)}"
    return f"{short(start_s)}–{short(end_s)}"


def fine(seconds: float) -> str:
    """Hundredths without idle hours: 0:04.25, 1:02:03.50."""
    hundredths = round(seconds * 100)
    return f"{short(hundredths // 100)}.{hundredths % 100:02}"


def read(text: str) -> float:
    """Seconds from “0:00:04.25”, “0:04”, “4,25” or “4”.

    Raises:
        ValueError: the text is no timecode; the message says how to write one.
    """
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError("Write a timecode as h:mm:ss.cc, such as 0:01:04.50.")
    hours, minutes, seconds, fraction = found.groups()
    if minutes is not None and int(seconds) > 59:
        raise ValueError("Seconds go from 00 to 59, as in 0:01:04.50.")
    if hours is not None and int(minutes) > 59:
        raise ValueError("Minutes go from 00 to 59, as in 0:01:04.50.")
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds) + float(f"0.{fraction or 0}")
