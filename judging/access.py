"""Who may judge what, and if not, why: every function returns "" for yes or a sentence for no."""

from collections.abc import Mapping

from festival.access import local, why_not_organise
from judging.models import Assignment, Criterion, Round, Seat

WHOLE = 100  # per cent, what a rubric's weights come to


# Jurors


def why_not_judge(user, assignment: Assignment) -> str:
    """May `user` mark this film, in this round, now? Needs `round.edition` and `film` loaded."""
    round, film = assignment.round, assignment.film
    name = round.name_of(film)
    if assignment.juror_id != user.pk:
        return "This film is not on your list. Open one of your own films."
    if assignment.recused_at:
        return f"You are recused from “{name}”, so it takes no marks from you. Go on with your next film."
    if not Seat.objects.sitting().filter(juror=user, panel__edition=round.edition_id).exists():
        return f"You no longer sit on the jury of {round.edition}. Write to its office if that is wrong."
    if round.status == Round.Status.DRAFT:
        return f"“{round}” has not opened yet. Your list will appear when it does."
    if round.status == Round.Status.CLOSED:
        return f"“{round}” closed on {local(round.closed_at, round.edition)}. The marks you gave are kept."
    if film.status not in round.running:
        return f"“{name}” is no longer with the jury. The marks you gave are kept."
    return ""


def why_not_mark(criteria: Mapping[int, Criterion], scores: Mapping[int, int]) -> str:
    """Can these marks stand in this rubric? Both are keyed by the criterion's number."""
    for key, value in scores.items():
        if key not in criteria:
            return "One of these criteria is not in this round’s rubric. Reload the page to see the rubric."
        if type(value) is not int or not 1 <= value <= 10:
            return f"“{criteria[key]}” takes a whole mark from 1 to 10, not {value}. Nothing was changed."
    return ""


def why_not_mark_yet(round: Round, percent: int) -> str:
    """Has a juror who saw `percent` of the film seen enough of it to mark it?"""
    if percent >= round.watch_share:
        return ""
    return f"Watch at least {round.watch_share} % of the film before you mark it; you have seen {percent} %."


def why_not_recuse(user, assignment: Assignment) -> str:
    """May `user` step down from judging this film? At any time, even when the round has closed."""
    if assignment.juror_id != user.pk:
        return "This film is not on your list. Open one of your own films."
    return ""


# Organisers


def why_not_edit_round(user, round: Round) -> str:
    """May `user` change the round's terms: its films, jurors, what they see, how it is decided?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.opened_at:
        return f"“{round}” has been opened, so its terms stand. Begin a new round for other terms."
    return ""


def why_not_reschedule(user, round: Round) -> str:
    """May `user` change when the round opens or closes by itself?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.status == Round.Status.CLOSED:
        return f"“{round}” is closed. Open it again before you give it another hour to close."
    return ""


def why_not_edit_rubric(user, round: Round) -> str:
    """May `user` change what this round is marked by?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.kind != Round.Kind.REVIEW:
        return f"“{round}” is decided without marks, so it has no rubric."
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
    if round.deskwork:
        return f"“{round}” is the office’s own work, so it gives no films out."
    if round.status == Round.Status.CLOSED:
        return f"“{round}” is closed, so no films are given out. Open it again first."
    return _why_nobody_judges(round)


def why_not_open(user, round: Round) -> str:
    """May `user` open the round to its jurors, for the first time or again?"""
    return why_not_organise(user, round.edition) or why_not_begin(round)


def why_not_begin(round: Round) -> str:
    """Is the round ready to open, whoever opens it, the clock included?"""
    if round.status == Round.Status.OPEN:
        return f"“{round}” is open already."
    if round.status == Round.Status.CLOSED and round.plenary and round.outcome:
        return f"“{round}” has been counted, so it takes no more votes. Begin a second ballot instead."
    if (
        round.opened_at
        and round.kind in Round.DECIDING
        and round.followed_by.exclude(opened_at=None).exists()
    ):
        return f"A later round has begun with what “{round}” settled, so it stands."
    if why := _why_not_source(round):
        return why
    if round.kind == Round.Kind.REVIEW and (why := _why_not_weights(round)):
        return why
    return _why_nothing_to_do(round) if round.deskwork else _why_nobody_judges(round)


def _why_not_source(round: Round) -> str:
    """Are the films of a round that follows another one known?"""
    if round.choice != Round.Choice.THROUGH:
        return ""
    source = round.source
    if source is None:
        return "Say which earlier round it follows."
    if round.kind == Round.Kind.FURTHER:
        if source.status != Round.Status.OPEN:
            return f"Further reviews go into “{source}” while it is open, and it is not."
    elif source.status != Round.Status.CLOSED:
        return f"“{source}” has not closed yet, so the films of this round are not known."
    return ""


def _why_not_weights(round: Round) -> str:
    weights = list(round.criteria.values_list("weight", flat=True))
    if not weights:
        return "The rubric is empty. Write it first, or begin with one of the two that are ready."
    if sum(weights) != WHOLE:
        return f"The weights of the rubric come to {sum(weights)} %, not {WHOLE} %. Mend the rubric first."
    return ""


def _why_nobody_judges(round: Round) -> str:
    """Has the round jurors, and films enough?"""
    if not Seat.objects.sitting().of(round).exists():
        return "The jury has no jurors yet. Seat some first."
    films = round.films().count()
    if not films and round.choice == Round.Choice.ALL:
        return "No film is with the jury yet. Accept some entries first; those still being examined wait."
    if not films:
        return "The round is empty: none of its films is in the running. Choose its films again."
    if round.plenary and films == 1:
        return "The round has one film, and there is nothing to choose between. Give it a second one."
    return ""


def _why_nothing_to_do(round: Round) -> str:
    """Has a round of the office's own something to do?"""
    if not round.films().exists():
        return "The round is empty: none of its films is in the running. Choose its films again."
    if round.kind == Round.Kind.FURTHER and not round.budget:
        return "Say how many further reviews the jury can give."
    return ""


def why_not_close(user, round: Round, *, missing: int = 0, disputed: int = 0, note: str = "") -> str:
    """May `user` close the round, of which `missing` films lack viewings and `disputed` a ruling?"""
    return why_not_organise(user, round.edition) or why_not_end(
        round, missing=missing, disputed=disputed, note=note
    )


def why_not_end(round: Round, *, missing: int = 0, disputed: int = 0, note: str = "") -> str:
    """Can the round close, whoever closes it, the clock included?"""
    if round.status != Round.Status.OPEN:
        return f"“{round}” is not open."
    if disputed:
        films = "1 film is" if disputed == 1 else f"{disputed} films are"
        return f"{films} still to be settled. Decide which come through, then close the round."
    if missing and not note.strip():
        films = "1 film has" if missing == 1 else f"{missing} films have"
        return (
            f"{films} not been watched and judged by enough jurors, and every film is promised that. "
            "Wait, or make an exception for each: it carries your name and a reason, and the report says so."
        )
    return ""


def why_not_waive(user, round: Round, *, reason: str) -> str:
    """May `user` make an exception to the round's viewing guarantee?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.status != Round.Status.OPEN:
        return f"“{round}” is not open, so nothing is owed to its films now."
    if not reason.strip():
        return "Say why. An exception carries your name and a reason, and the report prints both."
    return ""


def why_not_rule(user, round: Round) -> str:
    """May `user` settle which films come through this round?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.kind not in Round.DECIDING:
        return f"“{round}” lets every film through; there is nothing to settle."
    if round.status != Round.Status.OPEN:
        return f"“{round}” is not open, so what it settled stands."
    return ""


def why_not_allot(user, round: Round) -> str:
    """May `user` have further reviews given out?"""
    if why := why_not_organise(user, round.edition):
        return why
    if round.kind != Round.Kind.FURTHER:
        return f"“{round}” gives out no further reviews."
    if round.status != Round.Status.OPEN:
        return f"“{round}” is not open."
    if round.source.status != Round.Status.OPEN:
        return f"Further reviews go into “{round.source}” while it is open, and it is not."
    return ""


# Ballots


def why_not_vote(user, round: Round) -> str:
    """May `user` compare films or hand in a ballot in this round, now? Needs `edition` loaded."""
    if not round.plenary:
        return f"“{round}” is no ballot."
    if round.status == Round.Status.DRAFT:
        return f"“{round}” has not opened yet."
    if round.status == Round.Status.CLOSED:
        return f"“{round}” closed on {local(round.closed_at, round.edition)}. What you gave is kept."
    if not Seat.objects.sitting().of(round).filter(juror=user).exists():
        return f"You do not sit on the jury of “{round}”. Write to the festival office if that is wrong."
    return ""


def why_not_check(passes, reason: str) -> str:
    """Can this word on a film stand? A fail needs its reason."""
    if type(passes) is not bool:
        return "Say pass or fail."
    if not passes and not reason.strip():
        return "Say in a few words why the film may not take part. Only the organisers read it."
    return ""
