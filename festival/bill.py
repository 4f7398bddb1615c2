"""The bill: what visitors find, read from the published programme."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from django.core import signing
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from festival.models import Credit, Edition, Film, Screening, Slot

CAPTIONS_SALT = "marquee.captions"
A_SECTION_SHOWS = 4  # films of a section on the front page


# Films


def cards(films: QuerySet[Film]) -> QuerySet[Film]:
    """`films` with all that a card prints, in a fixed number of queries."""
    return films.select_related("footage", "section", "edition").prefetch_related("countries", "stills")


def found(
    edition: Edition,
    *,
    section: str = "",
    country: str = "",
    word: str = "",
    length_s: tuple[float, float] | None = None,
    screening: str = "",
) -> QuerySet[Film]:
    """Films on show in `edition` that meet every condition given.

    Args:
        section: a section's slug.
        country: ISO 3166-1 alpha-2.
        word: sought in titles, logline, synopsis and the names of the credits.
        length_s: running time, half-open, in seconds.
        screening: a screening's id.
    """
    films = Film.objects.on_show().filter(edition=edition)
    if section:
        films = films.filter(section__slug=section)
    if country:
        films = films.filter(countries__code=country)
    if length_s:
        films = films.filter(footage__duration_s__gte=length_s[0], footage__duration_s__lt=length_s[1])
    if screening:
        films = films.filter(slots__screening=screening)
    return films.filter(_mentions(word)) if word else films


def _mentions(word: str) -> Q:
    fields = ("title", "original_title", "logline", "synopsis")
    named = Exists(Credit.objects.filter(film=OuterRef("pk"), name__icontains=word))
    said = Q()
    for field in fields:
        said |= Q(**{f"{field}__icontains": word})
    return said | Q(named)


def countries(edition: Edition) -> QuerySet:
    """Country codes of the edition's films on show, each once."""
    films = Film.objects.on_show().filter(edition=edition, countries__code__gt="")
    return films.order_by("countries__code").values_list("countries__code", flat=True).distinct()


@dataclass(frozen=True)
class Row:
    """A section on the front page: its first films, and how many there are."""

    section: object
    films: list[Film]
    total: int


def rows(edition: Edition) -> list[Row]:
    """The edition's sections that have films on show, in the office's order."""
    films = cards(Film.objects.on_show().filter(edition=edition, section__isnull=False))
    films = films.order_by("section__position", "section__name", "section", "title", "pk")
    grouped = ((section, list(group)) for section, group in groupby(films, key=lambda film: film.section))
    return [Row(section, group[:A_SECTION_SHOWS], len(group)) for section, group in grouped]


def feature(edition: Edition, coming: list[Screening], *, on: date) -> Film | None:
    """The film across the front page: from the screening on now or next, else one a day, in turn."""
    for screening in coming:
        for slot in screening.slots.all():
            if slot.film.footage:
                return slot.film
    films = cards(Film.objects.on_show().filter(edition=edition, footage__isnull=False)).order_by("pk")
    count = films.count()
    return films[on.toordinal() % count] if count else None


# Screenings


def screenings(edition: Edition) -> QuerySet[Screening]:
    """The edition's screenings with venue and films, in a fixed number of queries."""
    return with_films(Screening.objects.filter(edition=edition, edition__status=Edition.Status.PUBLISHED))


def with_films(screenings: QuerySet[Screening], *, user=None) -> QuerySet[Screening]:
    """Screenings with the films that may be named: those on show, or visible to `user`."""
    films = Film.objects.visible_to(user) if user else Film.objects.on_show()
    slots = Slot.objects.filter(film__in=films).select_related(
        "film__footage", "film__section", "film__edition"
    )
    slots = slots.prefetch_related("film__countries", "film__stills")
    return screenings.select_related("venue", "edition").prefetch_related(Prefetch("slots", queryset=slots))


def coming(edition: Edition, *, at: datetime, number: int = 4) -> list[Screening]:
    """What is on now and next."""
    return list(screenings(edition).filter(ends_at__gt=at).order_by("starts_at")[:number])


@dataclass(frozen=True)
class Day:
    """One day of the schedule, in the edition's own zone."""

    date: date
    screenings: list[Screening]


def days(screenings: list[Screening], edition: Edition) -> list[Day]:
    """Screenings by the day on which they begin, where the festival is."""
    ordered = sorted(screenings, key=lambda screening: (screening.starts_at, screening.title))
    by_day = groupby(ordered, key=lambda screening: screening.starts_at.astimezone(edition.zone).date())
    return [Day(day, list(group)) for day, group in by_day]


def calendar(edition: Edition, screenings: list[Screening], *, site: str) -> bytes:
    """The screenings as an iCalendar file, times in UTC, which every calendar turns into its own.

    Args:
        site: the address of this site, for the links and for identities that stay the same.
    """
    made = Calendar()
    made.add("prodid", "-//Marquee//Schedule//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", edition.name)
    made.add("x-wr-timezone", edition.time_zone)
    for screening in screenings:
        made.add_component(_event(screening, site=site))
    return made.to_ical()


def _event(screening: Screening, *, site: str) -> Event:
    address = site + reverse("public:screening", args=[screening.pk])
    event = Event()
    event.add("uid", f"{screening.pk}@marquee")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", screening.starts_at.astimezone(UTC))
    event.add("dtend", screening.ends_at.astimezone(UTC))
    event.add("summary", screening.title)
    event.add("location", ", ".join(part for part in (screening.venue.name, screening.venue.address) if part))
    event.add("description", "\n".join([slot.film.title for slot in screening.slots.all()] + [address]))
    event.add("url", address)
    return event


# Calls


def calls(user) -> QuerySet[Edition]:
    """Editions that take entries, with their deadlines."""
    return Edition.objects.visible_to(user).calling().prefetch_related("tiers", "sections")


# Captions


def captions(film: Film) -> list[dict]:
    """What a player needs for each language; the address carries its own, expiring permission.

    The caller has already found out that the person may see the film.
    """
    key = signing.TimestampSigner(salt=CAPTIONS_SALT).sign(film.pk.hex).split(":", 1)[1]
    return [
        {
            "src": f"{reverse('public:captions', args=[film.pk, subtitle.language])}?key={key}",
            "label": subtitle.label,
            "language": subtitle.language,
        }
        for subtitle in film.subtitles.all()
    ]


def opens_captions(film_id, key: str, *, age_s: float) -> bool:
    """Whether `key` is the permission that `captions` gave for this film, not older than `age_s`."""
    try:
        signing.TimestampSigner(salt=CAPTIONS_SALT).unsign(f"{film_id.hex}:{key}", max_age=age_s)
    except signing.BadSignature:
        return False
    return True


# Rooms


def entries_of(user) -> int:
    """How many entries of `user` are still in the running or in the making."""
    return Film.objects.filter(entrant=user).exclude(status=Film.Status.WITHDRAWN).count()
