"""Real Celery workers, each a process of its own on the test's database and broker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def worker(queues: str, *, name="one", **variables) -> Iterator[subprocess.Popen]:
    """A worker of `queues`, with `variables` in its environment; it is killed when the block ends."""
    command = [sys.executable, "-m", "celery", "-A", "festival", "worker", "-Q", queues, "-P", "solo"]
    process = subprocess.Popen(
        [*command, "-n", f"{name}@%h", "-l", "warning", "--without-gossip", "--without-mingle"],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()}
        | variables,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """SIGKILL, which no process can answer."""
    process.kill()
    process.wait()


def database_url() -> str:
    """The test's own database, as the workers' settings name it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def wait_for(condition: Callable[[], object], *, within_s=60.0) -> None:
    """Look again and again until `condition` holds; fail after `within_s` seconds."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.05)
