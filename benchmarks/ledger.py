"""What a row of the ledger costs to append, and a million rows to verify.

    python -m benchmarks.ledger [--rows 1000000]

The chain alone is measured apart from the database, which is a fresh SQLite file. The rows are marks of a
hundred films, changed again and again, as they are by far the most frequent.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import NamedTuple

WANTED_APPEND_US = 20
WANTED_VERIFY_S = 10
FILMS = 100
AT_ONCE = 20_000


def main() -> int:
    options = arguments()
    from benchmarks.machine import describe

    with tempfile.TemporaryDirectory(prefix="marquee-ledger-") as folder:
        os.environ |= {"MARQUEE_VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/ledger.sqlite3"}
        jury = Jury()
        print(describe())
        pure = report("append, the chain alone", chained, 50_000)
        report("append, one act and one transaction each", jury.one_by_one, 2_000)
        rest = options.rows - jury.rows
        report(f"append, {AT_ONCE} rows at once", jury.fill, rest)
        walk, whole = measured(jury.walk), measured(jury.verify)
        print(f"walk {jury.rows} rows: {walk}")
        print(f"verify {jury.rows} rows, with all that stands in them and in the tables: {whole}")
    return 0 if pure.cpu_s * 1e6 <= WANTED_APPEND_US and whole.cpu_s <= WANTED_VERIFY_S else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    return parser.parse_args()


class Time(NamedTuple):
    """What an act took on the clock, and of one processor: on a busy machine the clock tells of others."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.cpu_s:.1f} s of one processor, {self.wall_s:.1f} s on the clock"


def measured(act: Callable[[], None]) -> Time:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return Time(time.perf_counter() - wall, time.process_time() - cpu)


def report(what: str, act: Callable[[int], None], rows: int) -> Time:
    """Time a row, printed in microseconds."""
    took = measured(lambda: act(rows))
    each = Time(took.wall_s / rows, took.cpu_s / rows)
    clock = f"{each.wall_s * 1e6:.1f} µs on the clock"
    print(f"{what}: {each.cpu_s * 1e6:.1f} µs a row, {clock}, over {rows} rows", flush=True)
    return each


def chained(rows: int) -> None:
    """Write rows as they are hashed, in memory only."""
    from judging.tally import chain

    last = (0, chain.GENESIS)
    facts = {
        "assignment": "9f0c1c6e-6f0e-4a07-9f61-6a0f2c5c8f10", "round": 1, "juror": 12, "share": False,
        "film": "3c7a2f55-02d7-4a68-8f4e-b7c2e2b7f0aa", "scores": {"1": 7, "2": 8, "3": 6, "4": 9},
        "note": None, "salt": "0123456789abcdef0123456789abcdef",
    }  # fmt: skip
    for _ in range(rows):
        row = chain.link(
            1, last, at="2027-03-01T12:00:00.000000+00:00", actor=12, kind="mark.given",
            body=chain.canonical(facts),
        )  # fmt: skip
        last = row.sequence, row.hash


class Jury:
    """An edition with a hundred films on the list of one juror, and its ledger."""

    def __init__(self):
        os.environ["DJANGO_SETTINGS_MODULE"] = "festival.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from festival.models import Edition, Film, Person
        from judging import record
        from judging.models import Assignment, Criterion, Mark, Round, Score

        call_command("migrate", verbosity=0)
        self.edition = Edition.objects.create(slug="measured", name="Measured")
        self.juror = Person.objects.create_user("juror@example.com")
        self.round = Round.objects.create(edition=self.edition, status="open")
        criterion = Criterion.objects.create(round=self.round, name="Story", weight=100)
        films = [Film(edition=self.edition, entrant=self.juror, title=f"Film {n}") for n in range(FILMS)]
        Film.objects.bulk_create(films)
        self.assignments = [
            Assignment(round=self.round, film=film, juror=self.juror, position=place)
            for place, film in enumerate(films)
        ]
        Assignment.objects.bulk_create(self.assignments)
        marks = Mark.objects.bulk_create(Mark(assignment=assignment) for assignment in self.assignments)
        Score.objects.bulk_create(Score(mark=mark, criterion=criterion, value=7) for mark in marks)
        record.round_opened(self.round, by=self.juror)
        self.criterion = criterion.pk

    @property
    def rows(self) -> int:
        from judging.models import Record

        return Record.objects.count()

    def mark(self, number: int) -> tuple[str, dict]:
        assignment = self.assignments[number % FILMS]
        body = {
            "assignment": str(assignment.pk), "round": self.round.pk, "film": str(assignment.film_id),
            "juror": self.juror.pk, "scores": {str(self.criterion): 7}, "note": "", "share": False,
        }  # fmt: skip
        return "mark.given", body

    def one_by_one(self, rows: int) -> None:
        from judging import ledger

        for number in range(rows):
            ledger.append(self.edition, *self.mark(number), by=self.juror)

    def fill(self, rows: int) -> None:
        from judging import ledger

        for begin in range(0, rows, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, rows))
            ledger.extend(self.edition, [self.mark(number) for number in numbers], by=self.juror)

    def walk(self) -> None:
        from judging import verification
        from judging.tally import chain

        for _ in chain.walk(self.edition.pk, verification.rows(self.edition)):
            pass

    def verify(self) -> None:
        from judging import verification

        found = verification.verify(self.edition)
        assert found.holds, found.findings[:3]


if __name__ == "__main__":
    sys.exit(main())
