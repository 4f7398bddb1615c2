"""The studio's tables. Import models from here, not from the files."""

from generation.models.clip import Clip
from generation.models.queue import LEASE, Job, Stopped

__all__ = ["LEASE", "Clip", "Job", "Stopped"]
