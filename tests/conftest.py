"""Shared fixtures: real servers, a real browser, small real films."""

import os
import shutil
import socket
import threading
import time

import hypothesis
import pytest
from django.conf import settings

# A busy machine is no fault of the code: no test of ours fails by the clock.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
)  # Playwright's sync API runs a loop in the test thread


def pytest_unconfigure(config):
    """Take the run's folder away, once, when the last process is done."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.get("MARQUEE_TEST_RUN", ""), ignore_errors=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """First tests that roll back, since a browser leaves a loop in its process, which they cannot have.

    After them whatever commits or needs no database. In both parts what takes longest begins first: the
    journeys, and groups, whose tests share what is dear to make. A group is of one part.
    """
    for item in items:
        if item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("first" if _rolls_back(item) else "then"))
    found = yield
    long = ("journey", "xdist_group")
    items.sort(
        key=lambda item: (not _rolls_back(item), *(not item.get_closest_marker(mark) for mark in long))
    )
    return found


def _rolls_back(item) -> bool:
    marked = item.get_closest_marker("django_db")
    commits = "transactional_db" in item.fixturenames or (marked and marked.kwargs.get("transaction"))
    return not commits and (marked is not None or "db" in item.fixturenames)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Between tests that commit, tables are emptied, which the ledger's triggers refuse: they are lifted."""
    from django.db import connection

    from judging.models import triggers

    operations = type(connection.ops)  # of every connection: a test with a browser has one of its own
    empty = operations.execute_sql_flush

    def lifted(self, statements):
        with triggers.lifted(self.connection):
            empty(self, statements)

    operations.execute_sql_flush = lifted


@pytest.fixture(scope="session", autouse=True)
def fresh_folder():
    """Folders for files, in the run's own place."""
    for folder in (settings.ARCHIVE_ROOT, settings.SCRATCH_ROOT, settings.UPLOAD_ROOT):
        folder.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def asgi_server(transactional_db):
    """The site under uvicorn, as in production: live_server is WSGI and hangs on event streams."""
    import uvicorn

    from festival.asgi import application

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1, lifespan="off")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


# The shell draws the same pages without a window's tabs and menus, which a whole browser draws for each page.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser():
    """Debian's chromium, driven by Playwright; missing is a failure, never a skip."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert executable, "No chromium found. `make test` installs Debian's; elsewhere install it yourself."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        yield browser
        browser.close()
