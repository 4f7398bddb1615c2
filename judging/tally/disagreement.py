"""Which films a jury is of two minds about, so that it talks about those."""

import numpy as np

APART = 2.0  # points between two camps, at the least, to be worth a word
FEWEST = 4  # reviews from which camps can be told from chance


def camps(film: np.ndarray, score: np.ndarray, *, films: int) -> np.ndarray:
    """How far the reviews of each film fall into two camps.

    Args:
        film: (r,) index of the film of each review.
        score: (r,) marks.

    Returns:
        (n,) share of a film's variance that lies between its two best camps, from 0 to 1; NaN below four
        reviews, 0 where the camps lie less than two points apart.

    Source:
        N. Otsu, A threshold selection method from gray-level histograms, IEEE Transactions on Systems, Man
        and Cybernetics 9 (1979) 62-66.
    """
    found = np.full(films, np.nan)
    count = np.bincount(film, minlength=films)
    order = np.lexsort((score, film))
    ends = np.cumsum(count)
    for one in np.flatnonzero(count >= FEWEST):
        found[one] = _camps(score[order[ends[one] - count[one] : ends[one]]])
    return found


def _camps(marks: np.ndarray) -> float:
    """Of one film's marks, ascending."""
    size = np.arange(1, len(marks))
    below = np.cumsum(marks)[:-1] / size
    above = np.cumsum(marks[::-1])[:-1][::-1] / size[::-1]
    between = size * size[::-1] * (above - below) ** 2 / len(marks)
    best = int(between.argmax())
    total = ((marks - marks.mean()) ** 2).sum()
    return float(between[best] / total) if total and above[best] - below[best] >= APART else 0.0
