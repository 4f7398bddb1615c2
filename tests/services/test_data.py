"""The suite's data tests, on PostgreSQL: guards, lists, claims, races between threads and processes."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.services

OWN_RUNS = ("journeys", "services", "gpu", "festival/test_uploads_clients.py")  # the last: its own SQLite
SPREAD = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")
NO_ROWS = (
    "festival/media",
    "festival/provenance",
    "generation/engines",
    "generation/sketch",
    "judging/tally",
)


def test_the_data_tests_pass_on_postgresql(postgres):
    ours = f"{postgres}_{os.getpid()}"  # two runs on one server do not meet
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MARQUEE_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.services.selection", "tests"]
    command += [f"--ignore=tests/{place}" for place in OWN_RUNS + NO_ROWS]

    run = subprocess.run(
        [*command, *SPREAD, "-m", "not services and not journey"],
        env=env | {"DATABASE_URL": ours},
        capture_output=True,
        text=True,
    )

    print(run.stdout[-2000:])
    assert run.returncode == 0, run.stdout[-12000:] + run.stderr[-4000:]
