"""The jury's side of the office: rounds and their rubrics."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from festival.views.office_door import for_organisers, told
from judging import access
from judging import rounds as acts
from judging.forms import RoundForm, rubric_form
from judging.models import Round
from judging.rubrics import PRESETS
from judging.views.parse import posted

page_or_post = require_http_methods(["GET", "HEAD", "POST"])


@page_or_post
@for_organisers
def rounds(request, edition):
    """The edition's rounds, and the form for a new one."""
    overviews = acts.overviews(edition)
    form = RoundForm(posted(request), initial={"name": ""} if overviews else None)
    if request.method == "POST" and form.is_valid():
        begun = acts.create(edition, by=request.user, **form.cleaned_data)
        messages.success(request, f"“{begun}” is in preparation. Write its rubric next.")
        return redirect("jury_office:rubric", edition.slug, begun.pk)
    context = {"edition": edition, "form": form, "overviews": overviews}
    return render(request, "judging/office/rounds.html", context, status=422 if form.errors else 200)


@page_or_post
@for_organisers
def round(request, edition, pk):
    """Where a round stands: what is ready, what it costs, how far each juror is."""
    row = _round(edition, pk)
    form = RoundForm(posted(request), instance=row)
    if request.method == "POST" and form.is_valid():
        with told(request, "The terms of the round are changed."):
            acts.change(row, by=request.user, **form.cleaned_data)
        return redirect("jury_office:round", edition.slug, pk)
    context = {
        "edition": edition,
        "round": row,
        "form": form,
        "overview": acts.overview(row),
        "why_not_open": access.why_not_open(request.user, row),
        "why_not_edit": access.why_not_edit_round(request.user, row),
    }
    return render(request, "judging/office/round.html", context, status=422 if form.errors else 200)


@require_POST
@for_organisers
def open_round(request, edition, pk):
    row = _round(edition, pk)
    with told(request, f"“{row}” is open. Jurors see their lists now."):
        acts.open(row, by=request.user)
    return redirect("jury_office:round", edition.slug, pk)


@require_POST
@for_organisers
def close_round(request, edition, pk):
    row = _round(edition, pk)
    with told(request, f"“{row}” is closed. Its results stand."):
        acts.close(row, by=request.user, note=request.POST.get("note", ""))
    return redirect("jury_office:round", edition.slug, pk)


@page_or_post
@for_organisers
def rubric(request, edition, pk):
    """Write what the round is marked by."""
    row = _round(edition, pk)
    form = rubric_form(posted(request), round=row)
    if request.method == "POST" and form.is_valid():
        with told(request, "The rubric is saved."):
            acts.write_rubric(row, form.lines(), by=request.user)
        return redirect("jury_office:rubric", edition.slug, pk)
    context = {
        "edition": edition,
        "round": row,
        "formset": form,
        "criteria": row.criteria.all(),
        "total": sum(criterion.weight for criterion in row.criteria.all()),
        "why_not": access.why_not_edit_rubric(request.user, row),
    }
    status = 422 if form.is_bound else 200
    return render(request, "judging/office/rubric.html", context, status=status)


@require_POST
@for_organisers
def begin_rubric(request, edition, pk):
    """Begin with one of the rubrics that are ready."""
    row = _round(edition, pk)
    lines = PRESETS.get(request.POST.get("preset"), ())
    with told(request, "The rubric is laid out. Change what you like; it is fixed when the round opens."):
        acts.write_rubric(row, lines, by=request.user)
    return redirect("jury_office:rubric", edition.slug, pk)


def _round(edition, pk) -> Round:
    return get_object_or_404(Round.objects.select_related("edition"), pk=pk, edition=edition)
