"""Handing films on and exchanging them until everybody's minutes are near their share."""

import numpy as np

from judging.tally.assignment.hand import TINY, Hand

CLOSE = 0.01  # of the mean share: an exchange that gains less is not worth making


def in_bounds(hand: Hand) -> bool:
    """Whether every juror's minutes lie within their limits."""
    low, high = hand.limits.T
    return bool(((hand.load >= low - TINY) & (hand.load <= high + TINY)).all())


def even_out(hand: Hand, movable: np.ndarray) -> None:
    """Bring lists closer to their shares by moving pairs that are `movable` (n, m); in place.

    Every step brings two jurors closer to their shares, so it ends.
    """
    room = hand.section_room()
    share = hand.share()
    low, high = hand.limits[hand.limits[:, 1] > 0].T
    narrowest = (high - low).min(initial=np.inf)
    close = max(min(CLOSE * hand.work / max(len(share), 1), narrowest / 4), TINY)
    movable = movable.copy()
    moved = True
    while moved:
        moved = False
        off = hand.load - share
        for busy in np.argsort(-off, kind="stable"):
            if not movable[:, busy].any():
                continue
            for idle in np.argsort(off, kind="stable"):
                off = hand.load - share
                gap = off[busy] - off[idle]
                if gap <= 2 * close or max(off[busy], -off[idle]) <= close:
                    break
                if _exchange(hand, movable, room, busy, idle, gap, close):
                    moved = True
                    break


def _exchange(hand: Hand, movable, room, busy: int, idle: int, gap: float, close: float) -> bool:
    """Make the best hand-over or exchange between two, if there is a good one."""
    over = np.flatnonzero(movable[:, busy] & _may(hand, idle))
    back = np.flatnonzero(movable[:, idle] & _may(hand, busy))
    if not over.size:
        return False
    shift = hand.minutes[over][:, None] - np.append(hand.minutes[back], 0)[None, :]
    gain = np.minimum(shift, gap - shift)
    if room.shape[1] > 1:
        gain[_crowds(hand, room, busy, idle, over, back)] = -np.inf
    best = gain.max()
    if best <= close:
        return False
    options = np.argwhere(gain >= best - TINY)
    i, k = options[hand.chance.integers(len(options))]
    _move(hand, movable, over[i], busy, idle)
    if k < len(back):
        _move(hand, movable, back[k], idle, busy)
    return True


def _may(hand: Hand, juror: int) -> np.ndarray:
    """(n,) films that may go to this juror now."""
    return hand.free[:, juror] & ~hand.given[:, juror] & ~hand.shut[:, juror]


def _crowds(hand: Hand, room, busy: int, idle: int, over, back) -> np.ndarray:
    """(over, back + 1) exchanges after which a section makes up too much of somebody's list."""
    full = [hand.crowds[juror] >= room[juror] for juror in (busy, idle)]
    comes, goes = hand.sections[over][:, None], np.append(hand.sections[back], -1)[None, :]
    other = comes != goes
    return other & (full[1][comes] | (full[0][goes] & (goes >= 0)))


def _move(hand: Hand, movable, film: int, giver: int, taker: int) -> None:
    hand.take([film], [giver])
    hand.give([film], [taker])
    movable[film, giver], movable[film, taker] = False, True
