"""Rubrics to begin with: criteria, weights, and words for what a mark means."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One criterion as an organiser writes it."""

    name: str
    weight: int  # per cent
    help: str = ""
    anchors: dict[str, str] = field(default_factory=dict)  # words for marks, "1" to "10"


FESTIVAL = (
    Line(
        "Story and emotion",
        30,
        "Does the film have something to tell, and did you feel it?",
        {
            "1": "Nothing is told, or nothing reached me.",
            "3": "A premise, but it does not develop.",
            "5": "Told clearly; it held my attention without moving me.",
            "8": "It moved me, and the ending is earned.",
            "10": "I will carry this film with me.",
        },
    ),
    Line(
        "Direction and coherence",
        20,
        "Do the choices serve one intention, from first shot to last?",
        {
            "1": "Shots stand beside one another without a purpose.",
            "5": "An intention is visible; some choices work against it.",
            "8": "Pace, tone and performance pull the same way.",
            "10": "Every choice feels inevitable.",
        },
    ),
    Line(
        "Picture craft",
        15,
        "Composition, light, colour, movement, continuity of faces and places.",
        {
            "1": "Faults of the picture keep me out of the film.",
            "5": "Sound work, with faults I noticed and forgave.",
            "10": "A picture language of its own, without a slip.",
        },
    ),
    Line(
        "Sound",
        10,
        "Voices, music, effects, silence, and how they sit together.",
        {
            "1": "Sound works against the film, or was forgotten.",
            "5": "Clean and fitting; it draws no attention.",
            "10": "Sound tells what the picture does not.",
        },
    ),
    Line(
        "Originality",
        15,
        "Have you seen this before?",
        {
            "1": "A copy of something I know.",
            "5": "A known form with ideas of its own.",
            "10": "I had not imagined such a film.",
        },
    ),
    Line(
        "Purposeful use of AI",
        10,
        "Not how much, but what for: would the film lose something without it?",
        {
            "1": "AI stands in for a decision nobody made.",
            "5": "AI saved labour; the film would be much the same without it.",
            "10": "The film could not exist otherwise, and you can see who decided.",
        },
    ),
)

FORTY_EIGHT_HOURS = (
    Line(
        "Artistic merit",
        45,
        "Story, ideas, performance, and how much of it reached you.",
        {
            "1": "No idea came across.",
            "5": "One good idea, carried through.",
            "10": "A whole film, made in two days.",
        },
    ),
    Line(
        "Technical merit",
        30,
        "Picture, sound, editing.",
        {
            "1": "Faults keep me from following it.",
            "5": "Sound work for the time there was.",
            "10": "Nobody would guess the time there was.",
        },
    ),
    Line(
        "Adherence to the assignment",
        25,
        "Genre, theme and required elements, and how well they are woven in.",
        {
            "1": "The assignment was ignored.",
            "5": "Every element is there, some only for show.",
            "10": "The film could not do without any of them.",
        },
    ),
)

PRESETS = {"festival": FESTIVAL, "48": FORTY_EIGHT_HOURS}
