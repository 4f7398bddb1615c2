"""How the jury's pages write marks and long stretches of film."""

from typing import NamedTuple

from django import template

from festival import screenings
from festival.models import Film

register = template.Library()


@register.filter
def stretch(seconds: float | None) -> str:
    """A long running time: 45 s, 12 min, 2 h 40 min."""
    if not seconds:
        return "0 min"
    if seconds < 60:
        return f"{round(seconds)} s"
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    return " ".join(f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min")) if count)


@register.filter
def mark(value: float | None) -> str:
    """A mark with one decimal, or a dash where there is none."""
    return "–" if value is None else f"{value:.1f}"


@register.filter
def at_mark(value: float | None, width: float = 100) -> float:
    """Where a mark from 1 to 10 stands on a line `width` long, for drawings."""
    return 0 if value is None else round((value - 1) / 9 * width, 2)


@register.filter
def frame(film: Film) -> str:
    """A frame of the film, for lists; never the maker's own poster, which may carry names."""
    footage = film.footage
    return screenings.address(f"{footage.folder}/poster.jpg") if footage and footage.folder else ""


@register.filter
def still(assignment) -> str:
    """A frame of the film for its juror; none where a blind round covers names, lest it be one of those."""
    covered = assignment.round.covers and assignment.film.title_ranges.all()
    return "" if covered else frame(assignment.film)


class Bar(NamedTuple):
    """A criterion's mean, and where its bar stands in the drawing, in units of the drawing."""

    name: str
    value: float | None
    x: int
    y: float
    height: float


class Bars(NamedTuple):
    width: int
    bars: list[Bar]


@register.simple_tag
def bars(criteria, values, *, height: int = 28, step: int = 14) -> Bars:
    """Upright bars for the means of the criteria, full height for a mark of 10."""
    drawn = []
    for place, (criterion, value) in enumerate(zip(criteria, values, strict=True)):
        tall = round((value or 0) / 10 * height, 2)
        drawn.append(Bar(criterion.name, value, place * step, round(height - tall, 2), tall))
    return Bars(len(drawn) * step, drawn)
