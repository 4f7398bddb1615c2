"""The demo films: what the catalogue prints, how each is shot, and what its maker says of AI."""

from dataclasses import dataclass, field
from fractions import Fraction

G, M, C = "generated", "modified", "captured"
DRAWN_S = 17 / 8  # of a clip from the studio: so many frames are drawn, eight a second


@dataclass(frozen=True)
class Shot:
    """A scene of `festival.demo.scenes` for so many seconds; it begins with a dissolve if asked.

    With `words` it is drawn in the studio instead, a clip for each, as long as such clips are, with the seed
    that its maker chose; `said` is what they say of their own part in it.
    """

    scene: str = ""
    seconds: float = DRAWN_S
    begins: float = 0.0  # the scene's own time at the first frame
    dissolve: bool = False
    words: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class DemoFilm:
    title: str
    maker: str
    section: str
    size: tuple[int, int]
    fps: Fraction
    shots: tuple[Shot, ...]
    logline: str
    synopsis: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    credits: tuple[tuple[str, str], ...]
    cues: tuple[tuple[float, float, str, str], ...]  # start, end, kind, what a person did
    departments: dict[str, str]
    tools: tuple[tuple[str, str, str], ...]  # name, version, vendor
    process: str
    notes: tuple[float, ...] = (110.0, 164.8, 220.0)  # the chord, in hertz
    channels: int = 2
    weather: float = 0.2
    container: str = "mp4"
    original_title: str = ""
    year: int = 2026
    premiere: str = "world"
    warnings: tuple[str, ...] = ()
    captions: tuple[tuple[float, float, str], ...] = ()
    marks: tuple[int, ...] = field(default=(7, 8, 7))

    @property
    def seconds(self) -> float:
        return sum(shot.seconds for shot in self.shots)

    @property
    def words(self) -> tuple[str, ...]:
        """What is drawn for it in the studio, in the order of the film."""
        return tuple(words for shot in self.shots for words in shot.words)

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(seed for shot in self.shots for seed in shot.seeds)


def drawn(*words: str, seeds: tuple[int, ...], said: str, dissolve: bool = False) -> Shot:
    return Shot(words=words, seeds=seeds, said=said, dissolve=dissolve)


FILMS: tuple[DemoFilm, ...] = (
    DemoFilm(
        "The Tide Keeps Time", "Mina Holm", "stories", (854, 480), Fraction(24),
        (drawn("a white boat sailing from left to right at sea at sunset, static camera",
               seeds=(3,), said="Drew the key frame, chose the light, and this take out of eleven."),
         drawn("a person staying still by the sea at sunset, the camera zooms in", dissolve=True,
               seeds=(4,), said="Directed the camera; took the fourth take for how it waits."),
         Shot("lanterns", 3.75, 0.25, dissolve=True)),
        "A ferryman who has never been late waits, for once, for somebody else.",
        "Every evening for thirty years Aurel has cast off at the moment the sun touches the water. "
        "Tonight a letter asks him to wait. The sea, which has its own appointments, does not.",
        ("NO", "PT"), ("en",),
        (("Director", "Mina Holm"), ("Writer", "Mina Holm"), ("Music", "Tor Aas"), ("Editor", "Rita Vale")),
        ((4.25, 8, M, "Filmed lanterns on a lake; the sky was replaced."),),
        {"script": "none", "picture": "generated", "sound": "none", "edit": "none", "effects": "assisted"},
        (("Example Sky Model", "2.1", "Example Vendor"),),
        "Storyboarded on paper over six weeks. Each shot was directed from a drawn key frame; the score was "
        "played by three people in a kitchen.",
        (98.0, 146.8, 196.0, 246.9), weather=0.5,
        captions=((0.6, 3.4, "Thirty years, and never once late."), (4.8, 7.4, "Tonight, I wait.")),
        marks=(9, 8, 9),
    ),
    DemoFilm(
        "Vertical Rain", "Jun Park", "vertical", (432, 768), Fraction(30),
        (drawn("a small red person walking from left to right in the city in the evening in the rain",
               "a small blue person walking from right to left in the city in the evening in the rain",
               seeds=(2, 3), said="Walked and timed the route in Mapo; the two windows were directed to it."),
         drawn("a small yellow car driving from right to left in the city in the evening in the rain",
               "a small red person staying still in the city in the evening in the rain",
               seeds=(2, 1), said="Set the two windows against each other, frame by frame."),
         Shot("city", 3, 0.55)),
        "A courier crosses a city that only exists between two windows.",
        "Shot for the telephone it is about: eleven floors, one umbrella, and a message that keeps changing "
        "its sender.",
        ("KR",), ("ko", "en"),
        (("Director", "Jun Park"), ("Producer", "Hana Seo"), ("Sound", "Jun Park")),
        ((4.25, 7.25, M, "Filmed from a window; the rain was added."),),
        {"picture": "generated", "sound": "assisted", "edit": "none", "effects": "assisted"},
        (("Example Rain Model", "2.1", "Example Vendor"), ("Example Sound Model", "0.9", "Example Vendor")),
        "The route was walked and timed in Mapo before anything was drawn.",
        (82.4, 123.5, 185.0), weather=0.9, original_title="세로 비", warnings=("Flashing lights",),
        marks=(8, 7, 8),
    ),
    DemoFilm(
        "A Field Guide to Clouds", "Rosa Imbert", "essays", (640, 480), Fraction(25),
        (Shot("sky", 4), Shot("hills", 3.5, 0.3, dissolve=True)),
        "A silent film about looking up, for people who have forgotten how.",
        "Twelve names for what is overhead, and one house under all of them. There is no sound, because the "
        "maker's father, who named the clouds, could not hear.",
        ("FR",), ("zxx",),
        (("Director", "Rosa Imbert"), ("Painter", "Luc Imbert")),
        ((0, 4, M, "Painted in gouache; in-between frames were interpolated."),),
        {"picture": "assisted", "sound": "none", "edit": "none"},
        (("Example Interpolator", "4", "Example Vendor"),),
        "Ninety-six gouaches, scanned. A model made the frames between them; every one was looked at.",
        channels=0, original_title="Petit guide des nuages", premiere="international", marks=(8, 9, 7),
    ),
    DemoFilm(
        "Night Train, Window Seat", "Mina Holm", "stories", (960, 402), Fraction(24000, 1001),
        (Shot("train", 5), drawn("a red train travelling from right to left in the mountains at night",
                                 seeds=(2,), said="Matched to the filmed carriage by hand, take by take.")),
        "Two strangers share a reflection from Oslo to the end of the line.",
        "They never speak. The window does it for them: every tunnel is a sentence, every station a reply.",
        ("NO", "SE"), ("zxx",),
        (("Director", "Mina Holm"), ("Cinematographer", "Ada Lind"), ("Sound design", "Per Falk")),
        ((0, 5, C, ""),),
        {"picture": "assisted", "voice": "none", "sound": "none", "edit": "none"}, (),
        "The carriage is real and was filmed in one night. The country outside it does not exist.",
        (73.4, 110.0, 146.8), channels=6, weather=0.7, marks=(9, 9, 8),
    ),
    DemoFilm(
        "Square Dance", "Otis Bell", "essays", (480, 480), Fraction(30),
        (Shot("dance", 7),),
        "Eight circles teach a square to keep time.",
        "A count of eight, again and again, until the one with corners understands what corners are for.",
        ("US",), ("zxx",),
        (("Director", "Otis Bell"), ("Music", "Otis Bell")),
        (),
        {"picture": "none", "sound": "none", "edit": "none"}, (),
        "Written as a programme of ninety lines. No model was used in any department.",
        (220.0, 277.2, 329.6), weather=0.0, marks=(6, 7, 8),
    ),
    DemoFilm(
        "What the Snow Remembers", "Ilse Brandt", "stories", (854, 480), Fraction(30000, 1001),
        (drawn("a green tree in the snow at dawn, the camera pans to the right",
               seeds=(2,), said="Walked and photographed the wood; the camera follows the walk."),
         drawn("a small blue person walking from left to right in the snow while it is snowing",
               dissolve=True, seeds=(3,), said="Chose the take in which she does not look round."),
         drawn("a red house in a snowy field at night, the camera zooms out", dissolve=True,
               seeds=(3,), said="Directed the camera; the lodge is the last thing one sees.")),
        "A forester counts trees that were felled before she was born.",
        "The register in the lodge lists every fir since 1811. This winter there is one more in the wood "
        "than in the book.",
        ("DE", "AT"), ("de",),
        (("Director", "Ilse Brandt"), ("Writer", "Anton Graf"), ("Voice", "Ilse Brandt")),
        (),
        {"script": "none", "storyboard": "assisted", "picture": "generated", "voice": "none"},
        (("Example Image Model", "1.5", "Example Vendor"),),
        "Four hundred photographs of one wood, in one winter, said in words and drawn anew. The register is "
        "real.",
        (65.4, 98.0, 130.8), weather=0.35, original_title="Was der Schnee behält", marks=(8, 8, 9),
    ),
    DemoFilm(
        "Paper Boats for Lisbon", "Teresa Nunes", "essays", (896, 380), Fraction(25),
        (Shot("sea", 3.5, 0.5),
         drawn("a white boat floating on the sea by day, the camera pans to the left",
               seeds=(3,), said="The children described the picture; their words are the prompt."),
         drawn("a small red boat and a small yellow boat sailing right at sea by day", dissolve=True,
               seeds=(2,), said="Class 4B voted between four takes."),
         Shot("lanterns", 2.5, 0.5, dissolve=True)),
        "A school sends 1,755 paper boats down a river, one for each question about the earthquake.",
        "Class 4B was asked what they would like to know about 1755. They asked seventeen hundred questions. "
        "The answers are at the bottom of the Tejo.",
        ("PT",), ("pt",),
        (("Director", "Teresa Nunes"), ("With", "Class 4B, Escola da Graça"), ("Editor", "João Melo")),
        (),
        {"script": "none", "picture": "assisted", "sound": "none", "subtitles": "assisted"},
        (("Example Subtitle Model", "1.5", "Example Vendor"),),
        "Filmed on the river with the school. Four seconds are pictures the children asked for.",
        (87.3, 130.8, 174.6), weather=0.55, original_title="Barcos de papel para Lisboa",
        premiere="national", container="mov", marks=(9, 8, 8),
    ),
    DemoFilm(
        "Desert Radio", "Samir Haddad", "stories", (854, 480), Fraction(50),
        (drawn("a small red house in the desert at sunset, the camera zooms in",
               seeds=(3,), said="Directed from a model built of sand and wire."),
         drawn("a white car driving from left to right in the desert at sunset, the camera pans to the right",
               seeds=(3,), said="The same, with a toy car on a thread.", dissolve=True),
         drawn("a yellow person staying still in the desert at night, static camera", dissolve=True,
               seeds=(1,), said="The same, by night: one lamp, one take.")),
        "The last station on the band plays requests nobody has sent.",
        "Every night at nine the mast wakes, reads the weather for towns that moved away, and plays one song "
        "for whoever is left. Tonight somebody rings in.",
        ("MA", "FR"), ("ar", "fr"),
        (("Director", "Samir Haddad"), ("Writer", "Leïla Amrani"), ("Voice", "Nour Haddad")),
        (),
        {"picture": "generated", "voice": "none", "sound": "none", "marketing": "assisted"},
        (("Example Image Model", "2.1", "Example Vendor"),),
        "The mast is forty centimetres high, stands in the maker's kitchen, and was described in words.",
        (92.5, 138.6, 185.0, 233.1), weather=0.3, marks=(7, 8, 9),
    ),
    DemoFilm(
        "Low Ceiling", "Otis Bell", "essays", (640, 360), Fraction(12),
        (drawn("a small pink fish swimming to the left in the sea by day",
               seeds=(3,), said="Chose the offcuts."),
         drawn("an orange balloon rising over the city in the morning",
               seeds=(1,), said="Chose the offcuts."),
         drawn("a small purple bird flying to the left in the forest by day",
               seeds=(2,), said="Chose the offcuts.")),
        "Everything the maker was told to leave out.",
        "A film of offcuts, in the order in which they were refused.",
        ("US",), ("en",),
        (("Director", "Otis Bell"),),
        (),
        {"picture": "generated", "edit": "assisted"},
        (("Example Cutting Model", "1.0", "Example Vendor"),),
        "Made in a weekend, of what was left.",
        channels=1, marks=(4, 5, 5),
    ),
)  # fmt: skip

SECTIONS = (
    ("stories", "Stories", "Fiction, from one breath to twenty minutes.", 5, 1200, 0, 100),
    ("essays", "Essays and experiments", "Films that think with pictures.", 5, 600, 0, 100),
    ("vertical", "Upright", "Made for the telephone and proud of it.", 5, 180, 0, 100),
)  # slug, name, description, shortest and longest seconds, least and greatest AI share

PEOPLE = (
    ("organiser@example.org", "Inês Duarte", "organiser"),
    ("juror@example.org", "Amara Diallo", "juror"),
    ("juror2@example.org", "Kenji Watanabe", "juror"),
    ("juror3@example.org", "Lucía Moreno", "juror"),
)
PASSWORD = "marquee-demo"  # noqa: S105 (printed on the console for everyone to use)
ENTRANT = "entrant@example.org"
