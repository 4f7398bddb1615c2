"""Possible conflicts: shown with their reason, decided by a person, and remembered."""

from django.db import transaction

from festival import access as festival_access
from festival.errors import Refused
from festival.models import Edition, Film, Person
from judging import panels, record, ties
from judging.models import Finding, Seat

CURRENT = [Film.Status.SUBMITTED, Film.Status.ELIGIBLE]


def suspected(edition: Edition, *, film=None) -> list[ties.Suspicion]:
    """Possible ties between the edition's jurors and its films that nobody has ruled on yet."""
    films = edition.films.filter(status__in=CURRENT).select_related("entrant").prefetch_related("credits")
    if film:
        films = films.filter(pk=film)
    seats = Seat.objects.sitting().filter(panel__edition=edition).select_related("juror")
    return ties.suspicions(list(films), {seat.juror: None for seat in seats})


@transaction.atomic
def rule(film: Film, juror: Person, *, by, stands: bool, at=None) -> Finding:
    """Say of a possible tie whether it is a conflict. If it is, the juror is recused for good.

    Raises:
        Refused: `by` is no organiser, or nothing is suspected of the two.
    """
    if why := festival_access.why_not_organise(by, film.edition):
        raise Refused(why)
    grounds = [s.grounds for s in suspected(film.edition, film=film.pk) if s.juror == juror]
    if not grounds:
        raise Refused("Somebody has ruled on this already, or what gave rise to it is gone.")
    finding = Finding.objects.create(film=film, juror=juror, grounds=grounds[0], stands=stands, found_by=by)
    record.tie_ruled(finding, by=by, at=at)
    if stands:
        panels.recuse(film, juror, by=by, reason=" ".join(grounds[0]), at=at)
    return finding


def ruled(edition: Edition):
    """What has been found so far, the latest first."""
    findings = Finding.objects.filter(film__edition=edition)
    return findings.select_related("film", "juror", "found_by").order_by("-found_at", "-pk")
