"""The jury's tables. Import models from here, not from the files."""

from judging.models.backgrounds import Background
from judging.models.ballots import Ballot, Check, Preference, Ruling, Voter, Waiver
from judging.models.feedback import FeedbackDraft
from judging.models.fits import KeptRanking, StoredFit
from judging.models.ledger import Ledger, Record, Words
from judging.models.marks import Mark, Score
from judging.models.panels import Assignment, Conflict, Panel, Seat
from judging.models.rounds import Criterion, Round, RoundEvent
from judging.models.ties import Finding
from judging.models.viewing import FULL, Pin, Viewing

__all__ = [
    "FULL",
    "Assignment",
    "Background",
    "Ballot",
    "Check",
    "Conflict",
    "Criterion",
    "FeedbackDraft",
    "Finding",
    "KeptRanking",
    "Ledger",
    "Mark",
    "Panel",
    "Pin",
    "Preference",
    "Record",
    "Round",
    "RoundEvent",
    "Ruling",
    "Score",
    "Seat",
    "StoredFit",
    "Viewing",
    "Voter",
    "Waiver",
    "Words",
]
