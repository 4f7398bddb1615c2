"""What the jury does when a film moves."""

from django.dispatch import receiver

from festival.models import Film
from festival.signals import film_moved
from judging import panels, record


@receiver(film_moved, sender=Film)
def leave_the_jury(sender, film, was, **kwargs):
    """Take a withdrawn film off every list. A film that becomes eligible waits for an organiser."""
    if film.status == Film.Status.WITHDRAWN:
        panels.take_off(film)


@receiver(film_moved, sender=Film)
def write_the_verdict(sender, film, was, **kwargs):
    """Write down what becomes of a film once the jury may have it."""
    with_the_jury = {Film.Status.ELIGIBLE, *Film.DECIDED}
    if with_the_jury & {was, film.status}:
        event = film.events.filter(became=film.status).last()
        record.verdict_given(film, was=was, by=event.by, note=event.note, at=event.at)
