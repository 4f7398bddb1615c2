"""What is written in the ledger of each act of the jury: one function an act, called last in it."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from festival.models import Film
from judging import ledger
from judging.models import (
    Assignment,
    Ballot,
    Check,
    Conflict,
    Finding,
    Mark,
    Panel,
    Preference,
    Record,
    Round,
    Ruling,
    Score,
    Waiver,
)
from judging.tally import chain, exact

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
    _publish_head(round, "opened", at=at)


def round_closed(round: Round, *, missing: int, note: str = "", by=None, at=None) -> None:
    """The round closed, with so many reviews missing; its means are fixed, and the head is published."""
    entries = [("round.closed", {"round": round.pk, "missing": missing, "note": note})]
    if round.kind == Round.Kind.REVIEW:
        ledger.hold(round.edition_id)  # or whoever steps down meanwhile would be in the means
        entries.append(("result.computed", {"round": round.pk, "means": means(round)}))
    ledger.extend(round.edition_id, entries, by=by, at=at)
    _publish_head(round, "closed", at=at)


def _publish_head(round: Round, done: str, *, at) -> None:
    """Publish the head, unless jurors would learn by it which films go on to further reviews."""
    if round.kind != Round.Kind.FURTHER:
        ledger.publish_head(round.edition, f"{round} {done}", at=at)


def means(round: Round) -> list[list]:
    """[film, mean, reviews] of every film with a whole review that counts, sorted by film."""
    weights = dict(round.criteria.values_list("pk", "weight"))
    counted = Score.objects.filter(mark__in=Mark.objects.counted(), mark__assignment__round=round)
    reviews: dict = {}
    for mark, film, criterion, value in counted.values_list(
        "mark", "mark__assignment__film", "criterion", "value"
    ):
        reviews.setdefault(mark, (str(film), {}))[1][criterion] = value
    return written(exact.means(reviews.values(), weights))


def written(found: Mapping[str, tuple[Fraction, int]]) -> list[list]:
    """Means as a row carries them."""
    return [[film, chain.figure(mean), reviews] for film, (mean, reviews) in sorted(found.items())]


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
            "watch_share": round.watch_share,
            "blind": round.blind,
            "names_jurors": round.names_jurors,
            "sees_others": round.sees_others,
            "sees_earlier": round.sees_earlier,
            "secret": round.secret,
            "method": round.method,
            "places": round.places,
            **({"untitled": True} if round.untitled else {}),  # older rows do not say it
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


def tie_ruled(finding: Finding, *, by, at=None) -> None:
    """An organiser said of a possible tie whether it is a conflict."""
    body = {
        "film": str(finding.film_id),
        "juror": finding.juror_id,
        "stands": finding.stands,
        "grounds": " ".join(finding.grounds),
    }
    ledger.append(finding.film.edition_id, "tie.ruled", body, by=by, at=at)


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


# Checks, rulings, votes


def check_given(check: Check, *, by, at=None) -> None:
    """A juror said whether a film may take part; needs `assignment.round` loaded."""
    assignment = check.assignment
    body = {**_place(assignment), "passes": check.passes, "reason": check.reason}
    ledger.append(assignment.round.edition_id, "check.given", body, by=by, at=at)


def rulings_made(round: Round, rulings: Iterable[Ruling], *, by=None, at=None) -> None:
    """It is settled whether films come through a round; by nobody where jurors agreed."""
    entries = [
        (
            "ruling.made",
            {"round": round.pk, "film": str(one.film_id), "through": one.through, "note": one.note},
        )
        for one in rulings
    ]
    ledger.extend(round.edition_id, entries, by=by, at=at)


def exceptions_granted(round: Round, waivers: Iterable[Waiver], *, by, at=None) -> None:
    """Films were excepted from the round's viewing guarantee."""
    entries = [
        ("exception.granted", {"round": round.pk, "film": str(one.film_id), "reason": one.reason})
        for one in waivers
    ]
    ledger.extend(round.edition_id, entries, by=by, at=at)


def comparison_made(preference: Preference, *, by, at=None) -> None:
    """A juror said which of two films is better, or neither."""
    body = {
        "round": preference.round_id,
        "juror": preference.juror_id,
        "first": str(preference.first_id),
        "second": str(preference.second_id),
        "better": str(preference.better_id) if preference.better_id else None,
    }
    ledger.append(preference.round.edition_id, "comparison.made", body, by=by, at=at)


def ballot_cast(ballot: Ballot, *, by, at=None) -> None:
    """A juror handed in an open ballot. Of a secret one nothing is written before the close."""
    body = {"round": ballot.round_id, "juror": ballot.juror_id, "tiers": ballot.tiers}
    ledger.append(ballot.round.edition_id, "ballot.cast", body, by=by, at=at)


def ballots_revealed(round: Round, ballots: Iterable[Ballot], *, at=None) -> None:
    """The ballots of a secret round that has closed: who voted, and what was voted, with no tie between."""
    box = sorted(({"commitment": one.commitment, "tiers": one.tiers} for one in ballots), key=_commitment)
    voters = sorted(round.voters.values_list("juror", flat=True))
    body = {"round": round.pk, "voters": voters, "ballots": box}
    ledger.append(round.edition_id, "ballots.revealed", body, at=at)


def _commitment(revealed: dict) -> str:
    return revealed["commitment"]


def count_done(round: Round, *, digest: str, method: str = "", at=None) -> None:
    """What the count of a round gave, from `Round.outcome`; `digest` is of the ballots that were counted."""
    body = {
        "round": round.pk,
        "method": method or round.method,
        "seats": round.places,
        "ballots": digest,
        "result": round.outcome,
        "seed": round.seed or 0,
    }
    ledger.append(round.edition_id, "count.done", body, at=at)
