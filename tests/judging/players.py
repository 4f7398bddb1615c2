"""A juror's page with a player, without a browser."""

from datetime import UTC, datetime, timedelta

from judging import viewings
from judging.models import Viewing
from judging.tally.watching import Index
from judging.viewings import Playing

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


class Player:
    """A juror's page with a player, at a clock of its own: a film's byte is its millisecond here."""

    def __init__(self, assignment, *, at=NOON):
        self.assignment, self.now, self.played = assignment, at, []
        self.token = viewings.give_pass(assignment, at=at)
        footage = assignment.film.footage
        self.whole = round(footage.duration_s * 1000)
        index = Index((0, self.whole), (0, self.whole))
        self.file = Playing(assignment.pk, footage.pk, "film.mp4", index)

    def receive(self, start=0, end=None):
        viewings.deliver(self.file, start, end or self.whole)
        return self

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        return self

    def report(self, *ranges, by=None):
        by = by or self.assignment.juror
        return viewings.hear(self.assignment, list(ranges), by=by, token=self.token, at=self.now)

    def play(self, start, end, *, speed=1.0, every=5.0):
        """Play from second to second of the film, reporting every few seconds all that was played so far."""
        reached, heard = start, None
        while reached < end:
            step = min(every * speed, end - reached)
            reached += step
            self.wait(step / speed)
            heard = self.report(*self.played, (round(start * 1000), round(reached * 1000)))
        self.played.append((round(start * 1000), round(end * 1000)))
        return heard


def seen(assignment):
    return [tuple(pair) for pair in Viewing.objects.get(assignment=assignment).played]
