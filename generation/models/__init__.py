"""The studio's tables. Import models from here, not from the files."""

from generation.models.allowance import Allowance
from generation.models.clip import Clip
from generation.models.production import Frame, Member, Production, ProductionEvent, Scene, Shot
from generation.models.queue import FINISHING, LEASE, MOST_ATTEMPTS, UNFINISHED, Job, Stopped, Turn, Worker
from generation.models.take import Take
from generation.models.terms import Terms

__all__ = [
    "FINISHING",
    "LEASE",
    "MOST_ATTEMPTS",
    "UNFINISHED",
    "Allowance",
    "Clip",
    "Frame",
    "Job",
    "Member",
    "Production",
    "ProductionEvent",
    "Scene",
    "Shot",
    "Stopped",
    "Take",
    "Terms",
    "Turn",
    "Worker",
]
