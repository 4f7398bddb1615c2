"""The clock of every throttle, in a test's hand: `with_pace(monkeypatch, form_user="2/min")`."""

from django.core.cache import cache
from rest_framework.throttling import SimpleRateThrottle


class Clock:
    """Stands still until it is put forward."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def with_pace(monkeypatch, **rates) -> Clock:
    """Limit the named scopes, of which nothing has been used yet, by a clock that stands still."""
    cache.clear()
    clock = Clock()
    limited = {**dict.fromkeys(SimpleRateThrottle.THROTTLE_RATES), **rates}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", limited)
    monkeypatch.setattr(SimpleRateThrottle, "timer", clock)
    return clock
