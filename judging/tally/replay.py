"""A ledger read again from its first row: what the jury had done by any moment, and nothing else.

Pure: rows in, plain tables out. What each row says is in `kinds`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from judging.tally.chain import Row

_read = json.JSONDecoder().raw_decode  # a body has no space around it to look for


class Said(NamedTuple):
    """What a row says, and which row it was."""

    sequence: int
    facts: dict[str, Any]


@dataclass
class Replay:
    """What stands after the rows read so far, each thing with the row that last spoke of it."""

    rounds: dict[int, Said] = field(default_factory=dict)  # terms, by round
    states: dict[int, tuple[int, str]] = field(default_factory=dict)  # row, and open or closed, by round
    seats: dict[tuple[int, int], int] = field(default_factory=dict)  # row, by panel and juror
    assignments: dict[str, Said] = field(default_factory=dict)
    recused: dict[str, Said] = field(default_factory=dict)  # by assignment
    conflicts: dict[tuple[str, int], Said] = field(default_factory=dict)  # by film and juror
    marks: dict[str, Said] = field(default_factory=dict)  # by assignment
    checks: dict[str, Said] = field(default_factory=dict)  # by assignment
    rulings: dict[tuple[int, str], Said] = field(default_factory=dict)  # by round and film
    exceptions: dict[tuple[int, str], Said] = field(default_factory=dict)  # by round and film
    comparisons: dict[tuple[int, int, str, str], Said] = field(default_factory=dict)
    ballots: dict[tuple[int, int], Said] = field(default_factory=dict)  # open ones, by round and juror
    revealed: dict[int, Said] = field(default_factory=dict)  # secret ones, by round
    counts: dict[int, Said] = field(default_factory=dict)  # by round
    means: dict[int, Said] = field(default_factory=dict)  # by round, as fixed at its close
    fits: dict[int, Said] = field(default_factory=dict)  # by round
    verdicts: dict[str, Said] = field(default_factory=dict)  # by film

    def read(self, row: Row) -> Said:
        """Take in the next row."""
        said = Said(row.sequence, _read(row.body)[0])
        if take := READERS.get(row.kind):
            take(self, said)
        return said

    def reviews(self, round: int) -> list[tuple[str, dict[int, int]]]:
        """(film, marks by criterion) of every mark that counts in the round."""
        counted = (
            said.facts
            for key, said in self.marks.items()
            if said.facts["round"] == round and key not in self.recused
        )
        return [(facts["film"], {int(k): v for k, v in facts["scores"].items()}) for facts in counted]

    def weights(self, round: int) -> dict[int, int]:
        """The rubric's weights as they were fixed, by criterion."""
        terms = self.rounds.get(round)
        return {line["criterion"]: line["weight"] for line in terms.facts["rubric"]} if terms else {}

    def compared(self, round: int) -> dict[tuple[int, int, str, str], Said]:
        """The comparisons that count in the round: both films still stand on their juror's list."""
        listed = {
            (facts["juror"], facts["film"])
            for key, (_, facts) in self.assignments.items()
            if facts["round"] == round and key not in self.recused
        }
        return {
            key: said
            for key, said in self.comparisons.items()
            if key[0] == round and {(key[1], key[2]), (key[1], key[3])} <= listed
        }

    def box(self, round: int) -> list[list[list[str]]]:
        """The ballots of a round: open ones as they stand, or secret ones as they were revealed."""
        if said := self.revealed.get(round):
            return [ballot["tiers"] for ballot in said.facts["ballots"]]
        return [said.facts["tiers"] for key, said in self.ballots.items() if key[0] == round]


def _by(table: str, *keys: str) -> Callable[[Replay, Said], None]:
    """Keep what was said in a table, under one of its facts or under several."""

    def take(replay: Replay, said: Said) -> None:
        key = tuple(said.facts[name] for name in keys)
        getattr(replay, table)[key if len(keys) > 1 else key[0]] = said

    return take


def _state(state: str) -> Callable[[Replay, Said], None]:
    def take(replay: Replay, said: Said) -> None:
        replay.states[said.facts["round"]] = (said.sequence, state)

    return take


def _seat_taken(replay: Replay, said: Said) -> None:
    replay.seats[said.facts["panel"], said.facts["juror"]] = said.sequence


def _seat_freed(replay: Replay, said: Said) -> None:
    replay.seats.pop((said.facts["panel"], said.facts["juror"]), None)


READERS: dict[str, Callable[[Replay, Said], None]] = {
    "round.composed": _by("rounds", "round"),
    "round.opened": _state("open"),
    "round.reopened": _state("open"),
    "round.closed": _state("closed"),
    "seat.taken": _seat_taken,
    "seat.freed": _seat_freed,
    "assignment.made": _by("assignments", "assignment"),
    "assignment.recused": _by("recused", "assignment"),
    "conflict.declared": _by("conflicts", "film", "juror"),
    "mark.given": _by("marks", "assignment"),
    "check.given": _by("checks", "assignment"),
    "ruling.made": _by("rulings", "round", "film"),
    "exception.granted": _by("exceptions", "round", "film"),
    "comparison.made": _by("comparisons", "round", "juror", "first", "second"),
    "ballot.cast": _by("ballots", "round", "juror"),
    "ballots.revealed": _by("revealed", "round"),
    "count.done": _by("counts", "round"),
    "result.computed": _by("means", "round"),
    "fit.done": _by("fits", "round"),
    "verdict.given": _by("verdicts", "film"),
}
