"""The stream of events behind /events/."""

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from festival import events
from festival.models import Person


@require_GET
async def stream(request):
    """Tell the person at this page what happens to their own rows, as it happens.

    Whoever is not signed in gets 204, after which a browser does not call again; so does everyone on a
    server that speaks only WSGI, where an endless answer would block a thread, and whoever listens on
    more pages than anybody looks at. Pages work without it.
    """
    user = await request.auser()
    if not user.is_authenticated or not isinstance(request, ASGIRequest) or events.hub().full(user.pk):
        return HttpResponse(status=204)

    async def still_here() -> bool:
        signed_in = await request.session.aexists(request.session.session_key)
        return signed_in and await Person.objects.filter(pk=user.pk, is_active=True).aexists()

    return StreamingHttpResponse(
        events.stream(user.pk, still_here),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
