"""How the jury marks, what it is of two minds about, and what it should talk about."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from festival.models import Film
from festival.views.office_door import for_organisers, told
from judging import habits, ready, results, rounds
from judging.models import Round
from judging.views.results import chosen, places, round_of

A_PAGE = 50


@require_safe
@for_organisers
def jurors(request, edition, pk):
    """How each juror marks, and how far they agree."""
    row = round_of(edition, pk)
    found = ready.of(row, k=places(request))
    context = {
        "edition": edition,
        "round": row,
        "found": found,
        "habits": habits.of(row, found),
        "criteria": habits.by_criterion(row, found),
    }
    return render(request, "judging/office/habits.html", context)


@require_safe
@for_organisers
def disagreement(request, edition, pk):
    """Films on which jurors lie furthest apart, those first that it matters for."""
    row = round_of(edition, pk)
    found = ready.of(row, k=places(request))
    pks = results.disputed(row, found)
    page = Paginator(pks, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = results.rows(row, found, page.object_list)
    context = {"edition": edition, "round": row, "found": found, "page": page}
    return render(request, "judging/office/disagreement.html", context)


@require_POST
@for_organisers
def deliberate(request, edition, pk):
    """Begin a round in which the jury talks about the ticked films and votes."""
    row = round_of(edition, pk)
    films = list(Film.objects.filter(edition=edition, pk__in=chosen(request)))
    if not films:
        messages.error(request, "Tick the films the jury is to talk about.")
        return redirect("jury_office:disagreement", edition.slug, row.pk)
    with told(request, f"A deliberation on {len(films)} film{'s' * (len(films) > 1)} is in preparation."):
        begun = rounds.create(
            edition,
            by=request.user,
            kind=Round.Kind.DELIBERATION,
            name=f"Deliberation after {row}"[:80],
            choice=Round.Choice.PICKED,
            picked=films,
        )
        return redirect("jury_office:round", edition.slug, begun.pk)
    return redirect("jury_office:disagreement", edition.slug, row.pk)
