"""Shortlists: the house proposes by the jury's figures and the sections' places; a person decides."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from math import isnan

from django.db import transaction
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from festival.models import Film, Section
from judging import access, ranking, record
from judging.models import Round, Ruling


@dataclass(frozen=True)
class Candidate:
    """A film that could be on the shortlist."""

    film: Film
    figure: float | None  # calibrated quality, in marks; None where the jury has said nothing
    mean: float | None  # plain, weighted by the rubric
    spread: float | None
    place: int | None  # within its section, from 1; equals share a place
    proposed: bool  # within the places of its section and of the list
    chosen: bool | None  # what a person has decided; None while nobody has


def candidates(round: Round) -> list[Candidate]:
    """The films of the round's source, best of each section first, with a proposal."""
    found = ranking.of(figures_of(round))
    films = round.films().select_related("section", "footage", "edition")
    ruled = dict(round.rulings.values_list("film", "through"))
    rows = [(film, *_figures(found, film)) for film in films]
    rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0), row[0].title.casefold(), row[0].pk))
    proposed, places = _proposed(round, rows), _places_within(rows)
    return [
        Candidate(film, *figures, places.get(film.pk), film.pk in proposed, ruled.get(film.pk))
        for film, *figures in rows
    ]


@dataclass(frozen=True)
class Shelf:
    """A section's candidates, and how many of them there is room for."""

    section: Section | None
    places: int | None
    candidates: list[Candidate]


def by_section(round: Round) -> list[Shelf]:
    """The candidates section by section, in the order of the edition's sections."""
    shelves = defaultdict(list)
    for candidate in candidates(round):
        shelves[candidate.film.section].append(candidate)
    order = sorted(shelves, key=lambda section: (section is None, str(section)))
    places = quotas(round)
    return [Shelf(one, places.get(one.pk) if one else None, shelves[one]) for one in order]


def figures_of(round: Round) -> Round:
    """The round whose marks speak for the films: the nearest earlier one that has a rubric."""
    seen, source = set(), round.source
    while source and source.kind != Round.Kind.REVIEW and source.pk not in seen:
        seen.add(source.pk)
        source = source.source
    return source or round


def connected(round: Round) -> bool:
    """Whether the marks let all candidates be compared with each other."""
    fit = ranking.of(figures_of(round)).marks.fit
    return fit is None or fit.connected


def _figures(found: ranking.Ranking, film: Film) -> tuple[float | None, float | None, float | None]:
    """Calibrated quality, plain mean and spread of a film, as far as the jury has spoken."""
    place = found.place.get(film.pk.hex)
    if place is None:
        return None, None, None
    spread = float(found.marks.sheet.spread[place])
    quality, mean = float(found.marks.fit.quality[place]), float(found.marks.sheet.mean[place])
    return quality, mean, None if isnan(spread) else spread


def _places_within(rows) -> dict:
    """Of each film with a figure, its place in its section; `rows` come best first."""
    ahead, last, places = Counter(), {}, {}
    for film, figure, *_ in rows:
        if figure is None:
            continue
        section = film.section_id
        ahead[section] += 1
        place = last[section][1] if section in last and last[section][0] == figure else ahead[section]
        last[section] = (figure, place)
        places[film.pk] = place
    return places


def _proposed(round: Round, rows) -> set:
    """The best films that find a place in their section and on the list, going down the figures."""
    left, total, proposed = quotas(round), round.places, set()
    for film, figure, *_ in rows:
        section = film.section_id
        if figure is None or len(proposed) >= total or left.get(section, 1) <= 0:
            continue
        proposed.add(film.pk)
        if section in left:
            left[section] -= 1
    return proposed


def quotas(round: Round) -> dict[int, int]:
    """Places by section's number; a section that is not named has no limit of its own."""
    return {int(section): places for section, places in round.quotas.items()}


def undecided(round: Round) -> list[Film]:
    """Films of an open shortlist of which nobody has said whether they are on it."""
    if round.kind != Round.Kind.SHORTLIST:
        return []
    return list(round.films().exclude(pk__in=round.rulings.values("film")))


def why_not_list(round: Round, films: Collection[Film]) -> str:
    """Do these films find room on the list?"""
    if len(films) > round.places:
        return f"The list has {_places(round.places)}, and {_films(len(films))} ticked."
    held = Counter(film.section_id for film in films)
    for section in round.edition.sections.filter(pk__in=quotas(round)):
        places = quotas(round)[section.pk]
        if held[section.pk] > places:
            return f"{section} has {_places(places)}, and {_films(held[section.pk])} ticked."
    return ""


@transaction.atomic
def decide(round: Round, films: Collection[Film], *, by, note: str = "", at=None) -> None:
    """Put exactly these films of the round on its list; decided again, the last decision stands.

    Raises:
        Refused: `by` may not, or the round is not open.
        Unacceptable: no film, more films than places, or one that is not in the round.
    """
    if why := access.why_not_rule(by, round):
        raise Refused(why)
    chosen, known = {film.pk for film in films}, {film.pk: film for film in round.films()}
    if not chosen:
        raise Unacceptable("Tick the films that come through; a list without a film leads nowhere.")
    if strangers := chosen - known.keys():
        title = next(film for film in films if film.pk in strangers)
        raise Unacceptable(f"“{title}” is not in “{round}” any more. Reload the page.")
    if why := why_not_list(round, [known[pk] for pk in chosen]):
        raise Unacceptable(why)
    standing = dict(round.rulings.values_list("film", "through"))
    said = {"by": by, "note": note.strip()[:500], "at": at or timezone.now()}
    changed = [film for pk, film in known.items() if standing.get(pk) != (pk in chosen)]
    made = [
        Ruling.objects.update_or_create(
            round=round, film=film, defaults={"through": film.pk in chosen, **said}
        )[0]
        for film in changed
    ]
    record.rulings_made(round, made, by=by, at=at)


def _places(count: int) -> str:
    return f"{count} place{'' if count == 1 else 's'}"


def _films(count: int) -> str:
    return f"{count} film{' is' if count == 1 else 's are'}"
