"""Letters of decision: who is to be told what, what became of each letter, and who has not heard yet."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from festival import access, notices
from festival.errors import Conflict, Refused, Unacceptable
from festival.models import Edition, Film, Notice, Person

LETTERS = Film.DECIDED


def owed(edition: Edition) -> QuerySet[Film]:
    """Decided films whose entrants have not been told, or were told something else before."""
    told = (
        Notice.objects.filter(film=OuterRef("pk"), kind__in=LETTERS)
        .order_by("-created_at", "-pk")
        .values("kind")[:1]
    )
    decided = edition.films.filter(status__in=LETTERS)
    return decided.annotate(told=Coalesce(Subquery(told), Value(""))).filter(~Q(told=F("status")))


@transaction.atomic
def send(edition: Edition, *, by: Person, at=None) -> int:
    """Write to every entrant whose film was decided since the last letters; return how many.

    Raises:
        Conflict: another organiser is sending them at this moment.
    """
    _ask(access.why_not_organise(by, edition))
    now = at or timezone.now()
    mine = Edition.objects.filter(pk=edition.pk, told_at=edition.told_at)  # of two clicks, one writes
    if not mine.update(told_at=now):
        raise Conflict("Somebody else has just sent the letters. Reload the page to see them.")
    edition.told_at = now
    films = list(owed(edition).select_related("entrant", "edition", "section"))
    for film in films:
        notices.write(film.entrant, film.status, film=film)
    return len(films)


# What became of them


def of(edition: Edition) -> QuerySet[Notice]:
    """Of each film the last letter of decision that was written, whatever became of it."""
    letters = Notice.objects.filter(film__edition=edition).latest(LETTERS)
    return letters.select_related("film", "person", "settled_by").order_by("film__title", "pk")


def unheard(edition: Edition) -> QuerySet[Notice]:
    """Letters on films that are still decided so, and whose entrants cannot know it yet."""
    return of(edition).unheard().filter(kind=F("film__status"))


@dataclass(frozen=True)
class Untold:
    """How many entrants do not know yet what was decided."""

    owed: int  # no letter was written
    unheard: int  # it is on its way, was refused by a mail server, or came back

    def __bool__(self) -> bool:
        return bool(self.owed or self.unheard)


def untold(edition: Edition) -> Untold:
    """Who still has to learn of a decision before the public may."""
    return Untold(owed(edition).count(), unheard(edition).count())


def why_not_deal_with(user, letter: Notice) -> str:
    """May `user` deal with what became of this letter?"""
    if why := access.why_not_organise(user, letter.film.edition):
        return why
    if letter.settled_at:
        return "Its reader has been told otherwise already."
    return ""


def came_back(letter: Notice, *, by: Person, at=None) -> None:
    """Write down that a letter bounced.

    Raises:
        Refused: it has not been handed over yet, or `by` may not.
    """
    why = why_not_deal_with(by, letter)
    if not why and letter.sent_at is None:
        why = "No mail server has taken this letter yet, so it cannot have come back."
    _ask(why)
    letter.bounced_at = at or timezone.now()
    letter.save(update_fields=["bounced_at"])


@transaction.atomic
def send_again(letter: Notice, *, by: Person) -> Notice:
    """Write the letter anew, to the address its reader has now."""
    why = why_not_deal_with(by, letter)
    if not why and letter.kind != letter.film.status:
        why = f"“{letter.film}” has been decided otherwise since. Send the new decision."
    if not why and letter.sent_at is None and not letter.problem:
        why = "The letter is on its way; wait for what becomes of it."
    _ask(why)
    return notices.write(letter.person, letter.kind, film=letter.film)


def told_otherwise(letter: Notice, *, by: Person, note: str, at=None) -> None:
    """Write down that the entrant was told in another way, such as on the telephone.

    Raises:
        Unacceptable: the note does not say how.
    """
    _ask(why_not_deal_with(by, letter))
    if not note.strip():
        raise Unacceptable("Say how they were told: it is kept with your name.")
    letter.settled_at, letter.settled_by, letter.settled_note = at or timezone.now(), by, note.strip()[:500]
    letter.save(update_fields=["settled_at", "settled_by", "settled_note"])


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
