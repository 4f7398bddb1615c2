"""What every count starts from: checked ballots, exact weights, and the words of a transcript."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite
from numbers import Rational

import numpy as np

Candidate = Hashable
Tiers = list[list[Candidate]]


@dataclass(frozen=True)
class Step:
    """One round of a count, fit for a public page."""

    tallies: Mapping[Candidate, Fraction]  # votes, points or means of those this round is about
    words: str  # what was counted and what was done
    spent: Fraction = Fraction()  # votes that have nobody left to go to


@dataclass(frozen=True)
class Count:
    """What a count found."""

    winners: list[Candidate]  # all who win; more than there are seats where they are tied
    order: Tiers  # everybody, best tier first; a tier of two or more is a tie
    rounds: list[Step]


@dataclass(frozen=True)
class Ballots:
    """Ballots that have been checked: no candidate twice on one, no weight below nothing."""

    candidates: list[Candidate]
    papers: list[tuple[Fraction, Tiers]]

    @cached_property
    def total(self) -> Fraction:
        """All votes there are."""
        return sum((weight for weight, _ in self.papers), Fraction())

    @cached_property
    def places(self) -> np.ndarray:
        """(papers, candidates) number of the tier each stands in, from 0; the unranked share the last."""
        known = {candidate: column for column, candidate in enumerate(self.candidates)}
        table = np.full((len(self.papers), len(known)), len(known))
        for row, (_, tiers) in enumerate(self.papers):
            for place, tier in enumerate(tiers):
                table[row, [known[candidate] for candidate in tier]] = place
        return table

    def __len__(self):
        return len(self.candidates)


def read(ballots: Iterable, candidates: Iterable[Candidate] | None = None) -> Ballots:
    """Check ballots and make their weights exact.

    Raises:
        ValueError: nobody to count, somebody twice on a ballot, somebody who does not stand, or a weight
            that is negative or no number.
    """
    papers = [(_weight(weight), [list(tier) for tier in tiers if len(tier)]) for weight, tiers in ballots]
    named = list(dict.fromkeys(one for _, tiers in papers for tier in tiers for one in tier))
    standing = named if candidates is None else list(dict.fromkeys(candidates))
    if strangers := set(named) - set(standing):
        raise ValueError(f"{listed(strangers)} does not stand, and is on a ballot")
    if not standing:
        raise ValueError("there is nobody to count: no ballot names a candidate")
    for _, tiers in papers:
        flat = [one for tier in tiers for one in tier]
        if len(set(flat)) < len(flat):
            raise ValueError(f"a ballot names a candidate twice: {tiers}")
    return Ballots(sorted(standing, key=str), papers)


def _weight(weight) -> Fraction:
    if isinstance(weight, Rational):
        exact = Fraction(weight)
    elif isfinite(weight):
        exact = Fraction(str(float(weight)))  # the decimal that is printed, not the nearest binary
    else:
        raise ValueError(f"a ballot's weight must be a number, not {weight}")
    if exact < 0:
        raise ValueError(f"a ballot's weight must not be negative, as {weight} is")
    return exact


def in_tiers(figures: Mapping[Candidate, object]) -> Tiers:
    """Candidates by their figure, highest first, equals in one tier."""
    heights = sorted(set(figures.values()), reverse=True)
    return [[one for one, height in figures.items() if height == top] for top in heights]


def by_span(candidates: Iterable[Candidate], spans: Mapping[Candidate, tuple[int, int]]) -> Tiers:
    """One order out of several: by the best place any of them gives, then by the worst."""
    tiers = sorted(set(spans.values()))
    return [[one for one in candidates if spans[one] == span] for span in tiers]


def topmost(order: Tiers, seats: int) -> list[Candidate]:
    """Those who fill the seats; where the last seat is tied for, all who tie."""
    chosen: list[Candidate] = []
    for tier in order:
        if len(chosen) >= seats:
            break
        chosen += tier
    return chosen


def figure(votes) -> str:
    """1,234 or 12.33, as people write votes."""
    return f"{int(votes):,}" if votes == int(votes) else f"{float(votes):,.2f}"


def listed(names: Iterable[Candidate]) -> str:
    """A, B and C."""
    *head, last = sorted(str(name) for name in names)
    return f"{', '.join(head)} and {last}" if head else last


def verdict(winners: list[Candidate], seats: int) -> str:
    """The last sentence of a count."""
    if len(winners) > seats == 1:
        return f"{listed(winners)} are tied for the win."
    if len(winners) > seats:
        return f"{listed(winners)} have won, or are tied for the last of {seats} places."
    return f"{listed(winners)} {'has' if len(winners) == 1 else 'have'} won."
