"""What a scene is made of, and how scenes are chosen for training and kept back for judging."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
SIZES = ("small", "medium", "large")
MOTIONS = ("left", "right", "up", "down", "bounce", "circle", "still", "toward", "away")
MOVES = (
    "static",
    "pan-left",
    "pan-right",
    "tilt-up",
    "tilt-down",
    "zoom-in",
    "zoom-out",
    "truck-left",
    "truck-right",
)
PLACES = ("sea", "hills", "mountains", "desert", "city", "forest", "snow", "room")
TIMES = ("dawn", "day", "sunset", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow", "fog")

OUTDOORS = PLACES[:-1]
ASHORE = OUTDOORS[1:]
FLIES, ROLLS = (
    ("left", "right", "up", "down", "still", "toward", "away", "circle"),
    ("left", "right", "still"),
)


@dataclass(frozen=True)
class Kind:
    """Where a noun is at home, and how it moves there."""

    places: tuple[str, ...]
    motions: tuple[str, ...]
    flies: bool = False


KINDS = {
    "boat": Kind(("sea", "mountains"), ("left", "right", "still", "toward", "away")),
    "balloon": Kind(PLACES, FLIES, flies=True),
    "bird": Kind(OUTDOORS, ("left", "right", "up", "down", "circle", "toward", "away"), flies=True),
    "car": Kind((*ASHORE,), ROLLS),
    "fish": Kind(("sea", "mountains", "room"), ("left", "right", "up", "down", "bounce", "circle", "still")),
    "house": Kind((*ASHORE,), ("still",)),
    "tree": Kind((*ASHORE,), ("still",)),
    "person": Kind((*ASHORE, "room"), ("left", "right", "still", "bounce", "toward", "away")),
    "rocket": Kind(PLACES, ("up", "down", "left", "right", "still", "circle", "away"), flies=True),
    "ball": Kind((*ASHORE, "room"), ("bounce", "left", "right", "still", "toward", "away", "circle")),
    "train": Kind((*ASHORE,), ROLLS),
    "kite": Kind(OUTDOORS, ("circle", "left", "right", "up", "down", "still"), flies=True),
}
NOUNS = tuple(KINDS)
KEPT_BACK = 8  # one combination in so many is never trained on


@dataclass(frozen=True)
class Camera:
    """A move of the camera over the whole clip.

    Args:
        move: one of `MOVES`. A pan or tilt turns the camera: all layers move alike. A truck carries it
            sideways: near layers move more than far ones.
        amount: frame widths (pan, truck), frame heights (tilt) or log2 of the magnification (zoom), ≥ 0.
    """

    move: str = "static"
    amount: float = 0.0


@dataclass(frozen=True)
class Subject:
    """Somebody or something in the scene; x, y: its middle halfway through the clip, 0 to 1 of the frame."""

    noun: str
    colour: str
    size: str
    motion: str
    x: float
    y: float


@dataclass(frozen=True)
class Scene:
    """Everything that decides a clip's pixels, besides its size and length."""

    place: str
    time: str
    weather: str
    subjects: tuple[Subject, ...]
    camera: Camera
    seed: int


def is_held_out(scene: Scene) -> bool:
    """Whether the scene is kept from training.

    It is when CRC-32 of "noun colour place motion" of any subject is a multiple of 8; for a scene without
    subjects, of "place time weather move".
    """
    empty = f"{scene.place} {scene.time} {scene.weather} {scene.camera.move}"
    combinations = [f"{s.noun} {s.colour} {scene.place} {s.motion}" for s in scene.subjects] or [empty]
    return any(crc32(words.encode()) % KEPT_BACK == 0 for words in combinations)


def sample(rng: np.random.Generator, *, held_out: bool = False) -> Scene:
    """A scene that makes sense: one subject mostly, sometimes two (15 %) or none (6 %).

    Args:
        held_out: give only scenes that `is_held_out`; otherwise only others.
    """
    while is_held_out(scene := _any(rng)) != held_out:
        pass
    return scene


def _any(rng: np.random.Generator) -> Scene:
    count = int(rng.choice([0, 1, 2], p=[0.06, 0.79, 0.15]))
    nouns = [str(noun) for noun in rng.choice(NOUNS, 2, replace=False)]
    shared = [p for p in PLACES if all(p in KINDS[noun].places for noun in nouns[:count])]
    if not shared:
        return _any(rng)
    place = pick(rng, shared)
    colours = rng.choice(COLOURS, 2, replace=False)
    weather = str(rng.choice(WEATHERS, p=[0.5, 0.2, 0.1, 0.1, 0.1]))
    return Scene(
        place=place,
        time=pick(rng, TIMES),
        weather="clear" if place == "room" else weather,
        subjects=tuple(
            subject(rng, noun=nouns[i], colour=str(colours[i]), place=place, slot=i if count == 2 else None)
            for i in range(count)
        ),
        camera=camera(rng),
        seed=int(rng.integers(2**31)),
    )


def subject(
    rng: np.random.Generator,
    *,
    noun: str,
    place: str,
    colour: str | None = None,
    size: str | None = None,
    motion: str | None = None,
    slot: int | None = None,
) -> Subject:
    """A subject with what is not given filled in; `slot` 0 or 1 keeps two of them apart."""
    kind = KINDS[noun]
    chosen = (
        pick(rng, COLOURS),
        str(rng.choice(SIZES, p=[0.25, 0.5, 0.25] if slot is None else [0.6, 0.4, 0])),
        pick(rng, kind.motions),
    )
    jitter = rng.uniform(-1, 1, 2)
    middle = 0.5 if slot is None else 0.3 + 0.4 * slot
    return Subject(
        noun=noun,
        colour=colour or chosen[0],
        size=size or chosen[1],
        motion=motion or chosen[2],
        x=round(float(middle + jitter[0] * (0.12 if slot is None else 0.05)), 3),
        y=round(float(height_of(noun, place) + jitter[1] * (0.06 if kind.flies else 0.02)), 3),
    )


def camera(rng: np.random.Generator, move: str | None = None) -> Camera:
    """A camera move, strong enough to be seen and measured."""
    chosen = str(rng.choice(MOVES, p=[0.2, *[0.1] * 8]))
    move = move or chosen
    low, high = {"static": (0, 0), "pan": (0.28, 0.4), "tilt": (0.25, 0.35), "zoom": (0.5, 0.8)}.get(
        move.split("-")[0], (0.55, 0.75)
    )
    return Camera(move, round(float(rng.uniform(low, high)), 3))


def height_of(noun: str, place: str) -> float:
    """Where a noun's middle (what flies) or foot (what stands) belongs, 0 top to 1 bottom of the frame."""
    if KINDS[noun].flies:
        return 0.4
    if noun == "fish":
        return 0.5 if place == "room" else 0.72
    if noun == "boat":
        return 0.8 if place == "sea" else 0.76
    return 0.86


def pick(rng: np.random.Generator, options) -> str:
    return str(options[rng.integers(len(options))])
