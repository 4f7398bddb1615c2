"""Further reviews: the rest of the jury's time goes to the films near the cut.

They are given out in the round of review itself, so that no juror can tell a film that was promoted.
"""

from judging.models import Assignment, Round


def given(round: Round) -> int:
    """Further reviews given out so far."""
    return (round.outcome or {}).get("given", 0)


def allot(round: Round, *, by) -> list[Assignment]:
    return []
