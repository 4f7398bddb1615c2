"""What runs in the sandbox is bounded, and dies with whoever started it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from festival.media import binaries, sandbox
from festival.media.errors import BrokeOff

PARENT = """
import sys; from pathlib import Path; from festival.media import sandbox
sandbox.run(["/bin/sh", "-c", "exec 3>alive; echo on >&3; exec sleep 60"], folder=Path(sys.argv[1]))
"""


@pytest.fixture
def line(tmp_path):
    """A pipe named `alive` that the run and all it starts hold open for as long as they live."""
    os.mkfifo(tmp_path / "alive")
    end = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    yield end
    os.close(end)


def hear(line: int, expected: bytes, *, within_s: float = 20) -> bool:
    """Whether `expected` comes in time; nothing, b"", comes when the last that held the line is gone."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if os.read(line, 100) == expected:
                return True
        except BlockingIOError:
            pass  # somebody holds it, and is silent
        time.sleep(0.02)
    return False


def test_what_it_prints_comes_back(tmp_path):
    ran = sandbox.run(["/bin/sh", "-c", "echo one; echo two; echo three >&2"], folder=tmp_path)

    assert ran == sandbox.Ran(b"one\ntwo\n", "three\n")


def test_an_error_tells_what_it_said(tmp_path):
    with pytest.raises(sandbox.Failed) as caught:
        sandbox.run(["/bin/sh", "-c", "echo broken >&2; exit 3"], folder=tmp_path)

    assert (caught.value.status, caught.value.said) == (3, "broken\n")


def test_the_time_limit_kills_the_whole_group(tmp_path, line):
    started = time.monotonic()

    with pytest.raises(BrokeOff, match="took longer than we allow"):
        sandbox.run(
            ["/bin/sh", "-c", "exec 3>alive; echo on >&3; sleep 60 & wait"],
            folder=tmp_path,
            bounds=sandbox.Bounds(wall_s=2),
        )

    assert time.monotonic() - started < 20
    assert hear(line, b"on\n")
    assert hear(line, b"")


def test_what_the_listener_raises_stops_it(tmp_path, line):
    def stop(lines):
        if lines:
            raise KeyError(lines[0])

    with pytest.raises(KeyError, match="hello"):
        sandbox.run(["/bin/sh", "-c", "exec 3>alive; echo hello; sleep 60"], folder=tmp_path, on_lines=stop)

    assert hear(line, b"")


def test_the_listener_hears_of_silence_too(tmp_path):
    heard = []

    sandbox.run(["/bin/sleep", "1.5"], folder=tmp_path, on_lines=heard.append)

    assert [] in heard


def test_it_dies_with_a_killed_parent(tmp_path, line):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)])
    assert hear(line, b"on\n")

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    assert hear(line, b"")


@pytest.mark.parametrize(
    ("greedy", "bounds"),
    [
        ("b = bytearray(900 * 2**20)", {"memory_bytes": 400 * 2**20}),
        ("open('big', 'wb').write(bytes(3 * 2**20))", {"file_bytes": 2**20}),
        ("[open('/dev/null') for _ in range(100)]", {"open_files": 50}),
        ("print('x' * 2**20)", {"printed_bytes": 2**18}),
    ],
)
def test_greed_ends_badly(greedy, bounds, tmp_path):
    with pytest.raises(sandbox.Failed):
        sandbox.run([sys.executable, "-I", "-c", greedy], folder=tmp_path, bounds=sandbox.Bounds(**bounds))

    sandbox.run([sys.executable, "-I", "-c", greedy], folder=tmp_path)


def test_no_secret_of_ours_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "tell nobody")

    ran = sandbox.run(["/usr/bin/env"], folder=tmp_path)

    assert b"tell nobody" not in ran.printed


def test_a_full_disk_is_not_the_films_fault(tmp_path):
    with pytest.raises(BrokeOff, match="no room left on our disk"):
        sandbox.run(["/bin/sh", "-c", "echo 'No space left on device' >&2; exit 1"], folder=tmp_path)


@pytest.mark.skipif(not binaries.bubblewrap(), reason="bubblewrap is optional, and not at work here")
def test_behind_walls_only_the_named_files_are_seen(tmp_path):
    source, other, folder = tmp_path / "in.txt", tmp_path / "other.txt", tmp_path / "out"
    source.write_text("seen")
    other.write_text("unseen")
    folder.mkdir()

    ran = sandbox.run(
        ["/bin/sh", "-c", f"cat {source}; cat {other} || echo walled; touch made; echo no > {source}; true"],
        folder=folder,
        reads=[source],
    )

    assert ran.printed == b"seenwalled\n"
    assert (folder / "made").exists()
    assert source.read_text() == "seen"
