"""Publication: give the results to the public once everyone knows, and say how they came about."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from festival import access, awards, letters
from festival.errors import Refused
from festival.models import Edition, Film, Section
from judging import ballots, guarantee, ledger, pairs, ranking, record, shortlists
from judging.models import Assignment, Record, Round, Waiver
from judging.ranking import Ranking

PHASE = "Results published"
UNSEEN = "a film that is not shown"  # what the public reads in the place of a title


def why_not_publish(user, edition: Edition) -> str:
    """May `user` publish the results of this edition?"""
    untold = letters.untold(edition)
    if why := access.why_not_publish(user, edition, owed=untold.owed, unheard=untold.unheard):
        return why
    if edition.status != Edition.Status.PUBLISHED:
        return "Results stand beside the programme, where their films are seen. Publish that first."
    if running := edition.rounds.filter(status=Round.Status.OPEN).first():
        return f"“{running}” is still open. Close it first."
    if not edition.rounds.filter(status=Round.Status.CLOSED).exists():
        return "No round has closed, so there are no results."
    if round := ranking.unfixed(edition):
        return (
            f"The full calibration of “{round}” is under way. It is fixed within minutes of the close, and "
            "what is published does not change afterwards; if it takes longer, see that the workers run."
        )
    return ""


@transaction.atomic
def publish(edition: Edition, *, by, at=None) -> None:
    """Write down what is given to the public, publish the head of the ledger, and announce the awards.

    Raises:
        Refused: somebody does not know yet, a round is open, or `by` may not; the message says which.
    """
    if why := why_not_publish(by, edition):
        raise Refused(why)
    at = at or timezone.now()
    awards.announce(edition, by=by, at=at)
    ledger.hold(edition.pk)  # or a mark struck meanwhile would be in what is published
    told = letters.of(edition).filter(film__status__in=Film.DECIDED).values_list("film", flat=True)
    entries = [("letters.sent", {"films": sorted(str(film) for film in told)})]
    for round in _closed(edition).filter(kind=Round.Kind.REVIEW):
        fit = round.fits.values_list("digest", flat=True).first()
        body = {"round": round.pk, "means": record.means(round), "others": {"fit": fit or ""}}
        entries.append(("result.published", body))
    ledger.extend(edition, entries, by=by, at=at)
    ledger.publish_head(edition, PHASE, at=at)


def published_at(edition: Edition) -> datetime | None:
    """When the results were last published; None while they are not, or while the programme is taken back."""
    if edition.status != Edition.Status.PUBLISHED:
        return None
    heads = Record.objects.filter(edition=edition, kind="head.published").order_by("-sequence")
    return next((head.moment for head in heads if head.facts["phase"] == PHASE), None)


# What the public reads


@dataclass(frozen=True)
class Report:
    """How one round came to its result."""

    round: Round
    films: int
    jurors: int
    found: Ranking | None  # of a round of review
    tiers: list[list[Film]]  # films of the programme, best first; within a tier by title
    transcript: ballots.Transcript | None
    strengths: list[pairs.Strength]  # of a round of pairs, its films as the public may know them
    through: int | None  # films that came through, where the round settles that
    quotas: list[tuple[Section, int]]  # places of a section on a shortlist
    exceptions: list[tuple[str, Waiver]]  # to the viewing guarantee, with the film as the public may know it
    promised: int  # full viewings a film; 0 where none are

    @property
    def rubric(self):
        return self.round.criteria.all()


def reports(edition: Edition) -> list[Report]:
    """Every closed round that says something of the films, in order; further reviews are part of another."""
    rounds = _closed(edition).exclude(kind=Round.Kind.FURTHER).prefetch_related("criteria")
    return [_report(round) for round in rounds.order_by("closed_at", "pk")]


def _closed(edition: Edition):
    return edition.rounds.filter(status=Round.Status.CLOSED)


def _report(round: Round) -> Report:
    given = Assignment.objects.filter(round=round).standing()
    shown = Film.objects.filter(edition=round.edition_id, status=Film.Status.SELECTED).select_related(
        "edition"
    )
    shown = {film.pk.hex: film for film in shown}
    found = ranking.of(round, k=max(len(shown), 1)) if round.kind == Round.Kind.REVIEW else None
    waivers = round.waivers.select_related("film", "by").order_by("film__title")
    return Report(
        round=round,
        films=round.rulings.count() if round.deskwork else given.values("film").distinct().count(),
        jurors=given.values("juror").distinct().count(),
        found=found,
        tiers=_tiers(found, shown) if found else [],
        transcript=_public(ballots.transcript(round), shown),
        strengths=[replace(one, film=_name(one.film, shown)) for one in pairs.strengths(round)],
        through=round.rulings.filter(through=True).count() if round.kind in Round.DECIDING else None,
        quotas=_quotas(round),
        exceptions=[(_name(waiver.film, shown), waiver) for waiver in waivers],
        promised=guarantee.needed_by(round),
    )


def _quotas(round: Round) -> list[tuple[Section, int]]:
    places = shortlists.quotas(round)
    sections = Section.objects.filter(pk__in=places).order_by("position", "name") if places else []
    return [(section, places[section.pk]) for section in sections]


def _tiers(found: Ranking, shown: dict[str, Film]) -> list[list[Film]]:
    """Films of the programme by tier; those the jury placed below the cut are in none."""
    tiers: dict[int, list[Film]] = {}
    for key, film in shown.items():
        place = found.place.get(key)
        if place is not None and found.tier[place]:
            tiers.setdefault(int(found.tier[place]), []).append(film)
    return [sorted(films, key=lambda film: film.title.casefold()) for _, films in sorted(tiers.items())]


def _public(transcript: ballots.Transcript | None, shown: dict[str, Film]) -> ballots.Transcript | None:
    """The transcript with films that are not in the programme unnamed."""
    if transcript is None:
        return None
    return replace(
        transcript,
        winners=[_name(film, shown) for film in transcript.winners],
        order=[[_name(film, shown) for film in tier] for tier in transcript.order],
        steps=[
            replace(
                step,
                rows=[(_name(film, shown), value) for film, value in step.rows],
                words=_unnamed(step, transcript, shown),
            )
            for step in transcript.steps
        ],
    )


def _unnamed(step: ballots.Step, transcript: ballots.Transcript, shown: dict[str, Film]) -> str:
    words = step.words
    for tier in transcript.order:
        for film in tier:
            words = words.replace(f"“{film}”", f"“{film}”" if film.pk.hex in shown else UNSEEN)
    return words


def _name(film: Film, shown: dict[str, Film]) -> str:
    return str(film) if film.pk.hex in shown else UNSEEN
