"""What words mean to the drawings: everyday words, the words of captions, and the facts they state."""

from generation.sketch.scenes.grammar import FORMS, SIZE_WORDS, WORDS
from generation.sketch.scenes.scene import COLOURS, NOUNS


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


SYNONYMS: dict[str, str] = {
    **{verb: participle for verb, (_, participle) in FORMS.items() if verb not in WORDS},
    **{f"{noun}s": noun for noun in NOUNS if noun not in ("fish", "person")},
    **dict.fromkeys(("ship", "ships", "sailboat", "sailboats", "yacht", "vessel", "ferry", "dinghy"), "boat"),
    **dict.fromkeys(("airship", "zeppelin", "aerostat"), "balloon"),
    **dict.fromkeys(
        ("seagull", "seagulls", "gull", "gulls", "eagle", "parrot", "crow", "swallow", "duck"), "bird"
    ),
    **dict.fromkeys(("automobile", "taxi", "cab", "van", "bus", "lorry", "vehicle"), "car"),
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
    **dict.fromkeys(("seaside", "coast", "beach", "shore", "lagoon", "bay", "harbour", "harbor"), "sea"),
    **dict.fromkeys(("oceans", "wave"), "ocean"),
    **dict.fromkeys(
        ("hill", "meadow", "meadows", "valley", "fields", "hillside", "park", "farm", "grass"), "hills"
    ),
    **dict.fromkeys(("alps", "alpine", "summit", "lake"), "mountains"),
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
    **dict.fromkeys(("upwards", "ascending", "ascends", "lifting", "launches", "launching"), "upward"),
    **dict.fromkeys(("downwards", "descending", "descends", "landing"), "downward"),
    **dict.fromkeys(
        ("hopping", "hops", "hop", "bounce", "leaps", "leaping", "jump", "dances", "dance", "dancing"),
        "bouncing",
    ),
    **dict.fromkeys(("orbiting", "spinning", "around"), "circling"),
    **dict.fromkeys(
        ("motionless", "standing", "stands", "parked", "waiting", "stationary", "anchored"), "resting"
    ),
    **dict.fromkeys(("towards", "forward", "nearer"), "toward"),
    **dict.fromkeys(("receding", "departing", "afar"), "away"),
}
KEYWORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "noun": {noun: (noun, "truck", "trucks") if noun == "car" else (noun,) for noun in NOUNS},
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
    for field, values in KEYWORDS.items()
    for value, words in values.items()
    for word in words
}
CAMERA_VERBS = {
    **dict.fromkeys(("pan", "pans", "panning"), "pan"),
    **dict.fromkeys(("tilt", "tilts", "tilting"), "tilt"),
    **dict.fromkeys(("zoom", "zooms", "zooming"), "zoom"),
    **dict.fromkeys(("truck", "trucks", "trucking", "tracking", "tracks", "dolly"), "truck"),
    **dict.fromkeys(("push", "pushes", "pushing"), "push"),
    **dict.fromkeys(("pull", "pulls", "pulling"), "pull"),
}
CAMERA_GOES = {"moves", "moving", "travels", "travelling", "slides", "goes", "going"}
CAMERA_WAYS = {  # verb → way → move
    "pan": {"left": "pan-left", "right": "pan-right"},
    "tilt": {"up": "tilt-up", "down": "tilt-down"},
    "zoom": {"in": "zoom-in", "out": "zoom-out"},
    "truck": {"left": "truck-left", "right": "truck-right", "in": "zoom-in", "out": "zoom-out"},
    "push": {"in": "zoom-in"},
    "pull": {"out": "zoom-out", "back": "zoom-out"},
}
ALIKE = {"upward": "up", "downward": "down"}
STOP_WORDS = _listed(
    "a an the of at in on by to from with and while it is are its over under below above among into as "
    "this that there through near beside behind across along then very some one for be us we our you i "
    "his her their scene picture shot video clip film movie showing show shows make draw where who "
    "which was slowly gently quickly fast slow soft beautiful please past sun covered"
)
REPLACED = (
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
    (("sun", "sets"), ("sunset",)),
    (("setting", "sun"), ("sunset",)),
    (("sun", "rises"), ("sunrise",)),
    (("rising", "sun"), ("sunrise",)),
    (("takes", "off"), ("rising",)),
    (("taking", "off"), ("rising",)),
    (("living", "room"), ("room",)),
)
PAIRS = _listed("two pair couple several many")
