"""What the matrix of a round lets a juror read beside a film."""

from django import template

from judging import sights
from judging.models import Assignment

register = template.Library()


@register.simple_tag
def voices_beside(assignment: Assignment) -> list[sights.Voice]:
    """The words and marks of others that the film's juror may read now."""
    round = assignment.round
    if round.sees_others == round.sees_earlier == round.Sight.NEVER:
        return []
    heard = sights.voices(round, [assignment.film_id], assignment.juror, done=_done(assignment))
    return heard[assignment.film_id]


def _done(assignment: Assignment) -> bool:
    """Whether the juror has done their own part: what the film asks, or the ballot."""
    if assignment.round.plenary:
        return assignment.round.voters.filter(juror=assignment.juror_id).exists()
    return Assignment.objects.marked().filter(pk=assignment.pk).exists()
