"""The ledger in a PostgreSQL of its own, seen from outside: another program, and the command's word."""

import psycopg
import pytest

from tests.services.house import house_of

pytestmark = pytest.mark.services

WRITE = """
from festival.models import Edition
from judging import ledger
edition = Edition.objects.create(slug="2027", name="Ninth", status="open")
for number in range(3):
    ledger.append(edition, "letters.sent", {"films": []})
"""


@pytest.fixture(scope="module")
def house(postgres, tmp_path_factory):
    with house_of("ledger", postgres, tmp_path_factory.mktemp("house")) as house:
        house.manage("shell", "-c", WRITE).check_returncode()
        yield house


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
