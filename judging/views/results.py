"""What the jury said: the table, one film's marks, the file, and the decision."""

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
from judging import marks
from judging.forms import ResultsFilter
from judging.models import Round

PAGE = 100
HEX = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERBS = {"select": Film.Status.SELECTED, "decline": Film.Status.DECLINED, "take_back": Film.Status.ELIGIBLE}
DONE = {"select": "selected", "decline": "declined", "take_back": "back with the jury"}


@require_safe
@for_organisers
def latest(request, edition):
    """To the results of the round that opened last, or to the rounds where none has."""
    opened = edition.rounds.exclude(opened_at=None).order_by("-opened_at").first()
    if opened is None:
        return redirect("jury_office:rounds", edition.slug)
    return redirect("jury_office:results", edition.slug, opened.pk)


@require_safe
@for_organisers
def results(request, edition, pk):
    """Films with their figures; filters and order are in the address."""
    row = _round(edition, pk)
    found, asked = _found(request, row)
    context = {
        "edition": edition,
        "round": row,
        "filter": asked,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "criteria": row.criteria.all(),
        "order": request.GET.get("order", "-mean"),
    }
    return render(request, "judging/office/results.html", context)


@require_POST
@for_organisers
def decide(request, edition, pk):
    """Select or decline the chosen films; the sentences say which could not be."""
    row, verb = _round(edition, pk), request.POST.get("verb")
    films = list(Film.objects.filter(edition=edition, pk__in=_chosen(request)).select_related("edition"))
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
    row = _round(edition, pk)
    found, _ = _found(request, row)
    names = [criterion.name for criterion in row.criteria.all()]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{edition.slug}-round-{row.pk}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(["film", "code", "section", "state", "reviews", "needed", "mean", "spread", *names])
    sheet.writerows(_line(result) for result in found)
    return response


@require_safe
@for_organisers
def marks_of(request, edition, pk, film):
    """Who said what of one film."""
    row = _round(edition, pk)
    found = get_object_or_404(Film.objects.select_related("section"), pk=film, edition=edition)
    context = {
        "edition": edition,
        "round": row,
        "film": found,
        "criteria": row.criteria.all(),
        "reviews": marks.reviews_of(row, found),
        "result": next((result for result in marks.results(row) if result.film == found), None),
    }
    return render(request, "judging/office/marks.html", context)


def _round(edition, pk) -> Round:
    return get_object_or_404(Round.objects.select_related("edition"), pk=pk, edition=edition)


def _found(request, row: Round) -> tuple[list[marks.Result], ResultsFilter]:
    """The results that pass the filters of the address, in its order; empty figures come last."""
    asked = ResultsFilter(request.GET or {}, edition=row.edition)
    found = [result for result in marks.results(row) if asked.keeps(result)]
    key, down = _order(request)
    known = [result for result in found if ORDERS[key](result) is not None]
    unknown = [result for result in found if ORDERS[key](result) is None]
    return sorted(known, key=ORDERS[key], reverse=down) + unknown, asked


ORDERS = {
    "film": lambda result: result.film.title.casefold(),
    "section": lambda result: str(result.film.section).casefold() if result.film.section else None,
    "reviews": lambda result: result.done,
    "mean": lambda result: result.mean,
    "spread": lambda result: result.spread,
    "state": lambda result: result.film.status,
}


def _order(request) -> tuple[str, bool]:
    """The column of the order, and whether it runs downwards: best films first unless asked otherwise."""
    asked = request.GET.get("order", "-mean")
    key = asked.removeprefix("-")
    return (key, asked.startswith("-")) if key in ORDERS else ("mean", True)


def _line(result: marks.Result) -> list[str]:
    film = result.film
    figures = [result.mean, result.spread, *result.by_criterion]
    cells = [film.title, film.code, film.section or "", film.get_status_display(), result.done, result.needed]
    return [office.plain(cell) for cell in cells] + ["" if f is None else f"{f:.2f}" for f in figures]


def _chosen(request) -> list[UUID]:
    """The films ticked on the page; anything that is no number of a film is left out."""
    return [UUID(value) for value in request.POST.getlist("films") if HEX.fullmatch(value)]


def _back(request, edition, row: Round):
    """To the table as it was filtered."""
    query = request.POST.get("query", "")
    return redirect(f"{reverse('jury_office:results', args=[edition.slug, row.pk])}?{query}")
