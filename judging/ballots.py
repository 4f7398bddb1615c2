"""Ballots: each juror ranks the films of a final once; the count is fixed beforehand, its transcript public.

A secret ballot leaves two tables that nothing ties together: who has voted, and what was voted, without a
name, an hour or an order. The house is trusted not to look while a ballot passes through its hands; the
receipt lets each juror see that theirs was counted as it was cast.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from random import SystemRandom
from uuid import UUID

from django.db import transaction

from festival.errors import Conflict, Refused, Unacceptable
from festival.models import Film
from judging import access, guarantee, ledger, record, sights
from judging.models import Ballot, Round, Voter
from judging.tally import chain, counting

MOST_RECOUNTS = 60  # a jury, not an audience
FEWEST = 5  # ballots of a secret round before anything but its winners is told

Tiers = list[list[str]]  # films by their ids, best tier first


# Voting


def candidates(round: Round):
    """Films that stand: given to the jury as the round opened, and still in the running."""
    return round.films().filter(pk__in=round.assignments.values("film")).order_by("title", "pk")


def why_not_vote(user, round: Round) -> str:
    """May `user` hand in a ballot in this round, now?"""
    if why := access.why_not_vote(user, round) or _why_no_ballot(round):
        return why
    if round.voters.filter(juror=user).exists():
        return f"You have voted in “{round}”. A ballot is given once, and yours is kept."
    mine = set(round.assignments.standing().filter(juror=user).values_list("film", flat=True))
    films = sights.veiled(round, candidates(round))
    if tied := [film for film in films if film.pk not in mine]:
        return (
            f"“{tied[0]}” stands in this round and you may not judge it, so you take no part in the ballot."
        )
    if not round.watch_share:
        return ""
    seen = guarantee.watched(round)
    if unseen := [film for film in films if (user.pk, film.pk) not in seen]:
        more = f", and {len(unseen) - 1} more" if len(unseen) > 1 else ""
        return f"Watch “{unseen[0]}” to its end before you vote{more}."
    return ""


def _why_no_ballot(round: Round) -> str:
    return "" if round.kind in Round.BALLOTS else f"“{round}” takes no ballots. Reload the page."


@transaction.atomic
def hand_in(round: Round, tiers: Sequence[Sequence[str]], *, by) -> str:
    """Take a juror's ballot, once. No tier at all abstains; films left out share the last place.

    Args:
        tiers: films by their ids, best first; films in one tier are tied.

    Returns:
        the receipt: with the ballot it makes the digest that is listed after the close. It is kept nowhere.

    Raises:
        Refused: `by` may not vote now; the message says why.
        Conflict: `by` has voted already, perhaps in another tab.
        Unacceptable: a film stands twice on the ballot, or does not stand in the round.
    """
    held = Round.objects.select_for_update(no_key=True, of=("self",))
    round = held.select_related("edition").get(pk=round.pk)
    if round.voters.filter(juror=by).exists():
        raise Conflict(f"You have voted in “{round}”. A ballot is given once, and yours is kept.")
    if why := why_not_vote(by, round):
        raise Refused(why)
    tiers = [[str(film) for film in tier] for tier in tiers if tier]
    if why := why_not_count(round, tiers):
        raise Unacceptable(why)
    _, first = Voter.objects.get_or_create(round=round, juror=by)
    if not first:
        raise Conflict(f"You have voted in “{round}”. A ballot is given once, and yours is kept.")
    receipt = secrets.token_hex(8)
    ballot = Ballot(
        round=round, juror=None if round.secret else by, tiers=tiers, commitment=commitment(tiers, receipt)
    )
    _put(ballot)
    if not round.secret:
        record.ballot_cast(ballot, by=by)
    return receipt


def why_not_count(round: Round, tiers: Tiers) -> str:
    """Can this ballot be counted in the round?"""
    named = [film for tier in tiers for film in tier]
    standing = {str(film.pk): film for film in sights.veiled(round, candidates(round))}
    for film in named:
        if film not in standing:
            return _why_not_standing(round, film)
        if named.count(film) > 1:
            return f"“{standing[film]}” stands twice on your ballot. Give it one place."
    return ""


def _why_not_standing(round: Round, film: str) -> str:
    gone = Film.objects.filter(assignments__round=round, pk=film).first() if _is_id(film) else None
    if gone:
        name = round.name_of(gone)
        return (
            f"“{name}” has left the round while you voted. Look at your list once more, and hand it in again."
        )
    return "A film on this ballot does not stand in this round. Reload the page; nothing was handed in."


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def commitment(tiers: Tiers, receipt: str) -> str:
    """The digest that stands for a ballot: SHA-256 over its tiers and the receipt, 64 hexadecimal digits."""
    return chain.digest({"receipt": receipt, "tiers": tiers})


def find(round: Round, receipt: str) -> Ballot | None:
    """The ballot of a closed round that this receipt belongs to: proof that it was kept as it was cast."""
    if round.status != Round.Status.CLOSED:
        return None
    cast = Ballot.objects.filter(round=round)
    return next((one for one in cast if one.commitment == commitment(one.tiers, receipt.strip())), None)


def _put(ballot: Ballot) -> None:
    """Put a ballot into the box. A secret box is shaken each time, so that no row is known by its place."""
    if not ballot.round.secret:
        ballot.save(force_insert=True)
        return
    box = [*Ballot.objects.filter(round=ballot.round), ballot]
    Ballot.objects.filter(round=ballot.round).delete()
    SystemRandom().shuffle(box)
    Ballot.objects.bulk_create(
        Ballot(round=one.round, tiers=one.tiers, commitment=one.commitment) for one in box
    )


# Counting


def conclude(round: Round, *, at=None) -> None:
    """Count the ballots of a round that has just closed, keep what the count gave, and write it down."""
    if round.kind not in Round.BALLOTS:
        return
    ledger.hold(round.edition_id)  # or a film withdrawn meanwhile would be in the count
    cast = list(Ballot.objects.filter(round=round))
    box = [ballot.tiers for ballot in cast]
    standing = [str(pk) for pk in candidates(round).values_list("pk", flat=True)]
    terms = {"method": round.method, "seats": round.places, "seed": round.seed or 0}
    round.outcome = tallied(box, standing=standing, **terms)
    round.save(update_fields=["outcome"])
    if round.secret:
        record.ballots_revealed(round, cast, at=at)
    record.count_done(round, digest=chain.digest(papers_of(box, standing)), at=at)


def tallied(box: Sequence[Tiers], *, standing: Sequence[str], method: str, seats: int, seed: int) -> dict:
    """What the ballots in a box give, as it is kept and published: films by ids, figures as exact fractions.

    Nobody wins where nobody voted. The same box gives the same result, in whatever order it is opened.
    """
    papers = papers_of(box, standing)
    found = {
        "candidates": sorted(standing),
        "method": method,
        "seats": seats,
        "seed": seed,
        "papers": len(papers),
        "abstained": len(box) - len(papers),
    }
    if not papers:
        return found | {"winners": [], "order": [], "rounds": [], "decisive": None}
    terms = {"standing": sorted(standing), "method": method, "seats": seats, "seed": seed}
    settled = _settled(papers, **terms)
    return found | {
        "winners": list(settled.winners),
        "order": [list(tier) for tier in settled.order],
        "rounds": [
            {"tallies": {str(key): _text(value) for key, value in step.tallies.items()}, "words": step.words}
            for step in settled.rounds
        ],
        "decisive": _decisive(papers, settled.winners, **terms),
    }


def _settled(papers: Sequence[Tiers], *, standing, method: str, seats: int, seed: int) -> counting.Count:
    counted = counting.count(method, [(1, paper) for paper in papers], seats, candidates=standing)
    return counting.settle(counted, str(seed), seats)


def _decisive(papers: list[Tiers], winners: Sequence[str], **terms) -> int | None:
    """Ballots without any one of which somebody else would win: how close it was.

    None where there are too few to leave one out, or too many to count again so often.
    """
    if not 2 <= len(papers) <= MOST_RECOUNTS or terms["method"] == Round.Method.RANKED_PAIRS:
        return None
    decisive = 0
    for paper, alike in groupby(papers):  # sorted, so equal ballots stand together
        without = list(papers)
        without.remove(paper)
        if set(_settled(without, **terms).winners) != set(winners):
            decisive += len(list(alike))
    return decisive


def papers_of(box: Sequence[Tiers], standing: Collection[str]) -> list[Tiers]:
    """What there is to count: ballots less the films that have left, abstentions left out, sorted."""
    kept = [[sorted(film for film in tier if film in standing) for tier in tiers] for tiers in box]
    return sorted(paper for paper in ([tier for tier in tiers if tier] for tiers in kept) if paper)


def _text(value) -> str:
    return str(Fraction(value))


# Telling


@dataclass(frozen=True)
class Step:
    """One round of a count, for a page: films with their figures, highest first, and what was done."""

    rows: list[tuple[Film, float]]
    words: str


@dataclass(frozen=True)
class Transcript:
    """What a closed round's count gave, for a page; without `order` and `steps` where they stay secret."""

    winners: list[Film]
    order: list[list[Film]]
    steps: list[Step]
    papers: int
    abstained: int
    decisive: int | None  # ballots without any one of which somebody else would win
    hidden: bool


def transcript(round: Round, *, veiled: bool = False) -> Transcript | None:
    """The count of a closed round in words and films; None while it is open, or was never counted.

    Args:
        veiled: films are named as the round's jurors may name them.
    """
    if round.status != Round.Status.CLOSED or round.kind not in Round.BALLOTS or not round.outcome:
        return None
    found = round.outcome
    hidden = round.secret and found["papers"] < FEWEST
    ids = {film for tier in found["order"] for film in tier}
    rows = Film.objects.filter(pk__in=ids).select_related("section")
    films = {str(film.pk): film for film in (sights.veiled(round, rows) if veiled else rows)}
    return Transcript(
        winners=[films[film] for film in found["winners"] if film in films],
        order=[] if hidden else [[films[film] for film in tier if film in films] for tier in found["order"]],
        steps=[] if hidden else [_step(step, films) for step in found["rounds"]],
        papers=found["papers"],
        abstained=found["abstained"],
        decisive=None if hidden else found.get("decisive"),
        hidden=hidden,
    )


def _step(step: dict, films: dict[str, Film]) -> Step:
    rows = [(films[key], float(Fraction(value))) for key, value in step["tallies"].items() if key in films]
    words = step["words"]
    for key, film in films.items():
        words = words.replace(key, f"“{film}”")
    return Step(sorted(rows, key=lambda row: -row[1]), words)
