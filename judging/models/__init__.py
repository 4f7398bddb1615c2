"""The jury's tables. Import models from here, not from the files."""

from judging.models.marks import Mark, Score
from judging.models.panels import Assignment, Conflict, Panel, Seat
from judging.models.rounds import Criterion, Round, RoundEvent

__all__ = ["Assignment", "Conflict", "Criterion", "Mark", "Panel", "Round", "RoundEvent", "Score", "Seat"]
