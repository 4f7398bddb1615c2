"""Who watches what: each film its jurors, within each juror's minutes, and nobody a film they are tied to."""

from fractions import Fraction

import numpy as np

from judging.tally.assignment.exchange import even_out, in_bounds
from judging.tally.assignment.flow import deal
from judging.tally.assignment.hand import Hand, even
from judging.tally.assignment.refusal import Infeasible, out_of_bounds, too_few_jurors, too_much_film

__all__ = ["SPREAD", "Infeasible", "assign", "components", "fair_limits", "viewing_order"]

EXACT_CELLS = 4000  # films times jurors up to which an exact search is worth its seconds
SPREAD = Fraction(1, 10)  # of a fair share, that a juror's minutes may lie off it


def assign(
    minutes, limits, conflicts, *, reviews, sections=None, kept=(), apt=None, seed: int = 0
) -> np.ndarray:
    """Give every film its jurors, so that everybody watches for about as long within their limits.

    Films are dealt from the longest to the shortest in blocks, each block by a min-cost flow that prices how
    far a juror is ahead of their share, how much of their list one section makes up, and chance. Then films
    are handed on or exchanged until shares are even. Small juries that still do not fit are searched exactly.

    Against collusion a lot shuts each film to half of the jury: nobody's hope of a certain film is much
    better than even, whatever they claim to know. The lot gives way where limits or ties leave no choice.

    Args:
        minutes: (n,) length of each film, in minutes or any one unit.
        limits: (m, 2) fewest and most minutes of each juror.
        conflicts: (c, 2) pairs of film and juror that must not meet.
        reviews: how many jurors each film shall have: one number, or (n,).
        sections: (n,) section of each film. Where possible no section makes up more than two thirds of a
            juror's list, so that at least one review in three crosses sections.
        kept: (k, 2) pairs that stand already. They stay, unless they have become a conflict, or limits and
            `reviews` cannot be met with them; then as few as possible go.
        apt: (n, m) pairs that are better than others, since the juror knows most about such films; taken
            where chance and fair shares leave the choice.
        seed: decides by chance among what is equally good, so that nobody can foresee a pair; the same seed
            deals the same hands.

    Returns:
        (n × reviews, 2) pairs of film and juror, those kept included, sorted by film.

    Raises:
        Infeasible: it cannot be done; `reason` and `remedy` are one sentence each.
        ValueError: shapes do not fit, an index is out of range, or fewest is above most.

    Source:
        Randomised against collusion as S. Jecmen et al., Mitigating manipulation in peer review via
        randomized reviewer assignments, NeurIPS 2020, arXiv:2006.16437; longest first as R. L. Graham,
        Bounds on multiprocessing timing anomalies, SIAM Journal on Applied Mathematics 17 (1969) 416-429.
    """
    hand = Hand.lay(minutes, limits, conflicts, reviews=reviews, sections=sections, kept=kept, seed=seed)
    if apt is not None:
        hand.apt |= np.asarray(apt, bool).reshape(hand.free.shape)
    too_few_jurors(hand)
    deal(hand)
    even_out(hand, hand.given & ~hand.kept)
    if not in_bounds(hand):
        hand.shut[:] = False
        even_out(hand, hand.given & ~hand.kept)
    if not in_bounds(hand):
        even_out(hand, hand.given)
    if not in_bounds(hand) and hand.free.size <= EXACT_CELLS:
        from judging.tally.assignment.exact import search  # CP-SAT takes a second to load

        search(hand)
    if not in_bounds(hand):
        too_much_film(hand)
        out_of_bounds(hand)
    return np.argwhere(hand.given)


def fair_limits(minutes, conflicts, jurors: int, *, reviews, most=None, spread=SPREAD) -> np.ndarray:
    """Limits around what would be fair: each juror's share of the films they may watch.

    Args:
        minutes: (n,) length of each film.
        conflicts: (c, 2) pairs of film and juror that must not meet; whole sections may be closed by them.
        jurors: m, how many jurors there are.
        reviews: jurors a film, one number or (n,).
        most: (m,) the most each juror will watch, where some have limits of their own; inf where not.
        spread: how far a juror may lie off their share, as a part of it; never less than the longest film,
            for a film cannot be divided.

    Returns:
        (m, 2) fewest and most, in the unit of `minutes`.
    """
    minutes = np.asarray(minutes, float)
    may = np.ones((len(minutes), jurors))
    may[tuple(np.asarray(list(conflicts), int).reshape(-1, 2).T)] = 0
    work, pull = minutes * np.broadcast_to(reviews, minutes.shape), np.ones(jurors)
    most = np.full(jurors, np.inf) if most is None else np.asarray(most, float)
    share = np.zeros(jurors)
    for _ in range(40):  # shares settle as the busy pull less and the idle more
        chance = may * pull
        share = work @ (chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300))
        goal = even(share.sum(), np.zeros(jurors), most)
        pull *= np.sqrt(goal / np.maximum(share, 1e-9)) if share.any() else 1
        pull /= pull.max() if pull.size else 1
    room = np.maximum(float(spread) * share, minutes.max(initial=0))
    high = np.minimum(share + room, most)
    return np.stack([np.clip(share - room, 0, high), high], axis=1)


def viewing_order(minutes, *, seed) -> np.ndarray:
    """In which order a juror watches their list: by chance, and long films spread over all of it.

    Args:
        minutes: (n,) lengths.
        seed: anything numpy takes for a seed, one to each juror.

    Returns:
        (n,) indices of films, first to last. Of the longest, the middle and the shortest third each has its
        films as far apart as they can be.
    """
    minutes, chance = np.asarray(minutes, float), np.random.default_rng(seed)
    place = np.empty(len(minutes))
    for third in np.array_split(np.argsort(-minutes, kind="stable"), 3):
        start = chance.random()
        place[chance.permutation(third)] = (np.arange(len(third)) + start) / max(len(third), 1)
    return np.argsort(place, kind="stable")


def components(pairs, films: int, jurors: int) -> np.ndarray:
    """(m,) which group each juror belongs to: jurors of two groups have no chain of common films.

    Marks of different groups cannot be compared, since nobody's severity is known beside the other's.
    """
    group = np.arange(films + jurors)
    pairs = np.asarray(pairs, int).reshape(-1, 2) + np.array([0, films])
    while True:
        low = group.copy()
        np.minimum.at(low, pairs[:, 0], group[pairs[:, 1]])
        np.minimum.at(low, pairs[:, 1], low[pairs[:, 0]])
        if (low == group).all():
            return np.unique(group[films:], return_inverse=True)[1]
        group = low
