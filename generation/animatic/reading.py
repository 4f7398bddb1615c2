"""Reading plain JSON strictly: each thing that is wrong with it is one sentence for a person."""

import itertools
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
LONGEST_NAME = 40  # characters of an unknown field that are told


def fields(given: Any, what: str, known: Collection[str]) -> Mapping[str, Any]:
    """A JSON object that has no fields but `known` ones."""
    if not isinstance(given, Mapping):
        raise ValueError(f"{what} is written as fields with names.")
    if unknown := sorted(map(str, set(given) - set(known))):
        raise ValueError(f"{what} has no field “{unknown[0][:LONGEST_NAME]}”. It has {', '.join(known)}.")
    return given


def many(given: Any, what: str, *, least: int = 0, most: int) -> list[Any]:
    """A JSON list of `least` to `most` things; `what` names them in the plural."""
    if not isinstance(given, list | tuple):
        raise ValueError(f"{what} are written as a list.")
    if not least <= len(given) <= most:
        count = f"from {least} to {most}" if least else f"{most} at most"
        raise ValueError(f"{what}: {count}, not {len(given)}.")
    return list(given)


def number(given: Any, what: str, low: float, high: float) -> float:
    """A finite number from `low` to `high`."""
    fits = isinstance(given, int | float) and not isinstance(given, bool)
    if not fits or not low <= given <= high:  # nan lies nowhere; a whole number may be too large for a float
        raise ValueError(f"{what} is a number from {low:g} to {high:g}.")
    return float(given)


def row(given: Any, what: str, count: int, low: float, high: float) -> tuple[float, ...]:
    """So many numbers, each from `low` to `high`."""
    if not isinstance(given, list | tuple) or len(given) != count:
        raise ValueError(f"{what} is {count} numbers from {low:g} to {high:g}.")
    return tuple(number(value, f"Each number of {lowered(what)}", low, high) for value in given)


def words(given: Any, what: str, longest: int, *, empty: bool = True) -> str:
    """A line of text of at most `longest` characters."""
    if not isinstance(given, str) or len(given) > longest or not given.isprintable():
        raise ValueError(f"{what} is one line of text, {longest} characters at most.")
    if not empty and not given.strip():
        raise ValueError(f"{what} is missing. Write a word or two.")
    return given


def choice(given: Any, what: str, options: Collection[str]) -> str:
    if not isinstance(given, str) or given not in options:
        raise ValueError(f"{what} is one of: {', '.join(options)}.")
    return given


def yes_or_no(given: Any, what: str) -> bool:
    if not isinstance(given, bool):
        raise ValueError(f"{what} is true or false.")
    return given


def digest(given: Any, what: str) -> str:
    """A SHA-256 in lower-case hexadecimal digits."""
    if not isinstance(given, str) or len(given) != 64 or set(given) - set("0123456789abcdef"):
        raise ValueError(f"{what} is named by its SHA-256: 64 digits from 0 to f.")
    return given


def ascending(things: list[T], time: Callable[[T], float], what: str) -> tuple[T, ...]:
    """The things as they are, if their times go upwards."""
    times = [time(thing) for thing in things]
    if any(later <= earlier for earlier, later in itertools.pairwise(times)):
        raise ValueError(f"{what} stand in the order of their times, no two at the same.")
    return tuple(things)


def lowered(what: str) -> str:
    return what[:1].lower() + what[1:]
