"""Throughput of our uploads as a ratio to @tus/server with @tus/file-store, on the same file and disk.

    python -m benchmarks.upload [--size MB] [--rounds N]

Both servers run on this machine, a process each, and take turns, ours first in one round and last in the
next. Clients: a raw one (sendfile, so that it costs next to nothing), in one PATCH and in pieces, and
tus-js-client under node. A ratio above 1 means ours is faster; the issue asks for at least 1.
"""

import argparse
import base64
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MB = 1024**2
ROOT = Path(__file__).resolve().parent.parent
JS = ROOT / "tests" / "js"
CLIENTS = {
    "raw, one PATCH": 0,
    "raw, 64 MB pieces": 64,
    "raw, 8 MB pieces": 8,
    "tus-js-client, one PATCH": None,
}


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--size", type=int, default=1024, help="megabytes of the file")
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="marquee-upload-"))
    processes = []
    try:
        file = made_file(folder, options.size)
        servers = {"marquee": marquee(folder, processes), "@tus/server": reference(folder, processes)}
        print(f"{machine()}\n{options.size} MB, {options.rounds} rounds; MB/s, median of the rounds\n")
        for client in CLIENTS:
            compare(client, servers, file, rounds=options.rounds)
        for name, process in zip(servers, processes, strict=True):
            print(f"most memory of {name}: {most_memory(process.pid):.0f} MB")
    finally:
        for process in processes:
            process.kill()
            process.wait()
        shutil.rmtree(folder)


def machine() -> str:
    from benchmarks.machine import describe

    return describe()


def compare(client: str, servers: dict, file: Path, *, rounds: int) -> None:
    """Print the median throughput of each server, and the median of the rounds' ratios."""
    speeds = {name: [] for name in servers}
    busy = dict.fromkeys(servers, 0.0)
    for number in range(-1, rounds):  # round -1 warms up
        for name, server in sorted(servers.items(), reverse=bool(number % 2)):
            os.sync()
            before = cpu_seconds(server["pid"])
            seconds = send(client, server, file)
            clear(server)
            if number >= 0:
                busy[name] += cpu_seconds(server["pid"]) - before
                speeds[name].append(file.stat().st_size / MB / seconds)
    ratios = [ours / theirs for ours, theirs in zip(*speeds.values(), strict=True)]
    gigabytes = rounds * file.stat().st_size / 1024**3
    told = ", ".join(
        f"{name} {statistics.median(speed):.0f} ({busy[name] / gigabytes:.1f} CPU s a GB)"
        for name, speed in speeds.items()
    )
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"{client}: {told}; ratio {statistics.median(ratios):.2f} ({spread})", flush=True)


def send(client: str, server: dict, file: Path) -> float:
    """Seconds from the first request to the last answer."""
    if CLIENTS[client] is None:
        return send_by_node(server, file)
    size = file.stat().st_size
    piece = CLIENTS[client] * MB or size
    begun = time.perf_counter()
    path = create(server, size)
    with socket.create_connection(("127.0.0.1", server["port"])) as line, file.open("rb") as source:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for offset in range(0, size, piece):
            patch(line, server, path, source, offset=offset, length=min(piece, size - offset))
    return time.perf_counter() - begun


def create(server: dict, size: int) -> str:
    line = http.client.HTTPConnection("127.0.0.1", server["port"])
    headers = server["headers"] | {"Tus-Resumable": "1.0.0", "Upload-Length": str(size)}
    said = ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in server["said"].items()
    )
    line.request("POST", server["path"], headers=headers | {"Upload-Metadata": said})
    answer = line.getresponse()
    assert answer.status == 201, answer.read()
    location = answer.headers["Location"]
    return "/" + location.split("/", 3)[3] if location.startswith("http") else location


def patch(line: socket.socket, server: dict, path: str, source, *, offset: int, length: int) -> None:
    headers = server["headers"] | {
        "Host": f"127.0.0.1:{server['port']}",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": offset,
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": length,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line.sendall(f"PATCH {path} HTTP/1.1\r\n{head}\r\n".encode())
    line.sendfile(source, offset, length)
    answer = http.client.HTTPResponse(line)
    answer.begin()
    assert answer.status == 204, answer.read()
    assert answer.headers["Upload-Offset"] == str(offset + length)
    answer.read()


def send_by_node(server: dict, file: Path) -> float:
    said = {
        "endpoint": f"http://127.0.0.1:{server['port']}{server['path']}",
        "file": str(file),
        **server["node"],
    }
    answer = subprocess.run(["node", JS / "upload.mjs", json.dumps(said)], capture_output=True, text=True)
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    assert told, answer.stderr
    assert told[-1].get("done"), told[-1]
    return told[-1]["seconds"]


def marquee(folder: Path, processes: list) -> dict:
    """Our site as the Procfile starts it, with an entrant, a draft and a token."""
    port = free_port()
    os.environ |= {
        "MARQUEE_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "festival.settings",
        "FREE_DISK_BYTES": "0",
        "UPLOAD_QUOTA_BYTES": str(2**50),
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, check=True)
    web = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    command = os.path.expandvars(web.removeprefix("web:")).replace("${HOST:-127.0.0.1}", "127.0.0.1")
    command = command.replace("${PORT:-8000}", str(port)).split()
    command[0] = str(Path(sys.executable).parent / "uvicorn")
    processes.append(subprocess.Popen(command, cwd=ROOT))
    wait(port)
    import django

    django.setup()
    from rest_framework.authtoken.models import Token

    from tests.factories import make_film

    film = make_film()
    token = Token.objects.create(user=film.entrant).key
    return {
        "pid": processes[-1].pid,
        "port": port,
        "path": "/uploads/",
        "headers": {"Authorization": f"Token {token}"},
        "said": {"film": str(film.pk), "filename": "film.mp4"},
        "node": {"film": str(film.pk), "token": token},
        "folders": [folder / "var" / "archive" / "originals"],
    }


def reference(folder: Path, processes: list) -> dict:
    port = free_port()
    (folder / "reference").mkdir()
    processes.append(subprocess.Popen(["node", JS / "reference.mjs", str(port), folder / "reference"]))
    wait(port)
    return {
        "pid": processes[-1].pid,
        "port": port,
        "path": "/files",
        "headers": {},
        "said": {"filename": "film.mp4"},
        "node": {"film": "", "token": ""},
        "folders": [folder / "reference"],
    }


def clear(server: dict) -> None:
    """Check that a file of the whole size arrived, and take it away."""
    arrived = [file for folder in server["folders"] for file in folder.iterdir()]
    assert arrived
    for file in arrived:
        file.unlink()


def made_file(folder: Path, megabytes: int) -> Path:
    file = folder / "film.mp4"
    piece = os.urandom(16 * MB)
    with file.open("wb") as out:
        for _ in range(-(-megabytes // 16)):
            out.write(piece)
        out.truncate(megabytes * MB)
    return file


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}.")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, which a busy machine blurs less than the clock."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    main()
