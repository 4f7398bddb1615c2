"""What the studio tells its own rooms."""

from django.dispatch import Signal

clip_drawn = Signal()
"""A job's clip has been kept. Sent with `clip` and `job`, inside the transaction that keeps both.

A receiver that raises takes the clip back with it; it may write rows, and leaves files alone.
"""
