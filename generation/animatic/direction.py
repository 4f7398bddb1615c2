"""What a director asks of a shot besides its words: one model of control, kept as plain JSON.

Times go from 0, the first frame, to 1, the last. Places are in 0..1 of the frame, x to the right, y down.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from generation.animatic import reading

DIALS = ("truck", "pedestal", "dolly", "pan", "tilt", "roll", "zoom")
EASES = ("linear", "in", "out", "in-out", "hold")
KINDS = ("cast", "prop", "place", "style")
REDRAWN = ("all", "inside", "outside", "around")
FULL = 10.0  # the end of a dial
MOST_KEYS = 24  # of one curve, path or box
MOST_STROKES = 8
MOST_POINTS = 400  # of one brush region
MOST_BOXES = 8
MOST_KEYFRAMES = 12
MOST_REFERENCES = 3
LONGEST_NOUN = 60  # characters


@dataclass(frozen=True, slots=True)
class Key:
    """A dial's value at a time; `ease` is how it travels from here to the next key."""

    t: float
    v: float
    ease: str = "in-out"


Curve = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera goes: a curve for each dial, from −10 to +10, and counted from the first frame.

    Positive is right (truck, pan), up (pedestal, tilt), in (dolly, zoom) and clockwise (roll). Ten is a whole
    frame (truck, pedestal, pan, tilt), twice the size (dolly, zoom) or 45 degrees (roll).

    Args:
        lock: the camera does not move, whatever the curves say; they are kept.
    """

    truck: Curve = ()
    pedestal: Curve = ()
    dolly: Curve = ()
    pan: Curve = ()
    tilt: Curve = ()
    roll: Curve = ()
    zoom: Curve = ()
    lock: bool = False

    @property
    def curves(self) -> dict[str, Curve]:
        """Dial → its curve, in the order of `DIALS`."""
        return {dial: getattr(self, dial) for dial in DIALS}

    @property
    def moves(self) -> bool:
        """Whether any frame differs from the first."""
        return not self.lock and any(len({key.v for key in curve}) > 1 for curve in self.curves.values())


@dataclass(frozen=True, slots=True)
class Waypoint:
    """Where a drawn path is at a time."""

    t: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A brushed region of the first frame, and how it moves over the shot.

    Args:
        points: (x, y) each: the brush's way, or with radius 0 the corners of a polygon.
        radius: of the brush, in frame heights.
        push: across and down, each −10…10; ten is a whole frame.
        proximity: −10…10, towards the camera if positive; ten is twice the size.
        ambient: 0…10, how much it sways where it is.
        path: instead of the push, where the region goes: its middle is carried along.
    """

    points: tuple[tuple[float, float], ...]
    radius: float = 0.06
    push: tuple[float, float] = (0.0, 0.0)
    proximity: float = 0.0
    ambient: float = 0.0
    path: tuple[Waypoint, ...] = ()
    name: str = ""

    @property
    def moves(self) -> bool:
        return bool(self.path or any(self.push) or self.proximity or self.ambient)


@dataclass(frozen=True, slots=True)
class Place:
    """A box at a time: x0 y0 x1 y1; `ease` is how it travels to the next."""

    t: float
    box: tuple[float, float, float, float]
    ease: str = "linear"


@dataclass(frozen=True, slots=True)
class Box:
    """Where something is, by what it is called; it stays at its first and last place outside its keys' times.

    Args:
        noun: what it holds; "" while nobody has said so, see `gaps`.
        enters, leaves: the times between which it is there at all.
    """

    noun: str
    keys: tuple[Place, ...]
    enters: float = 0.0
    leaves: float = 1.0


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A picture that the shot shows at a time; `still` is its SHA-256, strength 1 shows it exactly."""

    t: float
    still: str
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Source:
    """A clip that is drawn over: its id, and how far the drawing may leave it, 0 not at all, 1 quite.

    Args:
        redraw: what of it is drawn anew: all; what boxes and brushed regions cover ("inside"), or all but
            that ("outside"); or the clip is kept whole and what lies around it in the shot's shape is drawn.
    """

    clip: str
    strength: float = 0.6
    redraw: str = "all"


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture of somebody or something that the shot shall keep to."""

    still: str
    kind: str = "cast"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Direction:
    """All that is directed in a shot. An empty one leaves everything to the words."""

    camera: Camera = field(default_factory=Camera)
    strokes: tuple[Stroke, ...] = ()
    boxes: tuple[Box, ...] = ()
    keyframes: tuple[Keyframe, ...] = ()
    source: Source | None = None
    references: tuple[Reference, ...] = ()

    FIELDS: ClassVar[tuple[str, ...]] = (
        "camera", "strokes", "boxes", "keyframes", "source", "references"
    )  # fmt: skip

    @classmethod
    def from_json(cls, given: Any) -> "Direction":
        """Read what `to_json` wrote, or what a browser sent.

        Args:
            given: the parsed JSON; {} is a direction that asks for nothing.

        Raises:
            ValueError: a sentence on the first thing that is wrong with it.
        """
        said = reading.fields(given, "A direction", cls.FIELDS)
        boxes = reading.many(said.get("boxes", []), "Boxes", most=MOST_BOXES)
        strokes = reading.many(said.get("strokes", []), "Brush strokes", most=MOST_STROKES)
        keyframes = reading.many(said.get("keyframes", []), "Keyframes", most=MOST_KEYFRAMES)
        references = reading.many(said.get("references", []), "References", most=MOST_REFERENCES)
        source = said.get("source")
        return cls(
            camera=_camera(said.get("camera", {})),
            strokes=tuple(_stroke(one, f"Stroke {i}") for i, one in enumerate(strokes, 1)),
            boxes=tuple(_box(one, f"Box {i}") for i, one in enumerate(boxes, 1)),
            keyframes=reading.ascending(list(map(_keyframe, keyframes)), lambda k: k.t, "Keyframes"),
            source=None if source is None else _source(source),
            references=tuple(map(_reference, references)),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, without what is as it is by itself; {} for a direction that asks for nothing."""
        said: dict[str, Any] = {
            "camera": _camera_json(self.camera),
            "strokes": list(map(_stroke_json, self.strokes)),
            "boxes": list(map(_box_json, self.boxes)),
            "keyframes": [{"t": k.t, "still": k.still, "strength": k.strength} for k in self.keyframes],
            "source": self.source and _source_json(self.source),
            "references": [{"still": r.still, "kind": r.kind, "name": r.name} for r in self.references],
        }
        return {name: value for name, value in said.items() if value}


def _camera(given: Any) -> Camera:
    said = reading.fields(given, "The camera", ("curves", "lock"))
    curves = reading.fields(said.get("curves", {}), "The camera", DIALS)
    read = {dial: _curve(keys, f"The {dial} curve") for dial, keys in curves.items()}
    return Camera(**read, lock=reading.yes_or_no(said.get("lock", False), "The camera's lock"))


def _curve(given: Any, what: str) -> Curve:
    keys = []
    for key in reading.many(given, f"Keys of {reading.lowered(what)}", most=MOST_KEYS):
        said = reading.fields(key, f"A key of {reading.lowered(what)}", ("t", "v", "ease"))
        keys.append(
            Key(
                t=_time(said, what),
                v=reading.number(said.get("v"), f"{what}'s value", -FULL, FULL),
                ease=_ease(said, what, "in-out"),
            )
        )
    return reading.ascending(keys, lambda key: key.t, f"Keys of {reading.lowered(what)}")


def _time(said: Any, what: str) -> float:
    return reading.number(said.get("t"), f"{what}'s time", 0, 1)


def _ease(said: Any, what: str, default: str) -> str:
    return reading.choice(said.get("ease", default), f"{what}'s easing", EASES)


def _stroke(given: Any, what: str) -> Stroke:
    known = ("points", "radius", "push", "proximity", "ambient", "path", "name")
    said = reading.fields(given, what, known)
    radius = reading.number(said.get("radius", 0.06), f"{what}'s radius", 0, 0.5)
    points = reading.many(said.get("points"), f"{what}'s points", least=1 if radius else 3, most=MOST_POINTS)
    path = [
        _waypoint(one, what) for one in reading.many(said.get("path", []), f"{what}'s stops", most=MOST_KEYS)
    ]
    if len(path) == 1:
        raise ValueError(f"{what}'s path needs a second point, or none.")
    across, down = reading.row(said.get("push", (0, 0)), f"{what}'s push", 2, -FULL, FULL)
    return Stroke(
        points=tuple(_point(point, f"{what}'s point") for point in points),
        radius=radius,
        push=(across, down),
        proximity=reading.number(said.get("proximity", 0), f"{what}'s proximity", -FULL, FULL),
        ambient=reading.number(said.get("ambient", 0), f"{what}'s ambient motion", 0, FULL),
        path=reading.ascending(path, lambda stop: stop.t, f"{what}'s stops"),
        name=reading.words(said.get("name", ""), f"{what}'s name", LONGEST_NOUN),
    )


def _point(given: Any, what: str) -> tuple[float, float]:
    x, y = reading.row(given, what, 2, 0, 1)
    return x, y


def _waypoint(given: Any, what: str) -> Waypoint:
    said = reading.fields(given, f"A stop of {reading.lowered(what)}", ("t", "x", "y"))
    x, y = (reading.number(said.get(axis), f"A stop's {axis}", -1, 2) for axis in "xy")
    return Waypoint(_time(said, what), x, y)


def _box(given: Any, what: str) -> Box:
    said = reading.fields(given, what, ("noun", "keys", "enters", "leaves"))
    keys = reading.many(said.get("keys"), f"{what}'s places", least=1, most=MOST_KEYS)
    enters = reading.number(said.get("enters", 0), f"{what}'s entrance", 0, 1)
    leaves = reading.number(said.get("leaves", 1), f"{what}'s exit", 0, 1)
    if enters >= leaves:
        raise ValueError(f"{what} leaves before it enters. Let it enter earlier.")
    return Box(
        noun=reading.words(said.get("noun", ""), f"{what}'s noun", LONGEST_NOUN),
        keys=reading.ascending([_place(key, what) for key in keys], lambda key: key.t, f"{what}'s places"),
        enters=enters,
        leaves=leaves,
    )


def _place(given: Any, what: str) -> Place:
    said = reading.fields(given, f"A place of {reading.lowered(what)}", ("t", "box", "ease"))
    x0, y0, x1, y1 = reading.row(said.get("box"), f"{what}'s place", 4, -1, 2)
    if x0 >= x1 or y0 >= y1:
        raise ValueError(f"{what} is named by left, top, right and bottom: the first two are the smaller.")
    return Place(_time(said, what), (x0, y0, x1, y1), _ease(said, what, "linear"))


def _keyframe(given: Any) -> Keyframe:
    said = reading.fields(given, "A keyframe", ("t", "still", "strength"))
    return Keyframe(
        _time(said, "A keyframe"),
        reading.digest(said.get("still"), "A keyframe's picture"),
        reading.number(said.get("strength", 1), "A keyframe's strength", 0, 1),
    )


def _source(given: Any) -> Source:
    said = reading.fields(given, "The source", ("clip", "strength", "redraw"))
    return Source(
        reading.words(said.get("clip"), "The source's clip", 64, empty=False),
        reading.number(said.get("strength", 0.6), "The source's strength", 0, 1),
        reading.choice(said.get("redraw", "all"), "What of the source is drawn anew", REDRAWN),
    )


def _reference(given: Any) -> Reference:
    said = reading.fields(given, "A reference", ("still", "kind", "name"))
    return Reference(
        reading.digest(said.get("still"), "A reference's picture"),
        reading.choice(said.get("kind", "cast"), "A reference's kind", KINDS),
        reading.words(said.get("name", ""), "A reference's name", LONGEST_NOUN),
    )


def _source_json(source: Source) -> dict[str, Any]:
    said: dict[str, Any] = {"clip": source.clip, "strength": source.strength}
    return said if source.redraw == "all" else said | {"redraw": source.redraw}


def _camera_json(camera: Camera) -> dict[str, Any]:
    curves = {
        dial: [{"t": key.t, "v": key.v, "ease": key.ease} for key in curve]
        for dial, curve in camera.curves.items()
        if curve
    }
    return ({"curves": curves} if curves else {}) | ({"lock": True} if camera.lock else {})


def _stroke_json(stroke: Stroke) -> dict[str, Any]:
    return {
        "points": [list(point) for point in stroke.points],
        "radius": stroke.radius,
        "push": list(stroke.push),
        "proximity": stroke.proximity,
        "ambient": stroke.ambient,
        "path": [{"t": stop.t, "x": stop.x, "y": stop.y} for stop in stroke.path],
        "name": stroke.name,
    }


def _box_json(box: Box) -> dict[str, Any]:
    return {
        "noun": box.noun,
        "keys": [{"t": place.t, "box": list(place.box), "ease": place.ease} for place in box.keys],
        "enters": box.enters,
        "leaves": box.leaves,
    }
