"""Awards: found them, say which exclude each other, give them, and announce them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from festival import access, letters
from festival.errors import Conflict, Refused, Unacceptable
from festival.models import Award, Edition, Film, Person


@transaction.atomic
def found(
    edition: Edition, *, name: str, by: Person, citation: str = "", excludes: Iterable[Award] = ()
) -> Award:
    """Add an award that no film has yet.

    Raises:
        Unacceptable: it has no name, another award has it, or one it excludes is of another edition.
    """
    _ask(access.why_not_organise(by, edition))
    name, excludes = name.strip(), list(excludes)
    if not name:
        raise Unacceptable("Give the award a name.")
    if edition.awards.filter(name__iexact=name).exists():
        raise Unacceptable(f"There is an award called “{name}” already.")
    if any(award.edition_id != edition.pk for award in excludes):
        raise Unacceptable("Awards of another edition exclude nothing here.")
    award = Award.objects.create(
        edition=edition, name=name, citation=citation.strip(), position=edition.awards.count()
    )
    award.excludes.set(excludes)
    return award


def abolish(award: Award, *, by: Person) -> None:
    """Remove an award that no film has."""
    why = access.why_not_organise(by, award.edition)
    if not why and award.film_id:
        why = f"“{award.film}” has the {award}. Take it back first."
    _ask(why)
    award.delete()


def why_not_give(award: Award, film: Film) -> str:
    """May this film have this award? Films exclude themselves by what they have, not by their makers."""
    if film.edition_id != award.edition_id:
        return f"“{film}” was entered in another edition."
    if film.status != Film.Status.SELECTED:
        return f"“{film}” is “{film.get_status_display()}”, and awards go to selected films."
    if award.announced_at:
        return f"The {award} has been announced, so it stays where it is."
    if award.film_id and award.film_id != film.pk:
        return f"“{award.film}” has the {award}. Take it back first."
    if other := award.excludes.filter(film=film).first():
        return (
            f"“{film}” has the {other}, and a film cannot have both. Take that back, or choose another film."
        )
    return ""


@transaction.atomic
def give(award: Award, film: Film, *, by: Person, citation: str | None = None, at=None) -> None:
    """Give the award to a film. Nobody is told before it is announced.

    Raises:
        Refused: the film cannot have it; the message says why.
        Conflict: somebody else has just given it to another film.
    """
    _ask(access.why_not_organise(by, award.edition))
    Edition.objects.select_for_update().get(
        pk=award.edition_id
    )  # two awards that exclude each other meet here
    _ask(why_not_give(award, film))
    changes = {"film": film, "given_at": at or timezone.now()}
    if citation is not None:
        changes["citation"] = citation.strip()
    mine = Award.objects.filter(pk=award.pk, film=award.film_id, announced_at=None)
    if not mine.update(**changes):
        raise Conflict("Somebody else has just given this award. Reload the page to see it.")
    award.refresh_from_db()
    _note(award.edition, f"“{film}” was given the {award}.", by=by)


@transaction.atomic
def take_back(award: Award, *, by: Person) -> None:
    """Let the award wait for another film; once announced it stays."""
    why = access.why_not_organise(by, award.edition)
    if not why and award.announced_at:
        why = f"The {award} has been announced, so it stays where it is."
    if not why and award.film is None:
        why = f"Nobody has the {award}."
    _ask(why)
    film, award.film, award.given_at = award.film, None, None
    award.save(update_fields=["film", "given_at"])
    _note(award.edition, f"The {award} was taken back from “{film}”.", by=by)


def why_not_announce(user, edition: Edition) -> str:
    """May `user` tell everyone who has which award?"""
    untold = letters.untold(edition)
    why = access.why_not_publish(user, edition, owed=untold.owed, unheard=untold.unheard)
    if why:
        return why
    if edition.status != Edition.Status.PUBLISHED:
        return "Awards are announced after the programme, since their films are seen there. Publish it first."
    return ""


@transaction.atomic
def announce(edition: Edition, *, by: Person, at=None) -> int:
    """Tell everyone of the awards that have been given since the last time; return how many."""
    _ask(why_not_announce(by, edition))
    given = edition.awards.filter(announced_at=None, film__status=Film.Status.SELECTED)
    return given.update(announced_at=at or timezone.now())


def _note(edition: Edition, words: str, *, by: Person) -> None:
    """Into the edition's history; a film's own is read by its entrant, who is not told yet."""
    edition.events.create(by=by, was=edition.status, became=edition.status, note=words)


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
