"""The jury's side of the office: rounds, rubric, seats, who watches what."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from festival.views.office_door import for_organisers, told
from judging import access, panels
from judging import rounds as acts
from judging.forms import PanelForm, RoundForm, SeatForm, rubric_form
from judging.models import Panel, Round, Seat
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


@page_or_post
@for_organisers
def seats(request, edition):
    """The panels and who sits on them."""
    form = SeatForm(posted(request), edition=edition)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with told(request, f"{asked['email']} sits on the jury now."):
            panels.seat(
                asked["panel"] or panels.first(edition, by=request.user), asked["email"], by=request.user
            )
        return redirect("jury_office:seats", edition.slug)
    context = {
        "edition": edition,
        "form": form,
        "panel_form": PanelForm(edition=edition),
        "panels": Panel.objects.filter(edition=edition).with_people(),
        "waiting": panels.without_seat(edition),
    }
    return render(request, "judging/office/seats.html", context, status=422 if form.errors else 200)


@require_POST
@for_organisers
def panel(request, edition):
    """Form another panel."""
    form = PanelForm(request.POST, edition=edition)
    if form.is_valid():
        with told(request, f"“{form.cleaned_data['name']}” is formed. Seat its jurors."):
            panels.form(edition, by=request.user, **form.cleaned_data)
    else:
        messages.error(request, "Give the panel a name of at most 80 letters.")
    return redirect("jury_office:seats", edition.slug)


@require_POST
@for_organisers
def unseat(request, edition, pk):
    seat = get_object_or_404(
        Seat.objects.select_related("panel__edition", "juror"), pk=pk, panel__edition=edition
    )
    with told(request, f"{seat.juror} has left. Films they had not reviewed went to others where possible."):
        panels.unseat(seat, by=request.user)
    return redirect("jury_office:seats", edition.slug)


@page_or_post
@for_organisers
def assign(request, edition, pk):
    """See beforehand who would watch for how long, then give the films out."""
    row = _round(edition, pk)
    if request.method == "POST":
        with told(request, "Every film has its jurors."):
            panels.assign(row, by=request.user)
        return redirect("jury_office:assign", edition.slug, pk)
    why = access.why_not_assign(request.user, row)
    context = {
        "edition": edition,
        "round": row,
        "why_not": why,
        "cost": acts.cost(row),
        "plan": None if why else panels.plan(row),
    }
    return render(request, "judging/office/assign.html", context)


def _round(edition, pk) -> Round:
    return get_object_or_404(Round.objects.select_related("edition"), pk=pk, edition=edition)
