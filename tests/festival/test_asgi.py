"""A server's life: what is settled when it starts, and let go when it stops."""

import asyncio
import gc

import pytest
from django.db import connection

from festival import asgi
from tests.festival.wire import no_other_loop


@pytest.mark.django_db(transaction=True)
def test_a_server_starts_settles_and_stops():
    told, frozen = [], gc.get_freeze_count()
    coming = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive():
        return next(coming)

    async def send(message):
        told.append((message["type"], gc.get_freeze_count() > frozen))

    try:
        with no_other_loop():
            asyncio.run(asgi.application({"type": "lifespan"}, receive, send))
    finally:
        gc.unfreeze()
    assert told == [("lifespan.startup.complete", True), ("lifespan.shutdown.complete", True)]


@pytest.mark.django_db(transaction=True)
def test_with_sqlite_a_connection_stays_open():
    try:
        kept = asgi.settle()
    finally:
        gc.unfreeze()
    if connection.vendor != "sqlite":
        assert kept is None
        return
    with kept.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM festival_person")
        assert cursor.fetchone() == (0,)
    kept.close()
