"""What people type in the studio."""

from generation.forms.clips import BriefForm, DeliverForm, entry, on_disk

__all__ = ["BriefForm", "DeliverForm", "entry", "on_disk"]
