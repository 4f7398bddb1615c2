"""Lay out the demo: people with accounts, last year's edition in the making, next year's open call."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from festival.demo.catalogue import ENTRANT, FILMS, PASSWORD, PEOPLE, SECTIONS, DemoFilm
from festival.models import (
    DeadlineTier,
    DepartmentUse,
    Disclosure,
    Edition,
    Film,
    Person,
    Role,
    Section,
    Statement,
    Subtitle,
    Tool,
)

ON_STAGE, CALLING = "2026", "2027"
RULES = """Films made with, about or against AI are welcome, and so are films made without it.
Say how AI was used: it is a gate, not a score. An undisclosed shot can cost a film its place.
One film may be entered in one section. You may edit the entry until the deadline.
Every eligible film is watched by at least two jurors, and every entrant hears from us before the programme \
is published."""


@transaction.atomic
def lay_out() -> list[tuple[str, str]]:
    """Create what is missing of the demo; return (address, part) of everyone who can sign in."""
    today = timezone.now()
    stage = _edition(
        ON_STAGE, "Marquee 2026", "Films made with machines, by people", today + timedelta(days=1), RULES
    )
    calling = _edition(CALLING, "Marquee 2027", "The call is open", today + timedelta(days=200), RULES)
    for email, name, kind in PEOPLE:
        person = _person(email, name)
        for edition in (stage, calling):
            Role.objects.get_or_create(edition=edition, person=person, kind=kind)
    for film in FILMS:
        if not stage.films.filter(title=film.title).exists():
            _enter(film, stage)
    return [(email, kind) for email, _, kind in PEOPLE] + [(ENTRANT, "entrant")]


def address_of(maker: str) -> str:
    """A maker's address; the first one's is the account that newcomers are told of."""
    return ENTRANT if maker == FILMS[0].maker else f"{maker.split()[0].lower()}@example.org"


def _person(email: str, name: str) -> Person:
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, PASSWORD, name=name)
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _edition(slug: str, name: str, tagline: str, starts, rules: str) -> Edition:
    edition, new = Edition.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "tagline": tagline,
            "time_zone": "Europe/Lisbon",
            "rules": rules,
            "starts_on": starts.date(),
            "ends_on": (starts + timedelta(days=4)).date(),
            "status": Edition.Status.OPEN,
        },
    )
    if new:
        for position, (key, title, text, shortest, longest, least, most) in enumerate(SECTIONS):
            Section.objects.create(
                edition=edition,
                slug=key,
                name=title,
                description=text,
                min_duration_s=shortest,
                max_duration_s=longest,
                min_ai_share=least,
                max_ai_share=most,
                position=position,
            )
        last = max(starts - timedelta(days=60), timezone.now() + timedelta(days=1))
        last = last.astimezone(edition.zone).replace(hour=23, minute=59, second=0, microsecond=0)
        DeadlineTier.objects.create(
            edition=edition, name="Early", closes_at=last - timedelta(days=40), fee="free"
        )
        DeadlineTier.objects.create(edition=edition, name="Regular", closes_at=last, fee="€10")
    return edition


def _enter(film: DemoFilm, edition: Edition) -> None:
    """Fill in an entry as its maker would, all but the file."""
    maker = _person(address_of(film.maker), film.maker)
    entry = Film.objects.create(
        edition=edition,
        section=edition.sections.get(slug=film.section),
        entrant=maker,
        title=film.title,
        original_title=film.original_title,
        logline=film.logline,
        synopsis=film.synopsis,
        year=film.year,
        premiere=film.premiere,
        content_warnings=list(film.warnings),
        contact_name=film.maker,
        contact_email=maker.email,
        rights_picture=True,
        rights_music=True,
        rights_screening=True,
    )
    for position, (role, name) in enumerate(film.credits):
        entry.credits.create(role=role, name=name, position=position)
    for code in film.countries:
        entry.countries.create(code=code)
    for code in film.languages:
        entry.languages.create(code=code)
    _disclose(film, entry)
    _caption(film, entry)


def _disclose(film: DemoFilm, entry: Film) -> None:
    tools = [Tool.objects.create(film=entry, name=n, version=v, vendor=m) for n, v, m in film.tools]
    for department in DepartmentUse.Department.values:
        extent = film.departments.get(department, "none")
        use = DepartmentUse.objects.create(
            film=entry,
            department=department,
            extent=extent,
            human_part="" if extent == "none" else "Chosen, directed and cut by people.",
        )
        named = extent != "none" and department != "picture"  # a picture's tools stand in the cue sheet
        use.tools.set(_tools_of(department, tools) if named else [])
    for start_s, end_s, kind, human_part in film.cues:
        Disclosure.objects.create(
            film=entry,
            start_s=start_s,
            end_s=end_s,
            kind=kind,
            human_part=human_part,
            method="" if kind == "captured" else "text-to-video" if kind == "generated" else "restyle",
            tool=tools[0] if tools and kind != "captured" else None,
        )
    Statement.objects.create(film=entry, process=film.process)


KEPT_TO = {"Sound": ("voice", "sound"), "Subtitle": ("subtitles",), "Cutting": ("edit",)}


def _tools_of(department: str, tools: list[Tool]) -> list[Tool]:
    """What a department worked with: a sound model makes sound, and nothing else does."""
    own = {kept: word for word, departments in KEPT_TO.items() for kept in departments}.get(department)
    return [tool for tool in tools if (own in tool.name if own else not _kept(tool))]


def _kept(tool: Tool) -> bool:
    return any(word in tool.name for word in KEPT_TO)


def _caption(film: DemoFilm, entry: Film) -> None:
    if not film.captions:
        return
    cues = "".join(f"{_clock(a)} --> {_clock(b)}\n{words}\n\n" for a, b, words in film.captions)
    Subtitle.objects.create(
        film=entry, language="en", label="English", vtt=f"WEBVTT\n\n{cues}", cues=len(film.captions)
    )


def _clock(seconds: float) -> str:
    return f"00:00:{seconds:06.3f}"
