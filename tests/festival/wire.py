"""One HTTP request to the whole site, as a server would hand it over: headers, then the body in pieces."""

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field

from asgiref.sync import async_to_sync
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from rest_framework.authtoken.models import Token

from festival.asgi import application

GONE = object()  # in a body: the line breaks here


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(method, path, headers=None, body=(), app=application) -> Answer | None:
    """The site's answer, or None where the sender hung up before there was one."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    coming = []
    for index, piece in enumerate(pieces):
        if piece is GONE:
            coming.append({"type": "http.disconnect"})
        else:
            last = index == len(pieces) - 1
            coming.append({"type": "http.request", "body": piece, "more_body": not last})
    coming = coming or [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[dict] = []

    async def receive():
        return coming.pop(0) if coming else await forever()

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 50000),
        "headers": [(k.lower().encode(), str(v).encode()) for k, v in (headers or {}).items()],
    }
    with one_connection(), no_other_loop():
        async_to_sync(app)(scope, receive, send)
    if not sent:
        return None
    told = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return Answer(sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:]))


@contextmanager
def one_connection():
    """Keep the test's own connection open, as django.test.Client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@contextmanager
def no_other_loop():
    """Let a loop of our own run: Playwright's counts as running in this thread while its browser is open."""
    others = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(others)


async def forever():
    await asyncio.Future()


def signed_in(person, **headers) -> dict[str, str]:
    """Headers of a script that acts for `person`, in tus 1.0."""
    token, _ = Token.objects.get_or_create(user=person)
    return {"Host": "testserver", "Tus-Resumable": "1.0.0", "Authorization": f"Token {token.key}"} | headers
