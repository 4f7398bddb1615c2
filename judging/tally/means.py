"""Plain weighted means and how far jurors lie apart: what stands beside every cleverer figure."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Means:
    """Figures of n films under c criteria; NaN where there is nothing to say."""

    mean: np.ndarray  # (n,) mean of the reviews' weighted marks
    spread: np.ndarray  # (n,) standard deviation between reviews, in marks; NaN below two reviews
    count: np.ndarray  # (n,) reviews that were counted
    by_criterion: np.ndarray  # (n, c) mean mark on each criterion


def weighted(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """One figure a review: its marks weighted by the rubric.

    Args:
        scores: (r, c) marks from 1 to 10, NaN where a criterion was not marked.
        weights: (c,) weights in any unit, not all zero.

    Returns:
        (r,) weighted marks from 1 to 10, NaN where any criterion is unmarked: a half-filled review is no
        review yet, and weighing only what is there would favour films whose weak side nobody marked.

    Raises:
        ValueError: the shapes do not fit, or the weights are negative or sum to nothing.
    """
    scores, weights = np.asarray(scores, float), np.asarray(weights, float)
    if scores.ndim != 2 or weights.shape != scores.shape[1:]:
        raise ValueError("scores must be (reviews, criteria) and weights (criteria,)")
    if (weights < 0).any() or weights.sum() <= 0:
        raise ValueError("weights must not be negative, and must sum to more than nothing")
    return scores @ (weights / weights.sum())


def by_film(film: np.ndarray, scores: np.ndarray, weights: np.ndarray, *, films: int) -> Means:
    """Mean, spread and number of the complete reviews of each film.

    Args:
        film: (r,) index of the film each review is about, from 0 to films - 1.
        scores: (r, c) marks from 1 to 10, NaN where a criterion was not marked.
        weights: (c,) weights in any unit.
        films: how many films there are; those without a review are in the result too.

    Raises:
        ValueError: the shapes do not fit, or the weights are not usable.
    """
    film, scores = np.asarray(film, int), np.asarray(scores, float)
    value = weighted(scores, weights)
    whole = ~np.isnan(value)
    film, scores, value = film[whole], scores[whole], value[whole]
    count = np.bincount(film, minlength=films)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(film, value, films) / count
        squares = np.bincount(film, (value - mean[film]) ** 2, films)
        spread = np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)
        criteria = [np.bincount(film, column, films) / count for column in scores.T]
    return Means(mean, spread, count, np.stack(criteria, axis=1))
