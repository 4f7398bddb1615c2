"""Drawn scenes with captions and truth: what Sketch learns from, and a drawing engine of its own."""

from generation.sketch.scenes.grammar import WORDS, caption
from generation.sketch.scenes.lexicon import SYNONYMS
from generation.sketch.scenes.reading import Mention, Reading, compose, parse, words
from generation.sketch.scenes.render import Clip, Shoot, render
from generation.sketch.scenes.scene import Camera, Scene, Subject, is_held_out, sample

__all__ = [
    "SYNONYMS",
    "WORDS",
    "Camera",
    "Clip",
    "Mention",
    "Reading",
    "Scene",
    "Shoot",
    "Subject",
    "caption",
    "compose",
    "is_held_out",
    "parse",
    "render",
    "sample",
    "words",
]
