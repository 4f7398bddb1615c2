"""Counts by transfer: the single transferable vote, and the instant run-off, which is it with one seat."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from judging.tally.counting.ballots import (
    Ballots,
    Candidate,
    Count,
    Step,
    by_span,
    figure,
    listed,
    verdict,
)

MOST_PATHS = 1000  # of ties, followed one by one; beyond so many, all who remain at the first tie are tied
DEEPEST = 50  # ties that hang on one another


def stv(ballots: Ballots, seats: int) -> Count:
    """The single transferable vote with weighted inclusive Gregory transfers, in exact fractions.

    Whoever reaches the quota, floor(votes / (seats + 1)) + 1, is elected; of a surplus every ballot behind
    the candidate passes on the same share of what it is worth, the largest surplus first. When there is
    none, the candidate with the fewest votes leaves, and their ballots go on whole. A tier of several shares
    its vote equally between those of it who remain. Where two are tied to leave, or to pass on first, both
    ways are followed to the end: whoever wins in any of them is among the winners.

    Source:
        The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, part III; here without
        rounding shares to five decimals, and without lots.
    """
    seats = min(seats, len(ballots))
    counting = _Counting(ballots, seats)
    try:
        outcome, rounds = counting.follow(counting.start())
    except _TooManyTies:
        counting = _Counting(ballots, seats, patient=False)
        outcome, rounds = counting.follow(counting.start())
    winners = [one for one in ballots.candidates if any(one in win for win in outcome.wins)]
    last = replace(rounds[-1], words=f"{rounds[-1].words} {verdict(winners, seats)}")
    return Count(winners, by_span(ballots.candidates, outcome.spans), [*rounds[:-1], last])


def irv(ballots: Ballots, seats: int) -> Count:
    """The instant run-off: the last leaves until somebody has more than half. With more seats it is `stv`."""
    return stv(ballots, seats)


class _TooManyTies(Exception):
    """The ties branch further than anybody would wait for."""


@dataclass(frozen=True)
class _Stage:
    """A moment of the count. Two moments that are equal go on alike."""

    hopeful: frozenset
    piles: tuple[tuple[int, Candidate], ...]  # paper, and who holds it; nobody, before it is dealt out
    worth: tuple[Fraction, ...]  # of each pile
    elected: frozenset = frozenset()
    passing: frozenset = frozenset()  # elected, with a surplus still to pass on
    spent: Fraction = Fraction()  # votes with nobody left to go to

    def tallies(self) -> dict[Candidate, Fraction]:
        sums = dict.fromkeys(sorted(self.hopeful, key=str), Fraction())
        for (_, holder), worth in zip(self.piles, self.worth, strict=True):
            sums[holder] = sums.get(holder, Fraction()) + worth
        return sums

    def step(self, words: str) -> Step:
        return Step(self.tallies(), words.strip(), self.spent)


@dataclass
class _Outcome:
    """What can come of a stage, however its ties are broken."""

    wins: set[frozenset] = field(default_factory=set)  # each a set of all who are elected
    spans: dict[Candidate, tuple[int, int]] = field(default_factory=dict)  # best and worst place, from 0

    def place(self, tiers: Iterable[frozenset], above: int) -> None:
        """Put tiers where `above` stand above them."""
        for tier in tiers:
            self.spans |= dict.fromkeys(tier, (above, above))
            above += len(tier)

    def add(self, other: "_Outcome") -> None:
        self.wins |= other.wins
        for one, (best, worst) in other.spans.items():
            low, high = self.spans.get(one, (best, worst))
            self.spans[one] = min(low, best), max(high, worst)


@dataclass
class _Counting:
    """One count, with what has been found from each stage on."""

    ballots: Ballots
    seats: int
    patient: bool = True  # to follow ties
    known: dict[_Stage, tuple] = field(default_factory=dict)

    @property
    def quota(self) -> int:
        return int(self.ballots.total // (self.seats + 1)) + 1

    def start(self) -> _Stage:
        piles = {(paper, None): weight for paper, (weight, _) in enumerate(self.ballots.papers) if weight}
        stage = _Stage(frozenset(self.ballots.candidates), tuple(piles), tuple(piles.values()))
        return self._deal_on(stage, {None}, Fraction(1))

    def follow(self, stage: _Stage, depth: int = 0) -> tuple[_Outcome, list[Step]]:
        """What can come of this stage for those not yet placed, and the rounds of one way it can go."""
        if (begun := stage) in self.known:
            return self.known[stage]
        outcome, rounds = _Outcome(), []
        while True:
            before, (stage, chosen, said) = stage, self._elect(stage)
            outcome.place(chosen, len(before.elected))
            if len(stage.elected) == self.seats:
                outcome.wins.add(stage.elected)
                outcome.place(_by_votes(stage.hopeful, stage.tallies()), self.seats)
                rounds.append(before.step(said or f"{listed(stage.elected)} fill the places."))
                break
            ways, act, cause = self._ways(stage)
            if len(ways) > 1:
                after, more = self._branch(stage, ways, said, act, depth)
                outcome.add(after)
                rounds += more
                break
            rounds.append(before.step(said + cause))
            stage = self._gone(stage, next(iter(ways.values())), outcome)
        self.known[begun] = outcome, rounds
        return outcome, rounds

    def _gone(self, before: _Stage, after: _Stage, outcome: _Outcome) -> _Stage:
        outcome.place([before.hopeful - after.hopeful], len(after.elected) + len(after.hopeful))
        return after

    # What happens next

    def _elect(self, stage: _Stage) -> tuple[_Stage, list[frozenset], str]:
        """Elect all who have reached the quota, or who are no more than the places left."""
        tallies = stage.tallies()
        above = {one for one in stage.hopeful if tallies[one] >= self.quota}
        words = f"{_do(above, 'reaches', 'reach')} the quota of {figure(self.quota)}. "
        if self.seats == 1:
            words = f"{_do(above, 'has', 'have')} more than half of all votes. "
        if len(stage.elected) + len(stage.hopeful) <= self.seats:
            above, words = (
                set(stage.hopeful),
                f"{_do(stage.hopeful, 'takes', 'take')} what is left of the places. ",
            )
        if not above:
            return stage, [], ""
        passing = stage.passing | {one for one in above if tallies[one] > self.quota}
        left, elected = stage.hopeful - above, stage.elected | above
        return (
            replace(stage, hopeful=left, elected=elected, passing=passing),
            _by_votes(above, tallies),
            words,
        )

    def _ways(self, stage: _Stage) -> tuple[dict[str, _Stage], str, str]:
        """Every way to go on, by whom it begins with; what that one does; and what to say if there is one."""
        tallies = stage.tallies()
        if stage.passing:
            most = max(tallies[one] for one in stage.passing)
            first = [one for one in sorted(stage.passing, key=str) if tallies[one] == most]
            ways = {str(one): self._pass_on(stage, one, most) for one in first}
            return ways, "passes on first", f"{first[0]}’s surplus of {figure(most - self.quota)} goes on."
        fewest = min(tallies[one] for one in stage.hopeful)
        last = [one for one in sorted(stage.hopeful, key=str) if tallies[one] == fewest]
        if len(last) > 1 and not self._may_leave_together(stage, tallies, last):
            return {str(one): self._exclude(stage, {one}) for one in last}, "leaves first", ""
        leaves = _do(last, "has the fewest votes and leaves", "have the fewest votes and leave")
        return {str(last[0]): self._exclude(stage, set(last))}, "leaves first", f"{leaves}."

    def _may_leave_together(self, stage: _Stage, tallies: dict, tied: list) -> bool:
        """Whether no order of leaving could save one of the tied, or fill a place meanwhile."""
        others = [tallies[one] for one in stage.hopeful if one not in tied]
        if len(stage.elected) + len(others) < self.seats:
            return False
        together = sum(tallies[one] for one in tied)
        return not together or (self.seats == 1 and together < min(others, default=0))

    def _exclude(self, stage: _Stage, gone: set) -> _Stage:
        stage = replace(stage, hopeful=stage.hopeful - gone)
        if len(stage.elected) + len(stage.hopeful) == self.seats:
            return stage  # nobody needs their votes any more
        return self._deal_on(stage, gone, Fraction(1))

    def _pass_on(self, stage: _Stage, one: Candidate, votes: Fraction) -> _Stage:
        stage = replace(stage, passing=stage.passing - {one})
        return self._deal_on(stage, {one}, (votes - self.quota) / votes)

    def _deal_on(self, stage: _Stage, givers: set, share: Fraction) -> _Stage:
        """Move `share` of what the givers' piles are worth to the next on each paper."""
        piles: dict[tuple[int, Candidate], Fraction] = defaultdict(Fraction)
        spent = stage.spent
        for (paper, holder), worth in zip(stage.piles, stage.worth, strict=True):
            moved = worth * share if holder in givers else Fraction()
            if worth > moved:
                piles[paper, holder] += worth - moved
            heirs = _choice(self.ballots.papers[paper][1], stage.hopeful) if moved else []
            for heir in heirs:
                piles[paper, heir] += moved / len(heirs)
            spent += 0 if heirs else moved
        order = sorted(piles, key=lambda pile: (pile[0], str(pile[1])))
        return replace(stage, piles=tuple(order), worth=tuple(piles[pile] for pile in order), spent=spent)

    # Ties

    def _branch(self, stage: _Stage, ways: dict, said: str, act: str, depth: int) -> tuple[_Outcome, list]:
        """Follow a tie along every path; one round says what hangs on it, then one path is shown."""
        outcome = _Outcome()
        if not self.patient:
            outcome.wins.add(stage.elected | stage.hopeful)
            outcome.place([stage.hopeful], len(stage.elected))
            return outcome, [
                stage.step(f"{said}There are too many ties to follow, so all who are left are tied.")
            ]
        if len(self.known) > MOST_PATHS or depth > DEEPEST:
            raise _TooManyTies
        wins, shown = {}, []
        for name, after in ways.items():
            found, rounds = self.follow(after, depth + 1)
            outcome.add(found)
            whole = _Outcome()
            self._gone(stage, after, whole)
            outcome.add(whole)
            wins[name] = sorted(listed(win) for win in found.wins)
            shown = shown or rounds
        words = f"{listed(ways)} are tied, and whoever {act}, the same win."
        if len({tuple(win) for win in wins.values()}) > 1:
            each = "; ".join(f"if {name} {act}, {' or '.join(win)} can win" for name, win in wins.items())
            words = f"{listed(ways)} are tied: {each}."
        return outcome, [
            stage.step(f"{said}{words} Shown is what follows if {next(iter(ways))} {act}."),
            *shown,
        ]


def _choice(tiers: Iterable, hopeful: frozenset) -> list[Candidate]:
    """Those of the best tier that has anybody left in it."""
    for tier in tiers:
        if left := [one for one in tier if one in hopeful]:
            return left
    return []


def _by_votes(some: Iterable, tallies: dict) -> list[frozenset]:
    heights = sorted({tallies[one] for one in some}, reverse=True)
    return [frozenset(one for one in some if tallies[one] == height) for height in heights]


def _do(who, one: str, several: str) -> str:
    return f"{listed(who)} {one if len(who) == 1 else several}" if who else ""
