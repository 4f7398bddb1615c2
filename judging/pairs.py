"""Pairs: of two films, a juror says which is better; the strengths come from all such answers together."""

from django.db import transaction

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import access, guarantee, record
from judging.models import Preference, Round


def candidates(round: Round, user) -> list[Film]:
    """Films that `user` may compare now: on their list, in the running, and watched in full."""
    films = round.films().filter(pk__in=round.assignments.standing().filter(juror=user).values("film"))
    films = list(films.select_related("footage", "section").order_by("title", "pk"))
    if not round.watch_share:
        return films
    seen = guarantee.watched(round)
    return [film for film in films if (user.pk, film.pk) in seen]


def why_not_prefer(user, round: Round) -> str:
    """May `user` compare films in this round, now?"""
    if why := access.why_not_vote(user, round):
        return why
    return "" if round.kind == Round.Kind.PAIRWISE else f"“{round}” compares no films. Reload the page."


@transaction.atomic
def prefer(round: Round, one: Film, other: Film, better: Film | None, *, by) -> Preference:
    """Keep which of two films `by` thinks better; None where neither is.

    Said a second time, of the same pair, it changes nothing: the first word stands.

    Raises:
        Refused: `by` may not compare now; the message says why.
        Unacceptable: it is one film twice, or one that `by` may not compare or has not watched.
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("edition").get(pk=round.pk)
    if why := why_not_prefer(by, round):
        raise Refused(why)
    if one == other or better not in (one, other, None):
        raise Unacceptable("Choose one of the two films, or say that neither is better.")
    mine = candidates(round, by)
    for film in (one, other):
        if film not in mine:
            raise Unacceptable(_why_not_film(round, film, by=by))
    first, second = sorted((one, other), key=lambda film: film.pk)
    preference, new = Preference.objects.get_or_create(
        round=round, juror=by, first=first, second=second, defaults={"better": better}
    )
    if new:
        record.comparison_made(preference, by=by)
    return preference


def _why_not_film(round: Round, film: Film, *, by) -> str:
    if not round.films().filter(pk=film.pk).exists():
        return f"“{film}” is not in “{round}” any more. Here are the next two."
    if not round.assignments.standing().filter(juror=by, film=film).exists():
        return f"You may not judge “{film}”, so you do not compare it. Here are the next two."
    return f"Watch “{film}” to its end before you compare it."


def conclude(round: Round) -> None:
    """Fit the strengths of a round of pairs that has just closed, and keep them."""


def strengths(round: Round) -> list:
    return []
