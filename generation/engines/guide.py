"""The prompt guide: the words that drawings of ours are made of, and what of a prompt they leave out."""

from dataclasses import dataclass
from functools import cache

from generation.engines.base import Card

READERS = {"scenes", "sketch"}  # families that know these words and no others
MOST_NAMED = 8  # words of a prompt that are pointed out one by one
MOTIONS = {
    "left": "moving left",
    "right": "moving right",
    "up": "rising",
    "down": "sinking",
    "bounce": "bouncing",
    "circle": "circling",
    "still": "resting",
    "toward": "coming closer",
    "away": "moving away",
}


@dataclass(frozen=True)
class Chips:
    """Words of one kind, each fit to be put into a prompt.

    Args:
        field: what they decide: a field of `scenes.Reading`, or of its subjects.
        words: value → words that say it.
    """

    title: str
    field: str
    words: dict[str, str]


@cache
def chips() -> tuple[Chips, ...]:
    """All words of the guide, in the order in which a sentence is built."""
    from generation.sketch.scenes import grammar, scene  # not at the top: other pages need no drawings

    return (
        Chips("Size", "size", {size: size for size in scene.SIZES}),
        Chips("Colour", "colour", {colour: colour for colour in scene.COLOURS}),
        Chips("Subject", "noun", {noun: noun for noun in scene.NOUNS}),
        Chips("Motion", "motion", MOTIONS),
        Chips("Place", "place", {place: ways[0] for place, ways in grammar.PLACE_PHRASES.items()}),
        Chips("Time", "time", {time: ways[0] for time, ways in grammar.TIME_PHRASES.items()}),
        Chips("Weather", "weather", {kind: ways[0] for kind, ways in grammar.WEATHER_PHRASES.items()}),
        Chips("Camera", "move", {"static": "static camera"} | _moves(scene.MOVES[1:])),
    )


def _moves(moves: tuple[str, ...]) -> dict[str, str]:
    return {move: move.replace("-", " ") for move in moves}


def reads(card: Card) -> bool:
    """Whether the engine draws by the guide's words."""
    return card.family in READERS


def unknown_words(card: Card, prompt: str) -> list[str]:
    """The words of `prompt` that the engine will not draw; none for an engine without such a list."""
    if not reads(card):
        return []
    from generation.sketch.scenes import parse

    reading = parse(prompt)
    return [*reading.unknown, *reading.beyond]


def unread(card: Card, prompt: str) -> str:
    """What the engine will leave out of `prompt`, in a sentence; "" if it knows every word."""
    if not unknown_words(card, prompt):
        return ""
    from generation.sketch.scenes import parse

    reading, said = parse(prompt), []
    if reading.unknown:
        said.append(f"{card.title} does not know {_named(reading.unknown)}, and draws without.")
    if reading.beyond:
        said.append(f"It draws two subjects at most, so {_named(reading.beyond)} will not be seen.")
    return " ".join(said)


def _named(words: tuple[str, ...]) -> str:
    """“zebra”, “cello” and “lamp”."""
    named = [f"“{word}”" for word in words[:MOST_NAMED]]
    if more := len(words) - len(named):
        named.append(f"{more} more words" if more > 1 else "1 more word")
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
