"""Festivals drawn at random, whose films' true worth is known: what a calibration is measured on."""

from dataclasses import dataclass

import numpy as np

MIDDLE, LOWEST, HIGHEST = 5.5, 1, 10  # points


@dataclass(frozen=True)
class Festival:
    """True worth of n films and true habits of m jurors, in points."""

    quality: np.ndarray  # (n,) deviation from the middle of the scale
    section: np.ndarray  # (n,) from 0
    severity: np.ndarray  # (m,)
    scale: np.ndarray  # (m,)
    noise: np.ndarray  # (m,) standard deviation

    def marks(self, film, juror, rng) -> np.ndarray:
        """(r,) whole marks from 1 to 10."""
        exact = MIDDLE + self.severity[juror] + self.scale[juror] * self.quality[film]
        exact = exact + self.noise[juror] * rng.standard_normal(len(film))
        return np.clip(np.rint(exact), LOWEST, HIGHEST)

    def all_knowing(self, film, juror, score) -> np.ndarray:
        """(n,) quality as seen by someone who knows every juror: what calibration can at best come near."""
        weight = self.scale[juror] / self.noise[juror] ** 2
        rest = score - MIDDLE - self.severity[juror]
        pull = np.bincount(film, weight * rest, len(self.quality))
        return pull / (np.bincount(film, weight * self.scale[juror], len(self.quality)) + 1)


def draw(rng, *, films=600, jurors=40, spread=0.0, sections=1, section_sd=0.0) -> Festival:
    """Quality and severity with sd 1, scale lognormal .25, noise 1 or lognormal about it by `spread`."""
    section = np.arange(films) % sections
    quality = rng.standard_normal(films) + section_sd * rng.standard_normal(sections)[section]
    severity, scale = rng.standard_normal(jurors), np.exp(0.25 * rng.standard_normal(jurors))
    return Festival(quality, section, severity, scale, np.exp(spread * rng.standard_normal(jurors)))


def at_random(rng, films: int, jurors: int, reviews: int) -> np.ndarray:
    """(films × reviews, 2) film and juror, each juror as often as any other, nobody twice with one film."""
    return among(rng, np.tile(np.arange(jurors), (films, 1)), reviews)


def among(rng, allowed: np.ndarray, reviews: int, taken: np.ndarray | None = None) -> np.ndarray:
    """(films × reviews, 2) film and juror, film by film the least busy of those allowed to it, ties by lot.

    Args:
        allowed: (films, k) jurors of each film.
        taken: (r, 2) pairs that stand already and are not repeated.
    """
    seen = {tuple(pair) for pair in ([] if taken is None else taken.tolist())}
    load, dealt = np.zeros(allowed.max() + 1), []
    for _ in range(reviews):
        for film in rng.permutation(len(allowed)):
            jurors = allowed[film]
            for juror in jurors[np.argsort(load[jurors] + rng.random(len(jurors)))]:
                if (film, juror) not in seen:
                    seen.add((film, juror))
                    dealt.append((film, juror))
                    load[juror] += 1
                    break
    return np.array(dealt)


def by_section(rng, festival: Festival, *, own: int = 2, across: int = 1) -> np.ndarray:
    """Films judged by `own` of their section's three jurors, and by `across` of all the others."""
    sections = festival.section.max() + 1
    juries = np.arange(3 * sections).reshape(sections, 3)
    others = np.array([np.delete(np.arange(3 * sections), juries[s]) for s in range(sections)])
    inside = among(rng, juries[festival.section], own)
    outside = among(rng, others[festival.section], across, inside)
    return np.concatenate([inside, outside])
