"""Lay out the demo edition, and take its films along the real path."""

import os
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from festival.demo import layout, stage
from festival.demo.catalogue import PASSWORD


class Command(BaseCommand):
    help = (
        "Migrate, and lay out a demo: one edition on its way to the screen and one whose call is open. "
        "Run again, it changes nothing. With --follow it draws the films, uploads them to the running site, "
        "waits for their examination and takes them through jury and decision to the programme, "
        "then stays idle."
    )

    requires_system_checks = []  # they load every page of the house, while people wait for the first

    def add_arguments(self, parser):
        parser.add_argument(
            "--follow", action="store_true", help="work with the running site until the demo is published"
        )

    def handle(self, *, follow, **options):
        if settings.PRODUCTION:
            raise CommandError(
                "A demo has accounts whose password everybody knows, so it is not laid out where MARQUEE_ENV "
                "is production. Leave that out to try Marquee."
            )
        if follow:
            stage.play_out(lambda words: print(words, flush=True))
            self.rest()
        call_command("migrate", interactive=False, verbosity=0)
        people = layout.lay_out()
        call_command("credentials")
        call_command("engines", "demo")
        self.stdout.write(f"\n  Marquee is opening at {settings.SITE_URL}\n\n  Sign in as")
        for email, part in people:
            self.stdout.write(f"    {email:26} {part}")
        self.stdout.write(f"  with the password {PASSWORD}\n\n  Ctrl-C closes the house.\n")

    def rest(self):
        """Stay, in a few megabytes: a process manager ends all processes when one of them ends."""
        idle = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); signal.pause()"
        os.execv(sys.executable, [sys.executable, "-S", "-c", idle])  # noqa: S606
