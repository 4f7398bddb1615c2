"""Make the certificates by which clips are signed."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from festival.provenance import credentials


class Command(BaseCommand):
    help = (
        "Make the certificates by which clips are signed, in KEYS_ROOT, unless they are there; a leaf about "
        "to run out is made anew under the same root. For development: a festival in earnest keeps its "
        "root elsewhere and puts root.pem, chain.pem and leaf.key into KEYS_ROOT."
    )

    def handle(self, **options):
        authority = credentials.Authority(settings.KEYS_ROOT)
        if authority.ready():
            return
        if settings.PRODUCTION:
            raise CommandError(
                "KEYS_ROOT lacks a usable root.pem, chain.pem or leaf.key. Put those of your festival there; "
                "this command makes certificates for development only."
            )
        credentials.make_authority(settings.KEYS_ROOT)
        self.stdout.write("Made the festival's development certificates for signing clips.")
