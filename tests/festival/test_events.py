"""Server-sent events: a snapshot first, then changes, each person only their own, the last state always."""

import asyncio
import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival import events
from festival.models import Footage, Person
from tests.factories import make_film, make_footage, make_user
from tests.festival.workers import wait_for

live = pytest.mark.django_db(transaction=True)


def make_running(owner, **fields):
    fields.setdefault("stage", "Reading the file")
    fields.setdefault("progress", 10)
    return make_footage(
        film=make_film(entrant=owner), status=Footage.Status.EXAMINING, heartbeat_at=timezone.now(), **fields
    )


def said(footage):
    footage.refresh_from_db()
    topic = f"footage:{footage.pk}"
    row = {"status": footage.status, "stage": footage.stage, "progress": footage.progress}
    return {"topic": topic, **row, "problem": footage.problem}


@contextmanager
def listening(server: str, person=None):
    """Open /events/ as `person` would; yields the answer."""
    cookie = {}
    if person:
        client = Client()
        client.force_login(person)
        cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
    connection.request("GET", reverse("media:events"), headers=cookie)
    answer = connection.getresponse()
    try:
        yield answer
    finally:
        answer.close()
        connection.close()


def following(answer) -> tuple[str, object]:
    """The next event of a stream: its name, and what it says."""
    name = ""
    while line := answer.readline().decode():
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        if line.startswith("data: "):
            return name, json.loads(line.removeprefix("data: "))
    raise EOFError("The stream has ended.")


# the stream, on a real server


@live
def test_a_page_hears_a_snapshot_first_and_then_each_change(asgi_server):
    ines = make_user()
    footage = make_running(ines)

    with listening(asgi_server, ines) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert following(answer) == ("snapshot", [said(footage)])

        Footage.objects.filter(pk=footage.pk).update(stage="Finding the cuts", progress=96)
        assert following(answer) == ("change", said(footage))

        Footage.objects.filter(pk=footage.pk).update(status=Footage.Status.REFUSED, problem="No picture.")
        name, change = following(answer)
        assert (name, change["status"], change["problem"]) == ("change", "refused", "No picture.")


@live
def test_each_person_hears_only_of_their_own_files(asgi_server):
    ines, tom = make_user(), make_user()
    hers, his = make_running(ines), make_running(tom)

    with listening(asgi_server, ines) as to_ines, listening(asgi_server, tom) as to_tom:
        assert following(to_ines) == ("snapshot", [said(hers)])
        assert following(to_tom) == ("snapshot", [said(his)])

        Footage.objects.filter(pk=hers.pk).update(progress=50)
        assert following(to_ines) == ("change", said(hers))
        Footage.objects.filter(pk=his.pk).update(progress=60)
        assert following(to_tom) == ("change", said(his)), "nothing of hers came before it"


@live
def test_two_pages_of_one_person_hear_the_same_and_somebody_with_no_files_hears_nothing_of_them(asgi_server):
    ines, idle = make_user(), make_user()
    footage = make_running(ines)

    with (
        listening(asgi_server, ines) as first,
        listening(asgi_server, ines) as second,
        listening(asgi_server, idle) as empty,
    ):
        assert following(first) == following(second) == ("snapshot", [said(footage)])
        assert following(empty) == ("snapshot", [])
        Footage.objects.filter(pk=footage.pk).update(progress=50)
        assert following(first) == following(second) == ("change", said(footage))


@live
def test_who_listens_on_more_pages_than_anybody_looks_at_is_asked_not_to_call_again(asgi_server, monkeypatch):
    monkeypatch.setattr(events, "MOST_PAGES", 1)
    alice, bob = make_user(), make_user()
    with listening(asgi_server, alice) as first:
        assert following(first)[0] == "snapshot"
        with listening(asgi_server, alice) as second, listening(asgi_server, bob) as other:
            assert (second.status, other.status) == (204, 200)


@live
@pytest.mark.parametrize("leave", ["signs out", "is shut out", "has a new password", "was away too long"])
def test_whoever_leaves_hears_no_more(leave, asgi_server, monkeypatch):
    monkeypatch.setattr(events, "KEEP_ALIVE_S", 0.05)
    monkeypatch.setattr(events, "ASK_S", 0.1)
    ines = make_user()
    with listening(asgi_server, ines) as answer, listening(asgi_server, make_user()) as other:
        assert following(answer) == following(other) == ("snapshot", [])
        signed_in = {one.get_decoded()["_auth_user_id"]: one.pk for one in Session.objects.all()}
        hers, herself = Session.objects.filter(pk=signed_in[str(ines.pk)]), Person.objects.filter(pk=ines.pk)
        if leave == "signs out":
            hers.delete()
        elif leave == "is shut out":
            herself.update(is_active=False)
        elif leave == "has a new password":
            herself.update(password=make_password("another way round"))
        else:
            hers.update(expire_date=timezone.now())

        with pytest.raises(EOFError):
            following(answer)
        assert {other.readline() for _ in range(9)} == {b": still here\n", b"\n"}


@live
def test_a_visitor_who_is_not_signed_in_is_asked_not_to_call_again(asgi_server):
    with listening(asgi_server) as answer:
        assert answer.status == 204


@live
def test_under_wsgi_the_stream_is_declined_rather_than_left_hanging(client):
    client.force_login(make_user())

    with ThreadPoolExecutor(1) as pool:  # a browser of an earlier test may run a loop in this thread
        statuses = [pool.submit(_status, client, method).result() for method in ("get", "post")]

    assert statuses == [204, 405]


def _status(client, method: str) -> int:
    try:
        return getattr(client, method)(reverse("media:events")).status_code
    finally:
        connection.close()


@live
def test_a_page_that_closes_leaves_no_listener_and_the_last_one_stops_the_poller(asgi_server):
    ines = make_user()
    with listening(asgi_server, ines) as answer, listening(asgi_server, make_user()) as other:
        following(answer)
        following(other)
        [hub] = [hub for hub in events._hubs.values() if hub.polling]
        assert len(hub.listeners) == 2

    wait_for(lambda: not hub.listeners and not hub.polling, within_s=10)


@live
def test_a_silent_stream_says_that_it_is_still_there(asgi_server, monkeypatch):
    monkeypatch.setattr(events, "KEEP_ALIVE_S", 0.05)

    with listening(asgi_server, make_user()) as answer:
        following(answer)
        assert answer.readline() == b"\n"
        assert answer.readline() == b": still here\n"


@live
def test_a_stream_ends_after_a_while_so_that_the_browser_is_asked_again_who_it_is(asgi_server, monkeypatch):
    monkeypatch.setattr(events, "STREAM_S", 0.2)
    monkeypatch.setattr(events, "KEEP_ALIVE_S", 0.05)

    with listening(asgi_server, make_user()) as answer:
        assert answer.read().startswith(b"retry: 2000\n\nevent: snapshot\n")


# the listener's queue


def row(progress):
    return {"footage:1": {"status": "examining", "progress": progress}}


def heard(listener):
    return [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]


def test_a_listener_hears_only_what_changed_after_the_snapshot():
    listener = events.Listener(user_id=1)
    other = {"footage:2": {"status": "waiting"}}

    listener.tell(row(1) | other, {})
    listener.tell(row(1) | other, row(1) | other)
    listener.tell(row(2) | other, row(1) | other)

    assert heard(listener) == [
        (
            "snapshot",
            [
                {"topic": "footage:1", "status": "examining", "progress": 1},
                {"topic": "footage:2", "status": "waiting"},
            ],
        ),
        ("change", {"topic": "footage:1", "status": "examining", "progress": 2}),
    ]


def test_a_listener_too_slow_for_its_queue_keeps_a_bounded_one_and_ends_with_the_last_state():
    listener = events.Listener(user_id=1)
    for progress in range(1000):
        listener.tell(row(progress), row(progress - 1))
    assert listener.queue.qsize() == events.QUEUE

    assert len(heard(listener)) == events.QUEUE
    listener.tell(row(1000), row(999))

    assert heard(listener) == [
        ("snapshot", [{"topic": "footage:1", "status": "examining", "progress": 1000}])
    ]


def test_one_poller_serves_all_listeners_of_a_process_and_a_broken_source_ends_their_streams(monkeypatch):
    def broken(user_ids):
        raise RuntimeError("This source is broken.")

    monkeypatch.setattr(events, "SOURCES", {"broken": broken})

    async def still_here():
        return True

    async def two_pages():
        first, second = (events.stream(number, still_here) for number in (1, 2))
        started = [await anext(first), await anext(second)]
        hub = events.hub()
        pollers = {task for task in asyncio.all_tasks() if task.get_coro().__name__ == "_poll"}
        assert pollers == {hub.poller}
        with pytest.raises(RuntimeError):
            await hub.poller
        monkeypatch.setattr(events, "KEEP_ALIVE_S", 0.01)
        rest = [part for stream in (first, second) async for part in stream]
        return started, rest, hub.listeners

    with ThreadPoolExecutor(1) as thread:  # Playwright may already run a loop in this one
        started, rest, left = thread.submit(lambda: asyncio.run(two_pages())).result()

    assert started == [b"retry: 2000\n\n"] * 2
    assert set(rest) <= {b": still here\n\n"}
    assert left == set()


# the source


@pytest.mark.django_db
@pytest.mark.parametrize("files", [1, 3])
def test_a_look_at_all_files_under_way_is_one_query(files, django_assert_num_queries):
    people = [make_user() for _ in range(files)]
    for person in people:
        make_running(person)

    with django_assert_num_queries(1):
        rows = list(events.footage_under_way({person.pk for person in people}))

    assert {owner for owner, _, _ in rows} == {person.pk for person in people}


@pytest.mark.django_db
def test_files_that_came_to_rest_a_while_ago_are_not_told_of():
    ines, now = make_user(), timezone.now()
    waiting = make_footage(film=make_film(entrant=ines), status=Footage.Status.WAITING)
    rested = make_footage(film=make_film(entrant=ines), heartbeat_at=now - timedelta(seconds=50))
    make_footage(film=make_film(entrant=ines), heartbeat_at=now - timedelta(seconds=70))
    make_footage(film=make_film(entrant=ines))

    assert {pk for _, pk, _ in events.footage_under_way({ines.pk})} == {waiting.pk, rested.pk}


@pytest.mark.django_db
def test_what_a_source_says_of_somebody_who_does_not_listen_goes_nowhere(monkeypatch):
    monkeypatch.setattr(events, "SOURCES", {"note": lambda user_ids: [(1, 7, {"a": 1}), (2, 8, {"a": 2})]})

    assert events.look({1}) == {1: {"note:7": {"a": 1}}}


# the page


PAGE = """<!doctype html><title>A row</title>
<live-row topic="footage:{pk}" status="{status}">
  <span data-live="stage">{stage}</span>
  <progress max="100" value="{progress}" data-live="progress"></progress>
</live-row>
<live-row topic="footage:somebody-elses"><span data-live="stage">untouched</span></live-row>
<script type="module" src="/static/festival/js/live-row.js"></script>"""


@live
def test_a_row_on_a_page_moves_by_itself_and_the_page_is_loaded_anew_at_the_end(asgi_server, browser):
    ines = make_user()
    footage = make_running(ines)
    client = Client()
    client.force_login(ines)
    context = browser.new_context()
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": asgi_server}]
    )
    page, streams = context.new_page(), []
    page.on("request", lambda request: streams.append(request.url) if "/events/" in request.url else None)

    def serve(route):
        footage.refresh_from_db()
        words = {name: getattr(footage, name) for name in ("pk", "status", "stage", "progress")}
        route.fulfill(body=PAGE.format(**words), content_type="text/html")

    try:
        page.route("**/a-row/", serve)
        page.goto(f"{asgi_server}/a-row/", wait_until="domcontentloaded")
        Footage.objects.filter(pk=footage.pk).update(stage="Finding the cuts", progress=96)
        page.wait_for_function(
            "document.querySelector('[data-live=stage]').textContent == 'Finding the cuts'"
        )
        assert page.evaluate("document.querySelector('progress').value") == 96
        assert page.evaluate("document.querySelectorAll('[data-live=stage]')[1].textContent") == "untouched"
        assert len(streams) == 1, "all rows of a page share one connection"

        with page.expect_navigation(wait_until="domcontentloaded"):
            Footage.objects.filter(pk=footage.pk).update(status=Footage.Status.READY, stage="")
        assert page.get_attribute("live-row", "status") == "ready"
    finally:
        context.close()
