"""What the jury does when a film moves."""

from django.dispatch import receiver

from festival.models import Film
from festival.signals import film_moved
from judging import panels


@receiver(film_moved, sender=Film)
def leave_the_jury(sender, film, was, **kwargs):
    """Take a withdrawn film off every list. A film that becomes eligible waits for an organiser."""
    if film.status == Film.Status.WITHDRAWN:
        panels.take_off(film)
