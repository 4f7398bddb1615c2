"""From ballots to winners, with a transcript that a public page can print."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from judging.tally.counting import ballots as papers
from judging.tally.counting.ballots import Ballots, Candidate, Count, Step, listed
from judging.tally.counting.duels import duels, ranked_pairs, schulze
from judging.tally.counting.points import approval, borda, plurality, trimmed, trimmed_mean
from judging.tally.counting.transfers import irv, stv

__all__ = ["METHODS", "Count", "Step", "break_ties", "count", "duel_votes", "settle", "trimmed_mean"]

METHODS: dict[str, Callable[[Ballots, int], Count]] = {
    "plurality": plurality,
    "approval": approval,
    "borda": borda,
    "irv": irv,
    "stv": stv,
    "schulze": schulze,
    "ranked_pairs": ranked_pairs,
    "trimmed": trimmed,
}


def count(method: str, ballots: Iterable, seats: int = 1, *, candidates: Iterable | None = None) -> Count:
    """Count ballots; nobody's name, and no ballot's place in the pile, makes a difference.

    Args:
        method: a key of METHODS. Approval takes a ballot's best tier as those it approves of; trimmed counts
            Borda points less each candidate's best and worst vote.
        ballots: (weight, [[candidate, …], …]) each, best tier first. A weight is how many voters cast the
            ballot, and may be a fraction. Candidates of one tier are tied; those not named share the last
            place and get no vote.
        seats: how many are to win.
        candidates: all who stand, where some may be on no ballot.

    Returns:
        Count: `winners` (more than `seats` where they are tied), `order` (tiers, best first) and `rounds`
        (tallies as exact fractions, and words).

    Raises:
        ValueError: no such method, no candidate, no seat, somebody twice on one ballot, or a weight that is
            negative or no number.
    """
    name = method.lower().replace(" ", "_").replace("-", "_")
    if name not in METHODS:
        raise ValueError(f"there is no count called {method!r}: choose {listed(METHODS)}")
    if seats < 1:
        raise ValueError("there must be a seat to win")
    return METHODS[name](papers.read(ballots, candidates), seats)


def duel_votes(ballots: Iterable) -> dict[tuple[Candidate, Candidate], object]:
    """Of each ordered pair of candidates, the votes that prefer the first: who would win between two."""
    return duels(papers.read(ballots))


def break_ties(tied: Sequence[Candidate], seed: str) -> list[Candidate]:
    """Put tied candidates in an order that nobody can steer once `seed` is public.

    The order is that of the SHA-256 of the seed, a line feed and the candidate's name, in hexadecimal, lowest
    first; anyone can work it out again. Announce where the seed will come from before the votes are cast.
    """
    return sorted(tied, key=lambda one: sha256(f"{seed}\n{one}".encode()).hexdigest())


def settle(counted: Count, seed: str, seats: int = 1) -> Count:
    """Break what is tied for the last seat by `break_ties`; the transcript says so."""
    if len(counted.winners) <= seats:
        return counted
    sure: list[Candidate] = []
    for tier in counted.order:
        tier = [one for one in tier if one in counted.winners]
        if len(sure) + len(tier) > seats:
            lots = break_ties(tier, seed)
            break
        sure += tier
    chosen = lots[: seats - len(sure)]
    words = (
        f"{listed(lots)} are tied. The lots fall by the seed “{seed}”, announced beforehand, in this order: "
        f"{', '.join(str(one) for one in lots)}. {papers.verdict([*sure, *chosen], seats)}"
    )
    return replace(counted, winners=[*sure, *chosen], rounds=[*counted.rounds, Step({}, words)])
