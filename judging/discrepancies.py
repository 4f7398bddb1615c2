"""What the tables say, held against what the ledger says: every difference as a sentence."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from festival.models import Edition, Film
from judging.models import (
    Assignment,
    Ballot,
    Check,
    Conflict,
    Criterion,
    Mark,
    Preference,
    Round,
    Ruling,
    Score,
    Seat,
    Waiver,
)
from judging.tally.replay import Replay, Said

Difference = tuple[str, int | None]  # a sentence, and the row that says otherwise
Table = Mapping[Any, Any]
Ledger = Mapping[Any, tuple[int, Any]]  # row, and what it says


def differences(edition: Edition, replay: Replay) -> Iterator[Difference]:
    """Everything that stands in the tables otherwise than the rows have it."""
    for compare in (_rounds, _rubrics, _counts, _seats, _lists, _conflicts, _marks, _checks, _rulings):
        yield from compare(edition, replay)
    for compare in (_exceptions, _comparisons, _ballots, _verdicts):
        yield from compare(edition, replay)


def _held(what: str, table: Table, ledger: Ledger, name: Callable) -> Iterator[Difference]:
    """The differences between a table and the ledger, key by key."""
    for key in sorted(table.keys() | ledger.keys(), key=str):
        row, said = ledger.get(key, (None, None))
        if row is None:
            yield f"{what} {name(key)} stands in the table, {table[key]}, and no row tells of it.", None
        elif key not in table:
            yield f"{what} {name(key)} is told of by row {row}, {said}, and is gone from the table.", row
        elif table[key] != said:
            yield f"{what} {name(key)} is {table[key]} in the table, and {said} by row {row}.", row


def _facts(said: Mapping[Any, Said], *names: str) -> Ledger:
    """Of what was said, the row and these facts; of a single one, the fact itself."""
    return {
        key: (one.sequence, one.facts[names[0]] if len(names) == 1 else {n: one.facts[n] for n in names})
        for key, one in said.items()
    }


# Rounds and lists


def _rounds(edition: Edition, replay: Replay) -> Iterator[Difference]:
    opened = Round.objects.filter(edition=edition).exclude(status=Round.Status.DRAFT)
    yield from _held("Round", dict(opened.values_list("pk", "status")), replay.states, str)


def _rubrics(edition: Edition, replay: Replay) -> Iterator[Difference]:
    table: dict[int, dict] = {pk: {} for pk in replay.rounds}
    lines = Criterion.objects.filter(round__edition=edition, round__in=table)
    for round, criterion, weight in lines.values_list("round", "pk", "weight"):
        table[round][criterion] = weight
    ledger = {pk: (said.sequence, replay.weights(pk)) for pk, said in replay.rounds.items()}
    yield from _held("The rubric of round", table, ledger, str)


def _counts(edition: Edition, replay: Replay) -> Iterator[Difference]:
    kept = Round.objects.filter(edition=edition, status=Round.Status.CLOSED, outcome__isnull=False)
    kept = kept.filter(kind__in=Round.PLENARY)
    closed = {pk: said for pk, said in replay.counts.items() if replay.states.get(pk, (0, ""))[1] == "closed"}
    table = dict(kept.values_list("pk", "outcome"))
    yield from _held("The count of round", table, _facts(closed, "result"), str)


def _seats(edition: Edition, replay: Replay) -> Iterator[Difference]:
    seats = Seat.objects.filter(panel__edition=edition).values_list("panel", "juror")
    ledger = {key: (row, "taken") for key, row in replay.seats.items()}
    yield from _held("The seat", dict.fromkeys(seats, "taken"), ledger, _seat)


def _seat(key: tuple[int, int]) -> str:
    return f"of juror {key[1]} on panel {key[0]}"


def _lists(edition: Edition, replay: Replay) -> Iterator[Difference]:
    rows = Assignment.objects.filter(round__edition=edition).exclude(round__status=Round.Status.DRAFT)
    table = {
        str(pk): f"film {film} for juror {juror}{', recused' if gone else ''}"
        for pk, film, juror, gone in rows.values_list("pk", "film", "juror", "recused_at")
    }
    ledger = {}
    for key, made in replay.assignments.items():
        last = replay.recused.get(key, made)
        words = f"film {made.facts['film']} for juror {made.facts['juror']}"
        ledger[key] = (last.sequence, words + (", recused" if last is not made else ""))
    yield from _held("Assignment", table, ledger, str)


def _conflicts(edition: Edition, replay: Replay) -> Iterator[Difference]:
    rows = Conflict.objects.filter(film__edition=edition).values_list("film", "juror")
    ledger = {key: (said.sequence, "declared") for key, said in replay.conflicts.items()}
    table = {(str(film), juror): "declared" for film, juror in rows}
    yield from _held("The conflict", table, ledger, lambda key: f"of juror {key[1]} with film {key[0]}")


# Marks and votes


def _marks(edition: Edition, replay: Replay) -> Iterator[Difference]:
    table: dict[str, dict] = {}
    marks = Mark.objects.filter(assignment__round__edition=edition)
    for assignment, note in marks.values_list("assignment", "share_note"):
        table[str(assignment)] = {"scores": {}, "share": note}
    scores = Score.objects.filter(mark__in=marks)
    for assignment, criterion, value in scores.values_list("mark__assignment", "criterion", "value"):
        table[str(assignment)]["scores"][str(criterion)] = value
    ledger = _facts(replay.marks, "scores", "share")
    kept = {key: mark for key, mark in table.items() if key in ledger or mark["scores"]}
    yield from _held("The mark of", kept, ledger, lambda key: _whose(key, replay))


def _whose(assignment: str, replay: Replay) -> str:
    """An assignment, as people would find it."""
    said = replay.marks.get(assignment) or replay.checks.get(assignment) or replay.assignments.get(assignment)
    if said is None:
        return f"assignment {assignment}"
    return f"juror {said.facts['juror']} for film {said.facts['film']} in round {said.facts['round']}"


def _checks(edition: Edition, replay: Replay) -> Iterator[Difference]:
    rows = Check.objects.filter(assignment__round__edition=edition).values_list("assignment", "passes")
    table, ledger = {str(key): passes for key, passes in rows}, _facts(replay.checks, "passes")
    yield from _held("The check of", table, ledger, lambda key: _whose(key, replay))


def _rulings(edition: Edition, replay: Replay) -> Iterator[Difference]:
    rows = Ruling.objects.filter(round__edition=edition).values_list("round", "film", "through")
    table = {(round, str(film)): through for round, film, through in rows}
    yield from _held("The ruling", table, _facts(replay.rulings, "through"), _film_of)


def _film_of(key: tuple[int, str]) -> str:
    return f"on film {key[1]} in round {key[0]}"


def _exceptions(edition: Edition, replay: Replay) -> Iterator[Difference]:
    rows = Waiver.objects.filter(round__edition=edition).values_list("round", "film")
    table = {(round, str(film)): "granted" for round, film in rows}
    ledger = {key: (said.sequence, "granted") for key, said in replay.exceptions.items()}
    yield from _held("The exception", table, ledger, _film_of)


def _comparisons(edition: Edition, replay: Replay) -> Iterator[Difference]:
    columns = ("round", "juror", "first", "second", "better")
    rows = Preference.objects.filter(round__edition=edition).values_list(*columns)
    table = {(r, j, str(one), str(two)): str(better) if better else None for r, j, one, two, better in rows}
    ledger = _facts(replay.comparisons, "better")
    yield from _held("The comparison", table, ledger, lambda key: f"of juror {key[1]} in round {key[0]}")


def _ballots(edition: Edition, replay: Replay) -> Iterator[Difference]:
    rows = Ballot.objects.filter(round__edition=edition)
    cast = rows.filter(juror__isnull=False).values_list("round", "juror", "tiers")
    table = {(round, juror): tiers for round, juror, tiers in cast}
    ledger = _facts(replay.ballots, "tiers")
    yield from _held("The ballot", table, ledger, lambda key: f"of juror {key[1]} in round {key[0]}")
    secret = rows.filter(juror=None, round__in=replay.revealed).values_list("round", "commitment", "tiers")
    table = {(round, commitment): tiers for round, commitment, tiers in secret}
    ledger = {
        (round, ballot["commitment"]): (said.sequence, ballot["tiers"])
        for round, said in replay.revealed.items()
        for ballot in said.facts["ballots"]
    }
    yield from _held("The ballot", table, ledger, lambda key: f"{key[1]} of round {key[0]}")


def _verdicts(edition: Edition, replay: Replay) -> Iterator[Difference]:
    films = Film.objects.filter(edition=edition, pk__in=replay.verdicts).values_list("pk", "status")
    table = {str(pk): status for pk, status in films}
    yield from _held("Film", table, _facts(replay.verdicts, "became"), str)
