"""The table films are dealt on: who may have what, who has what, and what would be fair."""

from dataclasses import dataclass, field

import numpy as np

TINY = 1e-6  # of a minute: rounding of sums, not of films
MOSTLY = 2 / 3  # of a list, that one section may make up


@dataclass
class Hand:
    """n films, m jurors; `given` fills up as films are dealt."""

    minutes: np.ndarray  # (n,)
    limits: np.ndarray  # (m, 2)
    free: np.ndarray  # (n, m) no conflict, and not longer than the juror may watch at all
    long: np.ndarray  # (n, m) no conflict, but longer than that
    need: np.ndarray  # (n,) jurors each film shall have
    sections: np.ndarray  # (n,) numbered from 0
    kept: np.ndarray  # (n, m) pairs that stood before and still may
    chance: np.random.Generator
    work: float = field(init=False)  # all minutes that are to be watched
    apt: np.ndarray = field(init=False)  # (n, m) pairs that are better than others
    shut: np.ndarray = field(init=False)  # (n, m) pairs that the lot is against; it gives way to limits
    given: np.ndarray = field(init=False)  # (n, m)
    load: np.ndarray = field(init=False)  # (m,) minutes on each list
    lacking: np.ndarray = field(init=False)  # (n,) jurors each film still lacks
    crowds: np.ndarray = field(init=False)  # (m, sections) films of each section on each list

    def __post_init__(self):
        self.work = float((self.minutes * self.need).sum())
        self.given, self.apt, self.shut = (np.zeros_like(self.kept) for _ in range(3))
        self.load, self.lacking = np.zeros(len(self.limits)), self.need.copy()
        self.crowds = np.zeros((len(self.limits), self.sections.max(initial=0) + 1), int)
        self.give(*np.nonzero(self.kept))

    @classmethod
    def lay(cls, minutes, limits, conflicts, *, reviews, sections, kept, seed) -> "Hand":
        """Check the figures and lay the table, with what is kept on it."""
        minutes = np.asarray(minutes, float)
        limits = np.asarray(limits, float).reshape(-1, 2)
        if minutes.ndim != 1 or not np.isfinite(minutes).all() or (minutes < 0).any():
            raise ValueError("minutes must be (n,) lengths, not negative")
        if np.isnan(limits).any() or (limits[:, 0] > limits[:, 1]).any():
            raise ValueError("limits must be (m, 2), fewest not above most")
        shape = len(minutes), len(limits)
        free = np.ones(shape, bool)
        free[_pairs(conflicts, shape)] = False
        long = free & (minutes[:, None] > limits[None, :, 1] + TINY)
        free &= ~long
        need = np.broadcast_to(np.asarray(reviews, int), minutes.shape)
        if (need < 0).any():
            raise ValueError("reviews must not be negative")
        stands = np.zeros(shape, bool)
        stands[_pairs(kept, shape)] = True
        sections = np.zeros(len(minutes)) if sections is None else np.asarray(sections)
        if sections.shape != minutes.shape:
            raise ValueError("sections must be (n,), one to each film")
        numbered = np.unique(sections, return_inverse=True)[1].reshape(-1)
        hand = cls(minutes, limits, free, long, need, numbered, stands & free, np.random.default_rng(seed))
        hand._trim()
        return hand

    def _trim(self) -> None:
        """Let go of what is kept beyond a juror's most minutes, the longest first, or a film's number."""
        for juror in np.flatnonzero(self.load > self.limits[:, 1] + TINY):
            held = np.flatnonzero(self.given[:, juror])
            held = held[np.argsort(self.minutes[held], kind="stable")]
            gone = held[np.cumsum(self.minutes[held]) > self.limits[juror, 1] + TINY]
            self.take(gone, np.full(len(gone), juror))
        for film in np.flatnonzero(self.lacking < 0):
            held = np.flatnonzero(self.given[film])
            gone = held[np.argsort(self.load[held], kind="stable")][self.need[film] :]
            self.take(np.full(len(gone), film), gone)
        self.kept = self.given.copy()

    def give(self, films, jurors) -> None:
        """Put films on lists, pair by pair."""
        self._move(films, jurors, True)

    def take(self, films, jurors) -> None:
        """Take films off lists, pair by pair."""
        self._move(films, jurors, False)

    def _move(self, films, jurors, on: bool) -> None:
        way = 1 if on else -1
        self.given[films, jurors] = on
        np.add.at(self.load, jurors, way * self.minutes[films])
        np.subtract.at(self.lacking, films, way)
        np.add.at(self.crowds, (jurors, self.sections[films]), way)

    @property
    def weight(self) -> np.ndarray:
        """(n,) minutes, and a little more, so that films without a length are shared out too."""
        return self.minutes + (self.minutes.mean() / 1000 or 1.0)

    def share(self) -> np.ndarray:
        """(m,) minutes each juror should watch: the same for all, as far as limits let them."""
        return even(self.work, *self.limits.T)

    def section_room(self) -> np.ndarray:
        """(m, sections) films of each section a juror may have before it makes up too much of their list."""
        films = np.bincount(self.sections, self.need)
        part = np.maximum(MOSTLY, films / max(films.sum(), 1))
        share = self.share()
        count = self.need.sum() * share / max(share.sum(), TINY)
        return np.floor(count[:, None] * part[None, :])


def even(work: float, low, high) -> np.ndarray:
    """(m,) parts of `work`, all the same as far as each may lie only between `low` and `high`."""
    top = np.minimum(high, work)
    if not len(top) or not low.sum() <= work <= top.sum():
        return np.full(len(top), work / max(len(top), 1))
    least, most = 0.0, work
    for _ in range(60):
        level = (least + most) / 2
        if np.clip(level, low, top).sum() < work:
            least = level
        else:
            most = level
    return np.clip(most, low, top)


def _pairs(pairs, shape) -> tuple[np.ndarray, np.ndarray]:
    pairs = np.asarray(pairs if isinstance(pairs, np.ndarray) else list(pairs), int).reshape(-1, 2)
    if pairs.size and ((pairs < 0).any() or (pairs.max(axis=0) >= shape).any()):
        raise ValueError("a pair names a film or a juror that does not exist")
    return pairs[:, 0], pairs[:, 1]
