"""What ties a juror to a film for certain: nobody judges what they made, or what they said they must not."""

from collections.abc import Collection

from festival.models import Film, Person
from judging.models import Conflict

OTHER_SECTIONS = "sits over other sections"


def barred(films: list[Film], over: dict[Person, set[int] | None]) -> dict[tuple, str]:
    """Pairs of film and juror (ids) that must not meet, each with the reason; films with their credits.

    Args:
        over: each juror's sections, None meaning all.
    """
    shut: dict[tuple, str] = {}
    own = {(film.entrant_id, film.section_id) for film in films}
    for juror, sections in over.items():
        names = {plain(juror.name), plain(juror.email)} - {""}
        for film in films:
            if sections is not None and film.section_id not in sections:
                shut[film.pk, juror.pk] = OTHER_SECTIONS
            if film.section_id and (juror.pk, film.section_id) in own:
                shut[film.pk, juror.pk] = "has a film in the section"
            if film.entrant_id == juror.pk or names & makers(film):
                shut[film.pk, juror.pk] = "made it"
    return shut | dict.fromkeys(declared(films), "has a conflict")


def declared(films: Collection[Film]):
    """Pairs of film and juror that are written down as a conflict."""
    return Conflict.objects.filter(film__in=films).values_list("film", "juror")


def makers(film: Film) -> set[str]:
    """Names and addresses that stand for the people behind a film; needs `credits` loaded."""
    credited = [credit.name for credit in film.credits.all()]
    return {plain(words) for words in [*credited, film.contact_name, film.contact_email]} - {""}


def plain(words: str) -> str:
    return " ".join(words.casefold().split())
