"""How long a change in the database takes to reach 200 open pages of 200 people.

    python -m benchmarks.events [--pages 200] [--changes 20]

One uvicorn process serves the pages; another process changes all 200 rows, twice a second, and writes the
moment into them. The reference is the naive design (benchmarks/naive_events.py: one query a page, four
times a second), measured in the same run on the same server with the same rows.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

WANTED_P95_S = 0.5
EVERY_S = 0.5
SITES = {"one poller": "festival.asgi:application", "naive": "benchmarks.naive_events:application"}


def main() -> int:
    options = arguments()
    if options.write:
        write(options.changes)
        return 0
    from benchmarks.machine import describe

    with tempfile.TemporaryDirectory(prefix="marquee-events-") as folder:
        os.environ |= {"MARQUEE_VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/events.sqlite3"}
        people = furnish(options.pages)
        found = {name: measure(site, people, changes=options.changes) for name, site in SITES.items()}
    print(describe())
    print(f"{options.pages} people's pages on one uvicorn process, {options.changes} changes of each row")
    for name, run in found.items():
        print(run.line(name))
    ours, naive = found.values()
    print(
        f"one poller / naive: p95 {ours.p95 / naive.p95:.2f}, processor time {ours.cpu_s / naive.cpu_s:.2f}"
    )
    return 0 if ours.whole and ours.p95 < WANTED_P95_S else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


class Run:
    """What one design did."""

    def __init__(self, latencies: list[float], *, wanted: int, cpu_s: float):
        self.latencies, self.wanted, self.cpu_s = sorted(latencies), wanted, cpu_s

    @property
    def whole(self) -> bool:
        return len(self.latencies) == self.wanted

    @property
    def p95(self) -> float:
        return quantiles(self.latencies, n=20)[-1]

    def line(self, name: str) -> str:
        p50, worst = quantiles(self.latencies, n=2)[0], self.latencies[-1]
        told = f"{len(self.latencies)}/{self.wanted} delivered"
        times = f"p50 {p50 * 1000:.0f} ms, p95 {self.p95 * 1000:.0f} ms, max {worst * 1000:.0f} ms"
        return f"{name}: {told}, {times}, server's processor time {self.cpu_s:.1f} s"


# The festival: people with one file each under examination


def furnish(pages: int) -> list[str]:
    """Lay out the database; returns a session key for each person."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festival.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    from tests.factories import make_edition, make_film, make_footage, make_user

    edition, keys = make_edition(), []
    for _ in range(pages):
        person = make_user()
        make_footage(film=make_film(edition=edition, entrant=person), status="examining", stage="0")
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        keys.append(client.cookies["sessionid"].value)
    return keys


def write(changes: int) -> None:
    """In a process of its own: write the moment into every row, again and again."""
    import django

    django.setup()
    from festival.models import Footage

    for number in range(changes):
        Footage.objects.update(stage=repr(time.time()), progress=number)
        time.sleep(EVERY_S)


# The pages


def measure(site: str, keys: list[str], *, changes: int) -> Run:
    with serving(site) as (port, server):
        begun_s = cpu_s(server.pid)
        latencies = asyncio.run(listen(port, keys, changes=changes))
        return Run(latencies, wanted=changes * len(keys), cpu_s=cpu_s(server.pid) - begun_s)


async def listen(port: int, keys: list[str], *, changes: int) -> list[float]:
    latencies: list[float] = []
    ready = asyncio.Barrier(len(keys) + 1)
    pages = [asyncio.create_task(page(port, key, latencies, ready=ready, changes=changes)) for key in keys]
    await ready.wait()
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.events", "--write", "--changes", str(changes)
    )
    await writer.wait()
    await asyncio.wait(pages, timeout=10)
    for unfinished in pages:
        unfinished.cancel()
    return latencies


async def page(port: int, key: str, latencies: list[float], *, ready: asyncio.Barrier, changes: int) -> None:
    """One open page: hears its snapshot, then notes how old each change is on arrival."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET /events/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={key}\r\n\r\n"
    writer.write(request.encode())
    try:
        await stages(reader)  # the snapshot; the naive design begins with a change, which says the same
        await ready.wait()
        for _ in range(changes):
            for stage in await stages(reader):
                latencies.append(time.time() - float(stage))
    finally:
        writer.close()


async def stages(reader: asyncio.StreamReader) -> list[str]:
    """The stages that the next event tells of."""
    while line := await reader.readline():
        if line.startswith(b"data: "):
            said = json.loads(line.removeprefix(b"data: "))
            return [row["stage"] for row in (said if isinstance(said, list) else [said])]
    raise EOFError("The server closed the stream.")


# The server


@contextmanager
def serving(site: str):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
    server = subprocess.Popen([sys.executable, "-m", "uvicorn", site, *options])
    try:
        wait_until_open(port)
        yield port, server
    finally:
        server.terminate()
        server.wait(10)


def wait_until_open(port: int, *, within_s: float = 60) -> None:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The server did not start.")


def cpu_s(pid: int) -> float:
    """Processor time a process has used, from Linux's /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
