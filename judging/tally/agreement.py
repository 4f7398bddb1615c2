"""How far jurors agree: Krippendorff's alpha and Kendall's W."""

import numpy as np

LEVELS = ("nominal", "ordinal", "interval", "ratio")


def krippendorff_alpha(ratings, level: str = "interval") -> float:
    """Agreement of any number of observers, with gaps, beyond what chance would give.

    Args:
        ratings: (observers, units) numbers, NaN where an observer did not rate a unit. Ratio data must not
            be negative.
        level: how far apart two values are: nominal (the same or not), ordinal (by the values that lie
            between them), interval (by their difference), ratio (by their difference beside their sum).

    Returns:
        1 for perfect agreement, 0 for what chance gives, below 0 for systematic disagreement. NaN where no
        unit has two ratings, or where all are equal: without variation nothing is shown.

    Raises:
        ValueError: `ratings` is not a table, or `level` is none of the four.

    Source:
        K. Krippendorff, Computing Krippendorff's alpha-reliability, University of Pennsylvania (2011).
        Observed and expected disagreement are one sum here, over units and over all values as if one unit.
    """
    ratings = np.asarray(ratings, float)
    if ratings.ndim != 2:
        raise ValueError("ratings must be a table of (observers, units)")
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level!r}")
    given = ~np.isnan(ratings)
    given &= given.sum(axis=0) > 1
    unit, value = np.nonzero(given.T)[0], ratings.T[given.T]
    if level == "ratio" and (value < 0).any():
        raise ValueError("ratio data must not be negative")
    if level == "ordinal":
        value = midranks(value)
    if not value.size or value.min() == value.max():
        return float("nan")
    return 1 - _disagreement(unit, value, level) / _disagreement(np.zeros_like(unit), value, level)


def kendall_w(ranks) -> float:
    """Kendall's coefficient of concordance, corrected for ties.

    Args:
        ranks: (judges, items) ranks or marks, complete; in which direction they run does not matter, as
            long as it is the same for all. Each row is ranked anew, ties at their mean rank.

    Returns:
        0 (no concordance) to 1 (all rank alike); NaN where every judge ties everything.

    Raises:
        ValueError: `ranks` is not a complete table of at least one judge and two items.

    Source:
        M. G. Kendall and B. Babington Smith, The problem of m rankings, Annals of Mathematical Statistics 10
        (1939) 275-287; correction for ties in M. G. Kendall, Rank correlation methods (1948), chapter 6.
    """
    ranks = np.asarray(ranks, float)
    if ranks.ndim != 2 or ranks.shape[0] < 1 or ranks.shape[1] < 2 or np.isnan(ranks).any():
        raise ValueError("ranks must be a complete table of (judges, items), with two items or more")
    judges, items = ranks.shape
    ranks = np.array([midranks(row) for row in ranks])
    sums = ranks.sum(axis=0)
    ties = sum((many**3 - many).sum() for many in (_counts(row) for row in ranks))
    most = judges**2 * (items**3 - items) - judges * ties
    return float(12 * ((sums - sums.mean()) ** 2).sum() / most) if most else float("nan")


def midranks(values) -> np.ndarray:
    """Ranks from 1 of (n,) values, ties at the mean of the ranks they fill."""
    _, place, many = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(many) - (many - 1) / 2)[place]


def _counts(values) -> np.ndarray:
    return np.unique(values, return_counts=True)[1]


def _disagreement(unit, value, level: str) -> float:
    """Sum over units of the squared distances of all ordered pairs in the unit, over its ratings less one."""
    unit = np.unique(unit, return_inverse=True)[1]
    size = np.bincount(unit)
    if level == "ratio":
        pairs = _ratios(unit, value)
    elif level == "nominal":
        kind = np.unique(value, return_inverse=True)[1]
        _, first, many = np.unique(unit * (kind.max() + 1) + kind, return_index=True, return_counts=True)
        pairs = size**2 - np.bincount(unit[first], many**2)
    else:
        mean = np.bincount(unit, value) / size
        pairs = 2 * size * np.bincount(unit, (value - mean[unit]) ** 2)
    return float((pairs / (size - 1)).sum())


def _ratios(unit, value) -> np.ndarray:
    """Of each unit, the sum over ordered pairs of their squared difference beside their sum."""
    order = np.lexsort((value, unit))
    unit, value = unit[order], value[order]
    new = np.append(True, (np.diff(unit) > 0) | (np.diff(value) > 0))
    many = np.diff(np.append(np.flatnonzero(new), len(value)))
    unit, value, total = unit[new], value[new], np.zeros(unit.max() + 1)
    for lag in range(1, len(unit)):
        one = np.flatnonzero(unit[lag:] == unit[:-lag])
        if not one.size:  # units stand together, so no longer lag finds a pair either
            break
        apart = (value[one + lag] - value[one]) / (value[one + lag] + value[one])
        total += np.bincount(unit[one], 2 * many[one] * many[one + lag] * apart**2, len(total))
    return total
