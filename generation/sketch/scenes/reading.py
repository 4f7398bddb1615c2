"""What somebody's words ask for, as far as the drawings know them; and a scene that fulfils it."""

import re
from dataclasses import dataclass, replace

import numpy as np

from generation.sketch.scenes.grammar import SIZE_WORDS, WORDS
from generation.sketch.scenes.scene import (
    COLOURS,
    KINDS,
    NOUNS,
    PLACES,
    TIMES,
    WEATHERS,
    Scene,
    camera,
    pick,
    subject,
)

SYNONYMS: dict[str, str] = {
    **{f"{noun}s": noun for noun in NOUNS if noun not in ("fish", "person")},
    **dict.fromkeys(("ship", "ships", "sailboat", "sailboats", "yacht", "vessel", "ferry", "dinghy"), "boat"),
    **dict.fromkeys(("airship", "zeppelin", "aerostat"), "balloon"),
    **dict.fromkeys(
        ("seagull", "seagulls", "gull", "gulls", "eagle", "parrot", "crow", "swallow", "duck"), "bird"
    ),
    **dict.fromkeys(("automobile", "taxi", "cab", "van", "bus", "truck-car", "vehicle"), "car"),
    **dict.fromkeys(("goldfish", "whale", "shark", "salmon", "fishes"), "fish"),
    **dict.fromkeys(("cottage", "cabin", "hut", "home", "houses", "farmhouse", "barn"), "house"),
    **dict.fromkeys(("oak", "bush", "birch"), "tree"),
    **dict.fromkeys(
        (
            "man",
            "woman",
            "boy",
            "girl",
            "child",
            "people",
            "figure",
            "somebody",
            "someone",
            "walker",
            "human",
        ),
        "person",
    ),
    **dict.fromkeys(("spaceship", "spacecraft", "missile"), "rocket"),
    **dict.fromkeys(("football", "beachball", "sphere"), "ball"),
    **dict.fromkeys(("locomotive", "railway", "tram"), "train"),
    **dict.fromkeys(("crimson", "scarlet"), "red"),
    **dict.fromkeys(("gold", "golden", "lemon"), "yellow"),
    **dict.fromkeys(("emerald", "lime"), "green"),
    **dict.fromkeys(("navy", "azure", "cobalt"), "blue"),
    **dict.fromkeys(("violet", "lilac", "lavender"), "purple"),
    **dict.fromkeys(("rose", "magenta"), "pink"),
    **dict.fromkeys(("amber", "tangerine"), "orange"),
    **dict.fromkeys(("ivory", "cream"), "white"),
    **dict.fromkeys(("giant", "enormous", "great", "massive"), "huge"),
    **dict.fromkeys(("miniature", "wee"), "tiny"),
    **dict.fromkeys(("seaside", "coast", "beach", "shore", "lagoon", "bay"), "sea"),
    **dict.fromkeys(("oceans", "wave"), "ocean"),
    **dict.fromkeys(("hill", "meadow", "meadows", "valley", "fields", "hillside"), "hills"),
    **dict.fromkeys(("alps", "alpine", "summit"), "mountains"),
    **dict.fromkeys(("dune", "sahara"), "dunes"),
    **dict.fromkeys(("downtown", "skyline", "skyscrapers", "urban", "streets", "cities"), "city"),
    **dict.fromkeys(("wood", "jungle", "woodland", "forests"), "forest"),
    **dict.fromkeys(("wintry", "arctic", "snowfield"), "snowy"),
    **dict.fromkeys(("bedroom", "kitchen", "interior", "rooms"), "room"),
    **dict.fromkeys(("daybreak", "sunup"), "dawn"),
    **dict.fromkeys(("daytime", "midday", "afternoon"), "day"),
    **dict.fromkeys(("sundown", "twilight", "nightfall"), "sunset"),
    **dict.fromkeys(("moonlight", "moonlit", "nighttime", "stars", "starry"), "night"),
    **dict.fromkeys(("cloud", "overcast"), "clouds"),
    **dict.fromkeys(("rains", "shower", "drizzle", "storm", "stormy"), "rain"),
    **dict.fromkeys(("snows", "snowstorm", "blizzard"), "snowing"),
    **dict.fromkeys(("haze", "hazy", "misty"), "fog"),
    **dict.fromkeys(("sunny", "cloudless"), "clear"),
    **dict.fromkeys(("leftward", "leftwards"), "left"),
    **dict.fromkeys(("rightward", "rightwards"), "right"),
    **dict.fromkeys(("upwards", "ascending", "ascends", "lifting"), "upward"),
    **dict.fromkeys(("downwards", "descending", "descends", "landing"), "downward"),
    **dict.fromkeys(("hopping", "hops", "hop", "bounce", "leaps", "leaping", "dancing"), "bouncing"),
    **dict.fromkeys(("orbiting", "spinning", "around"), "circling"),
    **dict.fromkeys(
        ("motionless", "standing", "stands", "parked", "waiting", "stationary", "anchored"), "resting"
    ),
    **dict.fromkeys(("towards", "forward", "nearer"), "toward"),
    **dict.fromkeys(("receding", "departing", "afar"), "away"),
}
_KEYS = {
    "noun": {noun: (noun,) for noun in NOUNS},
    "colour": {colour: (colour,) for colour in COLOURS},
    "size": SIZE_WORDS,
    "motion": {
        "left": ("left",),
        "right": ("right",),
        "up": ("up", "upward", "rises", "rising", "climbs", "climbing"),
        "down": ("down", "downward", "sinks", "sinking", "falls", "falling"),
        "bounce": ("bounces", "bouncing", "jumps", "jumping"),
        "circle": ("circles", "circling", "circle", "round"),
        "still": ("still", "rests", "resting"),
        "toward": ("toward", "closer", "approaches", "approaching"),
        "away": ("away", "distance", "leaves", "leaving"),
    },
    "place": {
        "sea": ("sea", "ocean", "waves"),
        "hills": ("hills", "countryside"),
        "mountains": ("mountains", "mountain", "peaks"),
        "desert": ("desert", "dunes", "sand"),
        "city": ("city", "town", "street", "buildings"),
        "forest": ("forest", "woods"),
        "snow": ("snow", "snowy", "winter"),
        "room": ("room", "indoors", "inside"),
    },
    "time": {
        "dawn": ("dawn", "sunrise", "morning"),
        "day": ("day", "daylight", "noon"),
        "sunset": ("sunset", "dusk", "evening"),
        "night": ("night", "moon", "midnight"),
    },
    "weather": {
        "clear": ("clear",),
        "cloudy": ("cloudy", "clouds"),
        "rain": ("rain", "rainy", "raining"),
        "snow": ("snowing", "snowfall", "snowflakes"),
        "fog": ("fog", "foggy", "mist"),
    },
}
MEANING = {
    word: (field, value)
    for field, values in _KEYS.items()
    for value, words in values.items()
    for word in words
}
_VERBS = {
    **dict.fromkeys(("pan", "pans", "panning"), "pan"),
    **dict.fromkeys(("tilt", "tilts", "tilting"), "tilt"),
    **dict.fromkeys(("zoom", "zooms", "zooming"), "zoom"),
    **dict.fromkeys(("truck", "trucks", "trucking", "tracking", "tracks", "dolly"), "truck"),
}
_CAMERA_GOES = {"moves", "moving", "travels", "travelling", "slides", "goes", "going"}
_WAYS = {
    "pan": {"left", "right"},
    "tilt": {"up", "down"},
    "zoom": {"in", "out"},
    "truck": {"left", "right"},
}
_ALIKE = {"upward": "up", "downward": "down"}
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "at",
        "in",
        "on",
        "by",
        "to",
        "from",
        "with",
        "and",
        "while",
        "it",
        "is",
        "are",
        "its",
        "over",
        "under",
        "below",
        "above",
        "among",
        "into",
        "as",
        "this",
        "that",
        "there",
        "through",
        "near",
        "beside",
        "behind",
        "across",
        "along",
        "then",
        "very",
        "some",
        "one",
        "two",
        "for",
        "be",
        "us",
        "we",
        "our",
        "you",
        "i",
        "his",
        "her",
        "their",
        "scene",
        "picture",
        "shot",
        "video",
        "clip",
        "film",
        "movie",
        "showing",
        "show",
        "shows",
        "make",
        "draw",
        "where",
        "who",
        "which",
        "was",
        "slowly",
        "gently",
        "quickly",
        "fast",
        "slow",
        "soft",
        "beautiful",
        "please",
    ]
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
    for word in said:
        field, value = MEANING.get(word, ("", ""))
        if field in ("colour", "size"):
            pending[field] = value
        elif field == "noun":
            mentions.append(Mention(value, **pending))
            pending = {}
        elif field == "motion":
            if not mentions:
                pending.setdefault("motion", value)
            elif mentions[-1].motion is None:
                mentions[-1] = replace(mentions[-1], motion=value)
        elif field:
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
    if way and verb in _VERBS:
        return 1, f"{_VERBS[verb]}-{way}"
    after = said[i + 1 : i + 5]
    if word in _VERBS:
        return _way(after, _VERBS[word], 1)
    if word in ("static", "fixed"):
        return 1, "static"
    if word == "camera":
        if after[:3] == ["does", "not", "move"]:
            return 4, "static"
        if after[:1] == ["still"] or after[:2] == ["is", "still"]:
            return 1 + after.index("still") + 1, "static"
        if after and after[0] in _CAMERA_GOES:
            return _way(after[1:], "truck", 2)
        return 1, None
    return 0, None


def _way(after: list[str], verb: str, taken: int) -> tuple[int, str | None]:
    for step, word in enumerate(after[:3]):
        way = _ALIKE.get(word, word)
        if way in _WAYS[verb]:
            return taken + step + 1, f"{verb}-{way}"
        if word not in ("to", "the", "slowly", "gently", "camera"):
            break
    return taken, None


_REPLACED = (
    (("up", "and", "down"), ("bouncing",)),
    (("from", "right", "to", "left"), ("left",)),
    (("from", "left", "to", "right"), ("right",)),
    (("from", "the", "left", "to", "the", "right"), ("right",)),
    (("from", "the", "right", "to", "the", "left"), ("left",)),
    (("does", "not", "move"), ("still",)),
    (("not", "moving"), ("still",)),
    (("falling", "snow"), ("snowing",)),
    (("snow", "falls"), ("snowing",)),
    (("snow", "is", "falling"), ("snowing",)),
    (("falling", "snowflakes"), ("snowflakes",)),
    (("hot", "air", "balloon"), ("balloon",)),
    (("round", "and", "round"), ("circling",)),
    (("falling", "rain"), ("rain",)),
)


def _phrases(said: list[str]) -> list[str]:
    """Put one word for phrases that mean something else than their words."""
    text = f" {' '.join(said)} "
    for phrase, instead in _REPLACED:
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
    subjects = []
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
