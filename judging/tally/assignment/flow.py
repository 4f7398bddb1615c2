"""Dealing in blocks: each block of films is a min-cost flow from films to jurors."""

from dataclasses import dataclass, field

import numpy as np

from judging.tally.assignment.hand import Hand

VIEWS = 4  # a block gives each juror about so many films
CHOICE = 24  # jurors, drawn by chance, among whom a film of a large festival chooses
AHEAD = 1000  # price of a film beyond a juror's share; chance is worth up to a third of it
CHANCE = 333
UNAPT = 250  # price of a film on which another juror knows more: chance may still decide otherwise
CROWDED = 4000  # price of a film of a section that makes up too much of the list
STEPS = 6  # films beyond the share after which the price no longer rises


def deal(hand: Hand) -> None:
    """Give every film what it lacks, those with little choice first, then the longest; in place."""
    lacking = hand.lacking.copy()
    waiting = np.flatnonzero(lacking)
    if not waiting.size:
        return
    choice = hand.free[waiting].sum(axis=1)
    scarce = choice < 2 * hand.need[waiting] + 2
    luck = hand.chance.random(len(waiting))
    waiting = waiting[np.lexsort((luck, -hand.minutes[waiting], ~scarce))]
    blocks = np.ceil(lacking[waiting].sum() / (VIEWS * hand.free.shape[1]))
    share, room = hand.share(), hand.section_room()
    for block in np.array_split(waiting, int(max(blocks, 1))):
        _deal_block(hand, block, share, room)


def _deal_block(hand: Hand, block: np.ndarray, share: np.ndarray, room: np.ndarray) -> None:
    lacking, weight = hand.lacking[block], hand.weight
    left = np.maximum(share - hand.load, 0)
    work = weight[block] @ lacking
    part, length = work / (weight @ hand.lacking), work / lacking.sum()
    fair = left * part / length if left.any() else np.zeros_like(left)
    row, jurors = _arcs(hand, block)
    n, m = len(block), len(share)
    juror_at, sink, crowd_at = n + np.arange(m), n + m, n + m + 1
    net = _Net()
    ends = _crowds(net, hand, room, fair, juror_at, crowd_at)
    price = hand.chance.integers(0, CHANCE, len(row)) + UNAPT * ~hand.apt[block[row], jurors]
    dealt = net.arcs(row, ends[jurors, hand.sections[block[row]]], 1, price)
    for step in range(int(np.ceil(fair.max(initial=0))) + STEPS):
        ahead = np.clip(step + 0.5 - fair, -STEPS, STEPS)
        last = step + 0.5 - fair >= STEPS - 1
        net.arcs(juror_at, sink, np.where(last, n, 1), ((ahead + STEPS) * AHEAD).astype(int))
    net.supply(np.arange(n), lacking)
    net.supply([sink], [-lacking.sum()])
    chosen = net.solve(dealt)
    hand.give(block[row[chosen]], jurors[chosen])


def _arcs(hand: Hand, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of film, by its row in the block, and juror: for each film some jurors drawn by chance.

    They are half of the jury at most, so that whoever would have a certain film finds it shut to them as
    often as not, whatever they say they know most about. A film that few may have has no such choice.
    """
    open_ = hand.free[block] & ~hand.given[block]
    need, jurors = int(hand.need[block].max()), open_.shape[1]
    most = max(min(max(CHOICE, 4 * need), (jurors + 1) // 2), need + 1)
    if jurors > most:
        lot = np.where(open_, hand.chance.random(open_.shape, np.float32), 2)
        drawn = np.argpartition(lot, most, axis=1)[:, :most]
        some = np.zeros_like(open_)
        np.put_along_axis(some, drawn, True, axis=1)
        if 2 * most >= jurors:  # of larger juries nobody has much hope of a certain film
            hand.shut[block] = open_ & ~some
        open_ &= some
    return np.nonzero(open_)


def _crowds(net: "_Net", hand: Hand, room, fair, juror_at, crowd_at: int) -> np.ndarray:
    """(m, sections) where arcs of films end: at the juror, or first at a place of the section's own.

    Such a place leads to the juror freely while the section has room on the list, and is dear beyond. It is
    needed only where this block could fill the room.
    """
    left = np.maximum(room - hand.crowds, 0).astype(int)
    juror, section = np.nonzero(left < fair[:, None] + STEPS)
    if left.shape[1] == 1:  # one section is no choice
        juror, section = juror[:0], section[:0]
    ends = np.repeat(juror_at[:, None], left.shape[1], axis=1)
    ends[juror, section] = crowd_at + np.arange(len(juror))
    net.arcs(ends[juror, section], juror_at[juror], left[juror, section], 0)
    net.arcs(ends[juror, section], juror_at[juror], len(hand.minutes), CROWDED)
    return ends


@dataclass
class _Net:
    """A network in the making."""

    parts: list[tuple] = field(default_factory=list)
    supplies: list[tuple] = field(default_factory=list)
    count: int = 0

    def arcs(self, start, end, capacity, cost) -> np.ndarray:
        """Add arcs, and return their numbers."""
        part = np.broadcast_arrays(*(np.asarray(column, np.int64) for column in (start, end, capacity, cost)))
        self.parts.append(part)
        self.count += part[0].size
        return np.arange(self.count - part[0].size, self.count)

    def supply(self, nodes, amounts) -> None:
        self.supplies.append((np.asarray(nodes), np.asarray(amounts)))

    def solve(self, arcs: np.ndarray) -> np.ndarray:
        """Which of these arcs carry flow at the least cost."""
        from ortools.graph.python import min_cost_flow  # 82 MB, and only who deals films has a use for it

        solver = min_cost_flow.SimpleMinCostFlow()
        start, end, capacity, cost = (np.concatenate(column) for column in zip(*self.parts, strict=True))
        solver.add_arcs_with_capacity_and_unit_cost(start, end, capacity, cost)
        for nodes, amounts in self.supplies:
            solver.set_nodes_supplies(nodes, amounts)
        if (status := solver.solve()) != solver.OPTIMAL:
            raise RuntimeError(f"the flow of a block found no optimum: {status}")
        return solver.flows(arcs) > 0
