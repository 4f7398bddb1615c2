"""Independent clients against the real server: tus-js-client under node, tuspy, and SIGKILL half way."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from rest_framework.authtoken.models import Token
from tusclient.client import TusClient

from festival import archive
from festival.models import Footage, Upload
from tests.factories import make_film

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("uploads")]

JS = Path(__file__).parent.parent / "js" / "upload.mjs"
MB = 1024**2


class Server:
    """uvicorn in a process of its own, on this test's database."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/uploads/"
        self.process = None

    def start(self):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "festival.settings",
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            "FREE_DISK_BYTES": "0",
        }
        command = [sys.executable, "-m", "uvicorn", "festival.asgi:application", "--log-level", "warning"]
        self.process = subprocess.Popen([*command, "--port", str(self.port)], env=environment)
        until(self.answers, "the server answers")

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def most_memory(self) -> int:
        """The largest resident size so far, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


def until(holds, what: str, *, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"Waited {seconds} s in vain: {what}."
        time.sleep(0.02)
    return found


@pytest.fixture
def server():
    server = Server()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def film():
    return make_film()


def token(film) -> str:
    return Token.objects.get_or_create(user=film.entrant)[0].key


def a_file(folder, size) -> Path:
    path = folder / "film.mp4"
    path.write_bytes(os.urandom(size))
    return path


def digest(file) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def arrived_digest() -> str:
    with archive.open_file(Footage.objects.get().original) as original:
        return digest(original)


def node(server, film, file, **options):
    said = {"endpoint": server.url, "film": str(film.pk), "file": str(file), "token": token(film), **options}
    modules = JS.parent.parent / "node_modules" / "tus-js-client"
    assert modules.exists(), "tus-js-client is missing: `cd tests && npm install --no-package-lock`."
    return subprocess.Popen(["node", JS, json.dumps(said)], stdout=subprocess.PIPE, text=True)


def heard(process) -> list[dict]:
    """Everything the client tells until it ends."""
    lines, _ = process.communicate(timeout=60)
    return [json.loads(line) for line in lines.splitlines()]


def test_tus_js_client_stops_and_another_goes_on(server, film, tmp_path):
    file = a_file(tmp_path, 5 * MB + 3)

    first = heard(node(server, film, file, chunkSize=MB, stopAfter=2 * MB))
    assert {"stopped": 2 * MB} in first
    address = next(told["url"] for told in first if "url" in told)
    second = heard(node(server, film, file, chunkSize=2 * MB, uploadUrl=address))

    assert second[-1].get("done")
    assert [told["accepted"] for told in second if "accepted" in told] == [4 * MB, 5 * MB + 3]
    with file.open("rb") as sent:
        assert arrived_digest() == digest(sent)


def test_tus_js_client_survives_a_killed_server(server, film, tmp_path):
    file = a_file(tmp_path, 20 * MB)
    client = node(server, film, file, chunkSize=MB, pauseMs=40)
    before = []
    while not before or before[-1].get("accepted", 0) < 10 * MB:
        before.append(json.loads(client.stdout.readline()))

    server.kill()
    server.start()
    after = heard(client)

    assert after[-1].get("done"), after
    assert any("again" in told for told in after)
    assert min(told["accepted"] for told in after if "accepted" in told) > 10 * MB
    with file.open("rb") as sent:
        assert arrived_digest() == digest(sent)


def test_tuspy_takes_over_from_a_request_that_died_with_its_server(server, film, tmp_path):
    file = a_file(tmp_path, 6 * MB)
    headers = {"Authorization": f"Token {token(film)}"}
    client = TusClient(server.url, headers=headers)
    said = {"film": str(film.pk), "filename": "film.mp4"}
    uploader = client.uploader(str(file), chunk_size=MB, metadata=said)
    uploader.upload(stop_at=2 * MB)
    upload = Upload.objects.get()
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            f"PATCH /uploads/{upload.pk}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\n"
            f"Authorization: Token {token(film)}\r\nContent-Type: application/offset+octet-stream\r\n"
            f"Upload-Offset: {2 * MB}\r\nContent-Length: {4 * MB}\r\n\r\n".encode()
        )
        with file.open("rb") as sent:
            sent.seek(2 * MB)
            line.sendall(sent.read(MB))
        until(lambda: upload.path.stat().st_size > 2 * MB, "bytes of the doomed request reach the disk")
        server.kill()
    upload.refresh_from_db()
    assert upload.lock is not None
    server.start()

    again = client.uploader(str(file), chunk_size=4 * MB, url=uploader.url, retries=20, retry_delay=0.5)
    assert again.offset == upload.offset_bytes >= 2 * MB
    again.upload()

    with file.open("rb") as sent:
        assert arrived_digest() == digest(sent)
    assert not list(settings.UPLOAD_ROOT.glob(upload.pk.hex))


def test_a_large_file_does_not_grow_the_server(server, film, tmp_path):
    small, large = a_file(tmp_path, MB), tmp_path / "large.mp4"
    assert heard(node(server, film, small))[-1].get("done")  # what the first request loads is loaded
    with large.open("wb") as file:
        file.truncate(300 * MB)
    before = server.most_memory()

    assert heard(node(server, film, large))[-1].get("done")

    grown = server.most_memory() - before
    assert grown < 30 * MB, f"{grown / MB:.0f} MB"
    assert Footage.objects.order_by("-size_bytes").first().size_bytes == 300 * MB
