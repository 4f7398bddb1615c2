"""The door of a juror's film: only whose list it is on comes in."""

from django.shortcuts import get_object_or_404

from judging import sights
from judging.models import Assignment


def mine(request, pk) -> Assignment:
    """The assignment, with all that its page prints, its film named as the round names it.

    For everyone else there is nothing here.
    """
    rows = Assignment.objects.visible_to(request.user)
    one = ("juror", "round__edition", "film__footage", "film__statement", "mark", "viewing")
    many = ("mark__scores", "round__criteria", "film__title_ranges")
    assignment = get_object_or_404(rows.select_related(*one).prefetch_related(*many), pk=pk)
    sights.veiled(assignment.round, [assignment.film])
    return assignment
