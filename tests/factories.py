"""Plain functions that build rows. Each fills only what a valid row needs."""

from datetime import timedelta
from itertools import count

from django.contrib.auth import get_user_model
from django.utils import timezone

from festival.models import (
    DeadlineTier,
    DepartmentUse,
    Edition,
    Film,
    Footage,
    Role,
    Section,
    Statement,
)

serial = count(1)


def make_user(**fields):
    fields.setdefault("email", f"person{next(serial)}@example.org")
    fields.setdefault("name", fields["email"].split("@")[0].title())
    return get_user_model().objects.create_user(**fields)


def make_edition(*, deadline_in=timedelta(days=30), sections=1, **fields):
    """An edition with an open call, one section and one deadline, unless told otherwise."""
    fields.setdefault("slug", f"edition-{next(serial)}")
    fields.setdefault("name", f"Edition {fields['slug']}")
    fields.setdefault("status", Edition.Status.OPEN)
    edition = Edition.objects.create(**fields)
    for _ in range(sections):
        make_section(edition=edition)
    if deadline_in is not None:
        DeadlineTier.objects.create(edition=edition, name="Regular", closes_at=timezone.now() + deadline_in)
    return edition


def make_section(**fields):
    number = next(serial)
    fields.setdefault("name", f"Section {number}")
    fields.setdefault("slug", f"section-{number}")
    if "edition" not in fields:
        fields["edition"] = make_edition(sections=0)
    return Section.objects.create(**fields)


def make_organiser(edition, **fields):
    person = make_user(**fields)
    Role.objects.create(edition=edition, person=person, kind=Role.Kind.ORGANISER)
    return person


def make_juror(edition, **fields):
    person = make_user(**fields)
    Role.objects.create(edition=edition, person=person, kind=Role.Kind.JUROR)
    return person


def make_film(**fields):
    """A draft with just a title; `footage=True` adds a ready 60-second file (rows only, no media)."""
    fields.setdefault("title", f"Film {next(serial)}")
    if "edition" not in fields:
        fields["edition"] = make_edition()
    if "section" not in fields:
        fields["section"] = fields["edition"].sections.first()
    if "entrant" not in fields:
        fields["entrant"] = make_user()
    footage = fields.pop("footage", False)
    film = Film.objects.create(**fields)
    if footage:
        film.footage = make_footage(film=film)
        film.save(update_fields=["footage"])
    return film


def make_footage(**fields):
    if "film" not in fields:
        fields["film"] = make_film()
    fields.setdefault("name", "film.mp4")
    fields.setdefault("original", f"originals/{next(serial)}.mp4")
    fields.setdefault("folder", f"footage/{next(serial)}")
    fields.setdefault("size_bytes", 1_000_000)
    fields.setdefault("sha256", "0" * 64)
    fields.setdefault("duration_s", 60.0)
    fields.setdefault("width", 1280)
    fields.setdefault("height", 720)
    fields.setdefault("frame_rate", "25")
    fields.setdefault("status", Footage.Status.READY)
    return Footage.objects.create(**fields)


def make_statement(film, **fields):
    """A signed statement that AI was used in no department, so that nothing is left to say."""
    fields.setdefault("attested_name", film.entrant.name)
    fields.setdefault("attested_by", film.entrant)
    fields.setdefault("attested_at", timezone.now())
    for department in DepartmentUse.Department:
        DepartmentUse.objects.get_or_create(film=film, department=department)
    return Statement.objects.create(film=film, **fields)


def make_entry(**fields):
    """A draft that lacks nothing: listed, with a file, and signed; ready to be submitted."""
    defaults = {
        "logline": "A lighthouse keeper learns to read the sea.",
        "synopsis": "Every night the light turns. One night it does not.",
        "year": 2026,
        "contact_email": "office@film.example",
        "rights_picture": True,
        "rights_music": True,
        "rights_screening": True,
        "footage": True,
    }
    film = make_film(**defaults | fields)
    film.credits.create(role="Director", name="Ines Duarte")
    film.countries.create(code="PT")
    film.languages.create(code="pt")
    make_statement(film)
    return film
