"""An installation with a PostgreSQL of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg


class House:
    """Its command line, and its database as another program sees it."""

    def __init__(self, address: str, folder: Path):
        self.address = address
        own = {"DATABASE_URL": address, "MARQUEE_VAR": str(folder), "SECRET_KEY": "tests"}
        foreign = ("MARQUEE_", "PYTEST_", "DJANGO_")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | own

    def manage(self, *command: str) -> subprocess.CompletedProcess:
        run = [sys.executable, "manage.py", *command]
        return subprocess.run(run, env=self.env, capture_output=True, text=True)

    def sql(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []


@contextmanager
def house_of(name: str, postgres: str, folder: Path) -> Iterator[House]:
    """One in a new database on this server, migrated; both go in the end."""
    name, parts = f"{name}_{os.getpid()}", urlsplit(postgres)
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        house = House(urlunsplit(parts._replace(path=f"/{name}")), folder)
        house.manage("migrate", "-v0").check_returncode()
        yield house
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
