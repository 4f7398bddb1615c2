"""The juror's pages with 10,000 films and 30,000 marks in the database, through the test client.

Prints queries and milliseconds of each page, in a database of its own: python -m benchmarks.jury_pages
"""

import os
import statistics
import tempfile
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("MARQUEE_TEST_RUN", tempfile.mkdtemp(prefix="marquee-bench-"))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import machine  # noqa: E402

FILMS, REVIEWS, JURORS, CRITERIA = 10_000, 3, 100, 6
TURNS = 25


def main() -> None:
    settings.VAR.mkdir(parents=True, exist_ok=True)
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["testserver"]  # as in production: no log of queries
    call_command("migrate", verbosity=0)
    print(machine.describe())
    juror, assignment = lay_out()
    client = Client()
    client.force_login(juror)
    print(f"{FILMS:,} films, {FILMS * REVIEWS:,} marks, {JURORS} jurors; {TURNS} turns")
    pages = {"list": reverse("jury:films"), "film": reverse("jury:film", args=[assignment.pk])}
    for name, address in pages.items():
        answer = client.get(address)  # templates are compiled now
        assert answer.status_code == 200, answer.status_code
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries = len(asked)  # before another request clears the log
        wall, cpu = [], []
        for _ in range(TURNS):
            begun, worked = time.perf_counter(), time.process_time()
            client.get(address)
            wall.append(1000 * (time.perf_counter() - begun))
            cpu.append(1000 * (time.process_time() - worked))
        print(
            f"  {name:5} {queries:3} queries  wall least {min(wall):6.1f} ms, median "
            f"{statistics.median(wall):6.1f} ms; processor median {statistics.median(cpu):6.1f} ms; "
            f"{len(answer.content) / 1024:.0f} KiB"
        )


@transaction.atomic
def lay_out():
    """The rows; returns a juror in the middle, with a film half way down the list."""
    from festival.models import Film, Footage
    from judging.models import Assignment, Criterion, Mark, Panel, Round, Score, Seat, Viewing
    from tests.factories import make_edition, make_juror

    edition = make_edition()
    section = edition.sections.first()
    panel = Panel.objects.create(edition=edition)
    jurors = [make_juror(edition) for _ in range(JURORS)]
    Seat.objects.bulk_create(Seat(panel=panel, juror=juror) for juror in jurors)
    entrant = make_juror(edition)
    films = Film.objects.bulk_create(
        Film(edition=edition, section=section, entrant=entrant, title=f"Film {n}", status="eligible",
             synopsis="It begins where it ends. " * 20)
        for n in range(FILMS)
    )  # fmt: skip
    footages = Footage.objects.bulk_create(
        Footage(film=film, name="a.mp4", original=f"originals/{n}", folder=f"footage/{n}", size_bytes=1,
                duration_s=300 + n % 900, width=1280, height=720, frame_rate="25", status="ready")
        for n, film in enumerate(films)
    )  # fmt: skip
    for film, footage in zip(films, footages, strict=True):
        film.footage = footage
    Film.objects.bulk_update(films, ["footage"], batch_size=500)
    round = Round.objects.create(edition=edition, reviews=REVIEWS, status="open")
    criteria = Criterion.objects.bulk_create(
        Criterion(round=round, name=f"Criterion {n}", weight=1, position=n) for n in range(CRITERIA)
    )
    assignments = Assignment.objects.bulk_create(
        Assignment(round=round, film=film, juror=jurors[(n + k * 37) % JURORS], position=n)
        for n, film in enumerate(films)
        for k in range(REVIEWS)
    )
    length = {footage.film_id: footage for footage in footages}
    Viewing.objects.bulk_create(
        Viewing(assignment=a, footage=length[a.film_id], played=[[0, 300_000]], delivered=[[0, 300_000]],
                seen_ms=300_000, to_see_ms=300_000)
        for a in assignments
    )  # fmt: skip
    marks = Mark.objects.bulk_create(Mark(assignment=a, note="A note.") for a in assignments)
    Score.objects.bulk_create(
        (Score(mark=mark, criterion=c, value=1 + c.position) for mark in marks for c in criteria),
        batch_size=5000,
    )
    juror = jurors[JURORS // 2]
    theirs = [a for a in assignments if a.juror_id == juror.pk]
    return juror, theirs[len(theirs) // 2]


if __name__ == "__main__":
    main()
