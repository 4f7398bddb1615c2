"""Deliberations: the films the jury is most divided on, and what was said of them, before a second ballot."""

from dataclasses import dataclass, replace

import numpy as np

from festival.models import Film
from judging import ballots, marks, shortlists, sights
from judging.models import Round
from judging.tally import agreement


@dataclass(frozen=True)
class Divided:
    """A film, how far its jurors lie apart, and what a juror may read of them."""

    film: Film
    mean: float | None
    spread: float | None  # standard deviation between jurors, in marks
    reviews: list[float]
    voices: list[sights.Voice]


def divided(round: Round) -> list[Divided]:
    """The films that stand, those the jury is most divided on first."""
    results = {result.film.pk: result for result in marks.results(shortlists.figures_of(round))}
    films = list(ballots.candidates(round)) or list(round.films().order_by("title", "pk"))
    rows = [_divided(film, results.get(film.pk)) for film in films]
    return sorted(rows, key=lambda row: (row.spread is None, -(row.spread or 0)))


def _divided(film: Film, result) -> Divided:
    if result is None:
        return Divided(film, None, None, [], [])
    return Divided(film, result.mean, result.spread, result.reviews, [])


def talk(round: Round, juror) -> list[Divided]:
    """The same for a juror: figures only where earlier marks are shown, and the words they may read."""
    done = round.voters.filter(juror=juror).exists()
    figures = round.shows(round.sees_earlier, done=done)
    rows = divided(round)
    sights.veiled(round, (row.film for row in rows))
    heard = sights.voices(round, [row.film.pk for row in rows], juror, done=done)
    if not figures:
        rows = sorted((Divided(row.film, None, None, [], []) for row in rows), key=_title)
    return [replace(row, voices=heard[row.film.pk]) for row in rows]


def _title(row: Divided) -> str:
    return row.film.title.casefold()


def alpha(round: Round) -> float | None:
    """Krippendorff's alpha of the marks before, from 1 for one mind to 0 for chance; None without any."""
    results = [result.reviews for result in marks.results(shortlists.figures_of(round))]
    most = max((len(reviews) for reviews in results), default=0)
    if not most:
        return None
    table = np.full((most, len(results)), np.nan)
    for column, reviews in enumerate(results):
        table[: len(reviews), column] = reviews
    value = agreement.krippendorff_alpha(table, "interval")
    return None if np.isnan(value) else float(value)
