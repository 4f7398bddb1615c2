"""How long it takes to deal a great festival's films, and how even the lists are.

    python -m benchmarks.assignment [--films 20000] [--jurors 500] [--reviews 3] [--conflicts 0.02]

Films of 1 to 20 minutes in 13 sections, conflicts by chance, limits a tenth around the fair share. The
reference, on a smaller size, is the rule most festivals follow by hand: longest film first, each to those who
have the fewest minutes so far (Graham's rule).
"""

import argparse
import time

import numpy as np

from judging.tally.assignment import Infeasible, assign, components

WANTED_S = 5.0
SECTIONS = 13


def main() -> int:
    from benchmarks.machine import describe

    options = arguments()
    print(describe())
    small = measure("min-cost flow", assign, 2000, 100, options)
    measure("longest first, by hand", by_hand, 2000, 100, options)
    great = measure("min-cost flow", assign, options.films, options.jurors, options)
    return 0 if small.good and great.good and great.cpu_s <= WANTED_S else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--films", type=int, default=20_000)
    parser.add_argument("--jurors", type=int, default=500)
    parser.add_argument("--reviews", type=int, default=3)
    parser.add_argument("--conflicts", type=float, default=0.02)
    return parser.parse_args()


class Run:
    """One way to deal, timed and checked."""

    def __init__(self, pairs, minutes, limits, conflicts, sections, reviews, wall_s, cpu_s):
        n, m = len(minutes), len(limits)
        self.wall_s, self.cpu_s = wall_s, cpu_s
        whole = (np.bincount(pairs[:, 0], minlength=n) == reviews).all() and len(
            np.unique(pairs, axis=0)
        ) == n * reviews
        load = np.bincount(pairs[:, 1], minutes[pairs[:, 0]], m)
        shut = np.zeros((n, m), bool)
        shut[conflicts[:, 0], conflicts[:, 1]] = True
        self.clashes = int(shut[pairs[:, 0], pairs[:, 1]].sum())
        self.least, self.most = load.min() / load.mean() - 1, load.max() / load.mean() - 1
        lists = np.zeros((m, SECTIONS))
        np.add.at(lists, (pairs[:, 1], sections[pairs[:, 0]]), 1)
        self.across = 1 - lists.max(axis=1).sum() / len(pairs)
        self.parts = components(pairs, n, m).max() + 1
        inside = (load >= limits[:, 0] - 1e-6).all() and (load <= limits[:, 1] + 1e-6).all()
        self.good = bool(whole and inside) and not self.clashes and self.across >= 1 / 3

    def __str__(self):
        return (
            f"{self.wall_s:6.2f} s wall, {self.cpu_s:6.2f} s processor; conflicts {self.clashes}; "
            f"loads {self.least:+.2%} to {self.most:+.2%} of the mean; across sections {self.across:.0%}; "
            f"connected parts {self.parts}; {'all in bounds' if self.good else 'OUT OF BOUNDS'}"
        )


def measure(name: str, deal, films: int, jurors: int, options) -> Run:
    chance = np.random.default_rng(1)
    minutes, sections = chance.uniform(1, 20, films), chance.integers(0, SECTIONS, films)
    many = int(options.conflicts * films * jurors)
    conflicts = np.column_stack([chance.integers(0, films, many), chance.integers(0, jurors, many)])
    fair = minutes.sum() * options.reviews / jurors
    limits = np.tile([0.9 * fair, 1.1 * fair], (jurors, 1))
    assign([1.0], [(0, 9)], [], reviews=1)  # so that OR-tools is loaded
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        pairs = deal(minutes, limits, conflicts, reviews=options.reviews, sections=sections)
    except Infeasible as no:
        raise SystemExit(f"{name}: {no}") from no
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    run = Run(pairs, minutes, limits, conflicts, sections, options.reviews, wall, cpu)
    print(f"{films} films, {jurors} jurors, {options.reviews} each, {many} conflicts; {name}:\n  {run}")
    return run


def by_hand(minutes, limits, conflicts, *, reviews, sections) -> np.ndarray:
    """Longest first, each to the least loaded who may."""
    free = np.ones((len(minutes), len(limits)), bool)
    free[conflicts[:, 0], conflicts[:, 1]] = False
    load, given = np.zeros(len(limits)), np.zeros_like(free)
    for film in np.argsort(-minutes, kind="stable"):
        chosen = np.lexsort((load, ~free[film]))[:reviews]
        given[film, chosen] = True
        load[chosen] += minutes[film]
    return np.argwhere(given)


if __name__ == "__main__":
    raise SystemExit(main())
