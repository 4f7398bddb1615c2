"""Erase a juror's own words."""

from django.core.management.base import BaseCommand, CommandError

from festival.models import Person
from judging import erasure


class Command(BaseCommand):
    help = "Erase the notes and reasons that somebody wrote as a juror. Marks and ballots stay."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"There is nobody with the address {email}.")
        self.stdout.write(f"{erasure.forget(person)} texts of {person} were erased beside the ledger.")
