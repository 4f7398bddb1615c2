"""Who watches what: each film its jurors, with the minutes of film spread evenly."""

import numpy as np

CLOSE = 0.01  # of the mean load: a hand-over that gains less is not worth making


class Infeasible(Exception):
    """Some films cannot have as many jurors as they should.

    `short` maps the index of each such film to how many jurors it lacks.
    """

    def __init__(self, short: dict[int, int]):
        self.short = short
        super().__init__(f"{len(short)} films have too few jurors who may judge them")


def assign(minutes, jurors: int, conflicts, *, reviews, kept=(), seed: int = 0) -> np.ndarray:
    """Deal films to jurors so that each juror watches for about as long as any other.

    Films with the fewest possible jurors come first, then the longest; each goes to those who have the
    fewest minutes so far. Then films are handed from the busier to the less busy, or swapped, for as long
    as that brings two jurors closer together. Where everyone may judge everything, no two jurors end up
    further apart than the longest film.

    Args:
        minutes: (n,) length of each film, in minutes, or in any one unit.
        jurors: m, how many jurors there are.
        conflicts: (c, 2) pairs of film and juror that must not meet.
        reviews: how many jurors each film shall have, those kept included: one number, or (n,).
        kept: (k, 2) pairs of film and juror that stand already; they count, and are not moved.
        seed: breaks ties; the same seed deals the same hands.

    Returns:
        (new, 2) pairs of film and juror that come on top of `kept`, sorted by film.

    Raises:
        Infeasible: a film has fewer jurors without a conflict than it needs.

    Source:
        R. L. Graham, Bounds on multiprocessing timing anomalies, SIAM Journal on Applied Mathematics 17
        (1969) 416-429: longest first, each to the least loaded.
    """
    minutes = np.asarray(minutes, float)
    free, given = np.ones((len(minutes), jurors), bool), np.zeros((len(minutes), jurors), bool)
    free[tuple(_pairs(conflicts).T)] = False
    given[tuple(_pairs(kept).T)] = True
    free &= ~given
    lacking = np.maximum(np.broadcast_to(reviews, minutes.shape) - given.sum(axis=1), 0)
    choice = free.sum(axis=1)
    if (choice < lacking).any():
        raise Infeasible({int(i): int(lacking[i] - choice[i]) for i in np.flatnonzero(choice < lacking)})

    if not lacking.any():
        return np.empty((0, 2), int)
    load, lots = minutes @ given, np.random.default_rng(seed).permutation(jurors)
    new = np.zeros_like(given)
    for film in np.lexsort((-minutes, choice)):
        order = np.lexsort((lots, load, ~free[film]))[: lacking[film]]
        new[film, order] = True
        load[order] += minutes[film]
    _even_out(new, free, minutes, load)
    return np.argwhere(new)


def _pairs(pairs) -> np.ndarray:
    return np.asarray(list(pairs), int).reshape(-1, 2)


def _even_out(new, free, minutes, load) -> None:
    """Hand films from the busier to the less busy, or swap two, while their loads come closer; in place."""
    slack, moved = CLOSE * load.mean(), True
    while moved:
        moved = False
        for busy in np.argsort(-load, kind="stable"):
            for idle in np.argsort(load, kind="stable"):
                gap = load[busy] - load[idle]
                if gap <= 2 * slack:
                    continue
                over = np.flatnonzero(new[:, busy] & free[:, idle] & ~new[:, idle])
                back = np.flatnonzero(new[:, idle] & free[:, busy] & ~new[:, busy])
                shift = minutes[over][:, None] - np.append(minutes[back], 0)[None, :]
                gain = np.minimum(shift, gap - shift)
                if not gain.size or gain.max() <= slack:
                    continue
                i, k = np.unravel_index(gain.argmax(), gain.shape)
                new[over[i], busy], new[over[i], idle] = False, True
                if k < len(back):
                    new[back[k], idle], new[back[k], busy] = False, True
                load[busy] -= shift[i, k]
                load[idle] += shift[i, k]
                moved = True
