"""The database's own refusal to change a ledger, on SQLite and on PostgreSQL.

On SQLite, Django alters a table by making it anew, which leaves its triggers behind: a later migration
that alters `judging_record` there calls `install` again, and `manage.py verify` says when they are gone.
"""

from contextlib import contextmanager

TABLE = "judging_record"
SENTENCE = "The ledger is append-only: a correction is a new row."

SQLITE = {
    "ledger_no_update": f"BEFORE UPDATE ON {TABLE}",
    "ledger_no_delete": f"BEFORE DELETE ON {TABLE}",
    # INSERT OR REPLACE deletes the old row without calling the trigger above
    "ledger_no_replace": (  # no word of it comes from outside
        f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id "  # noqa: S608
        "OR (edition_id = NEW.edition_id AND sequence = NEW.sequence))"
    ),
}
POSTGRESQL = {
    "ledger_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    "ledger_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}
FUNCTION = "judging_ledger_refuses"


def install(connection) -> None:
    """Have the database refuse whatever would change or remove a row; done twice, it is done once."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'restrict_violation'; END $$"
            )
        for name, when in _triggers(connection).items():
            then = f"EXECUTE FUNCTION {FUNCTION}()"
            if connection.vendor == "sqlite":
                then = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            cursor.execute(f"CREATE TRIGGER {name} {when} {then}")


def remove(connection) -> None:
    """Take the triggers away."""
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}()")


def missing(connection) -> list[str]:
    """Names of the triggers that should stand and do not, or stand switched off."""
    standing = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    if connection.vendor == "postgresql":
        standing = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')"
    with connection.cursor() as cursor:
        cursor.execute(standing, [TABLE])
        there = {name for (name,) in cursor.fetchall()}
    return sorted(_triggers(connection).keys() - there)


@contextmanager
def lifted(connection):
    """Without the triggers for a moment: for tests that tamper, and between tests."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _triggers(connection) -> dict[str, str]:
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(connection.vendor, {})
