"""What somebody's words ask for, as far as the drawings know them; and a scene that fulfils it."""

import re
from dataclasses import dataclass, replace

import numpy as np

from generation.sketch.scenes.grammar import WORDS
from generation.sketch.scenes.lexicon import (
    ALIKE,
    CAMERA_GOES,
    CAMERA_VERBS,
    CAMERA_WAYS,
    MEANING,
    PAIRS,
    REPLACED,
    STOP_WORDS,
    SYNONYMS,
)
from generation.sketch.scenes.scene import (
    COLOURS,
    KINDS,
    NOUNS,
    PLACES,
    TIMES,
    WEATHERS,
    Scene,
    Subject,
    camera,
    pick,
    subject,
)


@dataclass(frozen=True)
class Mention:
    """A subject as far as it was described."""

    noun: str | None = None
    colour: str | None = None
    size: str | None = None
    motion: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a prompt asks for; None where it says nothing.

    Args:
        unknown: content words that the drawings do not know.
        beyond: nouns after the second subject, which will not be drawn.
    """

    place: str | None = None
    time: str | None = None
    weather: str | None = None
    move: str | None = None
    subjects: tuple[Mention, ...] = ()
    unknown: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


def words(text: str) -> list[str]:
    """The text's words in lower case, everyday ones replaced by those that captions use."""
    found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower())
    split = [
        part for word in found for part in ([word] if word in WORDS or word in SYNONYMS else word.split("-"))
    ]
    return [SYNONYMS.get(word, word) for word in split]


def parse(prompt: str) -> Reading:
    """Understand free text by its words; never fails."""
    said, move = _camera(words(prompt))
    said = _phrases(said)
    facts: dict[str, str] = {}
    mentions: list[Mention] = []
    pending: dict[str, str] = {}
    unknown: list[str] = []
    count = 1
    for word in said:
        field, value = MEANING.get(word, ("", ""))
        if field in ("colour", "size"):
            pending[field] = value
        elif field == "noun":
            mentions += [Mention(value, **pending)] * count
            pending, count = {}, 1
        elif field == "motion":
            if not mentions:
                pending.setdefault("motion", value)
            mentions = _moving(mentions, value)
        elif word in PAIRS:
            count = 2
        elif field:
            if field == "place" and facts.get(field) == "snow":  # "snowy mountains" are mountains
                facts[field] = value
            facts.setdefault(field, value)
            pending.pop("colour", None)  # "blue sea", "white clouds": of the place, not of a subject
            pending.pop("size", None)
        elif word not in STOP_WORDS and word not in WORDS and word not in unknown:
            unknown.append(word)
    if pending:
        mentions = _late(mentions, pending)
    return Reading(
        **facts,
        move=move,
        subjects=tuple(mentions[:2]),
        unknown=tuple(unknown),
        beyond=tuple(m.noun for m in mentions[2:] if m.noun),
    )


def _moving(mentions: list[Mention], motion: str) -> list[Mention]:
    """Let the last one move like this, and its like beside it, unless it is said to move otherwise."""
    if not mentions or mentions[-1].motion:
        return mentions
    last = mentions[-1]
    return [replace(m, motion=motion) if m == last else m for m in mentions]


def _late(mentions: list[Mention], pending: dict[str, str]) -> list[Mention]:
    """Give what was said after the last noun to it, or to somebody not named."""
    if not mentions:
        return [Mention(None, **pending)]
    last = mentions[-1]
    fresh = {field: value for field, value in pending.items() if getattr(last, field) is None}
    return [*mentions[:-1], replace(last, **fresh)]


def _camera(said: list[str]) -> tuple[list[str], str | None]:
    """Take the words about the camera out; returns the others and the move."""
    rest, move, i = [], None, 0
    while i < len(said):
        taken, found = _camera_at(said, i)
        if taken:
            move = move or found
            i += taken
        else:
            rest.append(said[i])
            i += 1
    return rest, move


def _camera_at(said: list[str], i: int) -> tuple[int, str | None]:
    """How many words from `i` on speak of the camera, and the move they name."""
    word = said[i]
    verb, _, way = word.partition("-")
    if way and way in CAMERA_WAYS.get(CAMERA_VERBS.get(verb, ""), ()):
        return 1, CAMERA_WAYS[CAMERA_VERBS[verb]][way]
    after = said[i + 1 : i + 5]
    if word in CAMERA_VERBS:
        taken, found = _way(after, CAMERA_VERBS[word], 1)
        return (taken, found) if found or word not in ("truck", "trucks") else (0, None)
    if word in ("static", "fixed"):
        return 1, "static"
    if word == "camera":
        if after[:3] == ["does", "not", "move"]:
            return 4, "static"
        if after[:1] == ["still"] or after[:2] == ["is", "still"]:
            return 1 + after.index("still") + 1, "static"
        if after and after[0] in CAMERA_GOES:
            return _way(after[1:], "truck", 2)
        return 1, None
    return 0, None


def _way(after: list[str], verb: str, taken: int) -> tuple[int, str | None]:
    for step, word in enumerate(after[:3]):
        way = ALIKE.get(word, word)
        if way in CAMERA_WAYS[verb]:
            return taken + step + 1, CAMERA_WAYS[verb][way]
        if word not in ("to", "the", "slowly", "gently", "camera"):
            break
    return taken, None


def _phrases(said: list[str]) -> list[str]:
    """Put one word for phrases that mean something else than their words."""
    text = f" {' '.join(said)} "
    for phrase, instead in REPLACED:
        text = text.replace(f" {' '.join(phrase)} ", f" {' '.join(instead)} ")
    return text.split()


def compose(reading: Reading, seed: int) -> Scene:
    """A scene with all that was said, the rest chosen by `seed`."""
    rng = np.random.default_rng(seed)
    mentions = reading.subjects
    if not mentions and reading.place is None:
        mentions = (Mention(),)
    place = reading.place or _place_for(mentions, rng)
    time, weather = pick(rng, TIMES), str(rng.choice(WEATHERS, p=[0.6, 0.2, 0.06, 0.06, 0.08]))
    subjects: list[Subject] = []
    for slot, mention in enumerate(mentions):
        noun = mention.noun or _noun_for(mention, place, rng)
        others = [c for c in COLOURS if c not in [s.colour for s in subjects]]
        subjects.append(
            subject(
                rng,
                noun=noun,
                place=place,
                colour=mention.colour or pick(rng, others),
                size=mention.size,
                motion=mention.motion,
                slot=slot if len(mentions) > 1 else None,
            )
        )
    return Scene(
        place=place,
        time=reading.time or time,
        weather=reading.weather or ("clear" if place == "room" else weather),
        subjects=tuple(subjects),
        camera=camera(rng, reading.move or "static"),
        seed=int(rng.integers(2**31)),
    )


def _place_for(mentions: tuple[Mention, ...], rng: np.random.Generator) -> str:
    named = [KINDS[m.noun] for m in mentions if m.noun]
    shared = [place for place in PLACES if all(place in kind.places for kind in named)]
    return pick(rng, shared or PLACES)


def _noun_for(mention: Mention, place: str, rng: np.random.Generator) -> str:
    fitting = [
        noun
        for noun, kind in KINDS.items()
        if place in kind.places and mention.motion in (None, *kind.motions)
    ]
    return pick(rng, fitting or NOUNS)
