"""The animatic: what a director asks for, seen at once and compiled for whatever engine draws the shot."""

from generation.animatic.compiled import Compiled, compile
from generation.animatic.direction import Direction
from generation.animatic.omissions import ignored
from generation.animatic.posted import from_form
from generation.animatic.presets import expand

__all__ = ["Compiled", "Direction", "compile", "expand", "from_form", "ignored"]
