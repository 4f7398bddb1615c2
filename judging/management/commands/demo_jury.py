"""Let the demo's jury watch and mark."""

from django.core.management.base import BaseCommand

from festival.demo.catalogue import FILMS, PEOPLE
from festival.models import Edition, Person
from judging import marks, panels, rounds
from judging.models import Round
from judging.rubrics import PRESETS

NOTES = (
    "The wait is the film. I would not cut a frame of it.",
    "Lovely to look at; I wanted to know more about the second voice.",
    "Knows what it wants to be, and stops when it has said it.",
    "The sound does half of the telling.",
)


class Command(BaseCommand):
    help = "Give a demo edition a jury, a round with the festival's rubric, and marks. Used by `demo`."

    def add_arguments(self, parser):
        parser.add_argument("edition", help="the edition's slug")

    def handle(self, *, edition, **options):
        edition = Edition.objects.get(slug=edition)
        if edition.rounds.exists():
            return
        organiser = Person.objects.get(email=PEOPLE[0][0])
        panel = panels.first(edition, by=organiser)
        for email, _, kind in PEOPLE:
            if kind == "juror":
                panels.seat(panel, email, by=organiser)
        review = rounds.create(edition, by=organiser, name="First review", reviews=3)
        rounds.write_rubric(review, PRESETS["festival"], by=organiser)
        rounds.open(review, by=organiser)
        self.mark(review)
        rounds.close(review, by=organiser, note="")

    def mark(self, review: Round) -> None:
        """Each juror leans a little; each criterion differs a little; nothing is random."""
        liked = {film.title: film.marks for film in FILMS}
        criteria = list(review.criteria.all())
        assignments = review.assignments.select_related("film", "juror").order_by("juror__email", "pk")
        seen: dict[str, int] = {}
        for number, assignment in enumerate(assignments):
            turn = seen.setdefault(assignment.film.title, 0)
            seen[assignment.film.title] += 1
            base = liked[assignment.film.title][turn % 3]
            scores = {
                criterion.pk: max(1, min(10, base + (place * 7 + number) % 3 - 1))
                for place, criterion in enumerate(criteria)
            }
            marks.give(
                assignment, scores, by=assignment.juror, note=NOTES[number % len(NOTES)], share_note=True
            )
