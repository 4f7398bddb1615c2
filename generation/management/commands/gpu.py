"""Say how the workers that draw, and the queue they draw from, stand."""

from argparse import RawDescriptionHelpFormatter

from django.core.management.base import BaseCommand

from generation import overview
from generation.allowances import in_words

HELP = """Say how the workers that draw, and the queue they draw from, stand.

  gpu status         workers, engines, what is drawn and what waits

A worker is a process that draws: `celery -A festival worker -Q gpu -P solo -c 1`, one for each card. It
needs this code, and the addresses of the broker, the database and the storage, nothing else:

  CELERY_BROKER_URL   where it hears the bell: filesystem:// on one machine, amqp:// or redis:// on several
  DATABASE_URL        the table is the queue; whose turn it is stands there
  S3_BUCKET, …        where clips go, unless all machines share a disk
  ENGINES_ROOT        the folder of engines on this machine

Several of them share the queue. People take turns by the seconds that their jobs take. One that dies is
noticed after its lease (15 minutes without a beat), and its jobs are drawn again by another; after three
workers have died over a job it is given up. To stop one, send it SIGTERM: it ends the job it draws.

What the lines of `status` mean:

  drawing, idle      heard of lately
  silent             not heard of for longer than it should be: look at that machine
  before it          jobs of all people that will be begun before this one
  ahead by           seconds drawn for somebody that the others who wait still have to get
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, *args, **kwargs):
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("verb", choices=["status"])

    def handle(self, *, verb, **options):
        now = overview.overview()
        for heading, lines in (
            ("Workers", workers(now)),
            ("Engines", engines(now)),
            ("Queue", queue(now)),
        ):
            self.stdout.write(self.style.MIGRATE_HEADING(heading))
            for line in lines:
                self.stdout.write(f"  {line}")


def workers(now: overview.Overview) -> list[str]:
    if not now.hands:
        return ["None was heard of in a day. `gpu --help` says how one is started."]
    return [line(hand) for hand in now.hands]


def line(hand: overview.Hand) -> str:
    holds = f"holds {hand.engine}" if hand.engine else "holds no engine"
    doing = "; ".join(f"{job.stage.lower()} for {job.owner}" for job in hand.jobs)
    parts = [hand.name, hand.device, holds, hand.state, doing, f"heard of {in_words(hand.silent_s)} ago"]
    return ", ".join(filter(None, parts))


def engines(now: overview.Overview) -> list[str]:
    if not now.engines:
        return ["None is installed. `engines demo` installs what needs no download."]
    return [
        f"{card.name}: " + (f"{pace:.3g} s for a second of film" if pace else "has drawn nothing yet")
        for card, pace in now.engines
    ]


def queue(now: overview.Overview) -> list[str]:
    lines = [
        f"{now.running} drawn now, {len(now.places)} waiting ({in_words(now.waiting_s)} of work), "
        f"{now.paused} paused, {now.failed} failed in a day"
    ]
    if now.waits:
        half, most = in_words(now.waits["half"]), in_words(now.waits["most"])
        lines.append(f"in a day half were begun within {half}, 95 of 100 within {most}")
    for place in now.places:
        ahead_by = now.deficits.get(place.job.owner_id)
        lines.append(
            f"{place.ahead} before it, begins in {in_words(place.wait_s)}: {place.job.engine}, "
            f"{place.job.owner}, {in_words(place.job.estimate_s)}{', draft' if place.job.draft else ''}"
            + (f" (ahead by {in_words(ahead_by)})" if ahead_by else "")
        )
    return lines
