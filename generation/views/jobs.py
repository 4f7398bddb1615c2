"""What people do with a job that waits: put it off, put it first, ask for something else in its place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from festival.errors import Problem
from generation import dispatch, studio
from generation.forms.jobs import RewriteForm
from generation.models import Job


@login_required
@require_POST
def pause(request, pk):
    return act(request, pk, lambda job: dispatch.pause(job, by=request.user), "Put off, until you resume it.")


@login_required
@require_POST
def resume(request, pk):
    return act(request, pk, lambda job: dispatch.resume(job, by=request.user), "Waiting again, in its place.")


@login_required
@require_POST
def first(request, pk):
    return act(
        request, pk, lambda job: dispatch.put(job, by=request.user, place=0), "Next among your own clips."
    )


@login_required
@require_POST
def rewrite(request, pk):
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    form = RewriteForm(request.POST, card=studio.engines().get(found.brief["engine"]))
    if not form.is_valid():
        messages.error(request, "Nothing was changed. " + form.in_one_sentence())
        return redirect("studio:job", found.pk)
    wish = form.cleaned_data
    return act(
        request, pk, lambda job: studio.rewrite(job, by=request.user, **wish), "Changed, in its place."
    )


def act(request, pk, doing, done: str):
    """Do it to one of this person's jobs, say that it was done or why not, and show the job."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("edition"), pk=pk)
    try:
        doing(job)
        messages.success(request, done)
    except Problem as problem:
        messages.error(request, str(problem))
    return redirect("studio:job", job.pk)
