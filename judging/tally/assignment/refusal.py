"""Saying no: why films cannot be dealt, and the smallest thing that would help."""

from math import ceil, floor

import numpy as np

from judging.tally.assignment.hand import TINY, Hand


class Infeasible(Exception):
    """The films cannot be dealt as asked.

    `reason` and `remedy` are one sentence each; `short` maps films to how many jurors they lack.
    """

    def __init__(self, reason: str, remedy: str, short: dict[int, int] | None = None):
        self.reason, self.remedy, self.short = reason, remedy, short or {}
        super().__init__(f"{reason} {remedy}")


def too_few_jurors(hand: Hand) -> None:
    """Refuse where a film has fewer jurors who may watch it than it needs."""
    can = hand.free.sum(axis=1)
    short = {int(film): int(hand.need[film] - can[film]) for film in np.flatnonzero(can < hand.need)}
    if not short:
        return
    if not len(hand.limits):
        raise Infeasible("There is no juror.", f"Seat {jurors(hand.need.max())}.", short)
    film = max(short, key=lambda film: short[film])
    more = f", and {len(short) - 1} more films are short" if len(short) > 1 else ""
    remedy = f"Seat {jurors(short[film], ' more')} without a conflict"
    if hand.long[film].sum() >= short[film]:
        remedy += f", or raise the most minutes to {ceil(hand.minutes[film] - TINY)}"
    elif can[film]:
        remedy += f", or ask for {can[film]} a film"
    raise Infeasible(
        f"Film {film} needs {jurors(hand.need[film])} and has {can[film] or 'none'} who may watch it{more}.",
        f"{remedy}.",
        short,
    )


def too_much_film(hand: Hand) -> None:
    """Refuse where all jurors together may not watch so much, or would have to watch more than there is."""
    low, high = hand.limits.T
    if hand.work > high.sum() + TINY:
        seats = ceil((hand.work - high.sum()) / high.max()) if high.size and high.max() > 0 else 0
        seat = f"Seat {jurors(seats, ' more')}, or raise" if seats else "Raise"
        raise Infeasible(
            f"All viewings come to {hand.work:,.0f} minutes, and the jurors may watch {high.sum():,.0f}.",
            f"{seat} the most minutes to {ceil(hand.load.max() - TINY)}.",
        )
    if hand.work < low.sum() - TINY:
        raise Infeasible(
            f"All viewings come to {hand.work:,.0f} minutes, and the jurors are to watch {low.sum():,.0f}.",
            f"Lower the fewest minutes to {floor(hand.load.min() + TINY)}.",
        )


def out_of_bounds(hand: Hand) -> None:
    """Refuse because no lists were found within all limits; the remedy is what the best lists need."""
    low, high = hand.limits.T
    load = hand.load
    over, under = load > high + TINY, load < low - TINY
    remedies = []
    if over.any():
        remedies.append(f"raise the most minutes {_of(over, high, ceil(load[over].max() - TINY))}")
    if under.any():
        remedies.append(f"lower the fewest minutes {_of(under, low, floor(load[under].min() + TINY))}")
    who = np.flatnonzero(over | under)
    raise Infeasible(
        f"With these lengths and conflicts, {jurors(len(who))} would fall outside fewest and most minutes.",
        f"{' and '.join(remedies).capitalize()}, or seat one more juror.",
    )


def jurors(count, word: str = "") -> str:
    """2 jurors, one more juror."""
    return f"one{word} juror" if count == 1 else f"{count}{word} jurors"


def _of(who: np.ndarray, limit: np.ndarray, to: int) -> str:
    """To how many minutes, and of whom, if not everybody has the same limit."""
    if (limit == limit[0]).all():
        return f"to {to}"
    names = ", ".join(str(juror) for juror in np.flatnonzero(who)[:3])
    return f"of juror{'' if who.sum() == 1 else 's'} {names}{' …' if who.sum() > 3 else ''} to {to}"
