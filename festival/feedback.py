"""Feedback: what the jury's work says to an entrant, kept with the film and shown once they are told."""

from django.utils import timezone

from festival.models import Feedback, Film


def record(
    film: Film, *, standings: list[dict], strength: str, reason: str, notes: list[str], at=None
) -> None:
    """Keep what an organiser approved, in the place of what stood there."""
    said = {"standings": standings, "strength": strength, "reason": reason, "notes": notes}
    Feedback.objects.update_or_create(film=film, defaults=said | {"at": at or timezone.now()})


def released(film: Film) -> bool:
    """Whether the entrant has been written to about the decision that now stands."""
    return film.status in Film.DECIDED and film.known == film.status


def for_entrant(film: Film) -> Feedback | None:
    """What the entrant may read now. A film that was not selected always gets a reason."""
    if not released(film):
        return None
    kept = Feedback.objects.filter(film=film).first()
    if kept is None and film.status == Film.Status.DECLINED:
        return Feedback(film=film, reason=plain_reason(film))
    return kept


def plain_reason(film: Film) -> str:
    """The reason that is always true: how many films there were, and how many could be shown."""
    others = Film.objects.filter(edition=film.edition_id)
    shown = others.filter(status=Film.Status.SELECTED).count()
    sent = others.exclude(status__in=[Film.Status.DRAFT, Film.Status.WITHDRAWN]).count()
    room = "none of them" if not shown else f"{shown} of them"
    films = "1 film was" if sent == 1 else f"{sent} films were"
    return f"{films} entered, and there was room for {room}."
