"""Notes pinned to moments of a film."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from festival.errors import Problem
from judging import pins
from judging.forms import PinForm
from judging.views.mine import mine


@login_required
@require_POST
def add(request, pk):
    """Pin a note to a moment."""
    assignment = mine(request, pk)
    form = PinForm(request.POST)
    if not form.is_valid():
        return _answer(request, assignment, form.why, 422)
    try:
        pins.pin(assignment, by=request.user, **form.cleaned_data)
    except Problem as problem:
        return _answer(request, assignment, str(problem), problem.http_status)
    return _answer(request, assignment)


@login_required
@require_POST
def remove(request, pk, pin):
    """Take a note out."""
    assignment = mine(request, pk)
    pin = get_object_or_404(assignment.pins.select_related("assignment__round__edition"), pk=pin)
    try:
        pins.unpin(pin, by=request.user)
    except Problem as problem:
        return _answer(request, assignment, str(problem), problem.http_status)
    return _answer(request, assignment)


def _answer(request, assignment, why="", status=200):
    """The pins as they now are, for the page's own script; back to the page for everyone else."""
    if request.accepts("text/html"):
        if why:
            messages.error(request, why)
        return redirect("jury:film", assignment.pk)
    if why:
        return JsonResponse({"detail": why}, status=status)
    listed = render(request, "judging/_pins.html", {"assignment": assignment, "pins": assignment.pins.all()})
    return JsonResponse({"pins": listed.content.decode()})
