"""The door of the office: who comes in, what they are sent to do first, and how acts answer."""

from contextlib import contextmanager
from functools import wraps

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from festival import office
from festival.errors import Problem
from festival.models import Edition

SECOND_FACTOR = (
    "The office holds other people's unreleased films and addresses, so organisers sign in with a second "
    "factor. Set one up here; it takes two minutes, then come back."
)


def for_organisers(view):
    """Let in only organisers of the edition named in the address; the view receives the Edition itself.

    Visitors are sent to sign in, everyone else finds nothing there. Where the house asks for it, an
    organiser without a second factor is sent to set one up.
    """

    @login_required
    @wraps(view)
    def door(request, edition, **kwargs):
        edition = office_edition(request, edition)
        if lacks_second_factor(request.user):
            return _to_second_factor(request)
        with timezone.override(edition.zone):  # times are typed and shown as they are at the festival
            return view(request, edition=edition, **kwargs)

    return door


def for_the_house(view):
    """Let in whoever may begin an edition: staff, and organisers of any edition."""

    @login_required
    @wraps(view)
    def door(request, **kwargs):
        if office.why_not_found(request.user):
            raise Http404
        if lacks_second_factor(request.user):
            return _to_second_factor(request)
        return view(request, **kwargs)

    return door


def may_repair(request) -> bool:
    """Whether the repair pages open: to staff, with a second factor where the house asks for one."""
    user = request.user
    return user.is_active and user.is_staff and not lacks_second_factor(user)


@secure_admin_login
def to_repairs(request):
    """Where the repair pages send whoever they do not open to; visitors have gone on to sign in."""
    return _to_second_factor(request) if lacks_second_factor(request.user) else redirect("admin:index")


def _to_second_factor(request):
    messages.warning(request, SECOND_FACTOR)
    return redirect("mfa_activate_totp")


def office_edition(request, slug: str) -> Edition:
    """The edition whose office this person may enter. Raises Http404 for everyone else."""
    return get_object_or_404(Edition.objects.organised_by(request.user), slug=slug)


def lacks_second_factor(user) -> bool:
    return settings.ORGANISERS_NEED_SECOND_FACTOR and not is_mfa_enabled(user)


@contextmanager
def told(request, done: str = ""):
    """Tell the person how the act inside went: the sentence of its Problem, else `done`."""
    try:
        yield
    except Problem as problem:
        messages.error(request, str(problem))
    else:
        if done:
            messages.success(request, done)
