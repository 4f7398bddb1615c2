"""What the jury said: the ranking, one film's marks, the file, and the decision."""

import csv
import re
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from festival import office
from festival.models import Film
from festival.views.office_door import for_organisers, told
from judging import marks, ranking, ready
from judging import results as found_results
from judging.forms import ResultsFilter
from judging.models import Round

PAGE = 50
HEX = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERBS = {
    "select": Film.Status.SELECTED,
    "wait": Film.Status.WAITING,
    "decline": Film.Status.DECLINED,
    "take_back": Film.Status.ELIGIBLE,
}
DONE = {
    "select": "selected",
    "wait": "on the waiting list",
    "decline": "declined",
    "take_back": "back with the jury",
}
FIGURES = ["mean", "spread", "quality", "sd", "low", "high", "p_top"]
MOST_PLACES = 100_000


@require_safe
@for_organisers
def latest(request, edition):
    """To the results of the round that opened last, or to the rounds where none has."""
    opened = edition.rounds.filter(kind=Round.Kind.REVIEW).exclude(opened_at=None)
    if not opened:
        return redirect("jury_office:rounds", edition.slug)
    return redirect("jury_office:results", edition.slug, opened.order_by("-opened_at").first().pk)


@require_safe
@for_organisers
def results(request, edition, pk):
    """Films with their figures; filters, order and room are in the address."""
    row = round_of(edition, pk)
    found = ready.of(row, k=places(request))
    pks, asked = _found(request, row, found)
    page = Paginator(pks, PAGE).get_page(request.GET.get("page"))
    page.object_list = found_results.rows(row, found, page.object_list)
    context = {
        "edition": edition,
        "round": row,
        "found": found,
        "near": found_results.near_the_cut(row, found),
        "filter": asked,
        "page": page,
        "criteria": row.criteria.all(),
        "order": request.GET.get("order", found_results.BEST),
    }
    return render(request, "judging/office/results.html", context)


@require_POST
@for_organisers
def decide(request, edition, pk):
    """Say what becomes of the chosen films; the sentences say of which it could not be."""
    row, verb = round_of(edition, pk), request.POST.get("verb")
    films = list(Film.objects.filter(edition=edition, pk__in=chosen(request)).select_related("edition"))
    if verb not in VERBS or not films:
        messages.error(request, "Choose one film or more, then say what becomes of them.")
        return _back(request, edition, row)
    with told(request):
        kept = office.decide(films, VERBS[verb], by=request.user, note=request.POST.get("note", ""))
        for sentence in kept:
            messages.error(request, sentence)
        if moved := len(films) - len(kept):
            messages.success(request, f"{moved} film{'s are' if moved > 1 else ' is'} {DONE[verb]}.")
    return _back(request, edition, row)


@require_safe
@for_organisers
def export(request, edition, pk):
    """The results as CSV, filtered and ordered as on the page."""
    row = round_of(edition, pk)
    found = ready.of(row, k=places(request))
    pks, _ = _found(request, row, found)
    names = list(row.criteria.values_list("name", flat=True))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{edition.slug}-round-{row.pk}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(["film", "code", "section", "state", "reviews", "needed", *FIGURES, "tier", *names])
    sheet.writerows(_line(result) for result in found_results.rows(row, found, pks))
    return response


@require_safe
@for_organisers
def marks_of(request, edition, pk, film):
    """Who said what of one film."""
    row = round_of(edition, pk)
    one = get_object_or_404(Film.objects.select_related("section"), pk=film, edition=edition)
    found, behind = ready.whole(row)
    context = {
        "edition": edition,
        "round": row,
        "film": one,
        "criteria": row.criteria.all(),
        "reviews": marks.reviews_of(row, one),
        "found": found,
        "result": found_results.rows(row, found, [one.pk.hex])[0],
        "ranks": found_results.ranks(behind, found.place.get(one.pk.hex)),
    }
    return render(request, "judging/office/marks.html", context)


def round_of(edition, pk) -> Round:
    return get_object_or_404(Round.objects.select_related("edition"), pk=pk, edition=edition)


def places(request) -> int | None:
    """How many films there is room for, where the address says so."""
    asked = request.GET.get("places", "")
    return min(int(asked), MOST_PLACES) if asked.isdecimal() and len(asked) < 8 and int(asked) else None


def _found(request, row: Round, found: ranking.Ranking) -> tuple[list[str], ResultsFilter]:
    """The films that pass the filters of the address, in its order."""
    asked = ResultsFilter(request.GET or {}, edition=row.edition)
    conditions = {
        name: value for name, value in (asked.cleaned_data if asked.is_valid() else {}).items() if value
    }
    order = request.GET.get("order", found_results.BEST)
    return found_results.find(row, found, **conditions, order=order), asked


def _line(result: found_results.Result) -> list[str]:
    film = result.film
    cells = [film.title, film.code, film.section or "", film.get_status_display(), result.done, result.needed]
    figures = [getattr(result, name) for name in FIGURES]
    written = ["" if one is None else f"{one:.2f}" for one in figures]
    by_criterion = ["" if one is None else f"{one:.2f}" for one in result.by_criterion]
    return [office.plain(cell) for cell in cells] + written + [result.tier or ""] + by_criterion


def chosen(request) -> list[UUID]:
    """The films ticked on the page; anything that is no number of a film is left out."""
    return [UUID(value) for value in request.POST.getlist("films") if HEX.fullmatch(value)]


def _back(request, edition, row: Round):
    """To the table as it was filtered."""
    query = request.POST.get("query", "")
    return redirect(f"{reverse('jury_office:results', args=[edition.slug, row.pk])}?{query}")
