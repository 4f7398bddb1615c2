"""Who may judge what, and if not, why: every function returns "" for yes or a sentence for no."""

from collections.abc import Mapping

from festival.access import local, why_not_organise
from festival.models import Film
from judging.models import Assignment, Criterion, Round, Seat

WHOLE = 100  # per cent, what a rubric's weights come to


# Jurors


def why_not_judge(user, assignment: Assignment) -> str:
    """May `user` mark this film, in this round, now? Needs `round.edition` and `film` loaded."""
    round, film = assignment.round, assignment.film
    if assignment.juror_id != user.pk:
        return "This film is not on your list. Open one of your own films."
    if assignment.recused_at:
        return f"You are recused from “{film}”, so it takes no marks from you. Go on with your next film."
    if not Seat.objects.sitting().filter(juror=user, panel__edition=round.edition_id).exists():
        return f"You no longer sit on the jury of {round.edition}. Write to its office if that is wrong."
    if round.status == Round.Status.DRAFT:
        return f"“{round}” has not opened yet. Your list will appear when it does."
    if round.status == Round.Status.CLOSED:
        return f"“{round}” closed on {local(round.closed_at, round.edition)}. The marks you gave are kept."
    if film.status != Film.Status.ELIGIBLE:
        return f"“{film}” is no longer with the jury. The marks you gave are kept."
    return ""


def why_not_mark(criteria: Mapping[int, Criterion], scores: Mapping[int, int]) -> str:
    """Can these marks stand in this rubric? Both are keyed by the criterion's number."""
    for key, value in scores.items():
        if key not in criteria:
            return "One of these criteria is not in this round’s rubric. Reload the page to see the rubric."
        if type(value) is not int or not 1 <= value <= 10:
            return f"“{criteria[key]}” takes a whole mark from 1 to 10, not {value}. Nothing was changed."
    return ""


def why_not_recuse(user, assignment: Assignment) -> str:
    """May `user` step down from judging this film? At any time, even when the round has closed."""
    if assignment.juror_id != user.pk:
        return "This film is not on your list. Open one of your own films."
    return ""


# Organisers


def why_not_edit_round(user, round: Round) -> str:
    """May `user` change the round's name, its number of jurors a film, or whether it is blind?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.opened_at:
        return f"“{round}” has been opened, so its terms stand. Begin a new round for other terms."
    return ""


def why_not_edit_rubric(user, round: Round) -> str:
    """May `user` change what this round is marked by?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.opened_at:
        return (
            f"The rubric was fixed when “{round}” opened on {local(round.opened_at, round.edition)}, so "
            "that every film is marked by the same one. Begin a new round for another rubric."
        )
    return ""


def why_not_assign(user, round: Round) -> str:
    """May `user` have the round's films given to its jurors?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.status == Round.Status.CLOSED:
        return f"“{round}” is closed, so no films are given out. Open it again first."
    if not Seat.objects.sitting().filter(panel__edition=round.edition_id).exists():
        return "The jury has no jurors yet. Seat some first."
    if not round.films().exists():
        return "No film is with the jury yet. Accept some entries first; those still being examined wait."
    return ""


def why_not_open(user, round: Round) -> str:
    """May `user` open the round to its jurors, for the first time or again?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.status == Round.Status.OPEN:
        return f"“{round}” is open already."
    weights = list(round.criteria.values_list("weight", flat=True))
    if not weights:
        return "The rubric is empty. Write it first, or begin with one of the two that are ready."
    if sum(weights) != WHOLE:
        return f"The weights of the rubric come to {sum(weights)} %, not {WHOLE} %. Mend the rubric first."
    if not Seat.objects.sitting().filter(panel__edition=round.edition_id).exists():
        return "The jury has no jurors yet. Seat some first."
    if not round.films().exists():
        return "No film is with the jury yet. Accept some entries first; those still being examined wait."
    return ""


def why_not_close(user, round: Round, *, missing: int = 0, note: str = "") -> str:
    """May `user` close the round, of which `missing` reviews have not been given?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.status != Round.Status.OPEN:
        return f"“{round}” is not open."
    if missing and not note.strip():
        reviews = "1 review is" if missing == 1 else f"{missing} reviews are"
        return f"{reviews} still missing. Wait for them, or say why you close the round without them."
    return ""
