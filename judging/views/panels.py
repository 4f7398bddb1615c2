"""The jury's side of the office: who sits, and who watches what; and what a juror says of themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from festival import names
from festival.views.office_door import for_organisers, told
from judging import access, backgrounds, conflicts, costs, panels
from judging.forms import PanelForm, SeatForm
from judging.models import Panel, Round, Seat
from judging.panel_forms import BackgroundForm, LimitForm, RulingForm
from judging.views.parse import posted

page_or_post = require_http_methods(["GET", "HEAD", "POST"])


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
        "suspected": conflicts.suspected(edition),
        "ruled": list(conflicts.ruled(edition)[:50]),
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
    seat = _seat(edition, pk)
    with told(request, f"{seat.juror} has left. Films they had not reviewed went to others where possible."):
        panels.unseat(seat, by=request.user)
    return redirect("jury_office:seats", edition.slug)


@require_POST
@for_organisers
def limit(request, edition, pk):
    """Say how much a juror will watch at most."""
    seat = _seat(edition, pk)
    form = LimitForm(request.POST)
    if form.is_valid():
        with told(request, f"The limit of {seat.juror} is kept. It counts when films are next given out."):
            panels.limit(seat, form.cleaned_data["most_minutes"], by=request.user)
    else:
        messages.error(request, "Give a limit in whole minutes, from 1 on, or leave it empty for none.")
    return redirect("jury_office:seats", edition.slug)


@require_POST
@for_organisers
def tie(request, edition):
    """Say of a likely tie whether it is a conflict."""
    form = RulingForm(request.POST, edition=edition)
    if form.is_valid():
        with told(request, "Kept, with your name. You are asked again only if there are new grounds."):
            conflicts.rule(**form.cleaned_data, by=request.user)
    else:
        messages.error(request, "That juror or that film is no longer here. Nothing was changed.")
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
        "cost": costs.cost(row),
        "plan": None if why else panels.plan(row),
        "suspected": 0 if why else len(conflicts.suspected(edition)),
    }
    return render(request, "judging/office/assign.html", context)


def _seat(edition, pk) -> Seat:
    seats = Seat.objects.select_related("panel__edition", "juror")
    return get_object_or_404(seats, pk=pk, panel__edition=edition)


def _round(edition, pk) -> Round:
    return get_object_or_404(Round.objects.select_related("edition"), pk=pk, edition=edition)


@login_required
@page_or_post
def background(request):
    """A juror's languages, houses and best-known sections."""
    if not Seat.objects.sitting().filter(juror=request.user).exists():
        raise Http404
    form = BackgroundForm(posted(request), juror=request.user)
    if request.method == "POST" and form.is_valid():
        backgrounds.keep(request.user, **form.cleaned_data)
        messages.success(request, "Kept. It counts when films are next given out.")
        return redirect("jury:films")
    context = {"form": form, "languages": names.LANGUAGES}
    return render(request, "judging/background.html", context, status=422 if form.errors else 200)
