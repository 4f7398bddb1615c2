"""Houses with a round of each kind, ready to be played through."""

from judging import ballots, checks, panels, rounds
from judging.models import Assignment, Round
from tests.judging.factories import make_house, watch, watch_all


def make_stage(kind, *, films=3, jurors=3, opened=True, watched=True, source=None, house=None, **terms):
    """A house whose `round` is of this kind; whole juries see all its films."""
    if house is None:
        house = make_house(films=films, jurors=jurors, lines=())
        house.round.delete()
    terms = {"reviews": 2, "name": str(Round.Kind(kind).label), "source": source} | terms
    house.round = rounds.create(house.edition, by=house.organiser, kind=kind, **terms)
    if opened:
        rounds.open(house.round, by=house.organiser)
        house.round.refresh_from_db()
        if watched:
            watch_all(house.round)
    return house


def lists(round, juror):
    rows = Assignment.objects.select_related("round__edition", "film__footage", "juror")
    return list(rows.filter(round=round, juror=juror).order_by("position"))


def check_film(round, film, *words):
    """Let the film's jurors speak in turn: True passes, a reason fails."""
    rows = round.assignments.filter(film=film).select_related("round__edition", "film__footage", "juror")
    for assignment, word in zip(rows.order_by("juror"), words, strict=False):
        watch(assignment)
        reason = "" if word is True else word
        checks.give(assignment, word is True, by=assignment.juror, reason=reason)


def vote(round, juror, *tiers):
    """Hand in a ballot of films or tuples of films."""
    return ballots.hand_in(
        round,
        [[str(film.pk) for film in (tier if isinstance(tier, tuple) else (tier,))] for tier in tiers],
        by=juror,
    )


def tie(film, juror, round):
    """The juror steps down from the film."""
    assignment = Assignment.objects.select_related("round__edition", "film").get(
        round=round, film=film, juror=juror
    )
    panels.declare_conflict(assignment, by=juror, reason="I teach the director.")
