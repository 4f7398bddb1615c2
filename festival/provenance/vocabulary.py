"""The words of disclosure: where footage comes from, by which method, and how a label says it.

Sources: IPTC digital source type NewsCodes; the generative-AI classes of the C2PA asset rubrics.
"""

from dataclasses import dataclass

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
C2PA = "http://c2pa.org/digitalsourcetype/"

# What a digital source type found in a file says about generative AI.
CLASSES = {
    "trainedAlgorithmicMedia": "generated",
    "compositeWithTrainedAlgorithmicMedia": "generated",
    "compositeSynthetic": "generated",
    "trainedAlgorithmicData": "generated",
    "composite": "possible",
    "digitalArt": "possible",
    "digitalCapture": "none",
    "computationalCapture": "none",
    "negativeFilm": "none",
    "positiveFilm": "none",
    "print": "none",
    "screenCapture": "none",
    "virtualRecording": "none",
    "humanEdits": "none",
    "minorHumanEdits": "none",
    "digitalCreation": "none",
    "algorithmicallyEnhanced": "none",
    "dataDrivenMedia": "none",
    "algorithmicMedia": "none",
    "softwareImage": "none",
    "compositeCapture": "none",
}


def source_class(uri: str) -> str:
    """What a digital source type says of generative AI: "generated", "possible", "none" or "unknown"."""
    return CLASSES.get(uri.rsplit("/", 1)[-1], "unknown")


@dataclass(frozen=True, slots=True)
class Method:
    """A way in which a machine makes or changes footage."""

    code: str
    words: str
    track: str  # picture, sound or text
    source: str  # the IPTC term that fits best
    consent: str = ""  # "likeness" or "voice", where a real person must have agreed


GENERATED = "trainedAlgorithmicMedia"
COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
ENHANCED = "algorithmicallyEnhanced"

METHODS = {
    method.code: method
    for method in (
        Method("text-to-video", "Text to video", "picture", GENERATED),
        Method("image-to-video", "Image to video", "picture", GENERATED),
        Method("video-to-video", "Video to video, restyling", "picture", COMPOSITE),
        Method("text-to-image", "Still image", "picture", GENERATED),
        Method("inpainting", "Inpainting, extending or removing", "picture", COMPOSITE),
        Method("face-replacement", "Face or body replacement", "picture", COMPOSITE, "likeness"),
        Method("lip-sync", "Lip-sync", "picture", COMPOSITE, "likeness"),
        Method("interpolation", "Frames in between", "picture", ENHANCED),
        Method("upscaling", "Upscaling or restoring", "picture", ENHANCED),
        Method("synthetic-voice", "Synthetic voice", "sound", GENERATED),
        Method("voice-clone", "Voice clone", "sound", GENERATED, "voice"),
        Method("music", "Music", "sound", GENERATED),
        Method("sound-effects", "Sound effects", "sound", GENERATED),
        Method("sound-repair", "Cleaning or separating sound", "sound", ENHANCED),
        Method("written", "Written text", "text", GENERATED),
        Method("translation", "Translation", "text", COMPOSITE),
        Method("transcription", "Transcription", "text", ENHANCED),
    )
}


def method_words(code: str) -> str:
    """A method as people say it; a word that is not in the table stands as it was written."""
    return METHODS[code].words if code in METHODS else code


def source_type(kind: str, method: str) -> str:
    """The IPTC digital source type of a cue sheet line, as an address.

    Args:
        kind: "generated", "modified" or "captured".
        method: a code of METHODS, or any other text.
    """
    if kind == "captured":
        return IPTC + "digitalCapture"
    if method in METHODS and (kind == "generated") == (METHODS[method].source == GENERATED):
        return IPTC + METHODS[method].source
    return IPTC + (GENERATED if kind == "generated" else COMPOSITE)


# Each department's sentence on the label: none, assisted, generated.
DEPARTMENTS = {
    "script": (
        "The script was written by people.",
        "The script was written by people, with help from AI.",
        "The script was generated with AI.",
    ),
    "storyboard": (
        "The storyboard was drawn by people.",
        "The storyboard was drawn by people, with help from AI.",
        "The storyboard was generated with AI.",
    ),
    "picture": (
        "The picture was made without AI.",
        "The picture was made by people, with help from AI.",
        "The picture was generated with AI, wholly or in part.",
    ),
    "voice": (
        "No voice was made with AI.",
        "The voices are people’s own, worked on with AI.",
        "Voices were generated with AI.",
    ),
    "sound": (
        "Music and sound were made without AI.",
        "Music and sound were made by people, with help from AI.",
        "Music or sound was generated with AI.",
    ),
    "edit": (
        "The film was edited by people.",
        "The film was edited by people, with help from AI.",
        "The edit was made by AI.",
    ),
    "effects": (
        "The effects were made without AI.",
        "The effects were made by people, with help from AI.",
        "Effects were generated with AI.",
    ),
    "subtitles": (
        "The subtitles were written by people.",
        "The subtitles were written by people, with help from AI.",
        "The subtitles were generated with AI.",
    ),
    "marketing": (
        "Poster and texts were made without AI.",
        "Poster and texts were made by people, with help from AI.",
        "Poster or texts were generated with AI.",
    ),
}
NAMED = {
    "script": "the script",
    "storyboard": "the storyboard",
    "picture": "the picture",
    "voice": "the voices",
    "sound": "music and sound",
    "edit": "the edit",
    "effects": "the effects",
    "subtitles": "the subtitles",
    "marketing": "poster and texts",
}  # departments in the middle of a sentence
EXTENTS = ("none", "assisted", "generated")


def department_sentence(department: str, extent: str) -> str:
    """What the label says of a department."""
    return DEPARTMENTS[department][EXTENTS.index(extent)]
