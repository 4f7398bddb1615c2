"""Where things stand in drawings, in per cent of their width; and how pages write chances."""

from django import template

register = template.Library()


@register.filter
def on(value: float | None, ends: str) -> str:
    """Where a figure stands between two ends such as "1,10", in per cent; beyond an end it stands at it."""
    low, high = map(float, ends.split(","))
    share = 0 if value is None else (float(value) - low) / (high - low)
    return f"{100 * min(max(share, 0), 1):.2f}%"


@register.simple_tag
def length(low: float, high: float, ends: str) -> str:
    """How long the stretch between two figures is, in per cent."""
    return f"{float(on(high, ends)[:-1]) - float(on(low, ends)[:-1]):.2f}%"


@register.filter
def chance(value: float | None) -> str:
    """A chance as a whole per cent that never claims certainty."""
    if value is None:
        return "–"
    if value < 0.01:
        return "under 1 %"
    return "over 99 %" if value > 0.99 else f"{100 * value:.0f} %"


@register.filter
def figure(value: float | None) -> str:
    """A figure with two decimals and its own minus, or a dash."""
    return "–" if value is None or value != value else f"{value:.2f}".replace("-", "−")


@register.filter
def agreement(value: float | None) -> str:
    """Krippendorff's alpha in words."""
    if value is None or value != value:
        return "not known: no two jurors differ, or none shares a film"
    if value >= 0.8:
        return "high"
    if value >= 0.667:
        return "enough for cautious conclusions"
    return "low, as is usual where taste decides" if value > 0 else "no better than chance"
