"""Rounds, juries and reviews, each with only what a valid one needs."""

from django.utils import timezone

from festival.models import Film
from judging import marks, rounds
from judging.models import Assignment, Panel, Round, Seat, Viewing
from judging.rubrics import Line
from tests.factories import make_edition, make_film, make_juror, make_organiser

TWO_LINES = (
    Line("Story", 75, "Did you feel it?", {"1": "Nothing.", "5": "Clear.", "10": "Unforgettable."}),
    Line("Sound", 25, "", {"1": "Absent.", "5": "Clean.", "10": "A voice of its own."}),
)


def seat_juror(edition, *, panel=None, **person):
    juror = make_juror(edition, **person)
    panel = panel or edition.panels.first() or Panel.objects.create(edition=edition)
    Seat.objects.create(panel=panel, juror=juror)
    return juror


def make_eligible(edition, *, seconds=60.0, **fields):
    film = make_film(edition=edition, status=Film.Status.ELIGIBLE, footage=True, **fields)
    film.footage.duration_s = seconds
    film.footage.save(update_fields=["duration_s"])
    return film


class House:
    """An edition with organiser, jury, eligible films and a round in preparation."""

    def __init__(self, *, films=2, jurors=2, reviews=1, lines=TWO_LINES, blind=True):
        self.edition = make_edition()
        self.organiser = make_organiser(self.edition)
        self.films = [make_eligible(self.edition, seconds=60.0 * (n + 1)) for n in range(films)]
        self.jurors = [seat_juror(self.edition) for _ in range(jurors)]
        self.round = Round.objects.create(edition=self.edition, reviews=reviews, blind=blind)
        if lines:
            rounds.write_rubric(self.round, lines, by=self.organiser)

    def open(self, *, watched=True):
        """Open the round; unless told otherwise, every juror has seen every film of theirs."""
        rounds.open(self.round, by=self.organiser)
        if watched:
            watch_all(self.round)
        return self

    def criteria(self):
        return list(self.round.criteria.all())

    def assignment(self, place=0):
        """The round's first assignment, with all that acts need loaded."""
        rows = Assignment.objects.select_related("round__edition", "film", "juror")
        return rows.filter(round=self.round).order_by("juror", "position")[place]

    def review(self, assignment, *values, **words):
        """Give whole marks, the same for every criterion if only one is given."""
        criteria = self.criteria()
        values = values * len(criteria) if len(values) == 1 else values
        scores = {criterion.pk: value for criterion, value in zip(criteria, values, strict=False)}
        watch(assignment)
        return marks.give(assignment, scores, by=assignment.juror, **words)


def make_house(**fields):
    return House(**fields)


def watch(assignment, *, percent=100):
    """The juror has seen so much of the film, from its beginning: the row that `viewings` would have left."""
    footage = assignment.film.footage
    whole = round(footage.duration_s * 1000)
    seen = [[0, whole * percent // 100]]
    facts = {"footage": footage, "delivered": [[0, whole]], "played": seen, "seen_ms": seen[0][1]}
    facts |= {"to_see_ms": whole, "heard_at": timezone.now()}
    return Viewing.objects.update_or_create(assignment=assignment, defaults=facts)[0]


def watch_all(round):
    for assignment in round.assignments.select_related("film__footage"):
        watch(assignment)


def assign(round, film, juror, position=1):
    return Assignment.objects.create(round=round, film=film, juror=juror, position=position)


def dealt(round) -> set[tuple]:
    """Who has what: pairs of film and juror that stand."""
    return set(round.assignments.standing().values_list("film", "juror"))
