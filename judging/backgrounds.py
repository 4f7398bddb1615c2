"""Backgrounds: what jurors say of themselves, and what it says of who should watch what."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from festival.models import Edition, Film, Person, Section
from judging.models import Background, Seat

SILENT = "zxx"  # BCP 47: no linguistic content


@transaction.atomic
def keep(
    juror: Person, *, languages: Iterable[str], houses: Iterable[str], sections: Collection[Section] = ()
) -> Background:
    """Keep what a juror states; it counts when films are next given out, and the edition's record says so."""
    background, _ = Background.objects.update_or_create(
        juror=juror, defaults={"languages": list(languages), "houses": list(houses)}
    )
    background.sections.set(sections)
    for edition in _editions(juror):
        edition.events.create(by=juror, note=f"{juror} has said anew what they bring along to the jury.")
    return background


def sections_for(juror: Person):
    """Sections of the editions in which the juror has a seat."""
    return Section.objects.filter(edition__in=_editions(juror)).order_by("edition", "name")


def _editions(juror: Person):
    """Editions in which the juror has a seat."""
    seats = Seat.objects.sitting().filter(juror=juror, panel__edition=OuterRef("pk"))
    return Edition.objects.filter(Exists(seats))


def of(jurors: Iterable[Person]) -> dict:
    """The backgrounds that have been stated, by the juror's id; two queries."""
    rows = Background.objects.filter(juror__in=list(jurors)).prefetch_related("sections")
    return {row.juror_id: row for row in rows}


def spoken(background: Background) -> set[str]:
    """Languages a juror follows; none where none were stated."""
    return {_base(code) for code in background.languages}


def heard(film: Film) -> set[str]:
    """Languages in which a film can be followed, by ear or by its captions; needs both loaded.

    None where nobody needs one: the film states none, or has no dialogue.
    """
    by_ear = {_base(row.code) for row in film.languages.all()} - {SILENT}
    return by_ear and by_ear | {_base(row.language) for row in film.subtitles.all()}


def apart(own: set[str], others: set[str]) -> bool:
    """Whether a juror of these languages is lost in a film of those; who states none is no trouble."""
    return bool(own and others) and own.isdisjoint(others)


def _base(code: str) -> str:
    """Of pt-BR, pt."""
    return code.partition("-")[0].lower()
