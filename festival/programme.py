"""The programme: place films in screenings, find what clashes, publish."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch

from festival import access, letters, office
from festival.errors import Conflict, Refused, Unacceptable
from festival.models import Edition, Film, Footage, Person, Screening, Slot, Venue

# Placing


@transaction.atomic
def add_screening(edition: Edition, *, by: Person, **fields) -> Screening:
    """Plan a performance: a venue, a starting time, a title; films are placed in it afterwards."""
    _ask(access.why_not_organise(by, edition))
    screening = Screening(edition=edition, **fields)
    return change_screening(screening, by=by)


@transaction.atomic
def change_screening(screening: Screening, *, by: Person) -> Screening:
    """Keep a changed title, venue, time, pause or talk, and work out anew when it ends."""
    _ask(access.why_not_organise(by, screening.edition))
    if screening.venue.edition_id != screening.edition_id:
        raise Unacceptable("Choose a venue of this edition.")
    screening.ends_at = ends(screening) if screening.slots.exists() else _empty_end(screening)
    screening.save()
    return screening


@transaction.atomic
def remove_screening(screening: Screening, *, by: Person) -> None:
    """Take a screening out of the programme; its films go back to the films not yet placed."""
    _ask(access.why_not_organise(by, screening.edition))
    screening.delete()


@transaction.atomic
def add_venue(edition: Edition, *, by: Person, **fields) -> Venue:
    """Add a cinema, a hall or the online room."""
    _ask(access.why_not_organise(by, edition))
    return Venue.objects.create(edition=edition, **fields)


@transaction.atomic
def remove_venue(venue: Venue, *, by: Person) -> None:
    """Remove a venue in which nothing is planned."""
    _ask(access.why_not_organise(by, venue.edition))
    if venue.screenings.exists():
        raise Refused(f"Screenings are planned in “{venue}”. Move or remove them first.")
    venue.delete()


def why_not_place(film: Film, screening: Screening) -> str:
    """May this film be shown in this screening?"""
    if film.edition_id != screening.edition_id:
        return f"“{film}” was entered in another edition."
    if film.status != Film.Status.SELECTED:
        return f"“{film}” is “{film.get_status_display()}”. Select it first."
    return ""


@transaction.atomic
def place(film: Film, screening: Screening, *, by: Person, position: int | None = None) -> Slot:
    """Show `film` in `screening` at `position`, counted from 0; without one, last.

    A film already there is moved to the position. Clashes are not refused but listed by `clashes`,
    so that a programme may be shuffled freely until it is published.
    """
    _ask(access.why_not_organise(by, screening.edition) or why_not_place(film, screening))
    slot, _ = Slot.objects.get_or_create(screening=screening, film=film)
    _line_up(screening, first=slot, position=position)
    return slot


@transaction.atomic
def move(slot: Slot, screening: Screening, *, by: Person, position: int | None = None) -> Slot:
    """Move a placed film to another position, or into another screening."""
    _ask(access.why_not_organise(by, slot.screening.edition))
    if slot.screening_id == screening.pk:
        return place(slot.film, screening, by=by, position=position)
    placed = place(slot.film, screening, by=by, position=position)
    remove(slot, by=by)
    return placed


@transaction.atomic
def remove(slot: Slot, *, by: Person) -> None:
    """Take a film out of a screening; it stays selected."""
    _ask(access.why_not_organise(by, slot.screening.edition))
    slot.delete()
    _line_up(slot.screening)


def _line_up(screening: Screening, *, first: Slot | None = None, position: int | None = None) -> None:
    """Number the slots 0, 1, 2 … with one of them at `position`, and work out when the screening ends."""
    slots = list(screening.slots.all())
    if first is not None:
        slots.remove(first)
        slots.insert(len(slots) if position is None else max(position, 0), first)
    for number, slot in enumerate(slots):
        slot.position = number
    Slot.objects.bulk_update(slots, ["position"])
    Screening.objects.filter(pk=screening.pk).update(ends_at=ends(_loaded(screening)))


# Times


@dataclass(frozen=True)
class Showing:
    """One film on screen: from when to when, in which screening."""

    film: Film
    screening: Screening
    slot: Slot
    starts_at: datetime
    ends_at: datetime


def showings(screening: Screening) -> list[Showing]:
    """When each film of the screening starts and ends: running times with the pause between them."""
    result = []
    at = screening.starts_at
    for slot in screening.slots.all():
        end = at + timedelta(seconds=running_time_s(slot.film))
        result.append(Showing(slot.film, screening, slot, at, end))
        at = end + timedelta(seconds=screening.gap_s)
    return result


def ends(screening: Screening) -> datetime:
    """When the screening is over: the last film's end and the talk, rounded up to the minute."""
    shown = showings(screening)
    last = shown[-1].ends_at if shown else screening.starts_at
    end = last + timedelta(minutes=screening.talk_min)
    whole = end.replace(second=0, microsecond=0)
    return whole if whole == end else whole + timedelta(minutes=1)


def _empty_end(screening: Screening) -> datetime:
    return screening.starts_at + timedelta(minutes=screening.talk_min)


def running_time_s(film: Film) -> float:
    """Seconds of the examined file; 0 while there is none."""
    return (film.footage.duration_s if film.footage else None) or 0.0


def planned(edition: Edition):
    """The edition's screenings with venue, slots, films and footage, in two queries."""
    slots = Slot.objects.select_related("film__footage", "film__entrant", "film__section")
    return edition.screenings.select_related("venue").prefetch_related(Prefetch("slots", queryset=slots))


def _loaded(screening: Screening) -> Screening:
    return planned(screening.edition).get(pk=screening.pk)


# Clashes


@dataclass(frozen=True)
class Clash:
    """Two things that cannot both be true, in words; a warning may stand, anything else may not."""

    text: str
    screenings: tuple[Screening, ...]
    warning: bool = False


def clashes(edition: Edition, *, screenings: Sequence[Screening] | None = None) -> list[Clash]:
    """Everything in the programme that cannot happen as planned, then what merely deserves a look.

    Args:
        screenings: those of `planned(edition)`, where the caller has them already.
    """
    plan = list(planned(edition)) if screenings is None else list(screenings)
    found = [*_crowded_venues(plan), *_doubled_films(plan), *_unfit_films(plan), *_split_makers(plan)]
    return sorted(found, key=lambda clash: clash.warning)


def overlapping(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int]]:
    """Index pairs (i < j) of half-open spans that share a moment; an empty span shares none.

    One walk over the spans in order of their start, which looks only at those still running.
    """
    pairs, running = [], []
    for index in sorted(range(len(spans)), key=lambda i: spans[i]):
        start, end = spans[index]
        if start >= end:
            continue
        running = [other for other in running if spans[other][1] > start]
        pairs += [(min(index, other), max(index, other)) for other in running]
        running.append(index)
    return sorted(pairs)


def _crowded_venues(plan: list[Screening]) -> Iterator[Clash]:
    rooms = defaultdict(list)
    for screening in plan:
        if not screening.venue.online:  # the online room holds any number of screenings
            rooms[screening.venue].append(screening)
    for venue, inside in rooms.items():
        for i, j in overlapping([(s.starts_at, ends(s)) for s in inside]):
            first, second = sorted((inside[i], inside[j]), key=lambda s: s.starts_at)
            yield Clash(
                f"{venue}: “{second}” begins on {_clock(second.starts_at, second)}, "
                f"but “{first}” ends only at {ends(first).astimezone(first.edition.zone):%H:%M}.",
                (first, second),
            )


def _doubled_films(plan: list[Screening]) -> Iterator[Clash]:
    films = defaultdict(list)
    for screening in plan:
        for shown in () if screening.venue.online else showings(screening):
            films[shown.film].append(shown)
    for film, shown in films.items():
        for i, j in overlapping([(s.starts_at, s.ends_at) for s in shown]):
            first, second = shown[i].screening, shown[j].screening
            both_from = max(shown[i].starts_at, shown[j].starts_at)
            yield Clash(
                f"“{film}” runs in “{first}” ({first.venue}) and in “{second}” ({second.venue}) "
                f"at the same time, from {_clock(both_from, second)}.",
                (first, second),
            )


def _unfit_films(plan: list[Screening]) -> Iterator[Clash]:
    for screening in plan:
        for slot in screening.slots.all():
            film = slot.film
            if film.status != Film.Status.SELECTED:
                yield Clash(
                    f"“{film}” in “{screening}” is “{film.get_status_display()}”. Select it, or remove it.",
                    (screening,),
                )
            elif film.footage is None or film.footage.status != Footage.Status.READY:
                yield Clash(
                    f"“{film}” in “{screening}” has no examined file, so its running time is unknown.",
                    (screening,),
                )


def _split_makers(plan: list[Screening]) -> Iterator[Clash]:
    rooms = defaultdict(dict)
    for screening in plan:
        for slot in screening.slots.all():
            if not screening.venue.online:
                rooms[slot.film.entrant].setdefault(screening, slot.film)
    for maker, shown in rooms.items():
        inside = list(shown)
        for i, j in overlapping([(s.starts_at, ends(s)) for s in inside]):
            first, second = inside[i], inside[j]
            if first.venue_id != second.venue_id:
                yield Clash(
                    f"{maker} has films in “{first}” and “{second}” at the same time "
                    "and can answer questions in one of them only.",
                    (first, second),
                    warning=True,
                )


def _clock(moment: datetime, screening: Screening) -> str:
    there = moment.astimezone(screening.edition.zone)
    return f"{there:%A} {there.day} {there:%B, %H:%M}"


# Publishing


@dataclass(frozen=True)
class Hindrance:
    """One reason why the programme cannot be published, and the page where it is put right."""

    text: str
    where: str  # name of an office page


def hindrances(edition: Edition, *, screenings: Sequence[Screening] | None = None) -> list[Hindrance]:
    """What must be done before this programme may be published; empty when nothing stands in the way."""
    found = []
    if edition.status != Edition.Status.CLOSED:
        found.append(Hindrance(_not_closed(edition), "call"))
    counts = office.count_by_state(edition)
    if waiting := counts[Film.Status.SUBMITTED] + counts[Film.Status.ELIGIBLE]:
        found.append(
            Hindrance(f"Decide on {_many(waiting, 'entry', 'entries')} without a decision.", "entries")
        )
    if not counts[Film.Status.SELECTED]:
        found.append(Hindrance("Select at least one film.", "entries"))
    untold = letters.untold(edition)
    if why := access.why_not_lift_embargo(owed=untold.owed, unheard=untold.unheard):
        found.append(Hindrance(why, "letters"))
    return found + [
        Hindrance(clash.text, "programme")
        for clash in clashes(edition, screenings=screenings)
        if not clash.warning
    ]


def _not_closed(edition: Edition) -> str:
    if edition.status == Edition.Status.PUBLISHED:
        return "The programme is published already."
    return "Close the call first, so that no film arrives after the programme is out."


@transaction.atomic
def publish(edition: Edition, *, by: Person) -> None:
    """Show the programme and its films to everyone.

    Raises:
        Refused: `by` is no organiser.
        Conflict: something stands in the way; the message says what comes first.
        IllegalMove: somebody else moved the edition first.
    """
    _ask(access.why_not_organise(by, edition))
    plan = list(planned(edition))
    if found := hindrances(edition, screenings=plan):
        more = f" {len(found) - 1} more below." if len(found) > 1 else ""
        raise Conflict(f"Not published yet. {found[0].text}{more}")
    for screening in plan:  # a film examined anew may have another running time
        screening.ends_at = ends(screening)
    Screening.objects.bulk_update(plan, ["ends_at"])
    edition.move(Edition.Status.PUBLISHED, by=by, note="Programme published.")


def unpublish(edition: Edition, *, by: Person) -> None:
    """Take the programme off the public pages; nothing in it is changed."""
    why = access.why_not_organise(by, edition)
    if edition.status != Edition.Status.PUBLISHED:
        why = why or "The programme is not published."
    _ask(why)
    edition.move(Edition.Status.CLOSED, by=by, note="Programme taken back.")


def _many(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
