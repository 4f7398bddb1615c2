"""The studio's tables. Import models from here, not from the files."""

from generation.models.clip import Clip
from generation.models.queue import LEASE, MOST_ATTEMPTS, Job, Stopped

__all__ = ["LEASE", "MOST_ATTEMPTS", "Clip", "Job", "Stopped"]
