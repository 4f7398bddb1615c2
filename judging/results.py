"""Results: the films of a round with what was said of them, found and ordered as an organiser asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Lower

from festival.models import Film
from judging.models import Round
from judging.ranking import Calibrated, Ranking

WORDS = {"film": Lower("title"), "section": Lower("section__name"), "state": F("status")}
FIGURES = ("reviews", "mean", "spread", "quality", "p_top", "tier")
BEST = "-quality"
SPLIT = 0.8  # of a film's variance between two camps, from which it counts as split


@dataclass(frozen=True)
class Result:
    """What the jury said of one film; None where it has said nothing yet, or where it is not known."""

    film: Film
    needed: int
    done: int
    mean: float | None = None  # plain, weighted by the rubric
    spread: float | None = None  # standard deviation between jurors, in marks
    quality: float | None = None  # calibrated
    sd: float | None = None  # of what the quality may be
    low: float | None = None  # 90 % of what the quality may be
    high: float | None = None
    p_top: float | None = None  # chance of being among those there is room for
    tier: int = 0  # 0 below the cut
    camps: float | None = None
    by_criterion: tuple[float | None, ...] = ()
    reviews: tuple[float, ...] = ()  # each complete review's weighted mark, lowest first

    @property
    def split(self) -> bool:
        """Whether its jurors fall into two camps."""
        return (self.camps or 0) > SPLIT

    @property
    def open(self) -> bool:
        """Whether its place is uncertain enough for the jury's talk to settle it."""
        return self.p_top is not None and 0.1 < self.p_top < 0.9

    @property
    def whole(self) -> bool:
        return self.done >= self.needed


def films(round: Round) -> QuerySet[Film]:
    """Films of the round, and those that were judged in it before they left it."""
    judged = Exists(round.assignments.standing().filter(film=OuterRef("pk")))
    return Film.objects.filter(edition_id=round.edition_id).filter(
        judged | Q(pk__in=round.films().values("pk"))
    )


def find(
    round: Round, ranking: Ranking, *, q: str = "", section=None, state: str = "", reviews: str = "",
    order: str = BEST,
) -> list[str]:  # fmt: skip
    """Films that fit every condition, as hexadecimal ids in the order asked for; those without it come last.

    Args:
        reviews: "whole" for films with all their reviews, "short" for the others.
        order: one of WORDS or FIGURES, with a minus for the highest first.
    """
    rows = films(round)
    rows = rows.filter(title__icontains=q) if q else rows
    rows = rows.filter(section=section) if section else rows
    rows = rows.filter(status=state) if state else rows
    name, down = order.removeprefix("-"), order.startswith("-")
    if name not in (*WORDS, *FIGURES):
        name, down = BEST.removeprefix("-"), True
    first = WORDS.get(name, Lower("title"))
    first = first.desc(nulls_last=True) if down and name in WORDS else first.asc(nulls_last=True)
    keys = rows.order_by(first, "pk").annotate(key=Cast("pk", CharField())).values_list("key", flat=True)
    found = np.array([key.replace("-", "") for key in keys], object)  # ten thousand UUIDs take their time
    index = np.array([ranking.place.get(film, -1) for film in found], int)
    if reviews:
        whole = figure(ranking, "reviews")[index] >= round.reviews
        keep = whole if reviews == "whole" else ~whole
        found, index = found[keep], index[keep]
    if name in FIGURES:
        value = figure(ranking, name)[index]
        found = found[np.argsort(-value if down else value, kind="stable")]  # NaN comes last either way
    return found.tolist()


def figure(ranking: Ranking, name: str) -> np.ndarray:
    """(n + 1,) a figure of each film of the sheet, and last that of a film which is not in it."""
    sheet, fit = ranking.marks.sheet, ranking.marks.fit
    unknown = np.full(len(sheet.films), np.nan)
    values = {
        "reviews": lambda: sheet.reviews,
        "mean": lambda: sheet.mean,
        "spread": lambda: sheet.spread,
        "quality": lambda: fit.quality if fit else unknown,
        "p_top": lambda: ranking.p_top if fit else unknown,
        "tier": lambda: np.where(ranking.tier > 0, ranking.tier, np.nan),
        "camps": lambda: ranking.marks.camps if fit else unknown,
    }[name]()
    return np.append(values.astype(float), 0.0 if name == "reviews" else np.nan)


def rows(round: Round, ranking: Ranking, keys: Iterable[str]) -> list[Result]:
    """What is known of these films, in their order; two queries.

    Args:
        keys: hexadecimal ids, as from `find`.
    """
    pks = [UUID(key) for key in keys]
    found = Film.objects.select_related("section", "footage", "edition").in_bulk(pks)
    wanted = {ranking.place[pk.hex] for pk in found if pk.hex in ranking.place}
    sheet = ranking.marks.sheet
    given: dict[int, list[float]] = {place: [] for place in wanted}
    for review in np.flatnonzero(np.isin(sheet.film, list(wanted))):
        given[int(sheet.film[review])].append(float(sheet.score[review]))
    rubric = list(round.criteria.values_list("pk", flat=True))
    columns = [sheet.criteria.index(criterion) for criterion in rubric if criterion in sheet.criteria]
    return [_row(round, ranking, found[pk], given, columns) for pk in pks if pk in found]


def _row(round: Round, ranking: Ranking, film: Film, given: dict, columns: list[int]) -> Result:
    place = ranking.place.get(film.pk.hex)
    if place is None:
        return Result(film, round.reviews, 0)
    sheet, fit = ranking.marks.sheet, ranking.marks.fit
    return Result(
        film=film,
        needed=round.reviews,
        done=int(sheet.reviews[place]),
        mean=float(sheet.mean[place]),
        spread=_known(sheet.spread[place]),
        quality=float(fit.quality[place]),
        sd=float(fit.sd[place]),
        low=float(fit.interval[place, 0]),
        high=float(fit.interval[place, 1]),
        p_top=float(ranking.p_top[place]),
        tier=int(ranking.tier[place]),
        camps=_known(ranking.marks.camps[place]),
        by_criterion=tuple(_known(value) for value in sheet.by_criterion[place, columns]),
        reviews=tuple(sorted(given[place])),
    )


def ranks(marks: Calibrated, place: int | None) -> tuple[int, int] | None:
    """The ranks that hold 90 % of what is possible for the film at this place; None for one without marks."""
    if place is None or marks.fit is None or place >= len(marks.sheet.films):
        return None
    low, high = marks.fit.rank_interval[place].tolist()
    return low, high


def near_the_cut(round: Round, ranking: Ranking, *, most: int = 24) -> list[Result]:
    """The films about the cut, best first: those whose place is least certain, and their neighbours."""
    cut = max(min(ranking.k, len(ranking) - most // 2) - most // 2, 0)
    return rows(round, ranking, [ranking.marks.sheet.films[i] for i in ranking.order[cut : cut + most]])


def disputed(round: Round, ranking: Ranking) -> list[str]:
    """Reviewed films on which jurors lie apart: two camps first, then by spread, the widest first.

    A film with one review, or on which all agree, is not among them.
    """
    sheet = ranking.marks.sheet
    if not len(sheet):
        return []
    camps, spread = np.nan_to_num(ranking.marks.camps), np.nan_to_num(sheet.spread)
    order = np.lexsort((-spread, -(camps > SPLIT).astype(int)))
    return [sheet.films[i] for i in order if spread[i] > 0]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
