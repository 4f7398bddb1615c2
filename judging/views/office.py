"""The jury's side of the office: the line of rounds, one round, its rubric."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from festival.errors import Problem
from festival.views.office_door import for_organisers, told
from judging import access, deliberations, further, standing
from judging import rounds as acts
from judging.forms import rubric_form
from judging.models import Round
from judging.round_forms import HoursForm, NewRoundForm, SightForm, TermsForm
from judging.rubrics import PRESETS
from judging.views.parse import posted

page_or_post = require_http_methods(["GET", "HEAD", "POST"])


@page_or_post
@for_organisers
def rounds(request, edition):
    """The whole judging as a line of stages, and the form for a new one."""
    form = NewRoundForm(posted(request), edition=edition)
    if request.method == "POST" and form.is_valid():
        try:
            begun = acts.create(edition, by=request.user, **form.terms())
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"“{begun}” is in preparation. {_next(begun)}")
            return redirect(_begin_at(begun), edition.slug, begun.pk)
    context = {"edition": edition, "form": form, "line": standing.line(edition)}
    return render(request, "judging/office/rounds.html", context, status=422 if form.errors else 200)


def _next(round: Round) -> str:
    return "Write its rubric next." if round.kind == Round.Kind.REVIEW else "Set its terms next."


def _begin_at(round: Round) -> str:
    return f"jury_office:{'rubric' if round.kind == Round.Kind.REVIEW else 'round'}"


@page_or_post
@for_organisers
def round(request, edition, pk):
    """Where a round stands: what is ready, what it costs, how far it is; and its terms."""
    row = round_or_404(edition, pk)
    terms, sight = TermsForm(posted(request), instance=row), SightForm(posted(request), round=row)
    if request.method == "POST" and terms.is_valid() and (row.deskwork or sight.is_valid()):
        seen = {} if row.deskwork else sight.terms()
        with told(request, "The terms of the round are changed."):
            acts.change(row, by=request.user, **terms.terms(), **seen)
        return redirect("jury_office:round", edition.slug, pk)
    return render(
        request,
        "judging/office/round.html",
        _stands(request, row) | {"terms": terms, "sight": sight},
        status=422 if terms.is_bound else 200,
    )


def _stands(request, row: Round) -> dict:
    """All that the page of a round says."""
    overview = standing.overview(row, page=request.GET.get("page"))
    return {
        "edition": row.edition,
        "round": row,
        "overview": overview,
        "page": overview.page,
        "hours": HoursForm(round=row),
        "disputes": standing.disputes(row),
        "late": _late(row),
        "given": further.given(row),
        **_talk(row),
        "why_not_open": access.why_not_open(request.user, row),
        "why_not_edit": access.why_not_edit_round(request.user, row),
    }


def _talk(row: Round) -> dict:
    """What a deliberation is about."""
    if row.kind != Round.Kind.DELIBERATION:
        return {}
    return {"divided": deliberations.divided(row), "alpha": deliberations.alpha(row)}


def _late(row: Round) -> str:
    """What holds a round whose hour has come."""
    now = timezone.now()
    if row.status == Round.Status.DRAFT and row.opens_at and row.opens_at <= now:
        return access.why_not_begin(row)
    if row.status == Round.Status.OPEN and row.closes_at and row.closes_at <= now:
        return acts.why_not_yet(row)
    return ""


@require_POST
@for_organisers
def hours(request, edition, pk):
    """When the round opens and closes by itself."""
    row = round_or_404(edition, pk)
    form = HoursForm(request.POST, round=row)
    if form.is_valid():
        with told(request, "The hours are set."):
            acts.reschedule(row, by=request.user, **form.hours(row))
    else:
        messages.error(request, "Give a day and a time, such as 3 May 2027, 18:00. Nothing was changed.")
    return redirect("jury_office:round", edition.slug, pk)


@require_POST
@for_organisers
def open_round(request, edition, pk):
    row = round_or_404(edition, pk)
    done = "is open." if row.deskwork else "is open. Jurors see their lists now."
    with told(request, f"“{row}” {done}"):
        acts.open(row, by=request.user)
    return redirect("jury_office:round", edition.slug, pk)


@require_POST
@for_organisers
def close_round(request, edition, pk):
    row = round_or_404(edition, pk)
    with told(request, f"“{row}” is closed. Its results stand."):
        acts.close(row, by=request.user, note=request.POST.get("note", ""))
    return redirect("jury_office:round", edition.slug, pk)


@page_or_post
@for_organisers
def rubric(request, edition, pk):
    """Write what the round is marked by."""
    row = round_or_404(edition, pk)
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
    row = round_or_404(edition, pk)
    lines = PRESETS.get(request.POST.get("preset"), ())
    with told(request, "The rubric is laid out. Change what you like; it is fixed when the round opens."):
        acts.write_rubric(row, lines, by=request.user)
    return redirect("jury_office:rubric", edition.slug, pk)


def round_or_404(edition, pk) -> Round:
    """A round of this edition, with what its pages ask of it."""
    return get_object_or_404(Round.objects.select_related("edition", "source"), pk=pk, edition=edition)
