"""Events: what happens, told to those whom it concerns while they look at a page.

One poller a process asks the registered sources, four times a second, about all people who listen
together; each listener has a bounded queue. A listener begins with a snapshot, and one too slow to empty
the queue is given a new snapshot instead of the changes missed: the last state always arrives.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from weakref import WeakKeyDictionary

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connections
from django.db.models import Q
from django.utils import timezone

from festival.models import Footage

log = logging.getLogger(__name__)

POLL_S = 0.25
GATHER_S = 0.02  # listeners who arrive together are served by one look
KEEP_ALIVE_S = 15.0  # proxies close what stays silent for a minute
STREAM_S = 600.0  # then the browser calls again
ASK_S = 60.0  # then the house asks whether the listener is still signed in
MOST_PAGES = 40  # that a person listens on in one process; browsers open no more
QUEUE = 64  # messages a listener may lag behind
RECENT = timedelta(minutes=1)  # how long a row is told of after it came to rest

Rows = dict[str, dict]  # topic, such as "footage:<id>" → what to say of it
Source = Callable[[set[int]], Iterable[tuple[int, object, dict]]]
SOURCES: dict[str, Source] = {}


def source(kind: str) -> Callable[[Source], Source]:
    """Register a function that tells of rows of one kind.

    It is given the ids of all who listen, and yields (owner's id, row's id, payload) for what is under
    way or came to rest within `RECENT`. It runs in the poller's thread, four times a second: one query.
    """

    def register(function: Source) -> Source:
        SOURCES[kind] = function
        return function

    return register


@source("footage")
def footage_under_way(user_ids: set[int]) -> Iterable[tuple[int, object, dict]]:
    """Files that wait, are being examined, or have just been."""
    under_way = Q(status__in=(Footage.Status.WAITING, Footage.Status.EXAMINING))
    recent = Q(heartbeat_at__gte=timezone.now() - RECENT)
    said = ("status", "stage", "progress", "problem")
    rows = Footage.objects.filter(under_way | recent, film__entrant__in=user_ids)
    for row in rows.values("film__entrant_id", "pk", *said):
        yield row["film__entrant_id"], row["pk"], {name: row[name] for name in said}


def look(user_ids: set[int]) -> dict[int, Rows]:
    """What all sources say now: for each of these people their own rows, and nobody else's."""
    seen: dict[int, Rows] = {user_id: {} for user_id in user_ids}
    for kind, tell in SOURCES.items():
        for owner, pk, payload in tell(user_ids):
            if owner in seen:
                seen[owner][f"{kind}:{pk}"] = payload
    return seen


class Listener:
    """One open page of one person."""

    def __init__(self, user_id: int):
        self.user_id = user_id
        self.fresh = True  # is owed a snapshot
        self.queue: asyncio.Queue[tuple[str, object]] = asyncio.Queue(QUEUE)

    def tell(self, rows: Rows, before: Rows) -> None:
        """Queue everything for a fresh listener, else what changed since `before`."""
        if self.fresh:
            if self.queue.empty():  # while it lags, a snapshot would be old before it is read
                self.queue.put_nowait(("snapshot", [{"topic": t, **row} for t, row in rows.items()]))
                self.fresh = False
            return
        try:
            for topic, row in rows.items():
                if row != before.get(topic):
                    self.queue.put_nowait(("change", {"topic": topic, **row}))
        except asyncio.QueueFull:
            self.fresh = True


class Hub:
    """The listeners of one process, and the poller that serves them while there are any."""

    def __init__(self):
        self.listeners: set[Listener] = set()
        self.knock = asyncio.Event()
        self.poller: asyncio.Task | None = None

    def full(self, user_id: int) -> bool:
        """Whether this person listens on as many pages as anybody looks at."""
        return sum(who.user_id == user_id for who in self.listeners) >= MOST_PAGES

    def join(self, user_id: int) -> Listener:
        listener = Listener(user_id)
        self.listeners.add(listener)
        self.knock.set()
        if not self.polling:
            self.poller = asyncio.create_task(self._poll())
        return listener

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        self.knock.set()

    @property
    def polling(self) -> bool:
        return self.poller is not None and not self.poller.done()

    async def _poll(self) -> None:
        loop, last = asyncio.get_running_loop(), {}
        with ThreadPoolExecutor(1, "events") as thread:  # one thread, hence one database connection
            try:
                while self.listeners:
                    self.knock.clear()
                    asked = list(self.listeners)  # who joins during the look is served by the next
                    try:
                        seen = await loop.run_in_executor(thread, look, {who.user_id for who in asked})
                    except DatabaseError:
                        log.warning("Events: the database did not answer; trying again", exc_info=True)
                        thread.submit(connections.close_all)
                    else:
                        for listener in asked:
                            listener.tell(seen[listener.user_id], last.get(listener.user_id, {}))
                        last = seen
                    await self._rest()
            finally:
                thread.submit(connections.close_all)

    async def _rest(self) -> None:
        await asyncio.sleep(GATHER_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.knock.wait(), POLL_S - GATHER_S)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop; a web process has one of each."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


async def stream(user_id: int, still_here: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
    """Everything one page needs to hear, as `text/event-stream`: a snapshot, then each change.

    Args:
        still_here: whether the person is signed in as they were when it began.
    """
    here, loop = hub(), asyncio.get_running_loop()
    listener, began = here.join(user_id), loop.time()
    asked_at = began
    try:
        yield b"retry: 2000\n\n"
        while here.polling and loop.time() < began + STREAM_S:
            if loop.time() >= asked_at + ASK_S:
                if not await still_here():
                    return
                asked_at = loop.time()
            try:
                name, data = await asyncio.wait_for(listener.queue.get(), KEEP_ALIVE_S)
            except TimeoutError:
                yield b": still here\n\n"
            else:
                yield f"event: {name}\ndata: {json.dumps(data, cls=DjangoJSONEncoder)}\n\n".encode()
    finally:
        here.leave(listener)
