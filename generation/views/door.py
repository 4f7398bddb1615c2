"""The door of the studio: who comes in, and how acts answer."""

from contextlib import contextmanager

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme

from festival import screenings
from festival.errors import Problem
from generation.models import Clip


def one(rows, request, **traits):
    """The one of `rows` that this person may see; for everyone else nothing is there."""
    return get_object_or_404(rows.visible_to(request.user), **traits)


@contextmanager
def told(request, done: str = ""):
    """Do what stands inside, and say that it was done, or why not."""
    try:
        yield
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        if done:
            messages.success(request, done)


def wrong_in(form) -> str:
    """The first thing that is wrong in a form, with its field's name: the field is not beside the words."""
    name, words = next(iter(form.errors.items()))
    return f"{form[name].label}: {words[0]}" if name in form.fields else words[0]


def back(request, otherwise: str) -> str:
    """The page of ours that a form names as the one to go back to, else `otherwise`."""
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else otherwise


def address(clip: Clip | None) -> None:
    """Give the clip the signed addresses that its file and its poster play under."""
    if clip:
        clip.plays_at = screenings.address(clip.path)
        clip.poster_at = screenings.address(clip.poster)
