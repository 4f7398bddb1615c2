"""Who may do what, and if not, why: every function returns "" for yes or one sentence for no."""

from festival.models import Edition, Film, Upload


def why_not_organise(user, edition: Edition) -> str:
    """May `user` work in this edition's office?"""
    if user.is_authenticated and (
        user.is_superuser or edition.roles.filter(person=user, kind="organiser").exists()
    ):
        return ""
    return "Only this edition's organisers may do that."


def why_not_enter(user, edition: Edition, *, at) -> str:
    """May `user` begin a new entry in this edition at the moment `at`?"""
    if not user.is_authenticated:
        return "Sign in to enter a film."
    if edition.status != Edition.Status.OPEN:
        return f"The call of {edition} is not open."
    deadline = edition.deadline_at
    if deadline and at > deadline:
        return f"The call of {edition} closed on {local(deadline, edition)}."
    return ""


def why_not_edit(user, film: Film, *, at) -> str:
    """May `user` change this entry at the moment `at`?"""
    if film.entrant_id != user.pk:
        return "Only the entrant may change this entry."
    if film.status not in (Film.Status.DRAFT, Film.Status.SUBMITTED):
        return "This entry can no longer be changed. Write to the festival office if something is wrong."
    return why_late(film, at=at)


def why_late(film: Film, *, at) -> str:
    """Is the deadline past for this film? An upload begun before it counts, for some hours of grace."""
    deadline = film.edition.deadline_at
    if film.edition.status != Edition.Status.OPEN:
        return f"The call of {film.edition} is not open."
    if deadline is None or at <= deadline:
        return ""
    grace_s = film.edition.upload_grace_h * 3600
    begun_in_time = Upload.objects.filter(film=film, begun_at__lte=deadline).exists()
    if begun_in_time and (at - deadline).total_seconds() <= grace_s:
        return ""
    return f"The deadline was {local(deadline, film.edition)}. Nothing you entered is lost."


def local(moment, edition: Edition) -> str:
    """A moment in the edition's own time: “3 May 2027, 23:59 (Europe/Lisbon)”."""
    there = moment.astimezone(edition.zone)
    return f"{there.day} {there:%B %Y, %H:%M} ({edition.time_zone})"
