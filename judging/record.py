"""What is written in the ledger of each act of the jury: one function an act, called last in it."""

from collections.abc import Iterable

from festival.models import Film
from judging import ledger
from judging.models import Assignment, Conflict, Mark, Panel, Record, Round

# Rounds


def round_opened(round: Round, *, by=None, note: str = "", at=None) -> None:
    """The round opened; for the first time, all it is judged by is fixed first. The head is published."""
    composed = Record.objects.filter(edition=round.edition_id, kind="round.composed")
    if any(record.facts["round"] == round.pk for record in composed):
        entries = [("round.reopened", {"round": round.pk, "note": note})]
    else:
        entries = [("round.composed", terms(round)), ("round.opened", {"round": round.pk})]
    ledger.extend(round.edition_id, entries, by=by, at=at)
    if entries[0][0] == "round.composed":
        assigned(round, round.assignments.standing(), by=by, at=at)
    ledger.publish_head(round.edition, f"{round} opened", at=at)


def round_closed(round: Round, *, missing: int, note: str = "", by=None, at=None) -> None:
    """The round closed, with so many reviews missing. The head is published."""
    body = {"round": round.pk, "missing": missing, "note": note}
    ledger.append(round.edition_id, "round.closed", body, by=by, at=at)
    ledger.publish_head(round.edition, f"{round} closed", at=at)


def terms(round: Round) -> dict:
    """All that a round is judged by."""
    rubric = round.criteria.values("pk", "name", "weight")
    return {
        "round": round.pk,
        "name": round.name,
        "type": round.kind,
        "reviews": round.reviews,
        "seed": round.seed or 0,
        "rubric": [{"criterion": row["pk"], "name": row["name"], "weight": row["weight"]} for row in rubric],
        "rules": {
            "blind": round.blind,
            "secret": round.secret,
            "method": round.method,
            "places": round.places,
            "quotas": {str(section): places for section, places in round.quotas.items()},
        },
    }


# Seats, lists, conflicts


def seat_taken(panel: Panel, juror, *, by, at=None) -> None:
    """A juror took a seat on the panel."""
    body = {"panel": panel.pk, "juror": juror.pk}
    ledger.append(panel.edition_id, "seat.taken", body, by=by, at=at)


def seat_freed(panel: Panel, juror, *, by, at=None) -> None:
    """A juror's seat on the panel was freed."""
    body = {"panel": panel.pk, "juror": juror.pk}
    ledger.append(panel.edition_id, "seat.freed", body, by=by, at=at)


def assigned(round: Round, assignments: Iterable[Assignment], *, by=None, at=None) -> None:
    """Films came on jurors' lists. Of a round in preparation nothing is written: lists are dealt anew."""
    if round.status == Round.Status.DRAFT:
        return
    written = Assignment.objects.in_bulk([assignment.pk for assignment in assignments])
    entries = [
        ("assignment.made", {**_place(assignment), "position": assignment.position})
        for assignment in sorted(written.values(), key=lambda a: (a.juror_id, a.position))
    ]
    ledger.extend(round.edition_id, entries, by=by, at=at)


def recused(assignments: Iterable[Assignment], reason: str, *, by=None, at=None) -> None:
    """Films left jurors' lists: by conflict, because a juror left, or because a film was withdrawn."""
    by_edition: dict[int, list] = {}
    for assignment in assignments:
        if assignment.round.status == Round.Status.DRAFT:
            continue
        entry = ("assignment.recused", {**_place(assignment), "reason": reason})
        by_edition.setdefault(assignment.round.edition_id, []).append(entry)
    for edition, entries in by_edition.items():
        ledger.extend(edition, entries, by=by, at=at)


def conflict_declared(conflict: Conflict, struck: Iterable[Assignment], *, by, at=None) -> None:
    """A juror is tied to a film; the marks given on these assignments count no more."""
    body = {
        "film": str(conflict.film_id),
        "juror": conflict.juror_id,
        "reason": conflict.reason,
        "struck": sorted(str(assignment.pk) for assignment in struck),
    }
    ledger.append(conflict.film.edition_id, "conflict.declared", body, by=by, at=at)


def _place(assignment: Assignment) -> dict:
    return {
        "assignment": str(assignment.pk),
        "round": assignment.round_id,
        "film": str(assignment.film_id),
        "juror": assignment.juror_id,
    }


# Marks and decisions


def mark_given(mark: Mark, *, by, watched: int | None = None, at=None) -> None:
    """A juror's marks for a film as they now stand; needs `assignment.round` loaded.

    Args:
        watched: seconds of the film they had seen by then, each counted once; None where not known.
    """
    assignment = mark.assignment
    body = {
        **_place(assignment),
        "scores": {str(key): value for key, value in mark.scores.values_list("criterion", "value")},
        "note": mark.note,
        "share": mark.share_note,
    }
    if watched is not None:
        body["watched"] = watched
    ledger.append(assignment.round.edition_id, "mark.given", body, by=by, at=at)


def verdict_given(film: Film, *, was: str, by=None, note: str = "", at=None) -> None:
    """A film's fate changed."""
    body = {"film": str(film.pk), "was": was, "became": film.status, "note": note}
    ledger.append(film.edition_id, "verdict.given", body, by=by, at=at)
