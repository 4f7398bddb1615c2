"""Pairwise rounds: strengths from who was preferred to whom, and which two to show next."""

from dataclasses import dataclass

import numpy as np

PRIOR_SD = 2.0  # nats, of films' strengths before anybody has compared them
MOST_STEPS = 50  # of Newton's method, which needs about six
NODES = 24  # of the quadrature: to a thousandth of a nat at the widest prior


@dataclass(frozen=True)
class Strengths:
    """Bradley-Terry strengths of n films."""

    mean: np.ndarray  # (n,) nats, mean zero; i is preferred to k with odds exp(mean[i] - mean[k])
    cov: np.ndarray  # (n, n) nats squared, how uncertain they are together

    @property
    def sd(self) -> np.ndarray:
        """(n,) standard deviations, in nats."""
        return np.sqrt(np.diag(self.cov))

    @property
    def order(self) -> np.ndarray:
        """(n,) films, strongest first."""
        return np.argsort(-self.mean, kind="stable")


def fit(films: int, votes, *, prior_sd: float = PRIOR_SD) -> Strengths:
    """Regularised Bradley-Terry strengths, refitted in full from the set of all votes.

    Args:
        films: n, how many films there are.
        votes: (v, 3 or 4) rows of juror, one film, another film and, where there is a fourth column, how far
            the first of the two was preferred: 1, 0, or ½ for a tie; without it the first is the preferred.
            A juror's second vote on the same two films changes nothing; where two of them contradict one
            another, they count as a tie.
        prior_sd: standard deviation of strengths before any vote, in nats: keeps an unbeaten film finite.

    Returns:
        Strengths: mode and inverse curvature of the posterior.

    Raises:
        ValueError: a film is compared with itself or does not exist, or a preference is not from 0 to 1.

    Source:
        R. A. Bradley and M. E. Terry, Rank analysis of incomplete block designs, Biometrika 39 (1952)
        324-345; ties as half a win; a Gaussian prior, hence Newton's method on a concave function.
    """
    wins = _wins(films, votes)
    met, won = wins + wins.T, wins.sum(axis=1)
    ridge = np.eye(films) / prior_sd**2
    s = np.zeros(films)
    for _ in range(MOST_STEPS):
        p = _preferred(s)
        slope = won - (met * p).sum(axis=1) - s / prior_sd**2
        step = np.linalg.solve(_curvature(met, p) + ridge, slope)
        s = s + step / max(1.0, np.abs(step).max() / prior_sd)
        if np.abs(step).max() < 1e-12:
            break
    cov = np.linalg.inv(_curvature(met, _preferred(s)) + ridge)
    centre = np.eye(films) - 1 / films  # only differences are compared
    return Strengths(s - s.mean(), centre @ cov @ centre)


def next_pair(strengths: Strengths, done, *, barred=(), seed: int = 0) -> tuple[int, int] | None:
    """The two films a juror's next vote would tell most about, or None if there are none left.

    Args:
        strengths: what is known so far.
        done: (d, 2) pairs this juror has compared, in any order; none of them comes again.
        barred: films this juror must not judge.
        seed: decides between pairs that would tell equally much, and which film stands first.

    Source:
        D. V. Lindley, On a measure of the information provided by an experiment, Annals of Mathematical
        Statistics 27 (1956) 986-1005: the expected gain of a vote is the mutual information of its outcome
        and the strengths, here by Gauss-Hermite quadrature.
    """
    n = len(strengths.mean)
    gain = expected_gain(strengths)
    closed = np.tri(n, dtype=bool)
    closed[list(barred), :] = closed[:, list(barred)] = True
    for i, k in np.sort(np.asarray(list(done), int).reshape(-1, 2), axis=1):
        closed[i, k] = True
    if closed.all():
        return None
    gain = np.where(closed, -np.inf, gain)
    chance = np.random.default_rng(seed)
    best = np.argwhere(gain >= gain.max() - 1e-12)
    pair = chance.permutation(best[chance.integers(len(best))])
    return int(pair[0]), int(pair[1])


def expected_gain(strengths: Strengths) -> np.ndarray:
    """(n, n) nats of information that a vote between two films is expected to bring; 0 on the diagonal."""
    mean = strengths.mean[:, None] - strengths.mean[None, :]
    var = np.diag(strengths.cov)
    sd = np.sqrt(np.maximum(var[:, None] + var[None, :] - 2 * strengths.cov, 0))
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    chance, surprise = np.zeros_like(mean), np.zeros_like(mean)
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        p = 1 / (1 + np.exp(-np.clip(mean + sd * node, -700, 700)))
        chance += weight * p
        surprise += weight * _entropy(p)
    return np.maximum(_entropy(chance) - surprise, 0) * (1 - np.eye(len(mean)))


def _wins(films: int, votes) -> np.ndarray:
    """(n, n) how often one film was preferred to another, each juror having one vote on each pair."""
    heard: dict[tuple, set[float]] = {}
    for juror, one, other, *preferred in votes:
        one, other, how = int(one), int(other), float(preferred[0]) if preferred else 1.0
        if one == other or not (0 <= one < films and 0 <= other < films):
            raise ValueError(f"there is no comparing film {one} with film {other}")
        if not 0 <= how <= 1:
            raise ValueError(f"a preference lies between 0 and 1, not at {how}")
        pair, how = ((one, other), how) if one < other else ((other, one), 1 - how)
        heard.setdefault((juror, *pair), set()).add(how)
    wins = np.zeros((films, films))
    for (_, one, other), said in sorted(heard.items(), key=str):
        how = sum(sorted(said)) / len(said)
        wins[one, other] += how
        wins[other, one] += 1 - how
    return wins


def _preferred(s) -> np.ndarray:
    """(n, n) chance that one film is preferred to another."""
    return 1 / (1 + np.exp(np.clip(s[None, :] - s[:, None], -700, 700)))


def _curvature(met, p) -> np.ndarray:
    weight = met * p * (1 - p)
    return np.diag(weight.sum(axis=1)) - weight


def _entropy(p) -> np.ndarray:
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -p * np.log(p) - (1 - p) * np.log(1 - p)
