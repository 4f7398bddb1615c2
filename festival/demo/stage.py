"""Take the demo's films along the real path: upload, examination, jury, decision, programme.

Each step looks at what stands and does what is missing, so a run that is broken off goes on where it was.
"""

import base64
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.authtoken.models import Token

from festival import disclosures, intake, letters, listings, notices, office, programme
from festival.demo import masters
from festival.demo.catalogue import FILMS, PEOPLE, DemoFilm
from festival.demo.layout import ON_STAGE
from festival.models import Edition, Film, Footage, Person
from festival.provenance import credentials

Say = Callable[[str], None]


def play_out(say: Say) -> None:
    """Work until the demo edition is published; the site and its workers must be running."""
    edition = Edition.objects.get(slug=ON_STAGE)
    if edition.status != Edition.Status.OPEN:
        return
    _wait_for_site()
    call_command("demo_takes", "ask", edition.slug)
    in_turn = sorted(FILMS, key=lambda film: len(film.words))  # meanwhile the studio draws for the others
    for number, film in enumerate(in_turn, 1):
        entry = edition.films.select_related("entrant").get(title=film.title)
        if not entry.footages.exists():
            say(f"Drawing film {number} of {len(FILMS)}: {film.title}")
            _send(film, entry)
    _wait_for_examination(edition, say)
    call_command("demo_takes", "deliver", edition.slug)
    _submit_all(edition)
    say("The jury is watching.")
    call_command("demo_jury", edition.slug)
    _decide(edition)
    _schedule(edition)
    programme.publish(Edition.objects.get(pk=edition.pk), by=_organiser())
    say(f"The programme of {edition} is published.")


def _organiser() -> Person:
    return Person.objects.get(email=PEOPLE[0][0])


def _wait_for_site() -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(settings.SITE_URL, timeout=5):  # noqa: S310 (our own address)
                return
        except OSError:  # not there yet, or too busy to answer
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _send(film: DemoFilm, entry: Film) -> None:
    """Cut the film together and upload it by tus, as any client would."""
    key = Token.objects.get_or_create(user=entry.entrant)[0].key
    with tempfile.TemporaryDirectory() as folder:
        master, still = _made(film, entry, Path(folder))
        named = {"film": str(entry.pk), "filename": master.name}
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in named.items())
        made = _call(
            reverse("media:uploads"),
            key,
            "POST",
            {"Upload-Length": str(master.stat().st_size), "Upload-Metadata": metadata},
        )
        offset = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        _call(made.headers["Location"], key, "PATCH", offset, master.read_bytes())
        listings.add_still(entry, by=entry.entrant, source=still, kind="still", alt=film.logline)
    Token.objects.filter(user=entry.entrant).delete()


def _made(film: DemoFilm, entry: Film, folder: Path) -> tuple[Path, Path]:
    """The film's master and a still, in the folder; what was cut from clips keeps their credentials."""
    clips: list[Path] = []
    if film.words:
        call_command("demo_takes", "fetch", entry.edition.slug, film=film.title, into=folder)
        clips = [folder / f"{number}.mp4" for number in range(1, len(film.words) + 1)]
    cut, still = folder / f"cut.{film.container}", folder / "still.png"
    masters.write(film, cut, clips=clips)
    masters.write_still(film, still, clips=clips)
    master = folder / f"{film.title}.{film.container}"
    if clips:
        house = credentials.Authority(settings.KEYS_ROOT)
        credentials.sign_film(cut, master, title=film.title, clips=clips, authority=house)
    else:
        cut.rename(master)
    return master, still


def _call(address: str, key: str, method: str, headers: dict, body: bytes | None = None):
    url = address if address.startswith("http") else settings.SITE_URL + address
    request = urllib.request.Request(url, method=method, data=body)  # noqa: S310 (our own address)
    for name, value in {"Authorization": f"Token {key}", "Tus-Resumable": "1.0.0", **headers}.items():
        request.add_header(name, value)
    return urllib.request.urlopen(request, timeout=60)  # noqa: S310


def _wait_for_examination(edition: Edition, say: Say) -> None:
    told = -1
    while True:
        found = Footage.objects.filter(film__edition=edition)
        done = found.exclude(status__in=[Footage.Status.WAITING, Footage.Status.EXAMINING]).count()
        if done != told:
            say(f"Examined: {done} of {len(FILMS)} films")
            told = done
        if done >= len(FILMS):
            return
        time.sleep(1)


def _submit_all(edition: Edition) -> None:
    organiser = _organiser()
    for entry in edition.films.filter(status=Film.Status.DRAFT):
        disclosures.state(entry, by=entry.entrant, parts=[], sign_as=str(entry.entrant))
        entry.refresh_from_db()
        intake.submit(entry, by=entry.entrant)
    for entry in edition.films.filter(status=Film.Status.SUBMITTED):
        intake.accept(entry, by=organiser)


def _decide(edition: Edition) -> None:
    organiser = _organiser()
    if edition.status == Edition.Status.OPEN:
        edition.tiers.update(closes_at=timezone.now() - timedelta(minutes=1))
        office.close_call(edition, by=organiser)
    waiting = list(edition.films.filter(status=Film.Status.ELIGIBLE))
    declined = [film for film in waiting if film.title == FILMS[-1].title]
    office.decide([film for film in waiting if film not in declined], Film.Status.SELECTED, by=organiser)
    office.decide(declined, Film.Status.DECLINED, by=organiser, note="A strong idea; the pictures wait.")
    letters.send(edition, by=organiser)
    for letter in letters.unheard(edition):
        notices.send(letter.pk)  # before anyone reads the programme


def _schedule(edition: Edition) -> None:
    """Three screenings over three evenings, and one room online."""
    if edition.screenings.exists():
        return
    organiser = _organiser()
    hall = programme.add_venue(
        edition, by=organiser, name="Cinema São Jorge, Sala 3", address="Avenida da Liberdade 175", seats=200
    )
    yard = programme.add_venue(edition, by=organiser, name="The Yard", address="Rua da Graça 40", seats=90)
    online = programme.add_venue(edition, by=organiser, name="Online room", online=True)
    evening = timezone.now().astimezone(edition.zone).replace(hour=21, minute=0, second=0, microsecond=0)
    bills = [
        ("Opening night", hall, 1, 0, 20, FILMS[0:3]),
        ("Late and upright", yard, 1, 2, 0, FILMS[1:2] + FILMS[4:5]),
        ("Windows", hall, 2, 0, 15, FILMS[3:6]),
        ("Rivers, deserts, airwaves", yard, 3, -2, 0, FILMS[6:8]),
        ("Everything again", online, 4, 0, 0, FILMS[0:8]),
    ]
    for title, venue, day, later_h, talk_min, films in bills:
        screening = programme.add_screening(
            edition,
            by=organiser,
            venue=venue,
            title=title,
            starts_at=evening + timedelta(days=day, hours=later_h),
            talk_min=talk_min,
        )
        for film in films:
            entry = edition.films.select_related("footage").get(title=film.title)
            programme.place(entry, screening, by=organiser)
