"""The door of an entry: only its own entrant comes in, and only while it may be changed, where it is."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from festival import access
from festival.models import Film


def for_its_entrant(view):
    """Let in whoever entered the film named in the address; for everyone else there is nothing here."""

    @login_required
    @wraps(view)
    def door(request, pk, **kwargs):
        mine = Film.objects.entered_by(request.user).select_related(
            "edition", "section", "footage", "entrant"
        )
        return view(request, film=get_object_or_404(mine, pk=pk), **kwargs)

    return door


def while_open(view):
    """Lead back to the entry, with the reason, once it can no longer be changed."""

    @for_its_entrant
    @wraps(view)
    def door(request, film, **kwargs):
        if why := access.why_not_edit(request.user, film, at=timezone.now()):
            messages.error(request, why)
            return redirect("entrant:entry", film.pk)
        return view(request, film=film, **kwargs)

    return door
