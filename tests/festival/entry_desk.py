"""What the tests of an entrant's pages share: addresses, what is typed, and a film that is complete."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from festival.models import DeadlineTier
from tests.factories import make_film, make_statement

DETAILS = {
    "title": "The Salt Harbour",
    "logline": "A lighthouse keeper teaches a machine to remember the sea.",
    "synopsis": "She reads it the tides, night after night.",
    "year": "2026",
    "countries": "Portugal, FR",
    "languages": "portuguese",
    "content_warnings": ["flashing lights"],
    "other_warnings": "a drowning",
    "contact_name": "Maya",
    "contact_email": "maya@example.org",
    "rights_picture": "on",
    "rights_music": "on",
    "rights_screening": "on",
}


def details(film, credits=(("Director", "Maya"),), **changes):
    rows = {"credits-TOTAL_FORMS": len(credits), "credits-INITIAL_FORMS": 0}
    for number, (role, name) in enumerate(credits):
        rows |= {f"credits-{number}-role": role, f"credits-{number}-name": name}
    return DETAILS | rows | {"section": film.section_id} | changes


def make_ready():
    """A film of which nothing is missing."""
    film = make_film(
        footage=True,
        logline="A harbour.",
        synopsis="A harbour and a lamp.",
        year=2026,
        contact_email="maya@example.org",
        rights_picture=True,
        rights_music=True,
        rights_screening=True,
    )
    film.countries.create(code="PT")
    film.languages.create(code="pt")
    film.credits.create(role="Director", name="Maya")
    make_statement(film)
    return film


def address(name, film, **more):
    return reverse(f"entrant:{name}", kwargs={"pk": film.pk} | more)


def close(edition):
    """Let the deadline be an hour ago."""
    DeadlineTier.objects.filter(edition=edition).update(closes_at=timezone.now() - timedelta(hours=1))
