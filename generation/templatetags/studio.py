"""How the studio's pages say seconds of a worker's time."""

from django import template

from generation import allowances, finishing

register = template.Library()


@register.filter
def lasting(seconds: float) -> str:
    """“45 seconds”, “12 minutes”, “1 h 30 min”."""
    return allowances.in_words(seconds)


@register.filter
def titled(engine: str, titles: dict[str, str]) -> str:
    """An engine by its title; by its id, once it is gone."""
    return (titles or {}).get(engine, engine)


@register.filter
def done(finish: dict | None) -> str:
    """“steadied, 24 frames a second”: what a take was finished by; "" for nothing."""
    return finishing.in_words(finish or {})
