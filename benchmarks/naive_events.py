"""The design `benchmarks.events` is measured against: every open page asks the database for itself."""

import asyncio
import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import StreamingHttpResponse
from django.urls import path

application = get_asgi_application()
settings.ROOT_URLCONF = __name__

from festival.events import POLL_S, Footage  # noqa: E402  (needs Django to be set up)


async def stream(request):
    """The same events as festival.views.events, from one query a page four times a second."""
    user = await request.auser()

    async def tell():
        last: dict[str, dict] = {}
        while True:
            rows = Footage.objects.filter(film__entrant=user.pk).values(
                "pk", "status", "stage", "progress", "problem"
            )
            async for row in rows:
                topic = f"footage:{row.pop('pk')}"
                if last.get(topic) != row:
                    last[topic] = row
                    yield f"event: change\ndata: {json.dumps({'topic': topic, **row})}\n\n".encode()
            await asyncio.sleep(POLL_S)

    return StreamingHttpResponse(tell(), content_type="text/event-stream")


urlpatterns = [path("events/", stream)]
