"""Feedback: compose what entrants read from marks, rubric and notes; an organiser approves it in one pass."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from festival import access
from festival import feedback as trunk
from festival.errors import Refused, Unacceptable
from festival.models import Edition, Film
from judging import ledger, ranking, results
from judging.models import Criterion, FeedbackDraft, Mark, Round
from judging.ranking import Ranking

WRITTEN_AT_ONCE = 500


@transaction.atomic
def compose(round: Round, *, by, at=None) -> int:
    """Draft the feedback of every film of the round; what was approved or rewritten by hand is left alone.

    Returns:
        how many drafts were written.

    Raises:
        Refused: `by` may not, or no film has a whole review yet.
    """
    found = ranking.of(round)
    _ask(why_not_compose(by, round, found))
    kept = FeedbackDraft.objects.filter(film__edition=round.edition_id)
    kept = set(kept.exclude(approved_at=None, rewritten=False).values_list("film", flat=True))
    rubric, notes, at = list(round.criteria.all()), _notes(round), at or timezone.now()
    drafts = [
        FeedbackDraft(
            film=film, round=round, written_at=at, notes=notes[film.pk], **_said(film, found, rubric)
        )
        for film in results.films(round).exclude(pk__in=kept)
    ]
    FeedbackDraft.objects.bulk_create(
        drafts,
        batch_size=WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["film"],
        update_fields=["round", "standings", "strength", "reason", "notes", "written_at"],
    )
    return len(drafts)


def why_not_compose(user, round: Round, found: Ranking) -> str:
    """May `user` have the round's feedback drafted?"""
    if why := access.why_not_organise(user, round.edition):
        return why
    if not len(found):
        return "No film has a whole review yet, so there is nothing to say."
    return ""


def _said(film: Film, found: Ranking, rubric: list[Criterion]) -> dict:
    """Standings, strength and reason of one film; one without a review has only the plain reason."""
    place = found.place.get(film.pk.hex)
    if place is None:
        return {"standings": [], "strength": "", "reason": _reason(film, "")}
    sheet = found.marks.sheet
    column = {number: j for j, number in enumerate(sheet.criteria)}
    stand = {line: int(sheet.percentile[place, column[line.pk]]) for line in rubric}
    mean = {line: float(sheet.by_criterion[place, column[line.pk]]) for line in rubric}
    best = max(rubric, key=lambda line: (stand[line], mean[line]))
    least = min(rubric, key=lambda line: (stand[line], mean[line]))
    behind = "" if film.status == Film.Status.SELECTED or least == best else _in_words(least, mean[least])
    return {
        "standings": [{"criterion": line.name, "percentile": stand[line]} for line in rubric],
        "strength": f"What the jury valued most is {_in_words(best, mean[best])}",
        "reason": _reason(film, f"Other films went further in {behind}" if behind else ""),
    }


def _in_words(line: Criterion, mean: float) -> str:
    """A criterion with what its mark means, such as: sound. The marks say: “Clean.”"""
    words = line.words_for(min(max(round(mean), 1), 10)).rstrip(".")
    name = line.name[:1].lower() + line.name[1:]
    if not words:
        return f"{name}."
    if words.startswith("Between"):
        return f"{name}. The marks lie between{words.removeprefix('Between')}."
    return f"{name}. The marks say: “{words}.”"


def _reason(film: Film, why: str) -> str:
    if film.status == Film.Status.SELECTED:
        return "The film was selected."
    return f"{why} {trunk.plain_reason(film)}".strip()


def _notes(round: Round) -> dict:
    """Jurors' own words that entrants may read, by film; in no order that would tell whose they are."""
    shared = Mark.objects.counted().filter(assignment__round=round, share_note=True).exclude(note="")
    said = defaultdict(list)
    for film, note in shared.order_by("note").values_list("assignment__film", "note"):
        said[film].append(note)
    return said


# By hand


def rewrite(draft: FeedbackDraft, *, strength: str, reason: str, notes: Iterable[str], by, at=None) -> None:
    """Change what a draft says. What was approved before stays with the entrant until this is approved.

    Args:
        notes: those of the draft's notes that are kept.

    Raises:
        Unacceptable: it gives no reason, or a note is not one of the draft's.
    """
    _ask(access.why_not_organise(by, draft.round.edition))
    notes = list(notes)
    if not reason.strip():
        raise Unacceptable(f"Give “{draft.film}” a reason. Every entrant gets one.")
    if not set(notes) <= set(draft.notes):
        raise Unacceptable("Only jurors write jurors' notes.")
    draft.strength, draft.reason, draft.notes = strength.strip(), reason.strip(), notes
    draft.rewritten, draft.written_at, draft.approved_at, draft.approved_by = (
        True,
        at or timezone.now(),
        None,
        None,
    )
    draft.save()


@transaction.atomic
def approve(edition: Edition, drafts: Iterable[FeedbackDraft], *, by, at=None) -> int:
    """Let entrants read these drafts, each once their decision letter is written; return how many."""
    _ask(access.why_not_organise(by, edition))
    at, rows = at or timezone.now(), []
    for draft in drafts:
        said = {"standings": draft.standings, "strength": draft.strength, "reason": draft.reason}
        trunk.record(draft.film, **said, notes=draft.notes, at=at)
        rows.append(("feedback.approved", {"film": str(draft.film_id), "text": _text(draft)}))
        draft.approved_at, draft.approved_by = at, by
    FeedbackDraft.objects.bulk_update(drafts, ["approved_at", "approved_by"], batch_size=WRITTEN_AT_ONCE)
    ledger.extend(edition, rows, by=by, at=at)
    return len(rows)


def _text(draft: FeedbackDraft) -> str:
    return "\n".join([draft.strength, draft.reason, *draft.notes]).strip()


def without(edition: Edition) -> int:
    """Films that were not selected and whose entrants would read no more than the plain reason."""
    declined = edition.films.filter(status=Film.Status.DECLINED)
    return declined.filter(feedback=None).count()


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
