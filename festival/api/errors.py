"""Refusals with the same sentences as the pages."""

from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from festival.errors import Problem


def handle(exc, context):
    """Render a Problem as {"detail": …} with its own status; leave the rest to DRF.

    JSON that is nested so deeply that Python gives up on it is no fault of ours.
    """
    if isinstance(exc, Problem):
        return Response({"detail": str(exc)}, status=exc.http_status)
    if isinstance(exc, RecursionError):
        exc = ParseError("This JSON is nested too deeply. Send a flatter one.")
    return exception_handler(exc, context)
