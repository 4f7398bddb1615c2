"""Counts that add up: plurality, approval, Borda, and panels without their extremes."""

from fractions import Fraction

import numpy as np

from judging.tally.counting.ballots import Ballots, Count, Step, figure, in_tiers, topmost, verdict


def plurality(ballots: Ballots, seats: int) -> Count:
    """One vote a ballot, for its best tier; a tier of several shares the vote equally."""
    votes = dict.fromkeys(ballots.candidates, Fraction())
    for weight, tiers in ballots.papers:
        for one in tiers[0] if tiers else ():
            votes[one] += weight / len(tiers[0])
    return _most(votes, seats, "Each ballot is one vote for its first choice")


def approval(ballots: Ballots, seats: int) -> Count:
    """A full vote for everybody in a ballot's best tier: those are whom it approves of."""
    votes = dict.fromkeys(ballots.candidates, Fraction())
    for weight, tiers in ballots.papers:
        for one in tiers[0] if tiers else ():
            votes[one] += weight
    return _most(votes, seats, "Each ballot is a vote for everybody it approves of")


def borda(ballots: Ballots, seats: int) -> Count:
    """A point for everybody ranked below, half a point for everybody ranked alike.

    Source:
        J.-C. de Borda, Mémoire sur les élections au scrutin (1781); ties by the mean of their points.
    """
    points = dict.fromkeys(ballots.candidates, Fraction())
    for (weight, _), row in zip(ballots.papers, _points(ballots), strict=True):
        for one, point in zip(ballots.candidates, row, strict=True):
            points[one] += weight * point
    return _most(points, seats, "A candidate gets a point from each ballot for everybody ranked below them")


def trimmed(ballots: Ballots, seats: int, *, drop: int = 1) -> Count:
    """Mean Borda points after the best and the worst `drop` votes for each candidate are left out.

    With no more votes than would be left out, nothing is left out.
    """
    points = _points(ballots)
    weights = [weight for weight, _ in ballots.papers]
    cut = Fraction(drop) if ballots.total > 2 * drop else Fraction()
    means = {
        one: _mean_within([*zip(column, weights, strict=True)], ballots.total, cut)
        for one, column in zip(ballots.candidates, zip(*points, strict=True), strict=True)
    } or dict.fromkeys(ballots.candidates, Fraction())
    left_out = f", the best and the worst {drop} for each left out" if cut else ""
    return _most(means, seats, f"The mean of each candidate's points{left_out}")


def trimmed_mean(scores, drop: int = 1) -> np.ndarray:
    """Mean of a panel's scores for each item without the highest and the lowest `drop`.

    Args:
        scores: (panel, items) in any unit, NaN where somebody gave none.
        drop: how many to leave out at each end. An item with no more than 2 × `drop` scores keeps all.

    Returns:
        (items,) means in the scores' unit, NaN for an item without a score.

    Raises:
        ValueError: `scores` is not a table, or `drop` is negative.

    Source:
        The International Skating Union's judging system: of a panel of nine the highest and the lowest score
        are left out and the other seven averaged.
    """
    scores = np.sort(np.asarray(scores, float), axis=0)  # NaN last
    if scores.ndim != 2 or drop < 0:
        raise ValueError("scores must be a table of (panel, items), and drop not negative")
    many = (~np.isnan(scores)).sum(axis=0)
    cut = np.where(many > 2 * drop, drop, 0)
    place = np.arange(len(scores))[:, None]
    inside = (place >= cut) & (place < many - cut)
    with np.errstate(invalid="ignore"):
        return np.where(inside, scores, 0).sum(axis=0) / inside.sum(axis=0)


def _points(ballots: Ballots) -> list[list[Fraction]]:
    """Of each paper, the points of each candidate."""
    rows = []
    for places in ballots.places:
        below = (places[:, None] < places[None, :]).sum(axis=1)
        alike = (places[:, None] == places[None, :]).sum(axis=1) - 1
        rows.append([Fraction(int(2 * b + a), 2) for b, a in zip(below, alike, strict=True)])
    return rows


def _mean_within(column: list[tuple[Fraction, Fraction]], total: Fraction, cut: Fraction) -> Fraction:
    """Mean of weighted values between `cut` from the bottom and `cut` from the top."""
    reached, summed = Fraction(), Fraction()
    for value, weight in sorted(column):
        inside = min(reached + weight, total - cut) - max(reached, cut)
        summed += value * max(inside, Fraction())
        reached += weight
    return summed / (total - 2 * cut) if total else Fraction()


def _most(figures: dict, seats: int, rule: str) -> Count:
    order = in_tiers(figures)
    winners = topmost(order, seats)
    table = "; ".join(f"{one} {figure(figures[one])}" for tier in order for one in tier)
    return Count(winners, order, [Step(figures, f"{rule}: {table}. {verdict(winners, seats)}")])
