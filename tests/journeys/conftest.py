"""A whole house for the journeys: its own data, the web and the workers as processes, mail in files."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.visitor import SHOTS, Visitor

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Site:
    """A running site: its address, its mail, its command line."""

    url: str
    folder: Path
    env: dict

    def manage(self, *words: str, **env) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env={**self.env, **env}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def letter(self, to: str, *, holding: str, within_s: float = 30) -> str:
        """The newest letter to `to` that has the words `holding`; waits for the queue to send it."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            files = sorted((self.folder / "mail").glob("*"), key=lambda p: p.stat().st_mtime, reverse=True)
            for file in files:
                text = file.read_text(errors="replace").replace("=\n", "")
                if to in text and holding in text:
                    return text
            time.sleep(0.2)
        raise AssertionError(f"No letter to {to} with “{holding}” came within {within_s} s.")

    def link(self, to: str, *, holding: str, path: str) -> str:
        """The link under `path` in that letter, as the browser should open it here."""
        text = self.letter(to, holding=holding)
        found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S*)", text)
        assert found, text
        return self.url + found[1]


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory) -> Path:
    """Database, credentials and engines of a site where nothing has happened yet."""
    folder = tmp_path_factory.mktemp("empty")
    here = _site(folder, port=0)
    (folder / "mail").mkdir()
    here.manage("migrate", "-v", "0")
    here.manage("credentials")
    here.manage("engines", "demo")
    return folder


def _site(folder: Path, *, port: int) -> Site:
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "MARQUEE_", "PYTEST_"))},
        "DJANGO_SETTINGS_MODULE": "festival.settings",
        "MARQUEE_VAR": str(folder),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(folder / "mail"),
        "ORGANISERS_NEED_SECOND_FACTOR": "off",
        "LOG_LEVEL": "WARNING",
    }
    return Site(env["SITE_URL"], folder, env)


@pytest.fixture(scope="module")
def site(tmp_path_factory, empty_house):
    folder = tmp_path_factory.mktemp("houses") / "house"
    shutil.copytree(empty_house, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = _site(folder, port=port)
    python = [sys.executable, "-m"]
    web = ["uvicorn", "festival.asgi:application", "--port", str(port), "--timeout-graceful-shutdown", "1"]
    commands = [[*python, *web, "--log-level", "warning"]] + [
        [
            *python,
            "celery",
            "-q",
            "-A",
            "festival",
            "worker",
            "-Q",
            queue,
            "-n",
            f"{queue}{port}",
            "-P",
            "solo",
        ]
        for queue in ("gpu", "media", "default")
    ]
    log = (folder / "log").open("w")
    running = [
        subprocess.Popen(c, cwd=ROOT, env=here.env, stdout=log, stderr=log, start_new_session=True)
        for c in commands
    ]
    try:
        _wait_until_open(here.url, running)
        yield here
    finally:
        for process in running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()
        shutil.copy(folder / "log", SHOTS / "journey.log") if SHOTS.exists() else None


def _wait_until_open(url: str, running: list[subprocess.Popen]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert all(process.poll() is None for process in running), "A process of the site ended at once."
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The site did not open within a minute.")


@pytest.fixture(scope="module")
def film_file(tmp_path_factory) -> Path:
    """A real six-second film with sound, two scenes, made on the spot."""
    from festival.media import binaries

    target = tmp_path_factory.mktemp("film") / "the-long-way-round.mp4"
    source = "testsrc2=s=640x360:r=25:d=3[a];smptebars=s=640x360:r=25:d=3[b];[a][b]concat=n=2[v]"
    sound = ["-f", "lavfi", "-i", "sine=f=220:d=6"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    mapped = ["-filter_complex", source, "-map", "[v]", "-map", "0:a"]
    subprocess.run([binaries.ffmpeg(), "-v", "error", "-y", *sound, *mapped, *coding, target], check=True)
    return target


@pytest.fixture
def visit(browser, site):
    visitors = []

    def arrive(name):
        visitors.append(Visitor(browser, site, name))
        return visitors[-1]

    yield arrive
    refusals = [words for visitor in visitors for words in visitor.refusals]
    for visitor in visitors:
        visitor.context.close()
    assert refusals == []
