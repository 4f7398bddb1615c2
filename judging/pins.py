"""Pins: a juror's notes at moments of a film."""

from festival.errors import Refused, Unacceptable
from judging import access
from judging.models import Assignment, Pin

MOST_PINS = 200  # a film


def pin(assignment: Assignment, *, by, at_s: float, words: str) -> Pin:
    """Pin words to a moment of the film. The same words at the same moment are pinned once.

    Raises:
        Refused: `by` may not judge this film now.
        Unacceptable: the moment lies outside the film, there are no words, or too many pins.
    """
    _ask(by, assignment)
    footage, words = assignment.film.footage, words.strip()
    if not words:
        raise Unacceptable("Write a word or two to pin to this moment.")
    if at_s < 0 or (footage and footage.duration_s and at_s > footage.duration_s):
        raise Unacceptable("This moment lies outside the film.")
    if assignment.pins.count() >= MOST_PINS:
        raise Unacceptable(f"{MOST_PINS} pins are the most a film can hold. Take some out first.")
    return assignment.pins.get_or_create(at_s=round(at_s, 2), words=words[:240])[0]


def unpin(pin: Pin, *, by) -> None:
    """Take a pin out.

    Raises:
        Refused: `by` may not judge this film now.
    """
    _ask(by, pin.assignment)
    pin.delete()


def _ask(by, assignment: Assignment) -> None:
    if why := access.why_not_judge(by, assignment):
        raise Refused(why)
