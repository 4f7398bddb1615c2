"""How quickly forms may follow each other: for people at a page what the API's throttle is for programs."""

import math
from ipaddress import ip_address, ip_network

from allauth.account.adapter import DefaultAccountAdapter
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from festival.errors import Problem


class TooQuick(Problem):
    """More came within a while than anybody fills in."""

    http_status = 429


class People(UserRateThrottle):
    scope = "form_user"


def network(address: str) -> str:
    """What one customer has at least: an IPv4 address, or the first 64 bits of an IPv6 one (RFC 6177)."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


class ByNetwork(AnonRateThrottle):
    """The API's pace for who is not signed in."""

    def get_ident(self, request):
        return network(super().get_ident(request))


class Visitors(ByNetwork):
    scope = "form_anon"


class Accounts(DefaultAccountAdapter):
    """Counts failed sign-ins and new accounts by network, too."""

    def get_client_ip(self, request):
        return network(super().get_client_ip(request))


class FormPace(MiddlewareMixin):
    """Refuse what is posted more quickly than anybody fills in forms: by person, and for visitors by address.

    A view that asks for no CSRF token is no form: the API and uploads are throttled by DRF, and mail services
    bring a secret. Django checks the token first, so that no other site uses up what somebody may send.
    """

    def process_view(self, request, view, args, kwargs):
        if request.method in SAFE_METHODS or getattr(view, "csrf_exempt", False):
            return None
        pace = People() if request.user.is_authenticated else Visitors()
        if pace.allow_request(request, view):
            return None
        return refusal(request, wait_s=math.ceil(pace.wait() or pace.duration))


def refusal(request, *, wait_s: int):
    """The answer to a form that came too quickly, as a page or, for elements that ask for it, as JSON."""
    why = TooQuick(
        "This came too quickly after the rest, so it was not taken in. Nothing is lost: "
        f"wait {wait_s} second{'' if wait_s == 1 else 's'}, then send it again."
    )
    if request.accepts("text/html"):
        answer = render(request, "429.html", {"why": why}, status=why.http_status)
    else:
        answer = JsonResponse({"detail": str(why)}, status=why.http_status)
    answer.headers["Retry-After"] = str(wait_s)
    return answer
