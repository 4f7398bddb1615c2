"""The last resort for small juries: an exact search for lists within all limits."""

import numpy as np
from ortools.sat.python import cp_model

from judging.tally.assignment.hand import Hand

PARTS = 1000  # a minute is reckoned in so many parts
PATIENCE = 4.0  # of the solver's own seconds, which are the same on every machine


def search(hand: Hand) -> None:
    """Find the lists that leave the limits least, then change least of what is kept; in place.

    Source:
        The CP-SAT solver of OR-tools, one worker and a fixed seed, so that it answers alike each time.
    """
    model = cp_model.CpModel()
    films, jurors = np.nonzero(hand.free)
    take = {
        (i, j): model.new_bool_var(f"{i} {j}") for i, j in zip(films.tolist(), jurors.tolist(), strict=True)
    }
    size = np.rint(hand.minutes * PARTS).astype(int).tolist()
    work = sum(part * int(need) for part, need in zip(size, hand.need, strict=True))
    beyond = model.new_int_var(0, work, "beyond")
    for film, need in enumerate(hand.need.tolist()):
        model.add(sum(take[film, j] for j in np.flatnonzero(hand.free[film]).tolist()) == need)
    for juror, (low, high) in enumerate(hand.limits.tolist()):
        load = sum(size[i] * take[i, juror] for i in np.flatnonzero(hand.free[:, juror]).tolist())
        model.add(load + beyond >= round(min(low * PARTS, work + 1)))
        model.add(load - beyond <= round(min(high * PARTS, work)))
    for (film, juror), pair in take.items():
        model.add_hint(pair, bool(hand.given[film, juror]))
    dropped = sum(1 - take[pair] for pair in map(tuple, np.argwhere(hand.kept).tolist()))
    model.minimize(beyond * (int(hand.kept.sum()) + 1) + dropped)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = PATIENCE
    if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        found = np.zeros_like(hand.given)
        for pair, taken in take.items():
            found[pair] = solver.value(taken)
        hand.take(*np.nonzero(hand.given & ~found))
        hand.give(*np.nonzero(found & ~hand.given))
