"""The edition that a whole jury judges: two sections, thirty entries that play, and who is who.

`lay_out` runs inside the site's own process, by `manage.py shell`. Before the jury comes nothing here is what
the journey is about, so the entries are rows; their film is a real one of two seconds, which all share.
"""

import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from zlib import crc32

EDITION = "2027"
ORGANISER = ("ines@office.example", "Inês Duarte")
JURORS = {
    "amara@obi.example": "Amara Obi",
    "bela@kovacs.example": "Béla Kovács",
    "chen@harbour.example": "Chen Wei",
    "dunja@film-school.example": "Dunja Petrović",
    "emil@salt.example": "Emil Sand",
    "farah@nour.example": "Farah Nour",
}
STORIES = [
    *("The Long Way Round", "Salt", "Night Ferry", "Her Second Voice", "A Lamp for Tomas"),
    *("Low Tide", "The Understudy", "Paper Boats", "Last Bus to Ericeira", "The Weather Woman"),
    *("Instructions for Rain", "Small Hours", "The Glass Orchard", "Tin Sky", "Encore"),
]
DOCUMENTS = [
    *("Static", "What the River Kept", "Ten Thousand Steps", "The Archive Dreams", "Hands"),
    *("Signal Hill", "A Voice from Lot 9", "The Machine Learns Fado", "Concrete Gardens", "Border Light"),
    *("Grandmother’s Prompt", "The Sound of Cork", "Two Seconds", "Rehearsal for a Storm", "Unrendered"),
]
TITLES = STORIES + DOCUMENTS
INELIGIBLE = "Static"  # one juror doubts it
READER = "Rehearsal for a Storm"  # declined; its maker reads why
TIED = "Encore"  # its maker writes from the school where a juror teaches
SECONDS = 2


def quality(title: str) -> int:
    """How good a film is to a juror who neither leans nor wavers, from 2 to 9; three a section stand out."""
    place = (STORIES if title in STORIES else DOCUMENTS).index(title)
    return 9 if place in (1, 2, 7) else 2 + place % 4


def marks(title: str, juror: str, criteria: int) -> list[int]:
    """What a juror gives on each criterion: strict or kind, of their own mind, and never the same on all."""
    lean = list(JURORS).index(juror) % 3 - 1
    whim = crc32(f"{title} {juror}".encode()) % 3 - 1
    wavering = [(n + len(title)) % 3 - 1 for n in range(criteria)]
    return [min(10, max(1, quality(title) + lean + whim + one)) for one in wavering]


def entrant_of(title: str) -> tuple[str, str]:
    """Address and name of a film's maker; each has a domain of their own, but for one."""
    number = TITLES.index(title) + 1
    domain = "film-school.example" if title == TIED else f"film{number:02}.example"
    return f"maker@{domain}", f"Maker {number:02}"


def lay_out(secret: str) -> None:
    """An edition whose call is over and whose thirty entries wait for the jury; its organiser."""
    from django.utils import timezone

    from festival.models import Edition, Film, Role
    from tests.factories import make_edition, make_entry, make_section

    edition = make_edition(
        slug=EDITION,
        name="Marquee 2027",
        time_zone="Europe/Lisbon",
        status=Edition.Status.CLOSED,
        sections=0,
        deadline_in=None,
    )
    edition.tiers.create(name="Regular", closes_at=timezone.now() - timedelta(days=1))
    Role.objects.create(edition=edition, person=_person(*ORGANISER, secret), kind=Role.Kind.ORGANISER)
    for email, name in JURORS.items():
        _person(email, name)
    stories = make_section(edition=edition, name="Stories", slug="stories")
    documents = make_section(edition=edition, name="Documents", slug="documents")
    facts = _examined()
    for title in TITLES:
        film = make_entry(
            edition=edition,
            section=documents if title in DOCUMENTS else stories,
            entrant=_person(*entrant_of(title), secret if title == READER else None),
            title=title,
            logline=f"A film of two seconds about {title.lower()}.",
            status=Film.Status.ELIGIBLE,
            submitted_at=timezone.now() - timedelta(days=2),
        )
        for name, value in facts.items():
            setattr(film.footage, name, value)
        film.footage.save()


def _person(email: str, name: str, secret: str | None = None):
    """Somebody with a name; without a secret nobody can sign in as them before a letter has asked them."""
    from allauth.account.models import EmailAddress

    from tests.factories import make_user

    person = make_user(email=email, name=name, password=secret)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _examined() -> dict:
    """Examine the one film as the media queue would, put it into the archive, and say what was found."""
    from festival import archive
    from festival.media import binaries
    from festival.media.examination import examine

    with tempfile.TemporaryDirectory() as folder:
        master, out = Path(folder, "film.mp4"), Path(folder, "out")
        picture = f"gradients=s=320x180:r=12:d={SECONDS}:seed=3:speed=0.05"
        inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=f=220:d={SECONDS}"]
        coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
        subprocess.run([binaries.ffmpeg(), "-v", "error", "-y", *inputs, *coding, master], check=True)
        out.mkdir()
        found = examine(master, out)
        archive.publish(out, "footage/shared")
    named = ("sha256", "size_bytes", "duration_s", "width", "height", "frame_rate", "colour")
    return {"folder": "footage/shared", **{name: getattr(found, name) for name in named}}
