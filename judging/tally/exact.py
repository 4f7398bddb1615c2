"""Weighted means without rounding on the way, so that anyone computes the same bits anywhere.

Marks and weights are whole numbers, so a mean is a fraction, and the float that stands for it is the one
nearest to it, whatever the machine and whatever the order of the rows.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction


def weighted(scores: Mapping[int, int], weights: Mapping[int, int]) -> Fraction | None:
    """One review's mark: its marks weighted by the rubric; None where a criterion is unmarked.

    Args:
        scores: marks from 1 to 10, by criterion.
        weights: whole per cents by criterion, not all zero.
    """
    if not weights or weights.keys() - scores.keys():
        return None
    total = sum(scores[key] * weight for key, weight in weights.items())
    return Fraction(total, sum(weights.values()))


def means(reviews: Iterable[tuple[str, Mapping[int, int]]], weights: Mapping[int, int]) -> dict:
    """Mean and number of the whole reviews of each film.

    Args:
        reviews: (film, scores) each; those with an unmarked criterion are left out.

    Returns:
        {film: (mean, reviews)}, the mean a Fraction from 1 to 10; films without a whole review are absent.
    """
    found: dict[str, list[Fraction]] = {}
    for film, scores in reviews:
        if (value := weighted(scores, weights)) is not None:
            found.setdefault(film, []).append(value)
    return {film: (sum(values) / len(values), len(values)) for film, values in found.items()}
