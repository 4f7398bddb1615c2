"""The ledger: append a row for every act, and publish its head.

Whoever appends holds the edition's ledger until the transaction ends, and everybody else waits. So append
last in an act, after its other rows are locked and written; and append many rows by one `extend`.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from festival import notices
from festival.models import Edition, Person
from judging.models import Ledger, Record, Seat, Words
from judging.tally import chain, kinds


def append(edition, kind: str, body: Mapping[str, Any], *, by=None, at=None) -> Record:
    """Write down that something was done; the row is durable when the act is, or neither is.

    Args:
        edition: an Edition, or its number.
        kind: one of `kinds.KINDS`, which says what `body` holds. Films and assignments are named by their
            id as text or as they come; somebody's own words are handed in plain and sealed here.
        by: who did it; None for the house itself, and where nobody may be named.

    Raises:
        ValueError: the body is not what its kind says.
    """
    return extend(edition, [(kind, body)], by=by, at=at)[0]


@transaction.atomic
def extend(edition, entries: Iterable[tuple[str, Mapping[str, Any]]], *, by=None, at=None) -> list[Record]:
    """Append several rows, each a kind and its body, in this order and at one moment."""
    checked = [(kind, *_checked(kind, body)) for kind, body in entries]
    if not checked:
        return []
    edition_id = getattr(edition, "pk", edition)
    ledger = _end(edition_id)
    actor, at = getattr(by, "pk", None), chain.moment(at or timezone.now())
    last, records, spoken = (ledger.rows, ledger.head), [], []
    for kind, body, words in checked:
        row = chain.link(edition_id, last, at=at, actor=actor, kind=kind, body=chain.canonical(body))
        last = row.sequence, row.hash
        record = Record(
            edition_id=edition_id,
            sequence=row.sequence,
            at=row.at,
            by_id=actor,
            kind=kind,
            body=row.body,
            previous=row.previous,
            hash=row.hash,
        )
        records.append(record)
        spoken += [Words(record=record, field=field, text=text, key=key) for field, text, key in words]
    Record.objects.bulk_create(records, batch_size=500)
    Words.objects.bulk_create(spoken, batch_size=500)
    Ledger.objects.filter(pk=ledger.pk).update(rows=last[0], head=last[1])
    return records


def _checked(kind: str, body: Mapping[str, Any]) -> tuple[dict, list[tuple[str, str, str]]]:
    """The body as it is hashed, and the words that were sealed in it with their keys."""
    if why := kinds.why_not(kind, body):
        raise ValueError(why)
    body, words = dict(body), []
    for field in kinds.words_of(kind):
        if text := body[field].strip():
            key = secrets.token_bytes(32)
            words.append((field, text, key.hex()))
            body[field] = chain.sealed(text, key)
        else:
            body[field] = None
    if kind not in kinds.PLAIN:
        body["salt"] = secrets.token_hex(16)  # or its digest, which is public, could be found by trying
    return body, words


def hold(edition_id: int) -> str:
    """Let nobody write a further row until the transaction ends; the digest of the last one.

    What is computed from here on is computed from all that stands in the rows before it, and from no more.
    """
    return _end(edition_id).head


def _end(edition_id: int) -> Ledger:
    return Ledger.objects.select_for_update().get_or_create(edition_id=edition_id)[0]


# The head


def head(edition_id: int) -> str | None:
    """The digest of the last row; None before the first."""
    return Ledger.objects.filter(edition=edition_id).values_list("head", flat=True).first()


@transaction.atomic
def publish_head(edition: Edition, phase: str, *, at=None) -> Record:
    """Write down where the chain ends, and send it to every juror: from now on nobody rewrites it unseen.

    Args:
        phase: what has just happened, in a few words, such as “First review closed”.

    Returns:
        the row that was written; its own digest is what the letters carry.
    """
    end = _end(edition.pk)
    body = {"rows": end.rows, "head": end.head, "phase": phase}
    record = append(edition, "head.published", body, at=at)
    page = settings.SITE_URL + reverse("ledger:edition", args=[edition.slug])
    seats = Seat.objects.sitting().filter(panel__edition=edition)
    for juror in Person.objects.filter(seats__in=seats).distinct().order_by("pk"):
        notices.write(juror, "ledger", edition=edition, record=record, phase=phase, page=page)
    return record
