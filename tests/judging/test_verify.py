"""Verification: a judged edition passes, and every kind of tampering is named."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from judging import ledger, marks, panels, record, rounds, verification
from judging.models import Assignment, Conflict, Criterion, Ledger, Mark, Record, Score, Seat, Words, triggers
from judging.tally import chain
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """An edition that has been judged: three films, three jurors, a late conflict, a closed round."""
    house = make_house(films=3, jurors=3, reviews=2)
    for seat in Seat.objects.filter(panel__edition=house.edition):
        record.seat_taken(seat.panel, seat.juror, by=house.organiser)
    house.round.watch_share = 0
    house.round.save()
    house.open()
    for value, assignment in enumerate(house.round.assignments.order_by("pk"), start=3):
        house.review(assignment, value, value + 1, note="It moved me.")
    late = house.round.assignments.select_related("round__edition").first()
    panels.declare_conflict(late, by=late.juror, reason="My brother shot it.")
    for assignment in house.round.assignments.standing().filter(mark=None):
        house.review(assignment, 8, 2)
    rounds.close(house.round, by=house.organiser)
    return house


def verify(edition, **options) -> tuple[int, str]:
    """The exit status of the command, and what it printed."""
    out = StringIO()
    try:
        call_command("verify", edition.slug, stdout=out, **options)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def tamper(statement: str, *values) -> None:
    """Somebody with the run of the database, who has taken the triggers away for a moment."""
    with triggers.lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)


def of_kind(house, kind: str) -> Record:
    return Record.objects.filter(edition=house.edition, kind=kind).first()


# What holds


def test_a_judged_edition_holds(house):
    status, said = verify(house.edition)

    rows = Record.objects.filter(edition=house.edition)
    assert status == 0, said
    assert said == (
        f"The ledger of {house.edition.slug} holds: {rows.count()} rows, and 1 results computed again, "
        f"bit for bit.\nHead: {rows.last().hash}\n"
    )


def test_the_same_as_json(house):
    status, said = verify(house.edition, json=True)

    report = json.loads(said)
    assert status == 0
    assert report["holds"] is True
    assert report["findings"] == []
    assert report["head"] == Ledger.objects.get(edition=house.edition).head


def test_an_edition_without_a_jury_holds():
    report = verification.verify(make_house(films=0, jurors=0, lines=()).edition)

    assert (report.rows, report.holds) == (0, True)


def test_an_edition_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="There is no edition 2099"):
        call_command("verify", "2099")


def test_a_head_from_a_letter_is_found_or_not(house):
    published = of_kind(house, "head.published")

    status, said = verify(house.edition, head=f" {published.hash.upper()}")
    assert status == 0
    assert said.endswith(f"\nThe digest you hold is that of row {published.sequence}.\n")
    status, said = verify(house.edition, head="ab" * 32)
    assert status == 1
    assert said.startswith(f"No row of this ledger has the digest {'ab' * 32}")


# A row that is changed, gone or misplaced


def test_one_byte_of_one_row_is_named(house):
    row = of_kind(house, "mark.given")
    value = next(iter(row.facts["scores"].values()))
    body = row.body.replace(f":{value}", f":{value + 1}", 1)
    assert sum(a != b for a, b in zip(body, row.body, strict=True)) == 1

    tamper("UPDATE judging_record SET body = %s WHERE id = %s", body, row.pk)

    assert verify(house.edition) == (
        1,
        f"Row {row.sequence} (mark.given) was changed after it was written: "
        "its content does not give its digest.\n",
    )


@pytest.mark.parametrize("column", ["at", "by_id", "kind", "previous", "hash"])
def test_every_column_is_part_of_the_row(house, column):
    row = of_kind(house, "mark.given")
    other = {"at": "2020-01-01T00:00:00.000000+00:00", "by_id": 0, "kind": "check.given"}.get(
        column, "0" * 64
    )

    tamper(f"UPDATE judging_record SET {column} = %s WHERE id = %s", other, row.pk)

    report = verification.verify(house.edition)
    assert [finding.row for finding in report.findings] == [row.sequence]


def test_a_missing_row_is_named(house):
    row = of_kind(house, "mark.given")
    tamper("DELETE FROM judging_words WHERE record_id = %s", row.pk)
    tamper("DELETE FROM judging_record WHERE id = %s", row.pk)

    after = Record.objects.get(edition=house.edition, sequence=row.sequence + 1)
    sentence = f"Row {row.sequence} is missing: row {after.sequence} ({after.kind}) comes after row"
    assert verify(house.edition)[1].startswith(sentence)


def test_a_missing_end_is_named(house):
    last = Record.objects.filter(edition=house.edition).last()
    tamper("DELETE FROM judging_record WHERE id = %s", last.pk)

    assert verify(house.edition)[1] == (
        f"The ledger had {last.sequence} rows, and the last is row {last.sequence - 1}: rows are missing.\n"
    )


def test_two_rows_that_changed_places_are_named(house):
    one, two = Record.objects.filter(edition=house.edition, kind="mark.given")[:2]
    for sequence, row in ((0, one), (one.sequence, two), (two.sequence, one)):
        tamper("UPDATE judging_record SET sequence = %s WHERE id = %s", sequence, row.pk)

    report = verification.verify(house.edition)
    assert [(finding.row, finding.kind) for finding in report.findings] == [(one.sequence, "mark.given")]


def test_a_chain_forged_to_its_end_is_given_away_by_a_letter(house):
    letter = of_kind(house, "head.published").hash
    rewrite(house.edition, of_kind(house, "round.composed"), '"blind":true', '"blind":false')

    assert verification.verify(house.edition).holds, "the chain alone cannot tell"
    assert [finding.what for finding in verification.verify(house.edition, head=letter).findings] == [
        f"No row of this ledger has the digest {letter}: rows were rewritten, or it is of another."
    ]


def rewrite(edition, record: Record, old: str, new: str) -> None:
    """Change a row and forge all digests after it, as whoever owns the database could."""
    last = (record.sequence - 1, record.previous)
    assert old in record.body
    for row in Record.objects.filter(edition=edition, sequence__gte=record.sequence).order_by("sequence"):
        body = row.body.replace(old, new) if row.pk == record.pk else row.body
        forged = chain.link(edition.pk, last, at=row.row.at, actor=row.by_id, kind=row.kind, body=body)
        tamper(
            "UPDATE judging_record SET body = %s, previous = %s, hash = %s WHERE id = %s",
            forged.body, forged.previous, forged.hash, row.pk,
        )  # fmt: skip
        last = forged.sequence, forged.hash
    Ledger.objects.filter(edition=edition).update(head=last[1])


def test_missing_triggers_are_named(house):
    triggers.remove(connection)
    try:
        status, said = verify(house.edition)
    finally:
        triggers.install(connection)

    assert status == 1
    assert said.startswith("The database no longer refuses to change the ledger: ledger_no_")


# Results and tables that differ


def test_a_result_altered_in_a_forged_chain_is_computed_again(house):
    row = of_kind(house, "result.computed")
    film, mean, count = row.facts["means"][0]
    rewrite(house.edition, row, f'"{film}","{mean}"', f'"{film}","9.5"')

    assert verify(house.edition) == (
        1,
        f"Row {row.sequence} (result.computed): film {film} has a mean of 9.5 over {count} reviews there, "
        f"and its marks come to a mean of {mean} over {count} reviews.\n",
    )


def test_a_published_result_names_the_calibration_that_was_fixed(house):
    body = {"round": house.round.pk, "means": record.means(house.round), "others": {"fit": "ab" * 32}}
    row = ledger.append(house.edition, "result.published", body, by=house.organiser)

    assert verify(house.edition) == (
        1,
        f"Row {row.sequence} (result.published): it names the calibration {'ab' * 32}, and no row before it "
        "has fixed that one.\n",
    )


def test_a_mark_changed_in_the_table_alone_is_named(house):
    score = Score.objects.filter(mark__in=Mark.objects.counted()).first()
    row = Record.objects.filter(body__contains=str(score.mark.assignment_id), kind="mark.given").last()
    Score.objects.filter(pk=score.pk).update(value=10)

    status, said = verify(house.edition)

    assert status == 1
    assignment = score.mark.assignment
    assert said.startswith(
        f"The mark of juror {assignment.juror_id} for film {assignment.film_id} in round {house.round.pk} is "
    )
    assert f"'{score.criterion_id}': 10" in said
    assert said.endswith(f"by row {row.sequence}.\n")


def change(model, **fields):
    def act(house):
        model.objects.filter(pk=model.objects.first().pk).update(**fields)

    return act


def strike(house):
    Assignment.objects.filter(pk=house.round.assignments.standing().first().pk).update(
        recused_at=timezone.now()
    )


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda house: Mark.objects.first().delete(), "The mark of juror"),
        (lambda house: Conflict.objects.all().delete(), "The conflict of juror"),
        (change(Criterion, weight=50), "The rubric of round"),
        (lambda house: house.edition.rounds.update(status="open"), "Round "),
        (lambda house: house.films[0].assignments.all().delete(), "Assignment "),
        (strike, "Assignment "),
        (change(Words, text="It bored me."), "Row "),
        (lambda house: house.jurors[0].seats.all().delete(), "The seat of juror"),
    ],
)
def test_what_stands_otherwise_in_a_table_is_named(house, act, sentence):
    act(house)

    status, said = verify(house.edition)

    assert status == 1
    assert said.startswith(sentence)


def test_a_mark_that_no_row_tells_of_is_named(house):
    rounds.open(house.round, by=house.organiser)
    assignment = house.round.assignments.standing().first()
    Mark.objects.filter(assignment=assignment).delete()
    marks.give(assignment, {house.criteria()[0].pk: 4}, by=assignment.juror)
    Mark.objects.get(assignment=assignment).scores.create(criterion=house.criteria()[1], value=9)

    assert verify(house.edition)[1].startswith("The mark of juror")
