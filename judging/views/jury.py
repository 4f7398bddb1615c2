"""The jury room: a juror's films, watching and marking one, stepping down from one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from festival.access import local
from festival.errors import Problem
from judging import access, marks, panels, screeners
from judging.forms import MarkForm, PinForm, RecuseForm
from judging.models import Mark, Seat
from judging.views.mine import mine
from judging.views.parse import posted


@login_required
@require_safe
def films(request):
    """A juror's list, by round."""
    hands = screeners.hands(request.user)
    seated = bool(hands) or Seat.objects.sitting().filter(juror=request.user).exists()
    return render(request, "judging/films.html", {"hands": hands, "seated": seated})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def film(request, pk):
    """Watch a film and mark it; what is typed is kept as it is typed."""
    assignment = mine(request, pk)
    form = MarkForm(posted(request), assignment=assignment)
    if request.method != "POST":
        return _page(request, assignment, form)
    why, status = _kept(assignment, form, by=request.user)
    if request.accepts("text/html"):
        return _go_on(request, assignment) if not why else _page(request, assignment, form, why, status)
    return JsonResponse({"detail": why}, status=status) if why else JsonResponse(_receipt(assignment))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request, pk):
    """Declare a tie to a film; it goes to somebody else."""
    assignment = mine(request, pk)
    form = RecuseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        panels.declare_conflict(assignment, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(
            request,
            f"Thank you for saying so. “{assignment.film}” has left your list, and no mark of yours counts.",
        )
        return redirect("jury:films")
    status = 422 if form.errors else 200
    return render(request, "judging/recuse.html", {"assignment": assignment, "form": form}, status=status)


@login_required
@require_safe
def captions(request, pk, language):
    """A film's captions for its juror."""
    assignment = mine(request, pk)
    subtitle = get_object_or_404(assignment.film.subtitles, language=language)
    return HttpResponse(screeners.captions(assignment, subtitle), content_type="text/vtt; charset=utf-8")


def _kept(assignment, form, *, by) -> tuple[str, int]:
    """Give the marks of a posted form; return why they were not taken, and the status to answer with."""
    if not form.is_valid():
        return next(iter(form.errors.values()))[0], 422
    try:
        marks.give(assignment, by=by, **form.given())
    except Problem as problem:
        return str(problem), problem.http_status
    return "", 200


def _receipt(assignment) -> dict:
    """What a page is told after its marks were kept."""
    mark = Mark.objects.get(assignment=assignment)
    return {"saved_at": mark.given_at.isoformat(), "scored": mark.scores.count()}


def _go_on(request, assignment):
    """After the button: on to the next film, or back to this one, whichever was pressed."""
    hand = screeners.hand(request.user, assignment.round)
    following = hand.after(assignment) if "next" in request.POST else assignment
    mark = Mark.objects.get(assignment=assignment)
    messages.success(request, f"Saved {local(mark.given_at, assignment.round.edition)}.")
    return redirect("jury:film", following.pk) if following else redirect("jury:films")


def _page(request, assignment, form, problem="", status=200):
    hand = screeners.hand(request.user, assignment.round)
    context = {
        "assignment": assignment,
        "round": assignment.round,
        "screener": screeners.screener(assignment),
        "hand": hand,
        "following": hand.after(assignment),
        "form": form,
        "pin_form": PinForm(),
        "pins": assignment.pins.all(),
        "problem": problem,
        "why_not": access.why_not_judge(request.user, assignment),
    }
    return render(request, "judging/film.html", context, status=status)
