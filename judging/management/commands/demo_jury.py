"""Let the demo's jury watch and mark; broken off, it goes on where it was."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from festival import archive
from festival.demo.catalogue import FILMS, PEOPLE
from festival.media.ladder import RUNG_FILE
from festival.models import Edition, Person
from judging import marks, panels, rounds, viewings
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
        organiser = Person.objects.get(email=PEOPLE[0][0])
        review = edition.rounds.first() or self.begin(edition, organiser)
        if review.status == Round.Status.DRAFT:
            rounds.write_rubric(review, PRESETS["festival"], by=organiser)
            rounds.open(review, by=organiser)
        if review.status == Round.Status.OPEN:
            self.mark(review)
            rounds.close(review, by=organiser, note="")

    def begin(self, edition: Edition, organiser: Person) -> Round:
        """Seat the jury, and begin the round that all of it watches in."""
        panel = panels.first(edition, by=organiser)
        for email, _, kind in PEOPLE:
            if kind == "juror":
                panels.seat(panel, email, by=organiser)
        return rounds.create(edition, by=organiser, name="First review", reviews=3)

    def mark(self, review: Round) -> None:
        """Each juror leans a little; each criterion differs a little; nothing is random.

        Begun again after it was broken off, it gives the same marks once more, which changes nothing.
        """
        liked = {film.title: film.marks for film in FILMS}
        criteria = list(review.criteria.all())
        assignments = review.assignments.select_related("round__edition", "film__footage", "juror").order_by(
            "juror__email", "pk"
        )
        seen: dict[str, int] = {}
        free_at = defaultdict(lambda: timezone.now() - timedelta(days=1))
        for number, assignment in enumerate(assignments):
            turn = seen.setdefault(assignment.film.title, 0)
            seen[assignment.film.title] += 1
            base = liked[assignment.film.title][turn % 3]
            scores = {
                criterion.pk: max(1, min(10, base + (place * 7 + number) % 3 - 1))
                for place, criterion in enumerate(criteria)
            }
            free_at[assignment.juror] = watch(assignment, at=free_at[assignment.juror])
            marks.give(
                assignment, scores, by=assignment.juror, note=NOTES[number % len(NOTES)], share_note=True
            )


REPORT_S = 20  # a demo juror's player reports less often than a real one


def watch(assignment, *, at: datetime) -> datetime:
    """Watch a film to its end, as a juror’s player would, from the moment `at`; say when it ended."""
    film, juror = assignment.film, assignment.juror
    whole_s = film.footage.duration_s
    token = viewings.give_pass(assignment, at=at)
    with archive.open_file(f"{film.footage.folder}/master.m3u8") as master:
        rung = next(line for line in master.read().decode().splitlines() if line and not line.startswith("#"))
    playing = viewings.asked_for(token, rung.replace("index.m3u8", RUNG_FILE), by=juror, at=at)
    viewings.deliver(playing, 0, archive.size(playing.name))
    for second in [*range(REPORT_S, int(whole_s), REPORT_S), whole_s]:
        moment = at + timedelta(seconds=second)
        viewings.hear(assignment, [(0, round(second * 1000))], by=juror, token=token, at=moment)
    return moment
