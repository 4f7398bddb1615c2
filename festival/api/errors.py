"""Refusals with the same sentences as the pages."""

from rest_framework.response import Response
from rest_framework.views import exception_handler

from festival.errors import Problem


def handle(exc, context):
    """Render a Problem as {"detail": …} with its own status; leave the rest to DRF."""
    if isinstance(exc, Problem):
        return Response({"detail": str(exc)}, status=exc.http_status)
    return exception_handler(exc, context)
