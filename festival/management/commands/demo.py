"""Lay out the demo edition."""

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Lay out a demo edition; a second run changes nothing."

    def handle(self, **options):
        """Nothing yet."""
