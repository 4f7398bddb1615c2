"""The ledger in a PostgreSQL of its own, seen from outside: another program, and the command's word."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

pytestmark = pytest.mark.services

WRITE = """
from festival.models import Edition
from judging import ledger
edition = Edition.objects.create(slug="2027", name="Ninth", status="open")
for number in range(3):
    ledger.append(edition, "letters.sent", {"films": []})
"""


class House:
    """An installation with a database of its own."""

    def __init__(self, address: str, folder):
        self.address = address
        own = {"DATABASE_URL": address, "MARQUEE_VAR": str(folder), "SECRET_KEY": "tests"}
        foreign = ("MARQUEE_", "PYTEST_", "DJANGO_")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | own

    def manage(self, *command: str) -> subprocess.CompletedProcess:
        run = [sys.executable, "manage.py", *command]
        return subprocess.run(run, env=self.env, capture_output=True, text=True)

    def sql(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="module")
def house(postgres, tmp_path_factory):
    name, parts = f"ledger_{os.getpid()}", urlsplit(postgres)
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    house = House(urlunsplit(parts._replace(path=f"/{name}")), tmp_path_factory.mktemp("house"))
    house.manage("migrate", "-v0").check_returncode()
    house.manage("shell", "-c", WRITE).check_returncode()
    yield house
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE judging_record SET body = '{}'",
        "DELETE FROM judging_record WHERE sequence = 3",
        "TRUNCATE judging_record CASCADE",
        "INSERT INTO judging_record SELECT * FROM judging_record ON CONFLICT (id) DO UPDATE SET body = '{}'",
    ],
)
def test_whoever_owns_the_database_is_refused(house, statement):
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        house.sql(statement)


def test_whoever_takes_the_trigger_away_is_found_out(house):
    whole = house.manage("verify", "2027")
    assert (whole.returncode, whole.stdout[:33]) == (0, "The ledger of 2027 holds: 3 rows,")

    house.sql("ALTER TABLE judging_record DISABLE TRIGGER ledger_no_change")
    lacking = house.manage("verify", "2027")
    assert (lacking.returncode, lacking.stdout) == (
        1,
        "The database no longer refuses to change the ledger: ledger_no_change is missing.\n",
    )

    house.sql("UPDATE judging_record SET body = replace(body, '[]', '[1]') WHERE sequence = 2")
    house.sql("ALTER TABLE judging_record ENABLE TRIGGER ledger_no_change")
    changed = house.manage("verify", "2027")
    assert changed.returncode == 1
    assert changed.stdout.startswith("Row 2 (letters.sent) was changed after it was written")
