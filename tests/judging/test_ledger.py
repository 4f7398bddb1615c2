"""The ledger: rows that only ever come, and words that can go."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from judging import ledger
from judging.models import Ledger, Record, Words, triggers
from judging.tally import chain
from tests.factories import make_edition, make_user

pytestmark = pytest.mark.django_db


def opened(edition, number=1, **about):
    return ledger.append(edition, "round.opened", {"round": number}, **about)


def closed(edition, note, **about):
    return ledger.append(edition, "round.closed", {"round": 1, "missing": 0, "note": note}, **about)


def walked(edition) -> list[chain.Row]:
    return list(chain.walk(edition.pk, [record.row for record in edition.records.all()]))


# Appending


def test_rows_are_numbered_from_one_and_chained_edition_by_edition():
    ours, theirs, juror = make_edition(), make_edition(), make_user()

    opened(ours, 1)
    opened(theirs, 5)
    opened(ours, 2, by=juror)

    assert [(row.sequence, row.actor, row.body) for row in walked(ours)] == [
        (1, None, '{"round":1}'),
        (2, juror.pk, '{"round":2}'),
    ]
    assert [row.sequence for row in walked(theirs)] == [1]
    end = Ledger.objects.get(edition=ours)
    assert (end.rows, end.head) == (2, walked(ours)[-1].hash)


def test_many_rows_at_once_are_the_same_as_one_after_the_other():
    edition = make_edition()

    made = ledger.extend(edition, [("round.opened", {"round": number}) for number in range(3)])

    assert [record.sequence for record in made] == [1, 2, 3]
    assert [row.body for row in walked(edition)] == ['{"round":0}', '{"round":1}', '{"round":2}']
    assert ledger.extend(edition, []) == []


def test_what_is_read_back_is_what_was_hashed():
    edition = make_edition()

    made = opened(edition)

    assert Record.objects.get(pk=made.pk).row == made.row


def test_an_act_that_fails_leaves_no_row_and_no_gap():
    edition = make_edition()
    opened(edition, 1)

    with transaction.atomic():
        opened(edition, 2)
        transaction.set_rollback(True)
    opened(edition, 3)

    assert [row.body for row in walked(edition)] == ['{"round":1}', '{"round":3}']


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ("round.dreamt", {}, "is no kind of row"),
        ("round.opened", {}, "lacks round"),
        ("round.opened", {"round": 1, "mood": "good"}, "does not know mood"),
        ("round.opened", {"round": "1"}, "round cannot be '1'"),
        ("round.opened", {"round": True}, "round cannot be True"),
    ],
)
def test_a_body_that_is_not_what_its_kind_says_is_refused(kind, body, sentence):
    edition = make_edition()

    with pytest.raises(ValueError, match=sentence):
        ledger.append(edition, kind, body)

    assert not Record.objects.exists()


# Nobody changes it


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: Record.objects.update(body='{"round":2}'),
        lambda: Record.objects.all().delete(),
        lambda: Record.objects.filter(sequence=1).update(hash=chain.GENESIS),
        lambda: sql("DELETE FROM judging_record WHERE sequence = 1"),
    ],
)
def test_the_database_refuses_to_change_or_remove_a_row(tamper):
    edition = make_edition()
    opened(edition)

    with pytest.raises(IntegrityError, match=triggers.SENTENCE), transaction.atomic():
        tamper()

    assert [row.body for row in walked(edition)] == ['{"round":1}']


def test_the_database_refuses_to_put_a_row_in_the_place_of_another():
    edition = make_edition()
    record = opened(edition)
    columns = f"{record.pk}, {edition.pk}, 1, '2027-01-01', NULL, 'round.opened', '{{}}', '', ''"
    replace = {
        "sqlite": "INSERT OR REPLACE INTO judging_record "
        "(id, edition_id, sequence, at, by_id, kind, body, previous, hash) VALUES (" + columns + ")",
        "postgresql": "INSERT INTO judging_record "
        "(id, edition_id, sequence, at, by_id, kind, body, previous, hash) VALUES (" + columns + ") "
        "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
    }[connection.vendor]

    with pytest.raises(DatabaseError, match=triggers.SENTENCE), transaction.atomic():
        sql(replace)

    assert [row.body for row in walked(edition)] == ['{"round":1}']


def test_the_database_refuses_to_empty_the_table():
    opened(make_edition())
    connection.check_constraints()  # PostgreSQL truncates nothing before its deferred checks are done
    everything = {"sqlite": "DELETE FROM judging_record", "postgresql": "TRUNCATE judging_record CASCADE"}

    with pytest.raises(DatabaseError, match=triggers.SENTENCE), transaction.atomic():
        sql(everything[connection.vendor])

    assert Record.objects.count() == 1


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_triggers_stand_and_their_absence_is_seen():
    assert triggers.missing(connection) == []
    with triggers.lifted(connection):
        assert len(triggers.missing(connection)) >= 2
    assert triggers.missing(connection) == []


def test_an_edition_with_a_ledger_cannot_be_deleted():
    edition = make_edition()
    opened(edition)

    with pytest.raises(ProtectedError, match="protected foreign keys"):
        edition.delete()


def test_a_row_outlives_the_account_of_whoever_wrote_it():
    edition, juror = make_edition(), make_user()
    opened(edition, by=juror)
    number = juror.pk

    juror.delete()

    assert [row.actor for row in walked(edition)] == [number]


# Words


def test_words_stand_sealed_in_the_row_and_plain_beside_it():
    edition, juror = make_edition(), make_user()

    record = closed(edition, "  Ana was ill. ", by=juror)

    words = Words.objects.get(record=record)
    assert words.text == "Ana was ill."
    assert record.facts["note"] == chain.sealed("Ana was ill.", bytes.fromhex(words.key))
    assert "Ana" not in record.body


def test_the_same_words_are_never_sealed_alike():
    edition = make_edition()

    assert closed(edition, "Fine.").facts["note"] != closed(edition, "Fine.").facts["note"]


def test_no_words_leave_nothing_to_erase():
    record = closed(make_edition(), " ")

    assert record.facts["note"] is None
    assert not Words.objects.exists()


# Guessing


def test_rows_that_are_not_plain_cannot_be_guessed_from_their_public_digest():
    edition, body = make_edition(), {"round": 1, "means": []}

    one, other = (ledger.append(edition, "result.computed", body) for _ in range(2))

    assert one.facts["salt"] != other.facts["salt"]
    assert len(one.facts["salt"]) == 32
    assert "salt" not in opened(edition).facts
