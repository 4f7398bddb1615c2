"""Where the next reviews matter: first a floor for every film, then ever fewer films near the cut."""

from collections import deque

import numpy as np

WIDTH = 8.0  # contenders at first, in places to be filled
PACE = 7.5  # reviews a place after which half as many contend
LEAST = 1.5  # contenders at last, in places to be filled


def next_reviews(
    fit, done, *, budget: int, cut: int, cap, conflicts, floor: int = 2, seed: int = 0
) -> np.ndarray:
    """Who should see what next, so that the best `cut` films are found with `budget` more reviews.

    Films below the floor come first, those with the fewest reviews before others. The rest is dealt by
    successive halving: contenders are the films of the highest quality, and as reviews are spent beyond the
    floor they become fewer; among them the film with the fewest reviews is next. Deal in four or more parts
    and fit anew in between: marks that have come in decide who still contends. Only pairs are returned, so
    that no juror can tell a film that has advanced from any other.

    Args:
        fit: a calibration of n films and m jurors: its `quality` (n,) and its `severity` (m,) are used.
        done: (r, 2) film and juror of every review there is, or is under way.
        budget: how many reviews to deal now.
        cut: how many films will be selected.
        cap: most reviews a juror can have in all, those done included; one number, or (m,).
        conflicts: (c, 2) film and juror that must not meet.
        floor: reviews every film has before any has more.
        seed: breaks ties; the same seed deals the same pairs.

    Returns:
        (budget, 2) film and juror, sorted; none is in `done` or `conflicts`, and none comes twice. Fewer only
        where no more can be dealt at all.

    Raises:
        ValueError: a number is negative, or a pair names a film or a juror that the fit does not know.

    Source:
        Z. Karnin, T. Koren, O. Somekh, Almost optimal exploration in multi-armed bandits, ICML 2013:
        sequential halving. H. W. Kuhn, The Hungarian method for the assignment problem, Naval Research
        Logistics Quarterly 2 (1955) 83-97: making room along a chain of exchanges.
    """
    n, m = len(fit.quality), len(fit.severity)
    if min(budget, cut, floor) < 0 or np.min(cap) < 0:
        raise ValueError("budget, cut, cap and floor must not be negative.")
    done, conflicts = _pairs(done, n, m), _pairs(conflicts, n, m)
    rng = np.random.default_rng(seed)
    free = np.ones((n, m), bool)
    free[tuple(done.T)] = free[tuple(conflicts.T)] = False
    room = np.broadcast_to(cap, m) - np.bincount(done[:, 1], minlength=m)
    table = Table(free, np.maximum(room, 0), lots=rng.permutation(m))
    turns = Turns(fit.quality, np.bincount(done[:, 0], minlength=n), floor, cut, rng)
    while len(table.dealt) < budget and (film := turns.next()) is not None:
        turns.record(film, dealt=table.seat(film))
    return np.array(sorted(table.dealt), int).reshape(-1, 2)


def _pairs(pairs, n: int, m: int) -> np.ndarray:
    pairs = np.asarray(list(pairs), int).reshape(-1, 2)
    if len(pairs) and (pairs.min() < 0 or (pairs.max(axis=0) >= (n, m)).any()):
        raise ValueError("A pair names a film or a juror that is not in the fit.")
    return pairs


class Turns:
    """Which film is next, given how many reviews each has."""

    def __init__(self, quality, count, floor: int, cut: int, rng):
        lots = rng.permutation(len(quality))
        self.order = np.lexsort((lots, -np.asarray(quality)))  # the best first
        self.count = count[self.order]
        self.lots, self.floor, self.cut = lots[self.order], floor, cut
        self.spent = np.maximum(self.count - floor, 0).sum()
        self.open = np.arange(len(self.order))  # ranks of films that some juror can still see

    def next(self) -> int | None:
        """The film whose turn it is, or None where every film has been seen by all who can."""
        if not len(self.open):
            return None
        count = self.count[self.open]
        if count.min() < self.floor:
            return int(self.order[self.open[(count * len(self.order) + self.lots[self.open]).argmin()]])
        return int(self.order[self.open[count[: self._contenders()].argmin()]])

    def _contenders(self) -> int:
        width = WIDTH / (1 + self.spent / (PACE * max(self.cut, 1)))
        return max(1, round(max(width, LEAST) * self.cut))

    def record(self, film: int, *, dealt: bool) -> None:
        """Count a review that was dealt, or take a film out that nobody can see any more."""
        rank = int(np.flatnonzero(self.order == film)[0])
        if dealt:
            self.spent += self.count[rank] >= self.floor
            self.count[rank] += 1
        else:
            self.open = self.open[self.open != rank]


class Table:
    """Jurors with room for more, and the pairs dealt so far."""

    def __init__(self, free: np.ndarray, room: np.ndarray, *, lots: np.ndarray):
        self.free, self.room, self.lots = free, room, lots
        self.dealt: set[tuple[int, int]] = set()
        self.hand: list[set[int]] = [set() for _ in room]  # films dealt now, by juror

    def seat(self, film: int) -> bool:
        """Deal `film` to the juror with the most room; where none has any, let others exchange films.

        Films that cannot be seated now never can be later, so that taking films in turn deals as many
        reviews as there can be.
        """
        came: dict[int, tuple[int, int | None]] = {j: (film, None) for j in self._willing(film)}
        queue = deque(came)
        while queue:
            juror = queue.popleft()
            if self.room[juror] > 0:
                self._exchange(juror, came)
                return True
            for other in sorted(self.hand[juror]):
                for next_juror in self._willing(other):
                    if next_juror not in came:
                        came[next_juror] = other, juror
                        queue.append(next_juror)
        return False

    def _willing(self, film: int) -> list[int]:
        """Jurors who may see `film`, those with the most room first."""
        jurors = np.flatnonzero(self.free[film])
        return jurors[np.lexsort((self.lots[jurors], -self.room[jurors]))].tolist()

    def _exchange(self, juror: int, came: dict[int, tuple[int, int | None]]) -> None:
        """Hand each film along the chain to the juror who was found for it."""
        self.room[juror] -= 1
        taker: int | None = juror
        while taker is not None:
            film, giver = came[taker]
            self.free[film, taker] = False
            self.hand[taker].add(film)
            self.dealt.add((film, taker))
            if giver is not None:
                self.free[film, giver] = True
                self.hand[giver].remove(film)
                self.dealt.remove((film, giver))
            taker = giver
