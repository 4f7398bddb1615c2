"""The stream of events behind /events/."""

import logging

from asgiref.sync import sync_to_async
from django.contrib.auth import aget_user
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from festival import events

log = logging.getLogger(__name__)


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

    key = request.session.session_key
    await let_go()
    return StreamingHttpResponse(
        events.stream(user.pk, lambda: may_listen(type(request.session)(key))),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


async def may_listen(session) -> bool:
    """Whether this session, read anew, would still open a page: not after signing out or a new password.

    False also if the database does not answer; then the browser calls again.
    """
    asking = HttpRequest()
    asking.session = session
    try:
        return (await aget_user(asking)).is_authenticated
    except DatabaseError:
        log.warning("Events: the database did not answer; the page will call again", exc_info=True)
        return False
    finally:
        await let_go()


async def let_go() -> None:
    """Give this thread's database connections back: a stream is open for long, and seldom needs one."""
    await sync_to_async(close_old_connections)()
