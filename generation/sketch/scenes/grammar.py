"""Captions: the many ways in which people say what a scene shows."""

import numpy as np

from generation.sketch.scenes.scene import COLOURS, NOUNS, Scene, Subject, pick

SIZE_WORDS = {
    "small": ("small", "little", "tiny"),
    "medium": ("medium",),
    "large": ("large", "big", "huge"),
}
PLACE_PHRASES = {
    "sea": ("at sea", "on the sea", "by the sea", "on the ocean", "over the waves"),
    "hills": ("in the hills", "over the hills", "in the countryside", "among soft hills"),
    "mountains": ("in the mountains", "below high mountains", "among mountain peaks"),
    "desert": ("in the desert", "among the dunes", "on desert sand"),
    "city": ("in the city", "in town", "on a city street", "among tall buildings"),
    "forest": ("in the forest", "in the woods", "in a deep forest"),
    "snow": ("in the snow", "in a snowy field", "on the snow", "in winter"),
    "room": ("in a room", "indoors", "inside a room"),
}
PLACE_TITLES = {
    "sea": ("the sea", "the ocean", "waves"),
    "hills": ("hills", "the countryside"),
    "mountains": ("mountains", "mountain peaks"),
    "desert": ("a desert", "dunes"),
    "city": ("a city", "a city street", "tall buildings"),
    "forest": ("a forest", "the woods"),
    "snow": ("a snowy field", "a winter landscape"),
    "room": ("a room", "an empty room"),
}
TIME_PHRASES = {
    "dawn": ("at dawn", "at sunrise", "early in the morning", "in the morning"),
    "day": ("by day", "during the day", "in daylight", "at noon"),
    "sunset": ("at sunset", "at dusk", "in the evening"),
    "night": ("at night", "by night", "under the moon", "at midnight"),
}
WEATHER_PHRASES = {
    "clear": ("in clear weather", "under a clear sky"),
    "cloudy": ("under clouds", "in cloudy weather", "under a cloudy sky"),
    "rain": ("in the rain", "in rainy weather", "while it is raining"),
    "snow": ("while it is snowing", "in snowfall", "under falling snowflakes"),
    "fog": ("in fog", "in the mist", "in foggy weather"),
}
VERBS = {
    "boat": ("sail", "float"),
    "balloon": ("float", "drift"),
    "bird": ("fly", "glide"),
    "car": ("drive", "roll"),
    "fish": ("swim", "glide"),
    "house": ("move",),
    "tree": ("move",),
    "person": ("walk", "run"),
    "rocket": ("fly", "shoot"),
    "ball": ("roll", "move"),
    "train": ("travel", "roll"),
    "kite": ("fly", "glide"),
}
FORMS = {  # verb → third person, participle
    "sail": ("sails", "sailing"),
    "float": ("floats", "floating"),
    "drift": ("drifts", "drifting"),
    "fly": ("flies", "flying"),
    "glide": ("glides", "gliding"),
    "drive": ("drives", "driving"),
    "roll": ("rolls", "rolling"),
    "swim": ("swims", "swimming"),
    "walk": ("walks", "walking"),
    "run": ("runs", "running"),
    "shoot": ("shoots", "shooting"),
    "travel": ("travels", "travelling"),
    "move": ("moves", "moving"),
    "go": ("goes", "going"),
}
MOTION_PHRASES = {  # {0}: the verb's third person or participle
    "left": ("{0} left", "{0} to the left", "{0} from right to left"),
    "right": ("{0} right", "{0} to the right", "{0} from left to right"),
    "up": ("{0} up", "{0} upward"),
    "down": ("{0} down", "{0} downward"),
    "circle": ("{0} in circles", "{0} in a circle", "{0} round and round"),
    "toward": ("{0} toward us", "{0} closer"),
    "away": ("{0} away", "{0} into the distance"),
}
MOTION_OWN = {  # third person, participle
    "up": (("rises", "rising"), ("climbs", "climbing")),
    "down": (("sinks", "sinking"), ("falls", "falling")),
    "bounce": (
        ("bounces", "bouncing"),
        ("jumps up and down", "jumping up and down"),
        ("bounces up and down", "bouncing up and down"),
    ),
    "circle": (("circles", "circling"),),
    "still": (("stays still", "staying still"), ("does not move", "not moving"), ("rests", "resting")),
    "toward": (("comes closer", "coming closer"), ("approaches", "approaching")),
    "away": (("leaves", "leaving"),),
}
_SIDEWAYS = (
    "{0}-{1}",
    "{0} {1}",
    "camera {0}s {1}",
    "the camera {0}s to the {1}",
    "{2} {1}",
    "the camera {0}s {1}",
)
_UPRIGHT = ("{0}-{1}", "{0} {1}", "camera {0}s {1}", "the camera {0}s {1}", "{2} {1}")
_ING = {"pan": "panning", "tilt": "tilting", "zoom": "zooming", "truck": "trucking"}
CAMERA_PHRASES = {
    "static": (
        "static camera",
        "static shot",
        "fixed camera",
        "the camera is static",
        "the camera does not move",
    ),
    **{
        f"{verb}-{way}": tuple(
            form.format(verb, way, _ING[verb])
            for form in (_SIDEWAYS if way in ("left", "right") else _UPRIGHT)
        )
        for verb, ways in {
            "pan": ("left", "right"),
            "tilt": ("up", "down"),
            "zoom": ("in", "out"),
            "truck": ("left", "right"),
        }.items()
        for way in ways
    },
}
for _way in ("left", "right"):
    CAMERA_PHRASES[f"truck-{_way}"] += (f"the camera travels {_way}", f"camera moves {_way}")
SAID = {"colour": 0.94, "size": 0.5, "motion": 0.92, "place": 0.95, "time": 0.88, "move": 0.9}
SAID_WEATHER = {"clear": 0.25}
SAID_STATIC = 0.5


def caption(scene: Scene, rng: np.random.Generator) -> str:
    """One way to say what the scene shows, in lower-case words of `WORDS` and commas.

    Details are left out now and then; what is said is true.
    """
    camera = _maybe(rng, SAID_STATIC if scene.camera.move == "static" else SAID["move"])
    move = pick(rng, CAMERA_PHRASES[scene.camera.move]) if camera else ""
    around = _surroundings(scene, rng)
    if scene.subjects:
        front = rng.random() < 0.25
        what = pick(rng, (" and ", ", ", " with ")).join(_clause(s, rng) for s in scene.subjects)
        picture = f"{' '.join(around)}, {what}" if front and around else " ".join([what, *around])
    else:
        said = around[1:] if scene.place else around
        title = pick(rng, PLACE_TITLES[scene.place])
        lead = pick(rng, ("", "a view of ", "only "))
        picture = " ".join([lead + title, *said])
    parts = [picture, move] if rng.random() < 0.7 else [move, picture]
    return ", ".join(part for part in parts if part)


def _surroundings(scene: Scene, rng: np.random.Generator) -> list[str]:
    """Place, time and weather; the place comes first when the scene is empty, else in any order."""
    place = pick(rng, PLACE_PHRASES[scene.place])
    time = pick(rng, TIME_PHRASES[scene.time])
    weather = pick(rng, WEATHER_PHRASES[scene.weather])
    said = [
        (place, not scene.subjects or _maybe(rng, SAID["place"])),
        (time, _maybe(rng, SAID["time"])),
        (weather, _maybe(rng, SAID_WEATHER.get(scene.weather, 0.9))),
    ]
    order = [0, 1, 2] if not scene.subjects else list(rng.permutation(3))
    return [said[i][0] for i in order if said[i][1]]


def _clause(subject: Subject, rng: np.random.Generator) -> str:
    size = pick(rng, SIZE_WORDS[subject.size]) if _maybe(rng, SAID["size"]) else ""
    colour = subject.colour if _maybe(rng, SAID["colour"]) else ""
    name = " ".join(word for word in (size, colour, subject.noun) if word)
    article = "an" if name[0] in "aeiou" else "a"
    motion = _motion(subject, rng) if _maybe(rng, SAID["motion"]) else ""
    return f"{article} {name} {motion}".strip()


def _motion(subject: Subject, rng: np.random.Generator) -> str:
    form = int(rng.random() < 0.6)  # the third person, or the participle
    ways = [own[form] for own in MOTION_OWN.get(subject.motion, ())]
    verb = pick(rng, (*VERBS[subject.noun], "move", "go"))
    ways += [phrase.format(FORMS[verb][form]) for phrase in MOTION_PHRASES.get(subject.motion, ())]
    return pick(rng, ways)


def _maybe(rng: np.random.Generator, share: float) -> bool:
    return bool(rng.random() < share)


def _all_words() -> tuple[str, ...]:
    """Every word that a caption can contain."""
    phrases: list[str] = [*NOUNS, *COLOURS, "a an and with only a view of"]
    for table in (
        SIZE_WORDS,
        PLACE_PHRASES,
        PLACE_TITLES,
        TIME_PHRASES,
        WEATHER_PHRASES,
        CAMERA_PHRASES,
        FORMS,
    ):
        phrases += [phrase for ways in table.values() for phrase in ways]
    phrases += [phrase.format("") for ways in MOTION_PHRASES.values() for phrase in ways]
    phrases += [phrase for ways in MOTION_OWN.values() for forms in ways for phrase in forms]
    return tuple(sorted({word for phrase in phrases for word in phrase.split()}))


WORDS = _all_words()
