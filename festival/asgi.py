"""The web's way in: Django, and before it a door of its own for films.

Django reads a request's body to the end, into a temporary file, before it calls a view. A film would be
written twice, and fill the disk before anybody asked whose it is. So bodies under /uploads/ wait: Django
first answers the request without one, by its ordinary middleware and view; if the view has left a delivery
in the scope, which nobody outside can do, the body then streams straight into the upload's file.
Every other body is cut off at FORM_MAX_BYTES.
"""

import asyncio
import json
import os
import time
from contextlib import suppress

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")
django = get_asgi_application()

from django.conf import settings  # noqa: E402  # settings and models are there only now
from django.core.signals import request_finished  # noqa: E402

from festival.errors import Problem  # noqa: E402
from festival.uploads import HANDOVER, Delivery  # noqa: E402

DOOR = "/uploads/"
BATCH = 4 * 1024**2  # bytes held in memory before they go to the file
BATCH_S = 1.0  # seconds after which a slow line's bytes go to the file all the same
PATIENCE_S = 60.0  # seconds without a byte after which a sender counts as gone


async def application(scope, receive, send):
    """Answer one request: films by the door, everything else by Django alone."""
    if scope["type"] != "http":
        await django(scope, receive, send)
    elif carries_film(scope):
        async with ThreadSensitiveContext():  # one thread, and so one database connection, throughout
            await take_film(scope, receive, send)
    else:
        await django(scope, bounded(receive, send), send)


def carries_film(scope) -> bool:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(DOOR) and scope["method"] in ("PATCH", "POST")


async def take_film(scope, receive, send) -> None:
    """Let Django decide on the headers, then take in the body, then send the answer."""
    deliveries: list[Delivery] = []
    start, *rest = await answer_without_body(scope | {HANDOVER: deliveries})
    for delivery in deliveries:
        try:
            if start["status"] < 300:
                offset = await take_in(delivery, receive)
                start["headers"].append((b"upload-offset", b"%d" % offset))
            else:  # something in Django changed its mind after the view
                await sync_to_async(delivery.land)(complete=False)
        except Problem as problem:
            start, *rest = answer_in_words(problem)
        finally:
            await request_finished.asend(sender=None)  # Django sent one before the body, and let go then
    for message in (start, *rest):
        await send(message)


async def answer_without_body(scope) -> list[dict]:
    """Django's answer to the request as if it had no body."""
    messages: list[dict] = []
    body = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        return body.pop() if body else await asyncio.Future()  # no news until Django is done

    async def send(message):
        messages.append(message)

    await django(scope, receive, send)
    return messages


def answer_in_words(problem: Problem) -> list[dict]:
    headers = [(b"content-type", b"application/json"), (b"tus-resumable", b"1.0.0")]
    body = json.dumps({"detail": str(problem)}).encode()
    headers.append((b"content-length", b"%d" % len(body)))
    return [
        {"type": "http.response.start", "status": problem.http_status, "headers": headers},
        {"type": "http.response.body", "body": body},
    ]


async def take_in(delivery: Delivery, receive) -> int:
    """Stream the body into `delivery` and land it, also when the line breaks. Returns the new offset.

    While one batch is on its way to the disk, the next is being received.
    """
    write, land = sync_to_async(delivery.write), sync_to_async(delivery.land)
    writing = asyncio.create_task(asyncio.sleep(0))
    more: bool | None = True
    heard_at = time.monotonic()
    try:
        while more:
            batch, more = await gather(receive)
            await writing
            if batch:
                writing = asyncio.create_task(write(batch))
                heard_at = time.monotonic()
            if more is None or time.monotonic() - heard_at > PATIENCE_S:
                raise Silence("The line broke before the end. What has arrived is kept; go on from there.")
        await writing
    except Problem:
        await asyncio.wait([writing])
        await land(complete=False)
        raise
    return await land(complete=True)


async def gather(receive) -> tuple[bytearray, bool | None]:
    """What comes of a body within BATCH_S, and whether there is more: None where the sender hung up."""
    batch = bytearray()
    with suppress(TimeoutError):
        async with asyncio.timeout(BATCH_S):
            while len(batch) < BATCH:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return batch, None
                batch += message.get("body", b"")
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
        for part in answer_in_words(TooMuch(f"That is more than {most} MB. Send less, or films by upload.")):
            await send(part)
        return {"type": "http.disconnect"}

    return counted


class Silence(Problem):
    """The sender is gone, or has been silent for PATIENCE_S."""

    http_status = 408


class TooMuch(Problem):
    """A body larger than any form's."""

    http_status = 413
