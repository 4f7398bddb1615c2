"""The kinds of rows a ledger knows, and what the body of each says.

People and rounds, panels, criteria are numbers; films and assignments are their ids as text; a figure is
text, as from `chain.figure`. `WORDS` are somebody's own words: they are handed in as plain text and stand
in the row as a sealed digest, or as null where there were none. A `?` marks what may be left out. Rows of
kinds that are not PLAIN are also given a `salt`, since their digests are public and what they say is not.
"""

from collections.abc import Mapping
from typing import Any

WORDS = "words"
ID = str  # a film's or an assignment's
WHOLE, TEXT, LIST, TABLE, YES = int, str, list, dict, bool
EITHER = (str, type(None))

KINDS: Mapping[str, Mapping[str, Any]] = {
    # What a round is judged by, fixed when it first opens. rubric: [{"criterion", "name", "weight"}, …];
    # rules: whatever else is fixed beforehand, such as method, seats, quotas, how a tie is broken.
    "round.composed": {
        "round": WHOLE, "name": TEXT, "type": TEXT, "reviews": WHOLE, "rubric": LIST, "seed": WHOLE,
        "rules?": TABLE,
    },
    "round.opened": {"round": WHOLE},
    "round.closed": {"round": WHOLE, "missing": WHOLE, "note": WORDS},
    "round.reopened": {"round": WHOLE, "note": WORDS},
    "seat.taken": {"panel": WHOLE, "juror": WHOLE},
    "seat.freed": {"panel": WHOLE, "juror": WHOLE},
    "assignment.made": {"assignment": ID, "round": WHOLE, "film": ID, "juror": WHOLE, "position": WHOLE},
    # reason: conflict | left | withdrawn | office
    "assignment.recused": {"assignment": ID, "round": WHOLE, "film": ID, "juror": WHOLE, "reason": TEXT},
    # struck: assignments whose marks no longer count
    "conflict.declared": {"film": ID, "juror": WHOLE, "reason": WORDS, "struck": LIST},
    # What an organiser said of a tie that was suspected; one that stands is declared in the next row
    "tie.ruled": {"film": ID, "juror": WHOLE, "stands": YES, "grounds": WORDS},
    # scores: all marks that now stand, {"<criterion>": 1 … 10}; watched: seconds of film, once each
    "mark.given": {
        "assignment": ID, "round": WHOLE, "film": ID, "juror": WHOLE, "scores": TABLE, "note": WORDS,
        "share": YES, "watched?": WHOLE,
    },
    "exception.granted": {"round": WHOLE, "film": ID, "reason": WORDS},
    # Whether a film may take part, and what a round settled of it
    "check.given": {
        "assignment": ID, "round": WHOLE, "film": ID, "juror": WHOLE, "passes": YES, "reason": WORDS,
    },
    "ruling.made": {"round": WHOLE, "film": ID, "through": YES, "note": WORDS},
    # An open ballot as it now stands. tiers: [[film, …], …], best first; none abstains
    "ballot.cast": {"round": WHOLE, "juror": WHOLE, "tiers": LIST},
    # The ballots of a secret round, written at its close and by nobody: before that, neither who has voted
    # nor what stands in a row, since the order of rows would tie one to the other. voters: numbers of
    # jurors, ascending; ballots: [{"commitment", "tiers"}, …] by commitment, a digest over the tiers and a
    # receipt that only the juror holds.
    "ballots.revealed": {"round": WHOLE, "voters": LIST, "ballots": LIST},
    # better: first, second, or null in a tie
    "comparison.made": {"round": WHOLE, "juror": WHOLE, "first": ID, "second": ID, "better": EITHER},
    # ballots: digest of what was counted; result: winners, order and rounds as the count gave them
    "count.done": {
        "round": WHOLE, "method": TEXT, "seats": WHOLE, "ballots": TEXT, "result": TABLE, "seed?": WHOLE,
    },
    # head: the digest of the row up to which rows were read; result: digest of the fit
    "fit.done": {
        "round": WHOLE, "head": TEXT, "model": TEXT, "seed": WHOLE, "version": TEXT, "result": TEXT,
        "parameters?": TABLE,
    },
    "verdict.given": {"film": ID, "was": TEXT, "became": TEXT, "note": WORDS},
    "feedback.approved": {"film": ID, "text": WORDS},
    # films: those whose entrants have been told what was decided
    "letters.sent": {"films": LIST},
    # The weighted means as a round's close fixes them. means: [[film, mean, reviews], …], sorted by film
    "result.computed": {"round": WHOLE, "means": LIST},
    # The same given to the public; others: {"fit": digest of the calibration} and the like
    "result.published": {"round": WHOLE, "means": LIST, "others?": TABLE},
    # The head as it was given to the public and to the jurors; phase: a word or two on the occasion
    "head.published": {"rows": WHOLE, "head": TEXT, "phase": TEXT},
}  # fmt: skip

# Kinds that name no juror and no mark, so that anyone may see they were written, and when; in plain words.
PUBLIC: Mapping[str, str] = {
    "round.composed": "The terms of a round fixed",
    "round.opened": "A round opened",
    "round.closed": "A round closed",
    "round.reopened": "A round opened again",
    "ballots.revealed": "The ballots of a secret round",
    "count.done": "Ballots counted",
    "fit.done": "Marks calibrated",
    "result.computed": "A round’s means computed",
    "letters.sent": "Decisions sent to entrants",
    "result.published": "A result published",
    "head.published": "The head published",
}


# Kinds that say nothing a stranger may not know, so that nothing is lost if somebody guesses a body.
PLAIN = frozenset({"round.composed", "round.opened", "round.closed", "round.reopened", "head.published"})

# What a juror gives, and has receipts for. A secret ballot has one of its own, and no row before the close.
GIVEN = ("mark.given", "check.given", "comparison.made", "ballot.cast", "conflict.declared")


def words_of(kind: str) -> list[str]:
    """The fields of this kind that are somebody's own words."""
    return [name for name, what in KINDS[kind].items() if what is WORDS]


def why_not(kind: str, body: Mapping[str, Any]) -> str:
    """Can this body stand under this kind? "" or what is wrong with it; words are plain text here."""
    if kind not in KINDS:
        return f"“{kind}” is no kind of row."
    asked = {name.rstrip("?"): what for name, what in KINDS[kind].items()}
    needed = {name for name in KINDS[kind] if not name.endswith("?")}
    if strange := body.keys() - asked.keys():
        return f"{kind} does not know {', '.join(sorted(strange))}."
    if lacking := needed - body.keys():
        return f"{kind} lacks {', '.join(sorted(lacking))}."
    for name, value in body.items():
        what = str if asked[name] is WORDS else asked[name]
        if not isinstance(value, what) or (what is int and isinstance(value, bool)):
            return f"{kind}: {name} cannot be {value!r}."
    return ""
