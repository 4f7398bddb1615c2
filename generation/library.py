"""The library of takes: found by what they are, read page by page from wherever one stands."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from generation.models import Production, Take

PAGE = 24
LONGEST_WORDS = 200  # characters of a search
TRAITS = ("production", "engine", "aspect", "selected", "made", "words")
AGES = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}


@dataclass(frozen=True)
class Page:
    """Some takes, newest first, and where the next page goes on: "" at the end."""

    takes: list[Take]
    after: str


@dataclass(frozen=True)
class Facets:
    """What there is to choose from: each value with the number of takes that have it."""

    productions: list[tuple[Production, int]]
    engines: list[tuple[str, int]]
    aspects: list[tuple[str, int]]
    total: int


def search(
    user,
    *,
    production: str = "",
    engine: str = "",
    aspect: str = "",
    selected: str = "",
    made: str = "",
    words: str = "",
    at=None,
) -> models.QuerySet:
    """The drawn takes that `user` may see and that have all these traits, newest first; "" asks for none.

    Args:
        production: its id.
        selected: "yes" or "no".
        made: a key of AGES: within the last day, week or month.
        words: found anywhere in the take's words.
    """
    takes = Take.objects.visible_to(user).drawn()
    if production:
        takes = takes.filter(production=_id(production))
    if engine:
        takes = takes.filter(engine=engine)
    if aspect:
        takes = takes.filter(aspect=aspect)
    if selected in ("yes", "no"):
        takes = takes.filter(selected_in__isnull=selected == "no")
    if made in AGES:
        takes = takes.filter(made_at__gte=(at or timezone.now()) - AGES[made])
    for word in words[:LONGEST_WORDS].split():
        takes = takes.filter(words__icontains=word)
    return takes.order_by("-made_at", "-id")


def page(takes: models.QuerySet, *, after: str = "", size: int = PAGE) -> Page:
    """The first `size` takes behind the place `after`, with their clips, shots and productions."""
    if place := _place(after):
        made_at, pk = place
        takes = takes.filter(models.Q(made_at__lt=made_at) | models.Q(made_at=made_at, id__lt=pk))
    rows = list(
        takes.select_related("clip", "parent", "shot__scene", "production", "selected_in")[: size + 1]
    )
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, f"{rows[-1].made_at.isoformat()}~{rows[-1].pk}" if more else "")


def facets(user) -> Facets:
    """What `user` may choose from in the whole library."""
    takes = Take.objects.visible_to(user).drawn().order_by()
    counts = {
        name: dict(takes.values_list(name).annotate(count=models.Count("pk")))
        for name in ("production", "engine", "aspect")
    }
    named = Production.objects.filter(pk__in=counts["production"]).order_by("title", "pk")
    return Facets(
        productions=[(production, counts["production"][production.pk]) for production in named],
        engines=sorted(counts["engine"].items()),
        aspects=sorted(counts["aspect"].items()),
        total=sum(counts["engine"].values()),
    )


def _place(after: str) -> tuple[datetime, uuid.UUID] | None:
    """Where a page ended, as its address says it; None for what is no place."""
    moment, _, pk = after.partition("~")
    try:
        made_at = parse_datetime(moment.replace(" ", "+"))
        return (made_at, uuid.UUID(pk)) if made_at and made_at.tzinfo else None
    except ValueError:
        return None


def _id(pk: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(pk)
    except ValueError:
        return None
