"""How pages write time, places and shares."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms, template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime

from festival import names, screenings
from festival.models import Disclosure, Edition, Film

register = template.Library()


@register.filter
def timecode(seconds: float | None) -> str:
    """Seconds as 0:04 or 1:02:03; a fraction is cut off, as a clock would."""
    if seconds is None:
        return ""
    hours, rest = divmod(int(seconds), 3600)
    minutes_, seconds = divmod(rest, 60)
    return f"{hours}:{minutes_:02}:{seconds:02}" if hours else f"{minutes_}:{seconds:02}"


QUARTERS = (
    (90, "Among the highest tenth"),
    (75, "In the upper quarter"),
    (50, "In the upper half"),
    (25, "In the lower half"),
)


@register.filter
def standing_words(percentile: int) -> str:
    """How a film stands among others of which it surpasses so many per cent."""
    where = next((words for least, words in QUARTERS if percentile >= least), "In the lower quarter")
    return f"{where}: higher than {percentile} % of the other films"


@register.filter
def minutes(seconds: float | None) -> str:
    """Running time as a programme prints it: 45 s below a minute, as a clock counts, then minutes, 12 min."""
    if not seconds:
        return ""
    return f"{max(1, int(seconds))} s" if seconds < 60 else f"{max(1, round(seconds / 60))} min"


@register.simple_tag
def letters_are_printed() -> bool:
    """Whether letters go to the terminal and to nobody's post, as where somebody tries the house."""
    return settings.EMAIL_BACKEND == "django.core.mail.backends.console.EmailBackend"


@register.filter
def local(moment: datetime | None, edition: Edition | None = None) -> str:
    """A moment in the edition's own zone, named: Sat 3 May 2027, 23:59 Lisbon time."""
    if moment is None:
        return ""
    there = localtime(moment, _zone(edition))
    return format_html(
        '<time datetime="{}">{} {}</time>',
        moment.isoformat(timespec="minutes"),
        f"{there:%a} {there.day} {there:%B %Y, %H:%M}",
        zone_name(edition),
    )


@register.filter
def clock(moment: datetime, edition: Edition | None = None) -> str:
    """Hours and minutes in the edition's zone: 20:15."""
    return f"{localtime(moment, _zone(edition)):%H:%M}"


@register.filter
def day(moment: datetime, edition: Edition | None = None) -> str:
    """A day in the edition's zone: Saturday 3 May."""
    there = localtime(moment, _zone(edition))
    return f"{there:%A} {there.day} {there:%B}"


@register.filter
def zone_name(edition: Edition | None) -> str:
    """The edition's zone in words: Lisbon time."""
    city = edition.time_zone.rsplit("/", 1)[-1].replace("_", " ") if edition else "UTC"
    return city if city in ("UTC", "GMT") else f"{city} time"


def _zone(edition: Edition | None) -> ZoneInfo:
    return edition.zone if edition else ZoneInfo("UTC")


@register.filter
def weekday(moment: datetime, edition: Edition | None = None) -> str:
    """Sat, in the edition's zone."""
    return f"{localtime(moment, _zone(edition)):%a}"


@register.filter
def date_in(moment: datetime, edition: Edition | None = None) -> str:
    """3 May, in the edition's zone."""
    there = localtime(moment, _zone(edition))
    return f"{there.day} {there:%b}"


@register.filter
def dates(first: date, last: date | None) -> str:
    """From one day to another, as a poster says it: 3–9 May 2027."""
    if last is None or last == first:
        return f"{first.day} {first:%B %Y}"
    if (first.month, first.year) == (last.month, last.year):
        return f"{first.day}–{last.day} {last:%B %Y}"
    return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"


@register.filter
def on_now(screening, at: datetime) -> bool:
    """Whether the screening has begun and not ended at the moment `at`."""
    return bool(at) and screening.starts_at <= at < screening.ends_at


@register.filter
def percent(share: float | None) -> str:
    """A share of 0 to 100 as whole per cent; a trace is never called nothing: <1 %."""
    if share is None:
        return ""
    return "<1 %" if 0 < share < 1 else f"{round(share)} %"


@register.filter
def share_of(part: float, whole: float | None) -> str:
    """`part` of `whole` as an SVG length, 12.5%; the whole width where the whole is unknown."""
    return f"{min(100.0, 100 * part / whole):.3f}%" if whole else "100%"


@register.filter
def less(value: float, other: float) -> float:
    """`value` less `other`, for widths of ranges."""
    return value - other


@register.filter
def tracks(ranges) -> list[tuple[str, str, list]]:
    """A label's ranges by track: (name, words, ranges); the picture always has its row."""
    found = [
        (name, words, [r for r in ranges if r.track == name]) for name, words in Disclosure.Track.choices
    ]
    return [track for track in found if track[2] or track[0] == Disclosure.Track.PICTURE]


@register.filter
def kinds(ranges) -> list[tuple[str, str]]:
    """The kinds of footage that occur in a label's ranges: (name, words)."""
    there = {range_.kind for range_ in ranges}
    return [(name, words) for name, words in Disclosure.Kind.choices if name in there]


@register.filter
def country(code: str) -> str:
    return names.country(code)


@register.filter
def language(code: str) -> str:
    return names.language(code)


@register.filter
def widget_is(field, kind: str) -> bool:
    """Whether a form field is a lone "checkbox", or radio buttons and check boxes ("choices")."""
    widget = field.field.widget
    if kind == "checkbox":
        return isinstance(widget, forms.CheckboxInput)
    return isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def poster(film: Film) -> str:
    """The address of the picture a card shows: the maker's own if it lies, else the film's frame.

    For lists: `select_related("footage")` and `prefetch_related("stills")`. The caller has already
    found out that the person may see the film.
    """
    for still in film.stills.all():
        if still.kind == "poster" and still.width >= still.height:
            return screenings.address(still.path)
    if film.footage is None or not film.footage.folder:
        return ""
    folder = film.footage.folder
    return screenings.address(f"{folder}/poster.jpg", folder=folder)


@register.filter
def backdrop(film: Film) -> dict:
    """The picture for the whole width of a page, and what of it must stay in sight when it is cut.

    The maker's first still that lies, since a film's own frame may hold its title; else the frame.
    """
    for still in film.stills.all():
        if still.kind == "still" and still.width >= still.height:
            focus = f"{_third(still.focus_x, 'left', 'right')} {_third(still.focus_y, 'top', 'bottom')}"
            return {"src": screenings.address(still.path), "focus": focus}
    return {"src": poster(film), "focus": "center center"}


def _third(share: float, first: str, last: str) -> str:
    return first if share < 1 / 3 else last if share > 2 / 3 else "center"


@register.filter
def still_address(still) -> str:
    """The address of a still, for whoever has already been let into the page."""
    return screenings.address(still.path)


@register.simple_tag
def facts(film: Film, *, section: bool = True) -> str:
    """Year · country · minutes · section, leaving out what is not known."""
    countries = ", ".join(names.country(row.code) for row in film.countries.all())
    length = minutes(film.footage.duration_s) if film.footage else ""
    parts = [film.year, countries, length, film.section if section else ""]
    return format_html_join(" · ", "{}", ((part,) for part in parts if part))


@register.simple_tag(takes_context=True)
def here(context, **changes) -> str:
    """This page's own address with some of its query changed: `{% here page=2 %}`."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query[key] = value
    return f"?{query.urlencode()}"
