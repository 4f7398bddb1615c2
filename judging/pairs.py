"""Pairs: of two films, a juror says which is better; the strengths come from all such answers together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from django.db import transaction

from festival.errors import Refused, Unacceptable
from festival.models import Film
from judging import access, guarantee, ledger, record, sights
from judging.models import Preference, Round
from judging.tally import chain, counting, pairwise
from judging.tally.counting.ballots import in_tiers, topmost

METHOD = "bradley-terry"


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
    held = Round.objects.select_for_update(no_key=True, of=("self",))
    round = held.select_related("edition").get(pk=round.pk)
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
    name = round.name_of(film)
    if not round.films().filter(pk=film.pk).exists():
        return f"“{name}” is not in “{round}” any more. Here are the next two."
    if not round.assignments.standing().filter(juror=by, film=film).exists():
        return f"You may not judge “{name}”, so you do not compare it. Here are the next two."
    return f"Watch “{name}” to its end before you compare it."


# Strengths


@dataclass(frozen=True)
class Strength:
    """What all answers together say of a film."""

    film: Film
    place: int
    strength: float  # nats, mean zero
    sd: float  # nats
    won: int
    tied: int
    lost: int


def next_pair(round: Round, user) -> tuple[Film, Film] | None:
    """The two films whose comparison by `user` would tell most; None when all are compared.

    Asked again before the answer, it is the same pair, unless others have answered meanwhile.
    """
    mine = {film.pk for film in candidates(round, user)}
    films = list(round.films().select_related("footage", "section").order_by("pk"))
    if len(mine) < 2:
        return None
    index = {film.pk: i for i, film in enumerate(films)}
    said = Preference.objects.filter(round=round, juror=user).values_list("first", "second")
    done = [(index[a], index[b]) for a, b in said if a in index and b in index]
    pair = pairwise.next_pair(
        pairwise.fit(len(films), _votes(round, index)),
        done,
        barred=[i for pk, i in index.items() if pk not in mine],
        seed=round.pk * 1_000_003 + user.pk * 1_009 + len(done),
    )
    return (films[pair[0]], films[pair[1]]) if pair else None


def far(round: Round, user) -> tuple[int, int]:
    """How many pairs this juror has compared, and how many there are."""
    mine = round.films().filter(pk__in=round.assignments.standing().filter(juror=user).values("film"))
    return Preference.objects.filter(round=round, juror=user).counted().count(), comb(mine.count(), 2)


def _votes(round: Round, index: dict) -> list[tuple]:
    """The answers that count, as (juror, film, film, how far the first was preferred)."""
    rows = Preference.objects.filter(round=round).counted().order_by("juror", "first", "second")
    return [
        (juror, index[first], index[second], 0.5 if better is None else float(better == first))
        for juror, first, second, better in rows.values_list("juror", "first", "second", "better")
        if first in index and second in index
    ]


def conclude(round: Round, *, at=None) -> None:
    """Fit the strengths of a round of pairs that has just closed, keep them, and write them down."""
    if round.kind != Round.Kind.PAIRWISE:
        return
    ledger.hold(round.edition_id)  # or whoever steps down meanwhile would be in the count
    films = sorted(round.films().values_list("pk", flat=True))
    votes = _votes(round, {pk: i for i, pk in enumerate(films)})
    round.outcome = tallied([str(pk) for pk in films], votes, seats=round.places, seed=round.seed or 0)
    round.save(update_fields=["outcome"])
    record.count_done(round, method=METHOD, digest=digest_of(votes), at=at)


def digest_of(votes: Sequence[tuple]) -> str:
    """What stands in the ledger for the answers that were counted."""
    return chain.digest([[juror, a, b, chain.figure(how)] for juror, a, b, how in votes])


def tallied(films: Sequence[str], votes: Sequence[tuple], *, seats: int, seed: int) -> dict:
    """What the answers give, as it is kept and published: films by ids, figures as text.

    Args:
        votes: (juror, film, film, how far the first was preferred: 1, 0 or ½), films by their index.
    """
    found = {"method": METHOD, "seats": seats, "seed": seed, "votes": len(votes)}
    if not votes:
        return found | {"winners": [], "order": [], "strengths": {}}
    fitted = pairwise.fit(len(films), votes)
    figures = {film: f"{mean:.6f}" for film, mean in zip(films, fitted.mean, strict=True)}
    order = in_tiers({film: float(figure) for film, figure in figures.items()})
    settled = counting.settle(counting.Count(topmost(order, seats), order, []), str(seed), seats)
    return found | {
        "winners": list(settled.winners),
        "order": [list(tier) for tier in order],
        "strengths": {film: [figures[film], f"{sd:.6f}"] for film, sd in zip(films, fitted.sd, strict=True)},
    }


def strengths(round: Round, *, veiled: bool = False) -> list[Strength]:
    """What a closed round of pairs gave, strongest first; nothing before it closes.

    Args:
        veiled: films are named as the round's jurors may name them.
    """
    if round.status != Round.Status.CLOSED or round.kind != Round.Kind.PAIRWISE or not round.outcome:
        return []
    found = round.outcome
    rows = Film.objects.filter(pk__in=found["strengths"])
    films = {str(film.pk): film for film in (sights.veiled(round, rows) if veiled else rows)}
    score = _score(round)
    strongest, place = [], 1
    for tier in found["order"]:
        for key in tier:
            mean, sd = map(float, found["strengths"][key])
            won, tied, lost = score[key]
            if key in films:
                strongest.append(Strength(films[key], place, mean, sd, won, tied, lost))
        place += len(tier)
    return strongest


def _score(round: Round) -> dict[str, list[int]]:
    """Of each film, answers won, tied and lost."""
    score: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = Preference.objects.filter(round=round).counted()
    for first, second, better in rows.values_list("first", "second", "better"):
        for film in (first, second):
            score[str(film)][1 if better is None else 0 if better == film else 2] += 1
    return score
