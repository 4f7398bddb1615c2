"""Verify an edition's ledger, and every result that was computed from it."""

import json
from contextlib import contextmanager
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from festival.models import Edition
from judging import verification


class Command(BaseCommand):
    help = (
        "Walk the chain of an edition's ledger, compute every result again from its rows alone, and hold "
        "the tables against them. Exits with 1 if anything differs, and says what."
    )

    def add_arguments(self, parser):
        parser.add_argument("edition", help="the edition as in addresses, such as 2027")
        parser.add_argument("--head", default="", help="a digest from a letter or a receipt, to be found")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, edition, head, **options):
        found = Edition.objects.filter(slug=edition).first()
        if found is None:
            raise CommandError(f"There is no edition {edition}.")
        with _one_moment():
            report = verification.verify(found, head=head)
        self.stdout.write(_json(report) if options["json"] else _words(report))
        if not report.holds:
            raise SystemExit(1)


@contextmanager
def _one_moment():
    """Rows and tables as they are at one moment, whatever is written meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _json(report: verification.Report) -> str:
    return json.dumps(asdict(report) | {"holds": report.holds}, indent=2, ensure_ascii=False)


def _words(report: verification.Report) -> str:
    if not report.holds:
        return "\n".join([finding.what for finding in report.findings])
    sought = f"\nThe digest you hold is that of row {report.sought}." if report.sought else ""
    erased = f" The words of {report.erased} were erased; their seals stand." if report.erased else ""
    return (
        f"The ledger of {report.edition} holds: {report.rows} rows, and {report.results} results computed "
        f"again, bit for bit.{erased}\nHead: {report.head}{sought}"
    )
