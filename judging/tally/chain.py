"""A chain of rows: each carries the digest of the one before it, so that none can be changed unseen.

The digest of a row is SHA-256 over the previous row's digest, as 64 hexadecimal digits, followed by the
row itself as canonical JSON in UTF-8. Canonical means: keys sorted, no spaces, no escapes but those JSON
demands. Numbers are whole; a figure is text, as `figure` writes it. For such values this is RFC 8785
(JSON Canonicalization Scheme), whose one difficulty is how fractions are printed.

Source: S. Haber, W. S. Stornetta, How to time-stamp a digital document, Journal of Cryptology 3 (1991).
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

GENESIS = "0" * 64  # what the first row follows
EXACT = 2**53  # up to here every reader of JSON agrees on a whole number

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


class Row(NamedTuple):
    """One row, as it is hashed and stored."""

    sequence: int  # from 1, without a gap
    at: str  # as from `moment`
    actor: int | None  # a person's number; None where nobody may be named
    kind: str
    body: str  # canonical JSON
    previous: str
    hash: str


class Broken(Exception):
    """The chain does not hold at a row; the message is a sentence that names it."""

    def __init__(self, sequence: int, kind: str, what: str):
        super().__init__(what)
        self.sequence, self.kind = sequence, kind


def moment(at: datetime) -> str:
    """A time as rows carry it: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def figure(value: float) -> str:
    """A figure as text: the shortest that reads back to the same 64 bits."""
    return repr(float(value))


def canonical(value: Any) -> str:
    """The one way to write `value` as JSON.

    Raises:
        TypeError: it holds something that has no one way: a fraction (see `figure`), a whole number
            from 2^53 on, a key that is not ASCII text, or no JSON at all.
    """
    _check(value)
    return _encode(value)


def _check(value: Any) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -EXACT < value < EXACT:
            raise TypeError(f"{value} is too large to be read alike everywhere: write it as text")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError(f"a key must be ASCII text, not {key!r}")
            _check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner)
    else:
        raise TypeError(f"{value!r} cannot stand in a row; write a figure as text, by `figure`")


def digest(value: Any) -> str:
    """SHA-256 of `value` as canonical JSON, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def sealed(words: str, key: bytes) -> str:
    """A digest of personal words that says nothing without its key: HMAC-SHA-256, 64 digits.

    Source: RFC 2104.
    """
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def text(edition: int, row: Row) -> str:
    """The row as canonical JSON: what, after the previous digest, is hashed."""
    actor = "null" if row.actor is None else row.actor
    return (
        f'{{"actor":{actor},"at":"{row.at}","body":{row.body},"edition":{edition},'
        f'"kind":"{row.kind}","sequence":{row.sequence}}}'
    )


def hash_of(edition: int, row: Row) -> str:
    """What the row's digest must be, whatever it carries."""
    return hashlib.sha256((row.previous + text(edition, row)).encode()).hexdigest()


def link(edition: int, last: tuple[int, str], *, at: str, actor: int | None, kind: str, body: str) -> Row:
    """The row that follows `last` (sequence, hash); before the first these are 0 and GENESIS."""
    sequence, previous = last
    row = Row(sequence + 1, at, actor, kind, body, previous, "")
    return row._replace(hash=hash_of(edition, row))


def walk(edition: int, rows: Iterable[Row]) -> Iterator[Row]:
    """Hand on each row once it is known to hold.

    Raises:
        Broken: at the first row that does not fit; nothing after it can be trusted.
    """
    sequence, previous = 0, GENESIS
    for row in rows:
        if row.sequence != sequence + 1:
            raise Broken(sequence + 1, row.kind, _gap(sequence, row))
        if row.previous != previous:
            raise Broken(row.sequence, row.kind, _loose(row))
        if row.hash != hash_of(edition, row):
            raise Broken(row.sequence, row.kind, _changed(row))
        sequence, previous = row.sequence, row.hash
        yield row


def _gap(sequence: int, row: Row) -> str:
    if row.sequence <= sequence:
        return f"Row {row.sequence} ({row.kind}) stands twice."
    missing = f"Row {sequence + 1} is"
    if row.sequence > sequence + 2:
        missing = f"Rows {sequence + 1} to {row.sequence - 1} are"
    return f"{missing} missing: row {row.sequence} ({row.kind}) comes after row {sequence}."


def _loose(row: Row) -> str:
    return (
        f"Row {row.sequence} ({row.kind}) does not follow row {row.sequence - 1}: the digest it carries of "
        "that row is another. One of the two was replaced."
    )


def _changed(row: Row) -> str:
    return (
        f"Row {row.sequence} ({row.kind}) was changed after it was written: "
        "its content does not give its digest."
    )
