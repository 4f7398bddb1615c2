"""Receipts: what a juror gave, row by row, and the digests anyone may look them up in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from festival.models import Edition
from judging.models import Assignment, Criterion, Record, Round, Seat
from judging.tally import chain, kinds

HOW = """\
A row’s digest is SHA-256 over the digest of the row before it, followed at once by the row itself. So

    printf '%s' '<before><row>' | sha256sum

prints the digest below. That it still stands in the ledger you see in the public list of digests, and that
nobody changed an earlier row, by the digests you were sent by mail. Words you wrote are in the row only as
a seal; with the words and the key beside it you can make the seal yourself:

    printf '%s' '<words>' | openssl dgst -sha256 -mac HMAC -macopt hexkey:<key>
"""


@dataclass(frozen=True)
class Receipt:
    """A row, and what it says in a sentence."""

    record: Record
    what: str


def sits(user, edition: Edition) -> bool:
    """Whether `user` has a seat on the edition's jury."""
    return Seat.objects.sitting().filter(juror=user, panel__edition=edition).exists()


def receipts(records: Iterable[Record]) -> list[Receipt]:
    """The rows in words; a fixed number of queries."""
    rows = [(record, record.facts) for record in records]
    rounds = Round.objects.in_bulk({facts["round"] for _, facts in rows if "round" in facts})
    ours = Assignment.objects.in_bulk({facts["assignment"] for _, facts in rows if "assignment" in facts})
    names = dict(Criterion.objects.filter(round__in=rounds).values_list("pk", "name"))
    places = {str(pk): assignment.position for pk, assignment in ours.items()}
    return [Receipt(record, _what(record.kind, facts, rounds, places, names)) for record, facts in rows]


def _what(kind: str, facts: dict, rounds, places, names) -> str:
    where = f" in “{rounds[facts['round']]}”" if facts.get("round") in rounds else ""
    film = (
        f"film {places[facts['assignment']]} on your list" if facts.get("assignment") in places else "a film"
    )
    if kind == "mark.given":
        marks = ", ".join(f"{names.get(int(key), 'a criterion')} {mark}" for key, mark in _sorted(facts))
        return f"Marks for {film}{where}: {marks or 'none yet'}{'; a note' if facts['note'] else ''}"
    if kind == "check.given":
        return f"Your word on {film}{where}: {'it passes' if facts['passes'] else 'it does not pass'}"
    sentences = {
        "ballot.cast": f"Your ballot{where}",
        "comparison.made": f"One film before another{where}",
        "conflict.declared": "A tie to a film, so that you do not judge it",
    }
    return sentences.get(kind, kind.replace(".", " "))


def _sorted(facts: dict) -> list[tuple[str, int]]:
    return sorted(facts["scores"].items(), key=lambda score: int(score[0]))


def as_text(edition: Edition, juror, records) -> str:
    """Everything this juror gave as a file to keep, with what is needed to check it."""
    lines = [f"Receipts of {juror}, {edition}", "", HOW]
    for receipt in receipts(records.prefetch_related("words")):
        row = receipt.record.row
        lines += [f"Row {row.sequence}, {row.at}", receipt.what, f"before: {row.previous}"]
        lines += [f"row:    {chain.text(edition.pk, row)}", f"digest: {row.hash}"]
        for words in receipt.record.words.all():
            lines += [f"{words.field}:   {words.text}", f"key:    {words.key}"]
        lines.append("")
    return "\n".join(lines)


def digests(edition: Edition) -> Iterator[str]:
    """Every row's number, digest and, if it is public, its kind: one line each."""
    rows = edition.records.order_by("sequence").values_list("sequence", "hash", "kind")
    for sequence, digest, kind in rows.iterator(chunk_size=2000):
        yield f"{sequence} {digest} {kind if kind in kinds.PUBLIC else 'sealed'}\n"
