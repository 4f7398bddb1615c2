"""Pages that listen for events, many of them, on a site with PostgreSQL."""

import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.festival.workers import wait_for
from tests.services.house import House, house_of

pytestmark = pytest.mark.services

PAGES = 8
SIGN_IN = """
from django.test import Client
from festival.models import Person
client = Client()
client.force_login(Person.objects.create_user("ines@example.org", name="Ines"))
print("session:", client.cookies["sessionid"].value)
"""


def test_pages_that_listen_hold_no_connection(postgres, tmp_path):
    with house_of("listening", postgres, tmp_path) as house, ExitStack() as open_pages:
        session = re.search(r"session: (\w+)", house.manage("shell", "-c", SIGN_IN).stdout)[1]
        port = open_pages.enter_context(web(house))
        for _ in range(PAGES):
            page = open_pages.enter_context(
                closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20))
            )
            page.request("GET", "/events/", headers={"Cookie": f"sessionid={session}"})
            answer = page.getresponse()
            assert answer.status == 200
            while not answer.readline().startswith(b"event: snapshot"):
                pass

        wait_for(lambda: connections(house) == 1)  # that of the one poller


def connections(house: House) -> int:
    """Those of the web, without the one that asks."""
    ours = "datname = current_database() AND pid <> pg_backend_pid()"
    return house.sql(f"SELECT count(*) FROM pg_stat_activity WHERE {ours}")[0][0]


@contextmanager
def web(house: House) -> Iterator[int]:
    """The site's web process, as in production; yields its port once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "festival.asgi:application", "--port", str(port)]
    with subprocess.Popen([*command, "--log-level", "error"], env=house.env) as process:
        try:
            wait_for(lambda: answers(port))
            yield port
        finally:
            process.kill()


def answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0
