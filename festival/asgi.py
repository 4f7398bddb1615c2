"""The web's way in: Django, and before it a door of its own for films.

Django reads a request's body to the end, into a temporary file, before it calls a view. A film would be
written twice, and fill the disk before anybody asked whose it is. So bodies under /uploads/ wait: Django
first answers the request without one, by its ordinary middleware and view; if the view has left a delivery
in the scope, which nobody outside can do, the body then streams straight into the upload's file.
Every other body is cut off at FORM_MAX_BYTES.
"""

import asyncio
import gc
import io
import os
import time
from contextlib import suppress

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import HttpResponseBase, JsonResponse
from django.urls import set_script_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")
django = get_asgi_application()

from django.conf import settings  # noqa: E402  # settings and models are there only now
from django.db import connections  # noqa: E402

from festival.errors import Problem  # noqa: E402
from festival.uploads import HANDOVER, Delivery  # noqa: E402

DOOR = "/uploads/"
# Bytes held in memory before they go to the file, two batches at most; they should fit a core's cache.
BATCH = 512 * 1024
SLOW_S, SLOW_FOR_S = 0.02, 5.0  # a write that takes so long; and for how long the disk then counts as slow
BATCH_S = 1.0  # seconds after which a slow line's bytes go to the file all the same
PATIENCE_S = 60.0  # seconds without a byte after which a sender counts as gone


async def application(scope, receive, send):
    """Answer one request: films by the door, everything else by Django alone."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["type"] != "http":
        await django(scope, receive, send)
    elif carries_film(scope):
        async with ThreadSensitiveContext():  # one thread, and so one database connection, throughout
            await take_film(scope, receive, send)
    else:
        await django(scope, bounded(receive, send), send)


async def live(receive, send) -> None:
    """A server's life, from its start to its end. https://asgi.readthedocs.io/en/latest/specs/lifespan.html"""
    message = await receive()
    kept = await sync_to_async(settle)()
    while message["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
        message = await receive()
    if kept:
        await sync_to_async(kept.close)()
    await send({"type": "lifespan.shutdown.complete"})


def settle():
    """Make every request of this process cheaper; returns a connection to hold for as long as it lives.

    What is loaded by now stays, so collecting garbage need not walk over it again and again. And when its
    last connection closes, SQLite folds its log back into the database and waits for the disk: one that
    stays open spares each request that.
    """
    gc.collect()
    gc.freeze()
    kept = connections.create_connection("default")
    if kept.vendor != "sqlite":
        return None
    kept.connect()
    return kept


def carries_film(scope) -> bool:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(DOOR) and scope["method"] in ("PATCH", "POST")


class Desk(BaseHandler):
    """Django's middleware and views once more, run in one thread at one go: in half the time."""

    def __init__(self):
        super().__init__()
        self.load_middleware()

    def answer(self, scope) -> HttpResponseBase:
        """The answer to the request as if it had no body. Whoever takes it closes it."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, mistake = django.create_request(scope, io.BytesIO())
        return mistake or self.get_response(request)


desk = Desk()


async def take_film(scope, receive, send) -> None:
    """Let Django decide on the headers, then take in the body, then send the answer."""
    deliveries: list[Delivery] = []
    decision = answer = await sync_to_async(desk.answer)(scope | {HANDOVER: deliveries})
    for delivery in deliveries:
        try:
            if decision.status_code < 300:
                answer["Upload-Offset"] = str(await take_in(delivery, receive))
            else:  # something in Django changed its mind after the view
                await sync_to_async(delivery.land)(complete=False)
        except Problem as problem:
            answer = in_words(problem)
    await django.send_response(answer, send)
    await sync_to_async(decision.close)()


def in_words(problem: Problem) -> JsonResponse:
    headers = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
    return JsonResponse({"detail": str(problem)}, status=problem.http_status, headers=headers)


async def take_in(delivery: Delivery, receive) -> int:
    """Stream the body into `delivery` and land it, also when the line breaks. Returns the new offset.

    A quick disk takes each batch at once: to wake a thread costs more than to copy half a megabyte. A slow
    one is written to by a thread, and while one batch is on its way, the next is being received.
    """
    write, land = sync_to_async(delivery.write), sync_to_async(delivery.land)
    writing = asyncio.create_task(asyncio.sleep(0))
    more: bool | None = True
    heard_at, slow_until = time.monotonic(), 0.0
    try:
        while more:
            batch, more = await gather(receive)
            await writing
            if batch:
                heard_at = time.monotonic()
                if delivery.due or heard_at < slow_until:
                    writing = asyncio.create_task(write(batch))
                else:
                    delivery.add(batch)
                    slow = time.monotonic() - heard_at > SLOW_S
                    slow_until = heard_at + SLOW_FOR_S if slow else 0.0
            if more is None or time.monotonic() - heard_at > PATIENCE_S:
                raise Silence("The line broke before the end. What has arrived is kept; go on from there.")
        await writing
    except Problem:
        await asyncio.wait([writing])
        await land(complete=False)
        raise
    return await land(complete=True)


async def gather(receive) -> tuple[list[bytes], bool | None]:
    """What comes of a body within BATCH_S, and whether there is more: None where the sender hung up."""
    batch: list[bytes] = []
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(BATCH_S):
            while size < BATCH:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return batch, None
                if body := message.get("body", b""):
                    batch.append(body)
                    size += len(body)
                if not message.get("more_body", False):
                    return batch, False
    return batch, True


def bounded(receive, send):
    """`receive`, until more than FORM_MAX_BYTES have come: then the sender is told, and Django let go."""
    left = settings.FORM_MAX_BYTES

    async def counted():
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left >= 0:
            return message
        most = settings.FORM_MAX_BYTES // 1024**2
        told = in_words(TooMuch(f"That is more than {most} MB. Send less, or films by upload."))
        await django.send_response(told, send)
        return {"type": "http.disconnect"}

    return counted


class Silence(Problem):
    """The sender is gone, or has been silent for PATIENCE_S."""

    http_status = 408


class TooMuch(Problem):
    """A body larger than any form's."""

    http_status = 413
