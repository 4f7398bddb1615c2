"""Counts by duels, two candidates at a time: Schulze and ranked pairs."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

import numpy as np

from judging.tally.counting.ballots import (
    Ballots,
    Candidate,
    Count,
    Step,
    Tiers,
    by_span,
    figure,
    topmost,
    verdict,
)

MOST_WAYS = 1000  # to lock equal defeats; beyond so many, what is not common to all of them stays open

Duels = dict[tuple[Candidate, Candidate], Fraction]


def duels(ballots: Ballots) -> Duels:
    """Votes that prefer the first of a pair to the second, for every ordered pair; ties are for neither."""
    votes: Duels = defaultdict(Fraction)
    for (weight, _), row in zip(ballots.papers, ballots.places, strict=True):
        for i, k in np.argwhere(row[:, None] < row[None, :]):
            votes[ballots.candidates[i], ballots.candidates[k]] += weight
    return {
        (one, other): votes[one, other]
        for one in ballots.candidates
        for other in ballots.candidates
        if one != other
    }


def schulze(ballots: Ballots, seats: int) -> Count:
    """The Schulze method, a defeat being as strong as the votes for the winner of the duel.

    A candidate is above another if the strongest path of defeats from them to the other is stronger than any
    path back. A path is as strong as its weakest defeat.

    Source:
        M. Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
        single-winner election method, Social Choice and Welfare 36 (2011) 267-303, section 2.
    """
    votes = duels(ballots)
    names = ballots.candidates
    strengths = sorted({Fraction(), *votes.values()})
    rank = {strength: place for place, strength in enumerate(strengths)}
    path = np.zeros((len(names), len(names)), int)
    for i, one in enumerate(names):
        for k, other in enumerate(names):
            if i != k and votes[one, other] > votes[other, one]:
                path[i, k] = rank[votes[one, other]]
    for via in range(len(names)):
        path = np.maximum(path, np.minimum(path[:, via, None], path[None, via, :]))
    above = {
        (one, other): path[i, k] > path[k, i]
        for i, one in enumerate(names)
        for k, other in enumerate(names)
        if i != k
    }
    paths = [
        _path(one, other, strengths[path[i, k]], strengths[path[k, i]])
        for (i, one), (k, other) in combinations(enumerate(names), 2)
    ]
    order = _peel(names, above)
    return _counted(votes, order, topmost(order, seats), seats, paths)


def ranked_pairs(ballots: Ballots, seats: int) -> Count:
    """Tideman's ranked pairs: defeats are locked in from the strongest on, less those that close a circle.

    A defeat is the stronger the more votes are for its winner, then the fewer are for its loser. Where
    equally strong defeats cannot all be locked, every order of locking is followed, and whoever comes out on
    top of any is among the winners.

    Source:
        T. N. Tideman, Independence of clones as a criterion for voting rules, Social Choice and Welfare 4
        (1987) 185-206; every order of equals as in M. Brill and F. Fischer, The price of neutrality for the
        ranked pairs method, AAAI (2012).
    """
    votes = duels(ballots)
    groups = defaultdict(list)
    for (one, other), strength in votes.items():
        if strength > votes[other, one]:
            groups[strength, -votes[other, one]].append((one, other))
    ends, said = {frozenset()}, []
    for strength in sorted(groups, reverse=True):
        ends = set().union(*(_lock(locked, groups[strength]) for locked in ends))
        if len(ends) > MOST_WAYS:
            ends = {frozenset.intersection(*ends)}
        left = [pair for pair in groups[strength] if not all(pair in locked for locked in ends)]
        said += [
            Step({one: votes[one, other], other: votes[other, one]}, _open(one, other, pair in _any(ends)))
            for pair in left
            for one, other in [pair]
        ]
    orders = [_peel(ballots.candidates, dict.fromkeys(locked, True)) for locked in ends]
    winners = [one for one in ballots.candidates if any(one in topmost(order, seats) for order in orders)]
    places = [{one: place for place, tier in enumerate(order) for one in tier} for order in orders]
    spans = {one: (min(p[one] for p in places), max(p[one] for p in places)) for one in ballots.candidates}
    return _counted(votes, by_span(ballots.candidates, spans), winners, seats, said)


def _lock(locked: frozenset, pairs: list) -> set[frozenset]:
    """Every way to lock equally strong pairs on top of those locked already."""
    ends, waiting, seen = set(), [locked], set()
    while waiting:
        now = waiting.pop()
        if now in seen:
            continue
        seen.add(now)
        open_ = [pair for pair in pairs if pair not in now and not _reaches(now, pair[1], pair[0])]
        circular = [pair for pair in open_ if _reaches(now.union(open_), pair[1], pair[0])]
        if not circular:
            ends.add(now.union(open_))
        elif len(seen) > MOST_WAYS:
            return {locked}
        else:
            sure = now.union(set(open_) - set(circular))
            waiting += [sure.union([pair]) for pair in circular]
    return ends


def _reaches(pairs, start: Candidate, goal: Candidate) -> bool:
    onward = defaultdict(list)
    for one, other in pairs:
        onward[one].append(other)
    waiting, seen = [start], set()
    while waiting:
        now = waiting.pop()
        if now == goal:
            return True
        if now not in seen:
            seen.add(now)
            waiting += onward[now]
    return False


def _peel(names, above: dict) -> Tiers:
    """Tiers of those whom nobody left is above, again and again."""
    left, tiers = list(names), []
    while left:
        tier = [one for one in left if not any(above.get((other, one)) for other in left if other != one)]
        tiers.append(tier)
        left = [one for one in left if one not in tier]
    return tiers


def _any(ends) -> frozenset:
    return frozenset().union(*ends)


def _counted(votes: Duels, order: Tiers, winners: list, seats: int, reasons: list[Step]) -> Count:
    names = [one for tier in order for one in tier]
    rounds = [_duel(one, other, votes) for one, other in combinations(names, 2)]
    best = [one for one in names if all(votes[one, k] > votes[k, one] for k in names if k != one)]
    if best and seats == 1:
        reasons = [Step({}, f"{best[0]} beats everybody else, one by one.")]
    won = {one: Fraction(sum(votes[one, k] > votes[k, one] for k in names if k != one)) for one in names}
    return Count(winners, order, [*rounds, *reasons, Step(won, verdict(winners, seats))])


def _duel(one: Candidate, other: Candidate, votes: Duels) -> Step:
    if votes[one, other] < votes[other, one]:
        one, other = other, one
    mine, theirs = votes[one, other], votes[other, one]
    beats = "beats" if mine > theirs else "ties with"
    return Step({one: mine, other: theirs}, f"{one} {beats} {other} by {figure(mine)} to {figure(theirs)}.")


def _path(one: Candidate, other: Candidate, there: Fraction, back: Fraction) -> Step:
    if there < back:
        one, other, there, back = other, one, back, there
    verb = f"{one} stands above {other}" if there > back else f"{one} and {other} are level"
    words = f"{verb}: the strongest path there has {figure(there)} votes, the one back {figure(back)}."
    return Step({one: there, other: back}, words)


def _open(one: Candidate, other: Candidate, sometimes: bool) -> str:
    if sometimes:
        return f"{one} over {other} closes a circle with defeats as strong: each way to break it is followed."
    return f"{one} over {other} is left out: it closes a circle with stronger defeats."
